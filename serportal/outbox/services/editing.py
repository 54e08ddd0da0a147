"""Templates in the coordinator’s hand: tried with samples, changed, taken back; earlier words are kept."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import rules
from serportal.outbox.models import LetterTemplate, Message, Wording
from serportal.outbox.placeholders import samples
from serportal.outbox.services.owing import owe_ready
from serportal.outbox.services.wording import Written, written
from serportal.ui.refusal import Refusal


def preview_template(row: LetterTemplate, *, subject: str, body: str) -> Written:
    """Return the letter that ``row`` would be with these words and sample values; raises Refusal as ``check`` does."""
    check(row, subject, body)
    return written(LetterTemplate(subject=subject, body=body), samples(row.known))


def check(row: LetterTemplate, subject: str, body: str) -> None:
    """Raise Refusal where words name a placeholder that the letter ``row`` has no value for, or leave a brace alone."""
    text = f"{subject}\n{body}"
    unknown = sorted(rules.placeholders(text) - set(row.known))
    if unknown:
        raise Refusal(
            "unknown-placeholder",
            _("This letter has no value for {names}. It knows {known}.").format(
                names=", ".join(f"{{{name}}}" for name in unknown),
                known=", ".join(f"{{{name}}}" for name in row.known) or _("no placeholder"),
            ),
        )
    lone = rules.lone_braces(text)
    if lone:
        raise Refusal(
            "lone-brace",
            _(
                "A brace misses its other half, or what it holds is no placeholder: {found}. Write it as {{name}}."
            ).format(found=", ".join(f"“{one.strip()}”" for one in lone)),
        )


@transaction.atomic
def edit_template(
    template_id: int, *, subject: str, body: str, seen: str, by, at: datetime | None = None
) -> LetterTemplate:
    """Put new words into a template and keep the ones they replace.

    Raises Refusal as ``check`` does, and where somebody changed the words since ``by`` read those named ``seen``.
    """
    row = LetterTemplate.objects.select_for_update().get(pk=template_id)
    check(row, subject, body)
    if (row.subject, row.body) == (subject, body):
        return row
    if row.fingerprint != seen:
        last = row.wordings.select_related("replaced_by").first()
        raise Refusal(
            "stale-template",
            _(
                "{who} changed this letter after you opened it. Nothing of yours is lost: it stands below, not saved "
                "yet. The words in force now stand below yours; save again to replace them."
            ).format(who=last.replaced_by.name if last else _("A new version of the portal")),
        )
    Wording.objects.create(
        template=row, subject=row.subject, body=row.body, replaced_at=at or timezone.now(), replaced_by=by
    )
    row.subject, row.body = subject, body
    row.save(update_fields=["subject", "body"])
    return row


def take_back_original(template_id: int, *, seen: str, by, at: datetime | None = None) -> LetterTemplate:
    """Put the words that came with the portal back in place; raises Refusal as ``edit_template`` does."""
    row = LetterTemplate.objects.get(pk=template_id)
    return edit_template(template_id, subject=row.original_subject, body=row.original_body, seen=seen, by=by, at=at)


def owe_test(row: LetterTemplate, *, subject: str, body: str, key: uuid.UUID, by) -> Message:
    """Owe ``by`` the letter as previewed, marked as a test, once for the ``key`` of the form; raises Refusal."""
    letter = preview_template(row, subject=subject, body=body)
    return owe_ready(
        key=f"test:{key}",
        to=by.email,
        person=by,
        subject=_("Test: {subject}").format(subject=letter.subject),
        text=letter.text,
        words=body,
    )

"""The agreement in force, as dated rows: what a new version changes of the words that people sign (R-APP-3)."""

from datetime import date, datetime
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serportal.accounts.models import Agreement
from serportal.dated.services import Change, DatedRows, held_by
from serportal.ui.refusal import Refusal


class Agreements(DatedRows):
    turn = "accounts dated rows"

    def preview(self, row: Agreement, *, by=None, at: datetime | None = None) -> Change:
        """Work out what storing ``row`` would change. Refuses a version that another agreement bears."""
        if Agreement.objects.filter(purpose=row.purpose, version=row.version).exclude(pk=row.pk).exists():
            text = _("Version {version} is another agreement already. Give this one a name of its own.")
            raise Refusal("version-taken", text.format(version=row.version))
        return super().preview(row, by=by, at=at)

    def changes(self, before: Agreement | None, after: Agreement) -> list[str]:
        if before is None:
            return [_("Version {new} is the first one that people sign.").format(new=after.version)]
        said = changed_words(before.text, after.text)
        if after.version != before.version or said:
            text = _("People sign version {new} instead of version {old}.")
            said.insert(0, text.format(new=after.version, old=before.version))
        return said

    def stays(self, before: Agreement | None, row: Agreement, by) -> list[str]:
        signed = held_by(before)
        return [
            ngettext(
                "One signature is under the version that holds until then, and it stays.",
                "{n} signatures are under the version that holds until then, and all of them stay.",
                signed,
            ).format(n=signed),
            _("Nobody is asked to sign again because of it."),
        ]

    def in_use(self, count: int) -> str:
        return ngettext(
            "{n} person signed this version, so it stays. Store a row that follows it.",
            "{n} people signed this version, so it stays. Store a row that follows it.",
            count,
        ).format(n=count)


def changed_words(before: str, after: str) -> list[str]:
    """Say which paragraphs go and which come, each in full: people sign every word of them."""
    old, new = paragraphs(before), paragraphs(after)
    said = []
    for what, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            said += [_("No longer there: “{words}”").format(words=words) for words in old[i:j]]
            said += [_("New: “{words}”").format(words=words) for words in new[k:n]]
    return said


def paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("\n\n") if one.strip()]


def agreement_on(purpose: str, day: date) -> Agreement:
    """Return the version that people sign for ``purpose`` on ``day``."""
    return Agreement.objects.filter(purpose=purpose).in_force(day)[0]


AGREEMENTS = Agreements()

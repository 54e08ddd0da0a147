"""Drafts of applications: begun for those who may apply, and what each asks (R-APP)."""

import uuid
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import asks
from applications.models import Draft, Programme, RowText, SectionText
from applications.services import reference_letters
from applications.services.content import has_steps
from applications.services.eligibility import check_may_apply
from applications.states import Document, Kind, Listed, Section
from serportal.drafts.parts import Parts
from serportal.drafts.services import Seen
from serportal.files.models import Folder
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import programme_day

FROM_PROFILE = ("preferred_name", "phone", "employer", "job_title")


@transaction.atomic
def start(*, owner, kind: str, key: uuid.UUID, at: datetime | None = None) -> Draft:
    """Start a draft of ``kind`` under ``key``; one that is open already is returned instead, however it was begun.

    It begins with what the profile says. Raises Refusal for someone who may not apply for it, UnderWay (with its case)
    while an application of the kind is undecided, and Refusal for the key of another draft.
    """
    at = at or timezone.now()
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    open_one = Draft.objects.open_of(owner).filter(kind=kind).first()
    if open_one is not None:
        return open_one
    certification = check_may_apply(owner, kind, today=programme_day(at))
    if Draft.objects.filter(pk=key).exists():
        raise Refusal("used-key", _("This button was used before. Open the page again and start from there."))
    draft = Draft.objects.create(
        pk=key,
        owner=owner,
        kind=kind,
        folder=Folder.objects.create(),
        certification=certification,
        started_at=at,
        saved_at=at,
    )
    person = {name: getattr(owner, name) for name in FROM_PROFILE if getattr(owner, name)}
    person |= {"name_on_certificate": owner.name, "country": str(owner.country or "")}
    SectionText.objects.create(draft=draft, section=Section.PERSON, data=person, saved_at=at)
    _take_up_steps(draft, at)
    return draft


def _take_up_steps(draft: Draft, at: datetime) -> None:
    """Give every next step that the CERPIT came with a row of its own (R-APP-8)."""
    if draft.kind != Kind.UPGRADE:
        return
    RowText.objects.bulk_create(
        RowText(draft=draft, listed=Listed.STEP, number=step.number, data={"step": str(step.pk)}, saved_at=at)
        for step in draft.certification.next_steps.all()
    )


class ApplicationParts(Parts):
    draft, section_text, row_text = Draft, SectionText, RowText
    related = ("folder", "request", "certification")
    listed = asks.LISTED
    documents = dict.fromkeys(Document.values, Section.DOCUMENTS)
    with_files = asks.WITH_FILES
    given = {Listed.STEP: "step"}
    many = frozenset({"sides", "phases"})

    def asked_of(self, draft):
        """Return the sections of the kind; the fee only where no partner covers it (R-APP-7)."""
        asked = asks.sections_of(draft.kind, steps=draft.kind == Kind.UPGRADE and has_steps(draft))
        if draft.kind == Kind.PARTNER and pays_no_fee(draft):
            asked = tuple(section for section in asked if section != Section.FEE)
        return asked

    def names_of(self, draft, where):
        return asks.names_of(where, draft.kind)

    def let_go(self, draft):
        reference_letters.cancel_all(draft)


def pays_no_fee(draft: Draft) -> bool:
    """Whether the partner whose programme ``draft`` names covers the fee, or none is named yet."""
    typed = next((one for one in draft.sections.all() if one.section == Section.PROGRAMME), None)
    key = as_key(str(typed.data.get("programme", ""))) if typed else None
    return not Programme.objects.filter(pk=key, partner__fee_covered=False).exists()


PARTS = ApplicationParts()
sections_of, save_section, discard = PARTS.sections_of, PARTS.save_section, PARTS.discard
save_row, copy_row, remove_row = PARTS.save_row, PARTS.copy_row, PARTS.remove_row
add_files, remove_file = PARTS.add_files, PARTS.remove_file

__all__ = [
    "PARTS",
    "Seen",
    "add_files",
    "copy_row",
    "discard",
    "remove_file",
    "remove_row",
    "save_row",
    "save_section",
    "sections_of",
    "start",
]

"""Drafts of requests: begun empty, as a copy, or to carry an approval on; and what each asks (R-SPO-1, SPEC 6)."""

import uuid
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from preapprovals import asks
from preapprovals.models import Draft, Offering, PreapprovalRequest, RowText, SectionText, Sponsor
from preapprovals.querysets import ASKED_BEFORE, EDITORS
from preapprovals.rules.agenda import MOST_ROWS, PARTS
from preapprovals.services.sponsors import why_not_ask
from preapprovals.states import STANDING, Document, Listed, Section
from serportal.drafts import parts
from serportal.drafts.services import files_in
from serportal.files import services as files
from serportal.files.models import Folder
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import day_text, programme_day

AGENDA = frozenset({"style", "minutes", *(f"{part}-{number}" for part in PARTS for number in range(MOST_ROWS))})
# What is known of a sponsor itself.
FACTS = frozenset({"name", "kind", "website", "country"})
# What a copy asks anew: its days are others, and every request is signed by itself.
ASKED_ANEW = frozenset({Section.TERMS, Listed.DATE})


class RequestParts(parts.Parts):
    draft, section_text, row_text = Draft, SectionText, RowText
    related = ("folder", "request")
    listed = asks.LISTED
    documents = {Document.SYLLABUS: Section.DOCUMENTS}
    with_files = frozenset({Listed.INSTRUCTOR})
    many = frozenset({"areas"})
    most_rows = 60

    def asked_of(self, draft):
        """Return all sections, but for agenda and dates where what is offered is on demand."""
        if draft.request_id:
            filed = draft.case.preapprovals_preapprovalrequest.content
            return asks.sections_of(_typed(draft, Section.OFFERING) or filed.get(Section.OFFERING, {}))
        return asks.sections_of(_typed(draft, Section.OFFERING))

    def names_of(self, draft, where):
        if where == Section.AGENDA:
            return AGENDA
        hidden = {Section.TERMS: {"agreement"}, Section.SPONSOR: {"sponsor"}}.get(where, set())
        return frozenset({ask.name for ask in asks.asked_of(where)} | hidden)

    def kept(self, draft, where, posted):
        """Keep what was typed; a line of the agenda that says neither when nor what is none."""
        data = super().kept(draft, where, posted)
        if where != Section.AGENDA:
            return data
        said = {name.partition("-")[2] for name in data if name.partition("-")[0] in {"from", "to", "what"}}
        return {name: text for name, text in data.items() if "-" not in name or name.partition("-")[2] in said}

    def noted(self, draft, section, data):
        """Remember for which sponsor it is asked, where the owner acts for it already."""
        if section != Section.SPONSOR:
            return
        draft.sponsor = chosen_sponsor(draft.owner, data)
        draft.save(update_fields=["sponsor"])


def _typed(draft: Draft, section: Section) -> dict:
    return next((one.data for one in draft.sections.all() if one.section == section), {})


def chosen_sponsor(owner, typed: dict) -> Sponsor | None:
    """Return the sponsor that ``typed`` names, as far as ``owner`` may ask for it."""
    key = as_key(str(typed.get("sponsor", "")))
    return Sponsor.objects.of(owner, EDITORS).filter(pk=key).first() if key is not None else None


@transaction.atomic
def start(
    *,
    owner,
    key: uuid.UUID,
    like: PreapprovalRequest | None = None,
    renews: Offering | None = None,
    at: datetime | None = None,
) -> Draft:
    """Start a draft under ``key``; pressed twice, it is the same one. A person may prepare any number of them.

    It begins empty with what the profile says, or ``like`` an earlier request with its instructors and their résumés,
    or as what carries on the offering it ``renews``. Raises Refusal where that cannot be renewed, for a sponsor that
    ``owner`` only reads for, and for the key of somebody else’s draft.
    """
    at = at or timezone.now()
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    made = Draft.objects.filter(pk=key).first()
    if made is not None and made.owner_id == owner.pk:
        return made
    if made is not None:
        raise Refusal("used-key", _("This button was used before. Open the page again and start from there."))
    if renews is not None:
        check_can_renew(owner, renews, at=at)
        like = renews.request
    elif like is not None:
        _check_can_ask(owner, like.sponsor)
    draft = Draft.objects.create(
        pk=key, owner=owner, folder=Folder.objects.create(), renews=renews, started_at=at, saved_at=at
    )
    content = like.content if like else content_of_offering(renews) if renews else {}
    content = {name: value for name, value in content.items() if name not in ASKED_ANEW}
    own = next(iter(Sponsor.objects.of(owner, EDITORS).order_by("pk")), None)
    sponsor = renews.sponsor if renews else like.sponsor if like else own
    content[Section.SPONSOR] = _begin_sponsor(owner, sponsor, content.get(Section.SPONSOR, {}))
    _type_in(draft, content, like, at)
    draft.sponsor = chosen_sponsor(owner, content[Section.SPONSOR])
    draft.save(update_fields=["sponsor"])
    return draft


def check_can_renew(owner, offering: Offering, *, at: datetime | None = None) -> None:
    """Raise Refusal where ``owner`` cannot ask that ``offering`` be carried on now."""
    _check_can_ask(owner, offering.sponsor)
    if not Offering.objects.of(owner, EDITORS).filter(pk=offering.pk).exists():
        raise Refusal("not-yours", _("You do not act for its sponsor, so you cannot renew it."))
    today = programme_day(at)
    if offering.state not in STANDING:
        text = _("“{title}” is {state}, so it cannot be renewed.")
        raise Refusal("not-standing", text.format(title=offering.title, state=offering.get_state_display()))
    if offering.valid_to < today:
        text = _("The approval of “{title}” ended on {day}. Ask for a new one, as a copy of the earlier request.")
        raise Refusal("expired", text.format(title=offering.title, day=day_text(offering.valid_to)))
    if hasattr(offering, "renewed_by"):
        raise Refusal("renewed", _("“{title}” is renewed already.").format(title=offering.title))
    opens = offering.valid_to - ASKED_BEFORE
    if today < opens:
        text = _("“{title}” holds until {day}. Its renewal can be asked for from {opens} on.")
        raise Refusal(
            "early", text.format(title=offering.title, day=day_text(offering.valid_to), opens=day_text(opens))
        )


def _check_can_ask(owner, sponsor: Sponsor) -> None:
    """Raise Refusal where ``owner`` only reads for ``sponsor``: a request would make a second one of its name."""
    if why := why_not_ask(owner, sponsor):
        raise Refusal("only-reads", why)


def _begin_sponsor(owner, sponsor: Sponsor | None, typed: dict) -> dict:
    """Return the answers about the sponsor: chosen where ``owner`` acts for it, else asked anew without its facts."""
    mine = sponsor is not None and Sponsor.objects.of(owner, EDITORS).filter(pk=sponsor.pk).exists()
    begun = {"contact_name": owner.name, "contact_email": owner.email, "contact_phone": owner.phone}
    kept = typed if mine else {name: text for name, text in typed.items() if name not in FACTS}
    begun = {**{name: text for name, text in begun.items() if text}, **kept}
    return {**begun, "sponsor": str(sponsor.pk) if mine else asks.NEW}


def _type_in(draft: Draft, content: dict, like: PreapprovalRequest | None, at: datetime) -> None:
    """Type ``content`` in, rows under keys of their own, each with a copy of its files."""
    SectionText.objects.bulk_create(
        SectionText(draft=draft, section=section, data=content[section], saved_at=at)
        for section in Section
        if section not in asks.LISTED and content.get(section)
    )
    purposes = {str(purpose): str(purpose) for purpose in Document if purpose == Document.SYLLABUS}
    for listed in Listed:
        for number, row in enumerate(content.get(listed, []), start=1):
            data = {name: text for name, text in row.items() if name != "id"}
            made = RowText.objects.create(draft=draft, listed=listed, number=number, data=data, saved_at=at)
            purposes[parts.purpose_of(listed, row["id"])] = parts.purpose_of(listed, made.pk)
    for stored in files_in(like.case.folder) if like else []:
        if stored.purpose in purposes:
            files.copy(file=stored, folder=draft.folder, by=draft.owner, purpose=purposes[stored.purpose])


def content_of_offering(offering: Offering) -> dict:
    """Return what is known of an offering that came without a request, as its sponsor would type it."""
    known = {
        "category": offering.category,
        "title": offering.title,
        "part_of": offering.part_of,
        "description": offering.description,
        "objectives": offering.objectives,
        "areas": offering.areas,
        "language": offering.language,
        "delivery": offering.delivery,
        "recurring": asks.YES if offering.recurring else asks.NO,
    }
    register = {
        "contact_name": offering.registration_name,
        "contact_email": offering.registration_email,
        "url": offering.url,
        "price": offering.price,
    }
    said = {Section.OFFERING: known, Section.REGISTRATION: register}
    return {str(name): {key: text for key, text in typed.items() if text} for name, typed in said.items()}


PARTS = RequestParts()

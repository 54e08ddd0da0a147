"""Drafts: saved as typed, any field missing, with a folder of files of their own (SPEC 6)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cecs import asks, rules
from cecs.models import Draft
from cecs.services.eligibility import check_may_claim
from journals.states import Activity
from serportal.drafts import services as drafts
from serportal.drafts.services import Seen
from serportal.files import services as files
from serportal.files.models import Folder
from serportal.reviews.models import InfoRequest
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import programme_day

ALWAYS_ASKED = frozenset({"asked", "part_of", "attested"})
ANSWER = "answer"  # what is written beside the changed parts
KEPT_FIELDS = {ANSWER} | ALWAYS_ASKED | {ask.name for form in asks.FORMS.values() for ask in form.asks()}
KEPT_ROWS = ("what-", "hours-")
# A copy is about another day: its days, hours, proof and word of honour are given anew.
NOT_COPIED = frozenset(
    {"first_day", "last_day", "attested", "asked", "part_of", "approval_code", "first_taught_on"}
    | {f"{part}{n}" for part in KEPT_ROWS for n in range(rules.MOST_DAYS)}
)


@transaction.atomic
def start(
    *, owner, key: uuid.UUID, activity: str = Activity.CONFERENCE, like: Draft | None = None, at: datetime | None = None
) -> Draft:
    """Start a draft about ``activity`` under ``key``; the same key again returns the draft that is there.

    ``like`` is a filed draft of the same person: what stays the same from one claim to the next is copied from it.
    Raises Refusal for someone who may not file claims at all (R-CEC), and for the key of another person’s draft.
    """
    at = at or timezone.now()
    draft = Draft.objects.filter(pk=key).first()
    if draft is None:
        check_may_claim(owner, last_day=None, today=programme_day(at))
        copied = {name: text for name, text in like.data.items() if name not in NOT_COPIED} if like else {}
        data = {**copied, "activity": like.activity if like else activity}
        fresh = {"owner": owner, "folder": Folder.objects.create(), "data": data, "started_at": at, "saved_at": at}
        draft, _created = Draft.objects.get_or_create(pk=key, defaults=fresh)
    if draft.owner_id != owner.pk:
        raise Refusal("foreign-key", _("This form is not yours. Open the page again and start from there."))
    return draft


@transaction.atomic
def change_activity(*, draft_id: uuid.UUID, owner, activity: str, at: datetime | None = None) -> Draft:
    """Make the draft about another activity; what was typed stays, also what the new one does not ask."""
    draft = unfiled(draft_id, owner)
    if draft.activity != activity and draft.request_id is None:
        draft.data = {**draft.data, "activity": activity}
        draft.version, draft.saved_at, draft.page = draft.version + 1, at or timezone.now(), None
        draft.save(update_fields=["data", "version", "saved_at", "page"])
    return draft


def kept(posted) -> dict:
    """Return the part of a posted form that a draft keeps: known fields, cleaned text, nothing interpreted."""
    data = {}
    for name in posted:
        if name == "areas":
            data[name] = [clean_text(value)[:20] for value in posted.getlist(name)][:20]
        elif name in KEPT_FIELDS or (name.startswith(KEPT_ROWS) and name.rsplit("-", 1)[1] in ROW_NUMBERS):
            data[name] = clean_text(posted[name])
    return data


ROW_NUMBERS = frozenset(str(n) for n in range(rules.MOST_DAYS))


@transaction.atomic
def save(*, draft_id: uuid.UUID, owner, data: dict, seen: Seen, at: datetime | None = None) -> Draft:
    """Keep ``data`` as it was typed. Raises StaleDraft where another page saved in between, Refusal once filed."""
    draft = unfiled(draft_id, owner)
    drafts.keep(draft, {**unasked(draft), **data}, seen=seen, at=at or timezone.now())
    return draft


def unasked(draft: Draft) -> dict:
    """Return what a page of this draft does not ask, and which activity it is about: all of that stays as it is.

    It was typed while the draft was about another activity, or stands in parts that a question did not open.
    """
    form = asks.FORMS[draft.activity]
    if draft.request_id is None:
        asked = {ask.name for ask in form.asks()} | ALWAYS_ASKED
        rows = form.has_hours
    else:
        parts = opened(draft.request)
        asked = {"attested", ANSWER, *(name for part in parts for name in form.names(part))}
        rows = "hours" in parts
    return {
        name: text
        for name, text in draft.data.items()
        if name not in asked and not (rows and name.startswith(KEPT_ROWS))
    }


def opened(request: InfoRequest) -> frozenset[str]:
    """Return the parts of the form that ``request`` opens; days and hours open together, for one depends on the "
    "other."""
    parts = set(request.parts)
    if "where" in parts and asks.FORMS[request.case.topic].has_hours:
        parts.add("hours")
    return frozenset(parts)


@transaction.atomic
def discard(*, draft_id: uuid.UUID, owner) -> None:
    """Delete an unfiled draft of ``owner`` with its files; asking twice is the same as asking once."""
    draft = Draft.objects.select_for_update().of(owner).unsent().claims().filter(pk=draft_id).first()
    if draft is None:
        return
    draft.delete()
    drafts.throw_away(draft.folder)


def unfiled(draft_id: uuid.UUID, owner) -> Draft:
    """Lock and return a draft that may still change; what is filed stays as the committee reads it."""
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("folder", "request__case")
        .get(pk=draft_id, owner=owner)
    )
    if draft.sent_at:
        raise Refusal("filed", _("This claim is already filed; its answers and files can no longer be changed here."))
    if draft.request_id and draft.request.closed_at:
        raise Refusal("filed", _("This question was closed meanwhile; nothing is asked of you about it any more."))
    return draft


def add_files(*, draft: Draft, uploads, by) -> list[Refusal]:
    """Keep each of ``uploads`` in the draft’s folder; return a refusal for each that was not taken.

    Raises Refusal once the claim is filed.
    """
    if not uploads:
        return []
    with transaction.atomic():
        return drafts.receive_all(unfiled(draft.pk, by).folder, uploads, by=by)


@transaction.atomic
def remove_file(*, draft: Draft, key: str, by) -> None:
    """Take the file ``key`` out of the draft; one that is not there changes nothing. Raises Refusal once filed."""
    for stored in files_of(unfiled(draft.pk, by)):
        if str(stored.pk) == key:
            files.remove(file=stored, by=by)


def files_of(draft: Draft):
    return drafts.files_in(draft.folder)

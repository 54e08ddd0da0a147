"""Answers about a filed claim: the questioned parts, or the proof after the activity (R-REV-8, R-DATE)."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cecs.models import CecSubmission, Draft
from cecs.services.filing import headline_of, store
from cecs.services.parties import parties_of
from cecs.services.worth import Answers, claim_of, event_of, flags_of
from journals import services as journals
from serportal.drafts.services import StaleDraft
from serportal.files.models import Folder, StoredFile
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Purpose
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, in_credits, programme_day

NOTHING_NEW = frozenset({"attested", "asked"})


@transaction.atomic
def begin_reply(*, reference: str, owner, key: uuid.UUID | None = None, at: datetime | None = None) -> Draft:
    """Start under ``key``, or find, the draft of ``owner``’s answer to what is open about their claim.

    It begins with what was filed. Raises Refusal where nothing is open, and before the activity is over.
    """
    at = at or timezone.now()
    case = ReviewCase.objects.select_for_update().get(reference=reference, filed_by=owner)
    request = reviews.open_request(case)
    if request is None or case.state == CaseState.IN_ADVANCE:
        raise Refusal("nothing-asked", _("Nothing is asked of you about {0} now.").format(reference))
    filed = case.cec_drafts.filter(sent_at__isnull=False).order_by("-sent_at").first()
    data = {name: text for name, text in (filed.data if filed else {}).items() if name not in NOTHING_NEW}
    fresh = {
        "id": key or uuid.uuid4(),
        "owner": owner,
        "case": case,
        "folder": Folder.objects.create(),
        "data": data,
        "started_at": at,
        "saved_at": at,
    }
    draft, _created = Draft.objects.get_or_create(request=request, defaults=fresh)
    return draft


@transaction.atomic
def send_reply(*, draft_id: uuid.UUID, owner, answers: Answers, version: int, at: datetime | None = None) -> ReviewCase:
    """Store the answer: the claim’s next version, its files added to the claim’s; sent twice, it is one answer.

    Raises StaleDraft when the draft is not the one that was checked, and Refusal where the question is closed by now
    or a proof comes without a file.
    """
    at = at or timezone.now()
    case_id = Draft.objects.values_list("case", flat=True).get(pk=draft_id, owner=owner)
    case = reviews.lock(case_id)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("request", "folder").get(pk=draft_id)
    if draft.sent_at:
        return case
    if draft.version != version:
        raise StaleDraft(draft)
    request = draft.request
    if request.closed_at:
        raise Refusal("nothing-asked", _("This question was closed meanwhile, so nothing was sent."))
    if request.purpose == Purpose.PROOF and not draft.folder.files.filter(removed_at__isnull=True).exists():
        raise Refusal("no-proof", _("There is no proof with this answer. Go back and add one file."))
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    submission = CecSubmission.objects.select_related("event", "occurrence__offering", "occurrence__event").get(
        pk=case.pk
    )
    answers = replace(answers, occurrence=submission.occurrence)
    today = programme_day(at)
    if request.purpose == Purpose.PROOF and answers.last_day > today:
        raise Refusal("not-over", _("The activity is not over before {0}.").format(day_text(answers.last_day)))
    event = event_of(owner, answers) if "where" in request.parts else submission.event
    claim = claim_of(owner, answers, event=event, case=case, rulings=frozenset(submission.rulings))
    work = journals.work_out(person=owner, claim=claim, case=case, at=at)
    submission.in_advance = answers.last_day > today and request.purpose != Purpose.PROOF
    store(submission, answers, work, event)
    case.headline, case.party = headline_of(answers), answers.provider
    if request.purpose != Purpose.PROOF:
        case.amount = work.credit.amount
    case.save(update_fields=["headline", "party", "amount"])
    _add_parties(case, owner, answers)
    _take_over_files(draft, case)
    submission.flags = flags_of(owner, answers, claim, folder=case.folder, case=case)
    submission.save(update_fields=["flags"])
    draft.sent_at = at
    draft.save(update_fields=["sent_at"])
    reviews.answered(request, case=case, answer=draft.data.get("answer", ""), by=owner, at=at)
    reviews.owe_to_author(
        case, "cec-answer-received", key=f"answer:{case.pk}:{case.revision}", at=at, most=in_credits(case.amount)
    )
    return case


def _add_parties(case: ReviewCase, owner, answers: Answers) -> None:
    """Add whom the answer names for the first time; nobody once named is forgotten (R-REV-5)."""
    known = set(case.parties.values_list("role", "name"))
    for party in parties_of(owner, answers):
        if (party.role, party.name) not in known:
            party.case = case
            party.save()


def _take_over_files(draft: Draft, case: ReviewCase) -> None:
    there = set(case.folder.files.filter(removed_at__isnull=True).values_list("sha256", flat=True))
    new = draft.folder.files.filter(removed_at__isnull=True).exclude(sha256__in=there)
    StoredFile.objects.filter(pk__in=list(new.values_list("pk", flat=True))).update(folder=case.folder)

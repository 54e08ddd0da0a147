"""Answers to a question about a filed request: only the questioned parts open (R-REV-8)."""

import uuid
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from preapprovals.models import Draft, PreapprovalRequest
from preapprovals.services.checking import look
from preapprovals.services.drafts import PARTS
from preapprovals.services.filing import columns_of, content_with, name_instructors, sign, sponsor_of
from preapprovals.services.parties import parties_of
from preapprovals.states import Section
from serportal.drafts.parts import take_over_files
from serportal.files.models import Folder
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text


@transaction.atomic
def begin_reply(*, reference: str, owner, at: datetime | None = None) -> Draft:
    """Start, or find, the draft of ``owner``’s answer to what is asked about their request.

    Its open parts begin with what was filed. Raises Refusal where nothing is asked.
    """
    at = at or timezone.now()
    case = ReviewCase.objects.select_for_update().get(reference=reference, filed_by=owner)
    asked = reviews.open_request(case)
    if asked is None:
        raise Refusal("nothing-asked", _("Nothing is asked of you about {0} now.").format(reference))
    begun = Draft.objects.filter(request=asked).first()
    if begun is not None:
        return begun
    filed = PreapprovalRequest.objects.get(pk=case.pk)
    draft = Draft.objects.create(
        owner=owner,
        sponsor=filed.sponsor,
        renews=filed.renews,
        folder=Folder.objects.create(),
        started_at=at,
        saved_at=at,
        case=case,
        request=asked,
    )
    PARTS.begin_as_filed(draft, filed.content, at)
    return draft


@transaction.atomic
def send_reply(*, draft_id: uuid.UUID, owner, answer: str, shown: str, at: datetime | None = None) -> ReviewCase:
    """Store the answer: the questioned parts are replaced and the sum worked out anew; sent twice, it is one.

    Raises Refusal where the question is closed by now, where anything changed since it was ``shown``, and where
    something that was opened is incomplete.
    """
    at = at or timezone.now()
    case = reviews.lock(Draft.objects.values_list("case", flat=True).get(pk=draft_id, owner=owner))
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("folder", "owner", "request", "case__folder", "case__preapprovals_preapprovalrequest")
        .get(pk=draft_id, owner=owner)
    )
    if draft.sent_at:
        return case
    if draft.request.closed_at:
        raise Refusal("nothing-asked", _("This question was closed meanwhile, so nothing was sent."))
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    whole = look(draft, at=at)
    if whole.fingerprint(None) != shown:
        raise Refusal(
            "changed", _("Something changed after this page was shown. Nothing was sent. Read it once more below.")
        )
    if whole.problems:
        raise Refusal("incomplete", whole.problems[0].sentence)
    sponsor = sponsor_of(whole, owner, at) if Section.SPONSOR in whole.sections else draft.sponsor
    content = content_with(sponsor, whole.content)
    PreapprovalRequest.objects.filter(pk=case.pk).update(**columns_of(whole, content, sponsor))
    name_instructors(PreapprovalRequest.objects.get(pk=case.pk))
    case.headline, case.topic, case.party = whole.offering["title"], whole.offering["category"], sponsor.name
    case.amount = whole.worth.credit.amount
    case.save(update_fields=["headline", "topic", "party", "amount"])
    if Section.TERMS in whole.sections:
        sign(whole, case, owner, at)
    _add_parties(case, owner, content, sponsor)
    take_over_files(draft, case.folder)
    draft.sent_at = at
    draft.save(update_fields=["sent_at"])
    reviews.answered(draft.request, case=case, answer=clean_text(answer), by=owner, at=at)
    reviews.owe_to_author(case, "preapproval-answer-received", key=f"answer:{case.pk}:{case.revision}", at=at)
    return case


def _add_parties(case: ReviewCase, owner, content: dict, sponsor) -> None:
    """Add whom the answer names for the first time; nobody once named is forgotten (R-REV-5)."""
    known = set(case.parties.values_list("role", "name"))
    for party in parties_of(owner, content, sponsor):
        if (party.role, party.name) not in known:
            party.case = case
            party.save()

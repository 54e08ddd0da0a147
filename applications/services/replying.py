"""Answers to a question about a filed application: only the questioned sections open (R-REV-8)."""

import uuid
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Draft
from applications.services.checking import Whole, look
from applications.services.drafts import PARTS
from applications.services.filing import ask_college, columns_of, headline_of
from applications.services.parties import parties_of
from applications.states import Section
from serportal.accounts.models import Signature
from serportal.drafts.parts import take_over_files
from serportal.files.models import Folder
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text


@transaction.atomic
def begin_reply(*, reference: str, owner, key: uuid.UUID | None = None, at: datetime | None = None) -> Draft:
    """Start under ``key``, or find, the draft of ``owner``’s answer to what is asked about their application.

    Its open parts begin with what was filed. Raises Refusal where nothing is asked.
    """
    at = at or timezone.now()
    case = ReviewCase.objects.select_for_update().get(reference=reference, filed_by=owner)
    request = reviews.open_request(case)
    if request is None:
        raise Refusal("nothing-asked", _("Nothing is asked of you about {0} now.").format(reference))
    begun = Draft.objects.filter(request=request).first()
    if begun is not None:
        return begun
    application = Application.objects.get(pk=case.pk)
    draft = Draft.objects.create(
        pk=key or uuid.uuid4(),
        owner=owner,
        kind=application.kind,
        folder=Folder.objects.create(),
        certification=application.certification,
        started_at=at,
        saved_at=at,
        case=case,
        request=request,
    )
    PARTS.begin_as_filed(draft, application.content, at)
    return draft


@transaction.atomic
def send_reply(*, draft_id: uuid.UUID, owner, answer: str, shown: str, at: datetime | None = None) -> ReviewCase:
    """Store the answer: the questioned parts are replaced and both sheets worked out anew; sent twice, it is one.

    Raises Refusal where the question is closed by now, where anything changed since it was ``shown``, and where
    something that was opened is incomplete.
    """
    at = at or timezone.now()
    case = reviews.lock(Draft.objects.values_list("case", flat=True).get(pk=draft_id, owner=owner))
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related(
            "request", "folder", "certification", "case__folder", "case__applications_application__criteria"
        )
        .get(pk=draft_id)
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
    Application.objects.filter(pk=case.pk).update(**columns_of(whole))
    case.headline = headline_of(whole)
    case.save(update_fields=["headline"])
    _sign_again(whole, case, owner, at)
    _add_parties(whole, case, owner)
    take_over_files(draft, case.folder)
    if Section.PROGRAMME in whole.sections:
        ask_college(Application.objects.get(pk=case.pk), at)
    draft.sent_at = at
    draft.save(update_fields=["sent_at"])
    reviews.answered(draft.request, case=case, answer=clean_text(answer), by=owner, at=at)
    reviews.owe_to_author(case, "application-answer-received", key=f"answer:{case.pk}:{case.revision}", at=at)
    return case


def _sign_again(whole: Whole, case: ReviewCase, owner, at: datetime) -> None:
    """Keep a signature that the answer brings, of this version or of one that came since."""
    if Section.AGREEMENT in whole.sections:
        typed = whole.content[Section.AGREEMENT]["typed_name"]
        Signature.objects.get_or_create(
            person=owner,
            agreement=whole.agreement,
            about=case.reference,
            defaults={"typed_name": typed, "signed_at": at},
        )


def _add_parties(whole: Whole, case: ReviewCase, owner) -> None:
    """Add whom the answer names for the first time; nobody once named is forgotten (R-REV-5)."""
    known = set(case.parties.values_list("role", "name"))
    for party in parties_of(owner, whole.content, whole.references):
        if (party.role, party.name) not in known:
            party.case = case
            party.save()

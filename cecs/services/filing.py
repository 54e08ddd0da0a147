"""The one filing that turns a draft into a case: all or nothing, and never twice."""

import uuid
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cecs.models import CecSubmission, Draft, SessionDay
from cecs.services.attending import attended, claim_attendance
from cecs.services.codes import met
from cecs.services.drafts import files_of
from cecs.services.eligibility import check_may_claim
from cecs.services.parties import parties_of
from cecs.services.worth import Answers, claim_of, course_key, event_of, flags_of, role_flags
from cecs.wording import names_of
from journals import services as journals
from journals import wording
from journals.models import Event
from journals.rules import Claim, Credit
from journals.states import Activity, Ruling
from serportal.drafts.services import StaleDraft
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import in_credits, programme_day, span_text

COLUMNS = [one.name for one in fields(Answers) if one.name not in {"activity", "rows", "part_of", "occurrence"}]


@transaction.atomic
def file_claim(*, draft_id: uuid.UUID, owner, answers: Answers, version: int, at: datetime | None = None) -> ReviewCase:
    """File a draft: submission, case, parties, receipt, all or nothing. Filed twice, it is the same case.

    Raises StaleDraft when the draft is not the one that was checked, and Refusal when the person may not file (R-CEC),
    the rules leave nothing to credit, or what its code names is claimed already.
    """
    at = at or timezone.now()
    today = programme_day(at)
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("folder").get(pk=draft_id, owner=owner)
    if draft.sent_at:
        return draft.case
    if draft.version != version:
        raise StaleDraft(draft)
    check_may_claim(owner, last_day=answers.last_day, today=today)
    if not files_of(draft).exists():
        raise Refusal("no-proof", _("There is no proof with this claim. Go back to the form and add one file."))
    answers = met(answers, today=today)
    attendance = attended(answers.occurrence, owner, answers.last_day) if answers.occurrence else None
    event = event_of(owner, answers)
    claim = claim_of(owner, answers, event=event)
    work = journals.work_out(person=owner, claim=claim, at=at)
    credit = work.credit
    apart = None if credit.amount else credit_apart(owner, claim, at=at)
    if not credit.amount and not apart:
        raise Refusal("worth-nothing", nothing_to_credit(credit))
    case = reviews.file_case(
        kind=kinds()["cec"],
        by=owner,
        headline=headline_of(answers),
        folder=draft.folder,
        parties=parties_of(owner, answers),
        topic=answers.activity,
        party=answers.provider,
        amount=apart or credit.amount,
        at=at,
    )
    submission = CecSubmission(case=case, activity=answers.activity, in_advance=answers.last_day > today)
    submission.occurrence = answers.occurrence
    submission.flags = flags_of(owner, answers, claim, folder=draft.folder, case=case)
    store(submission, answers, work, event)
    if attendance is not None:
        claim_attendance(attendance, case, day=answers.last_day, at=at)
    draft.case, draft.sent_at = case, at
    draft.save(update_fields=["case", "sent_at"])
    reviews.keep_revision(case, at=at)
    _owe_receipt(case, submission, at)
    return case


def credit_apart(person, claim: Claim, *, at: datetime | None = None) -> Decimal | None:
    """Return what a year of service brings if the coordinator lets it count apart, which is theirs to say (R-ROLE).

    Two chapters are one level, and so are two boards; such a claim is read even where nothing is left of it by itself.
    None for any other claim.
    """
    if claim.service is None or not role_flags(claim, journals.held_by(person, claim)):
        return None
    ruled = replace(claim, rulings=claim.rulings | {str(Ruling.SEPARATE)})
    return journals.work_out(person=person, claim=ruled, at=at).credit.amount or None


def store(submission: CecSubmission, answers: Answers, work: journals.Work, event: Event | None) -> None:
    """Write the answers into a submission, with the sum as it is shown now and the rows that made it."""
    for name, value in columns_of(answers).items():
        setattr(submission, name, value)
    submission.area_names = names_of(answers.areas, journals.areas_on(submission.case.filed_on))
    submission.event, submission.course_key, submission.hours = event, course_key(answers), answers.hours
    submission.period, submission.schedule_row = work.period, work.schedule_row
    submission.policy_row = work.policy_row
    submission.reasons = wording.stored(work.credit.reasons)
    submission.sentence = wording.sentence(work.credit.reasons)
    submission.save()
    submission.days.all().delete()
    write_rows(submission, answers)


def headline_of(answers: Answers) -> str:
    """Return what the case is called: a role alone would not say of which board."""
    if answers.activity == Activity.BOARD:
        text = _("{role}, board of {unit}").format(role=answers.title, unit=answers.provider)
    elif answers.activity == Activity.COMMITTEE:
        text = _("{committee}, {unit}").format(committee=answers.title, unit=answers.provider)
    else:
        text = answers.title
    return text[:200]


def columns_of(answers: Answers) -> dict:
    """Return the answers as columns of a submission."""
    return {name: getattr(answers, name) for name in COLUMNS} | {"areas": list(answers.areas)}


def write_rows(submission: CecSubmission, answers: Answers) -> None:
    SessionDay.objects.bulk_create(
        SessionDay(submission=submission, number=number, day=row.day, sessions=row.what, hours=row.hours)
        for number, row in enumerate(answers.rows, start=1)
    )


def nothing_to_credit(credit: Credit) -> str:
    """Say why a claim would bring nothing, and what to check."""
    return _("This claim would bring no credits: {why} If that is wrong, check your answers.").format(
        why=wording.sentence(credit.reasons)
    )


def _receipt(case: ReviewCase, submission: CecSubmission) -> str:
    if submission.in_advance:
        return "cec-receipt-advance"
    return "cec-receipt-code" if submission.occurrence_id and case.timetable.code_lane else "cec-receipt"


def _owe_receipt(case: ReviewCase, submission: CecSubmission, at: datetime) -> None:
    reviews.owe_to_author(
        case,
        _receipt(case, submission),
        key=f"receipt:{case.reference}",
        at=at,
        title=submission.title,
        days=span_text(submission.first_day, submission.last_day),
        sum=submission.sentence,
        most=in_credits(case.amount),
    )

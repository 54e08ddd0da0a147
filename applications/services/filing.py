"""The one filing that turns a draft into a case: all or nothing, and never twice."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import asks
from applications.models import Application, Draft, Programme, Window
from applications.services import partners, reference_letters, sheets
from applications.services.checking import FEES, Whole, look
from applications.services.eligibility import check_may_apply
from applications.services.parties import parties_of
from applications.states import Kind, Section
from serportal.accounts.models import Signature
from serportal.fees import services as fees
from serportal.fees.models import FeeRow
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of, kinds
from serportal.reviews.models import ReviewCase
from serportal.ui.asks import parse_day
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

KIND_OF_CASE = {Kind.PARTNER: "partner"}
RECEIPTS = {
    Kind.CERP: "application-receipt",
    Kind.CERPIT: "application-receipt",
    Kind.UPGRADE: "application-receipt-upgrade",
    Kind.PARTNER: "application-receipt-partner",
}


@transaction.atomic
def file_application(
    *, draft_id: uuid.UUID, owner, fee_row: FeeRow | None, shown: str, at: datetime | None = None
) -> ReviewCase:
    """File a draft: case, application, bill, signature, receipt, all or nothing. Filed twice, it is the same case.

    ``fee_row`` is the fee that the check page showed, which holds; ``shown`` stands for all that it showed. Raises
    Refusal where anything changed since, where something is still missing, and for someone who may not apply.
    """
    at = at or timezone.now()
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("folder", "request", "certification")
        .get(pk=draft_id, owner=owner)
    )
    if draft.sent_at:
        return draft.case
    draft.certification = check_may_apply(owner, draft.kind, today=programme_day(at))
    _hold_windows(at)
    whole = look(draft, at=at)
    if whole.fingerprint(fee_row) != shown:
        raise Refusal(
            "changed", _("Something changed after this page was shown. Nothing was filed. Read it once more below.")
        )
    if whole.problems:
        raise Refusal("incomplete", whole.problems[0].sentence)
    if draft.kind != Kind.PARTNER and whole.window is None:
        sentence = _("No review window is announced that late. Write to {contact}; your draft stays as it is.")
        raise Refusal("no-window", sentence.format(contact=settings.CONTACT_EMAIL))
    case = _open_case(whole, owner, at)
    application = _store(whole, case, owner, fee_row, at)
    draft.case, draft.sent_at = case, at
    draft.save(update_fields=["case", "sent_at", "certification"])
    reference_letters.take_over(draft=draft, case=case)
    if draft.kind == Kind.PARTNER:
        ask_college(application, at)
    reviews.keep_revision(case, at=at)
    _owe_receipt(case, application, at)
    return case


def _hold_windows(at: datetime) -> None:
    """Let no window be moved while something is filed for it."""
    list(Window.objects.open_on(programme_day(at)).select_for_update(no_key=True).values_list("pk", flat=True)[:1])


def _open_case(whole: Whole, owner, at: datetime) -> ReviewCase:
    """Open the case; its clock starts with the close of the window, a partner’s on the day itself (R-APP-2)."""
    window, kind = whole.window, whole.draft.kind
    return reviews.file_case(
        kind=kinds()[KIND_OF_CASE.get(kind, "application")],
        by=owner,
        headline=headline_of(whole),
        folder=whole.draft.folder,
        parties=parties_of(owner, whole.content, whole.references),
        topic=kind,
        clock_on=window.closes_on if window else None,
        due_on=window.decided_by if window else None,
        at=at,
    )


def headline_of(whole: Whole) -> str:
    """Return what the case is called: what it asks for, and for whom."""
    name = whole.content[Section.PERSON]["name_on_certificate"]
    what = str(Kind(whole.draft.kind).label)
    return _("{what}: {name}").format(what=what[:1].upper() + what[1:], name=name)[:200]


def _store(whole: Whole, case: ReviewCase, owner, fee_row: FeeRow | None, at: datetime) -> Application:
    """Write down what was typed, with the rows it is judged by, the fee and the signature."""
    content, draft = whole.content, whole.draft
    signed = content[Section.AGREEMENT]
    application = Application.objects.create(
        case=case,
        kind=draft.kind,
        criteria=whole.criteria,
        window=whole.window,
        certification=draft.certification,
        bill=_bill(whole, case, owner, fee_row, at),
        **columns_of(whole),
    )
    Signature.objects.create(
        person=owner, agreement=whole.agreement, typed_name=signed["typed_name"], signed_at=at, about=case.reference
    )
    return application


def columns_of(whole: Whole) -> dict:
    """Return what an application keeps of its content, both sheets frozen as they were shown."""
    return {
        "content": whole.content,
        "name_on_certificate": whole.content[Section.PERSON]["name_on_certificate"],
        "sides": sorted(whole.sides) if whole.draft.kind == Kind.CERPIT else [],
        "knowledge": sheets.stored(whole.knowledge) if whole.knowledge else {},
        "experience": sheets.stored(whole.experience) if whole.experience else {},
        "ready_as": whole.ready,
    }


def _bill(whole: Whole, case: ReviewCase, owner, fee_row: FeeRow | None, at: datetime):
    """Bill the fee as it was shown, and ask for a smaller one where that was asked (R-APP-10).

    A fee that a partner covers is a bill of which nothing is owed (R-APP-7).
    """
    kind, day = FEES[Kind(whole.draft.kind)], programme_day(at)
    given = {"person": owner, "kind": kind, "about": case.reference, "at": at}
    if whole.draft.kind == Kind.PARTNER and fee_row is None:
        programme = Programme.objects.select_related("partner").get(pk=whole.content[Section.PROGRAMME]["programme"])
        return fees.bill(**given, member=False, row=fees.fee_on(kind, day), covered_by=programme.partner.name)
    said = whole.content[Section.FEE]
    plea = said["reduction_why"] if said.get("reduction") else ""
    to = said.get("invoice_to", "")
    return fees.bill(**given, member=said["member"] == asks.YES, row=fee_row, plea=plea, billed_to=to)


def ask_college(application: Application, at: datetime) -> None:
    """Ask the partner whether its graduate completed the programme that the application names (R-APP-7)."""
    said = application.content[Section.PROGRAMME]
    partners.ask_college(
        application=application,
        programme=Programme.objects.select_related("partner").get(pk=said["programme"]),
        student_number=said.get("student_number", ""),
        completed_on=parse_day(said["completed_on"]),
        at=at,
    )


def _owe_receipt(case: ReviewCase, application: Application, at: datetime) -> None:
    window = application.window
    reviews.owe_to_author(
        case,
        RECEIPTS[application.kind],
        key=f"receipt:{case.reference}",
        at=at,
        window=day_text(window.closes_on) if window else "",
        blocks="\n".join(kind_of(case).blocks(case) or [_("Nothing is missing.")]),
    )

"""Renewals: filed by the member, audited by lot, confirmed by the coordinator (R-PER-4, R-PER-6, R-PER-7).

The portal itself screens a renewal, for all that it needs can be counted: it waits for its fee, then for the
coordinator. An audited one is asked for proof at once, and goes on when the coordinator has read it and says so by
screening it.
"""

import random
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journals import gates as words
from journals import rules
from journals.models import Arrangement, Entry, Renewal, RenewalDraft
from journals.services.arranging import progress_of
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import Agreement, Signature
from serportal.accounts.states import Purpose
from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.certifications.rules import last_day
from serportal.certifications.states import Level
from serportal.drafts import services as drafts
from serportal.drafts.parts import take_over_files
from serportal.drafts.short import ShortForm
from serportal.fees import services as fees
from serportal.fees.models import Bill, FeeRow
from serportal.fees.states import SETTLED, BillState, FeeKind
from serportal.files.models import Folder
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Decision, Party, ReviewCase
from serportal.reviews.states import PartyRole, Step
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, in_credits, money, programme_day

# What a question can open again (R-REV-8).
PROOF = "proof"
FEES = {Level.CERP: FeeKind.RENEW_CERP, Level.CERPIT: FeeKind.RENEW_CERPIT}
YES, NO = "yes", "no"
# How many entries an audit asks about.
WANTED = 3
LOT = random.SystemRandom()


# What it needs --------------------------------------------------------------
def held_of(period: Period, today: date, *, without: Renewal | None = None) -> rules.Held:
    """Return ``period`` with all that bears on its renewal, or on ``without``, the one that is filed already."""
    own = Arrangement.objects.filter(period=period)
    asked = own.filter(open=True, year__isnull=False).values_list("year", "case__reference")
    following = Period.objects.filter(person=period.person_id, starts_on__gt=period.starts_on).order_by("starts_on")
    renewals = Renewal.objects.filter(period=period, open=True)
    renewals = renewals if without is None else renewals.exclude(pk=without.pk)
    return rules.Held(
        ends_on=period.ends_on,
        progress=progress_of(period, today, arranged=own.arranged()),
        lapsed_on=period.certification.lapsed_on,
        ended=bool(period.certification.ended_as),
        following=following.values_list("starts_on", flat=True).first(),
        open=renewals.values_list("case__reference", flat=True).first() or "",
        filed_on=without.case.filed_on if without is not None else None,
        asked=dict(asked),
    )


def missing(held: rules.Held, today: date) -> list[rules.Gate]:
    return [one for one in rules.gates(held, today) if not one.met]


def check(held: rules.Held, today: date) -> None:
    """Raise Refusal with the sentence of the first thing that is missing, if there is one."""
    found = missing(held, today)
    if found:
        raise Refusal(found[0].code, words.sentence(found[0]))


def fee_of(period: Period, today: date) -> FeeRow:
    return fees.fee_on(FEES[Level(period.certification.level)], today)


def agreement_of(today: date) -> Agreement:
    return agreement_on(Purpose.APPLICANTS, today)


def shown(row: FeeRow, agreement: Agreement) -> str:
    """Name the fee and the agreement that a page shows, so that nobody signs or owes what they did not read."""
    return f"{row.pk}-{agreement.pk}"


def next_period(period: Period) -> tuple[date, date]:
    """Return the first and the last day of the period that a renewal opens (R-PER-6)."""
    first = period.ends_on + timedelta(days=1)
    return first, last_day(first)


# Written --------------------------------------------------------------------
FORM = ShortForm(RenewalDraft)
save, add_files, remove_file = FORM.save, FORM.add_files, FORM.remove_file


@transaction.atomic
def begin(*, period: Period, by, at: datetime | None = None) -> RenewalDraft:
    """Return what ``by`` is writing about ``period``; begun if nothing is there yet."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    there = RenewalDraft.objects.filter(period=period, owner=by, case__isnull=True).first()
    at = at or timezone.now()
    return there or RenewalDraft.objects.create(period=period, owner=by, folder=Folder.objects.create(), saved_at=at)


@transaction.atomic
def begin_reply(*, case_id: int, by, at: datetime | None = None) -> RenewalDraft:
    """Return the answer that ``by`` is writing to what is asked. Raises Refusal where nothing is asked."""
    case = reviews.lock(case_id)
    asked = reviews.open_request(case)
    if asked is None or case.filed_by_id != by.pk:
        raise Refusal("nothing-asked", _("Nothing is asked of you about {0} now.").format(case.reference))
    there = RenewalDraft.objects.filter(request=asked).first()
    return there or RenewalDraft.objects.create(
        owner=by,
        period_id=Renewal.objects.values_list("period", flat=True).get(pk=case.pk),
        folder=Folder.objects.create(),
        saved_at=at or timezone.now(),
        case=case,
        request=asked,
    )


# Filed ----------------------------------------------------------------------
@transaction.atomic
def file_renewal(*, draft_id: int, by, shown: str, lot: random.Random = LOT, at: datetime | None = None) -> ReviewCase:
    """File what ``by`` declared: case, bill, signature, receipt, all or nothing. Sent twice, it is one case.

    ``shown`` names the fee and the agreement of the page; ``lot`` draws whether it is audited. Raises Refusal while
    anything is missing (R-PER-4), where fee or agreement changed since, and without signature or declaration.
    """
    at = at or timezone.now()
    today = programme_day(at)
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    rows = RenewalDraft.objects.select_for_update(of=("self",))
    draft = rows.select_related("period__certification", "folder", "case").get(pk=draft_id, owner=by)
    sent = draft.case if draft.case_id else _sent_before(draft)
    if sent is not None:
        return sent
    period = draft.period
    check(held_of(period, today), today)
    row, agreement = fee_of(period, today), agreement_of(today)
    _check_declared(draft.data, shown, row, agreement)
    case = reviews.file_case(
        kind=kinds()["renewal"],
        by=by,
        headline=_headline(period),
        folder=draft.folder,
        parties=[Party(role=PartyRole.SUBMITTER, name=by.name, person=by)],
        topic=period.certification.level,
        at=at,
    )
    held = _store(draft, case, row, agreement, at)
    _draw(held, lot)
    draft.case, draft.sent_at = case, at
    draft.save(update_fields=["case", "sent_at"])
    reviews.keep_revision(case, at=at)
    _go_on(held, at)
    case.refresh_from_db()
    _owe_receipt(held, at)
    return case


def _headline(period: Period) -> str:
    lapsed = period.certification.lapsed_on is not None
    text = _("Reinstatement of {number}") if lapsed else _("Renewal of {number}")
    return text.format(number=period.certification.number)


def _sent_before(draft: RenewalDraft) -> ReviewCase | None:
    """Return the open case that the same form made a moment ago, pressed twice; what the second press began goes."""
    twins = RenewalDraft.objects.filter(owner=draft.owner_id, period=draft.period_id, request__isnull=True)
    open_twins = twins.filter(data=draft.data, case__journals_renewal__open=True).select_related("case")
    twin = open_twins.exclude(pk=draft.pk).first()
    if twin is None:
        return None
    draft.delete()
    drafts.throw_away(draft.folder)
    return twin.case


def _check_declared(data: dict, seen: str, row: FeeRow, agreement: Agreement) -> None:
    if seen != shown(row, agreement):
        text = _("The fee or the agreement changed after this page was shown. Nothing was filed. Read it once more.")
        raise Refusal("changed", text)
    if not clean_text(data.get("typed_name", "")):
        raise Refusal("no-name", _("Your signature is missing. Type your name."))
    if not (data.get("truthful") and data.get("agreed")):
        raise Refusal("not-declared", _("Tick both declarations, if they are true; nobody is renewed without them."))
    if data.get("sanctions") not in {YES, NO} or data.get("unchanged") not in {YES, NO}:
        raise Refusal("not-answered", _("A question is not answered. Answer each of them with yes or no."))
    if data.get("member") not in {YES, NO}:
        raise Refusal("no-member", _("Say whether you are a member of SER; the fee depends on it."))


def _store(draft: RenewalDraft, case: ReviewCase, row: FeeRow, agreement: Agreement, at: datetime) -> Renewal:
    said = draft.data
    held = Renewal.objects.create(
        case=case,
        period=draft.period,
        bill=_bill(draft, case, row, at),
        membership_number=said.get("membership_number", "") if said["member"] == YES else "",
        disclosure=said.get("disclosure", "") if said["sanctions"] == YES else "",
        changes=said.get("changes", "") if said["unchanged"] == NO else "",
    )
    typed = clean_text(said["typed_name"])[:200]
    Signature.objects.create(
        person=draft.owner, agreement=agreement, typed_name=typed, signed_at=at, about=case.reference
    )
    return held


def _bill(draft: RenewalDraft, case: ReviewCase, row: FeeRow, at: datetime) -> Bill:
    """Bill the fee as it was shown; who paid it for an earlier renewal of this period does not pay it again."""
    paid = Bill.objects.filter(renewals__period=draft.period_id, state__in=[BillState.PAID, BillState.COVERED]).first()
    if paid is not None:
        return paid
    said = draft.data
    return fees.bill(
        person=draft.owner,
        kind=FeeKind(row.kind),
        about=case.reference,
        member=said["member"] == YES,
        row=row,
        plea=said.get("reduction_why", "") if said.get("reduction") else "",
        billed_to=said.get("invoice_to", ""),
        at=at,
    )


def _draw(held: Renewal, lot: random.Random) -> None:
    """Draw whether ``held`` is audited, and about which entries (R-PER-7).

    What was drawn once for a period holds: withdrawing and filing anew leads out of no audit.
    """
    before = Renewal.objects.filter(period=held.period_id, audited=True).exclude(pk=held.pk).order_by("pk").last()
    entries = Entry.objects.standing().filter(period=held.period_id, credits__gt=0).order_by("pk")
    if before is not None:
        wanted = list(before.wanted.standing().order_by("pk"))
    elif lot.random() < settings.AUDIT_SHARE:
        wanted = list(entries)
        wanted = lot.sample(wanted, min(WANTED, len(wanted)))
    else:
        return
    if wanted:
        held.audited = True
        held.save(update_fields=["audited"])
        held.wanted.set(wanted)


def _go_on(held: Renewal, at: datetime) -> None:
    """Ask an audited renewal for its proof; let any other wait for its fee, or for the coordinator."""
    if not held.audited:
        reviews.screen(held.case_id, by=None, at=at)
        return
    listed = "\n".join(entry_line(one) for one in held.wanted.order_by("earned_on", "pk"))
    text = _(
        "A small share of all renewals is drawn by lot and asked for proof again, and yours is one of them. Please "
        "send us once more the proof of these entries of your journal:\n\n{entries}\n\nA certificate, a letter or a "
        "confirmation is enough. If one is lost, say so and what else shows that you took part."
    )
    reviews.ask(held.case_id, parts=[PROOF], question=text.format(entries=listed), by=None, at=at)


def entry_line(entry: Entry) -> str:
    text = _("{day}: {what}, {credits}")
    return text.format(day=day_text(entry.earned_on), what=entry.description, credits=in_credits(entry.credits))


def _owe_receipt(held: Renewal, at: datetime) -> None:
    first, last = next_period(held.period)
    blocks = blocks_of(held, programme_day(at)) or [_("Nothing is missing.")]
    text = _("It would run from {first} to {last}.")
    period = text.format(first=day_text(first), last=day_text(last))
    reviews.owe_to_author(
        held.case,
        "renewal-receipt",
        key=f"receipt:{held.case.reference}",
        at=at,
        blocks="\n".join(blocks),
        renewed=period,
    )


@transaction.atomic
def send_reply(*, draft_id: int, by, at: datetime | None = None) -> ReviewCase:
    """Send the proof and the words that answer a question; sent twice, it is one answer.

    Raises Refusal where the question is closed by now, and for an answer with nothing in it.
    """
    at = at or timezone.now()
    case = reviews.lock(RenewalDraft.objects.values_list("case", flat=True).get(pk=draft_id, owner=by))
    rows = RenewalDraft.objects.select_for_update(of=("self",))
    draft = rows.select_related("folder", "request").get(pk=draft_id, owner=by)
    if draft.sent_at:
        return case
    if draft.request.closed_at:
        raise Refusal("nothing-asked", _("This question was closed meanwhile, so nothing was sent."))
    answer = clean_text(draft.data.get("answer", ""))
    if not answer and not drafts.files_in(draft.folder).exists():
        raise Refusal("nothing-given", _("Nothing is attached or written. Add the proof, or say why you cannot."))
    take_over_files(draft, case.folder)
    draft.sent_at = at
    draft.save(update_fields=["sent_at"])
    reviews.answered(draft.request, case=case, answer=answer, by=by, at=at)
    reviews.owe_to_author(case, "renewal-answer-received", key=f"answer:{case.reference}:{case.revision}", at=at)
    return case


# On its way -----------------------------------------------------------------
def blocks_of(held: Renewal, today: date) -> list[str]:
    """Return a sentence for each thing that keeps ``held`` from being confirmed, whoever holds it (R-PER-7)."""
    found = [words.sentence(one) for one in missing(held_of(held.period, today, without=held), today)]
    if held.bill.asked_at is not None:
        text = _("A smaller fee is asked for ({number}). It waits for the coordinator.")
        found.append(text.format(number=held.bill.number))
    elif not held.bill.is_settled:
        text = _("The fee of {amount} is not paid yet ({number}); whoever filed this pays it.")
        found.append(text.format(amount=money(held.bill.amount), number=held.bill.number))
    if held.audited and not is_proved(held):
        found.append(_("The proof that the audit asks for is not here yet; whoever filed this sends it."))
    return found


def is_proved(held: Renewal) -> bool:
    return held.case.requests.filter(answered=True).exists()


def check_confirmable(held: Renewal, today: date) -> None:
    """Raise Refusal where ``held`` cannot be confirmed now, with everything that keeps it."""
    blocks = blocks_of(held, today)
    if blocks:
        raise Refusal("blocked", " ".join(blocks))
    if held.audited and held.case.step == Step.SCREEN:
        raise Refusal(
            "unread", _("It is audited. Read the proof, and mark the case as complete before you confirm it.")
        )


def settle_all(at: datetime | None = None) -> int:
    """Let every renewal go on that waited for its fee alone; return how many became ready. Any tick finds them."""
    at, ready = at or timezone.now(), 0
    settled = Renewal.objects.filter(case__step=Step.GATES, bill__state__in=SETTLED)
    for case_id in list(settled.values_list("pk", flat=True)):
        ready += reviews.settle_gates(case_id, at=at).step == Step.ALONE
    return ready


# Decided --------------------------------------------------------------------
def carry_out(held: Renewal, decision: Decision, *, at: datetime) -> None:
    """Open the next period, or let the member renew anew. Called in the transaction of the decision."""
    if decision.approved:
        held.opened = certifications.renew(
            period_id=held.period_id,
            filed_on=held.case.filed_on,
            note=held.case.reference,
            by=decision.decided_by,
            at=at,
        )
    held.open = False
    held.save(update_fields=["opened", "open"])
    if not decision.approved:
        _drop_bill(held, at)


def ended(case: ReviewCase, *, at: datetime) -> None:
    """Let the member renew anew once the case ended without a decision; nobody owes a fee for it (R-APP-10)."""
    held = Renewal.objects.select_related("bill").get(pk=case.pk)
    held.open = False
    held.save(update_fields=["open"])
    _drop_bill(held, at)


def _drop_bill(held: Renewal, at: datetime) -> None:
    reason = _("{0} ended without a renewal.").format(held.case.reference)
    fees.drop(bill_id=held.bill_id, reason=reason, at=at)


def reopened(case: ReviewCase, *, at: datetime) -> None:
    """Open a denied case again; a confirmed one stays, for credits count in the period that it opened.

    Raises Refusal for one that was confirmed, while another renewal is open, and where nothing can be renewed any more.
    """
    rows = Renewal.objects.select_for_update(of=("self",)).select_related("period__certification")
    held, today = rows.get(pk=case.pk), programme_day(at)
    if case.decisions.latest("pk").approved:
        text = _(
            "{reference} opened the next period, and credits count in it. Revoke or retire the certification instead."
        )
        raise Refusal("confirmed", text.format(reference=case.reference))
    barred = [one for one in missing(held_of(held.period, today), today) if one.code in words.BARRED]
    if barred:
        raise Refusal(barred[0].code, words.sentence(barred[0]))
    held.open = True
    held.save(update_fields=["open"])

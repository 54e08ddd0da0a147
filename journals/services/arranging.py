"""Arrangements: asked for, offered otherwise, agreed, taken back; what each does to a period (R-PER-3, R-PER-4)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journals import rules, terms
from journals.models import Arrangement, ArrangementDraft, Entry
from journals.rules import Terms
from journals.services.rows import policy_on
from journals.states import Shape
from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.drafts import services as drafts
from serportal.drafts.parts import take_over_files
from serportal.drafts.short import ShortForm
from serportal.files.models import Folder
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Decision, Party, ReviewCase
from serportal.reviews.states import ENDED, Move, PartyRole, Step
from serportal.ui.asks import parse_day
from serportal.ui.forms import read_hours
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, number, programme_day

# What a question can open again (R-REV-8).
ASKED, REASON, FILES = "asked", "reason", "files"


@dataclass(frozen=True)
class Facts:
    """How a period stands without one arrangement: what the rules need to judge its terms."""

    period: Period
    progress: rules.Progress
    ends_on: date
    following: date | None

    def closed(self, today: date) -> rules.Obstacle | None:
        """Return why nothing can be arranged about the period any more."""
        held = self.period.certification
        return rules.period_obstacle(
            ended=bool(held.ended_as),
            ends_on=self.ends_on,
            lapsed_on=held.lapsed_on,
            following=self.following,
            today=today,
        )

    def obstacle(self, wanted: Terms, today: date) -> rules.Obstacle | None:
        found = self.closed(today)
        return found or rules.obstacle(wanted, progress=self.progress, ends_on=self.ends_on, today=today)


def facts_of(period: Period, today: date, *, without: Arrangement | None = None) -> Facts:
    """Return how ``period`` stands on ``today``; ``without`` leaves out what that arrangement itself changed."""
    own = Arrangement.objects.filter(period=period)
    if without is not None:
        own = own.exclude(pk=without.pk)
    ends_on = without.moved_from if without is not None and without.in_force and without.moved_from else period.ends_on
    following = Period.objects.filter(person=period.person_id, starts_on__gt=period.starts_on)
    return Facts(
        period,
        progress_of(period, today, arranged=own.arranged()),
        ends_on,
        following.order_by("starts_on").values_list("starts_on", flat=True).first(),
    )


def progress_of(period: Period, today: date, *, arranged) -> rules.Progress:
    policy = policy_on(today)
    rows = Entry.objects.filter(period=period).values_list("earned_on", "credits", "upload")
    lines = [rules.Line(day, credits, upload is not None) for day, credits, upload in rows]
    return rules.progress(
        lines, years=period.years(), goal=policy.period_credits, yearly=policy.year_credits, arranged=arranged
    )


def check(found: rules.Obstacle | None) -> None:
    """Raise Refusal with the sentence of ``found``, if there is one."""
    if found is not None:
        raise Refusal(found.code, terms.obstacle_text(found))


def read_terms(data: dict) -> Terms:
    """Return what was typed as terms; what cannot be read is not there, and what belongs to another shape neither."""
    shape = data.get("shape", "")
    year = data.get("year", "") if shape != Shape.EXTENSION else ""
    return Terms(
        shape,
        int(year) if year in {"1", "2", "3", "4", "5"} else None,
        read_hours(data.get("credits", "")) if shape == Shape.REDUCED else None,
        parse_day(data.get("ends" if shape == Shape.EXTENSION else "day")) if shape != Shape.REDUCED else None,
    )


def as_typed(wanted: Terms) -> dict[str, str]:
    """Return ``wanted`` as the form holds it."""
    day = "" if wanted.day is None else wanted.day.isoformat()
    return {
        "shape": wanted.shape,
        "year": str(wanted.year or ""),
        "credits": "" if wanted.credits is None else number(wanted.credits),
        "day": day if wanted.shape == Shape.MAKE_UP else "",
        "ends": day if wanted.shape == Shape.EXTENSION else "",
    }


# Written --------------------------------------------------------------------
FORM = ShortForm(ArrangementDraft)
save, add_files, remove_file = FORM.save, FORM.add_files, FORM.remove_file


@transaction.atomic
def begin(*, period: Period, by, at: datetime | None = None) -> ArrangementDraft:
    """Return what ``by`` is writing about ``period``; begun if nothing is there yet."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    there = ArrangementDraft.objects.filter(period=period, owner=by, case__isnull=True).first()
    at = at or timezone.now()
    return there or ArrangementDraft.objects.create(
        period=period, owner=by, folder=Folder.objects.create(), saved_at=at
    )


@transaction.atomic
def begin_reply(*, case_id: int, by, at: datetime | None = None) -> ArrangementDraft:
    """Return the answer that ``by`` is writing to what is asked; it begins with what was filed.

    Raises Refusal where nothing is asked.
    """
    case = reviews.lock(case_id)
    asked = reviews.open_request(case)
    if asked is None or case.filed_by_id != by.pk:
        raise Refusal("nothing-asked", _("Nothing is asked of you about {0} now.").format(case.reference))
    there = ArrangementDraft.objects.filter(request=asked).first()
    filed = Arrangement.objects.select_related("period").get(pk=case.pk)
    return there or ArrangementDraft.objects.create(
        owner=by,
        period=filed.period,
        folder=Folder.objects.create(),
        saved_at=at or timezone.now(),
        case=case,
        request=asked,
        data={**as_typed(filed.asked), "reason": filed.reason},
    )


# Filed ----------------------------------------------------------------------
@transaction.atomic
def file_arrangement(*, draft_id: int, by, at: datetime | None = None) -> ReviewCase:
    """File what ``by`` wrote as a request for an arrangement; sent twice, it is one case.

    Raises Refusal without a reason, for terms that would change nothing, and while another one about it is open.
    """
    at = at or timezone.now()
    today = programme_day(at)
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
    rows = ArrangementDraft.objects.select_for_update(of=("self",))
    draft = rows.select_related("period__certification", "folder", "case").get(pk=draft_id, owner=by)
    sent = draft.case if draft.case_id else _sent_before(draft)
    if sent is not None:
        return sent
    wanted, reason = _wanted(draft, today), _reason_of(draft)
    case = reviews.file_case(
        kind=kinds()["arrangement"],
        by=by,
        headline=terms.headline(wanted),
        folder=draft.folder,
        parties=[Party(role=PartyRole.SUBMITTER, name=by.name, person=by)],
        topic=wanted.shape,
        at=at,
    )
    Arrangement.objects.create(
        case=case,
        period=draft.period,
        year=wanted.year,
        shape=wanted.shape,
        credits=wanted.credits,
        day=wanted.day,
        reason=reason,
    )
    draft.case, draft.sent_at = case, at
    draft.save(update_fields=["case", "sent_at"])
    reviews.keep_revision(case, at=at)
    asked = terms.asked_text(wanted, draft.period, draft.period.ends_on)
    reviews.owe_to_author(case, "arrangement-receipt", key=f"receipt:{case.reference}", asked=asked, at=at)
    return case


@transaction.atomic
def send_reply(*, draft_id: int, by, at: datetime | None = None) -> ReviewCase:
    """Store an answer: only what was asked about changes (R-REV-8); sent twice, it is one.

    Raises Refusal where the question is closed by now, and for terms that would change nothing.
    """
    at = at or timezone.now()
    case = reviews.lock(ArrangementDraft.objects.values_list("case", flat=True).get(pk=draft_id, owner=by))
    rows = ArrangementDraft.objects.select_for_update(of=("self",))
    draft = rows.select_related("period__certification", "folder", "request").get(pk=draft_id, owner=by)
    if draft.sent_at:
        return case
    if draft.request.closed_at:
        raise Refusal("nothing-asked", _("This question was closed meanwhile, so nothing was sent."))
    filed = Arrangement.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if ASKED in draft.request.parts:
        wanted = _wanted(draft, programme_day(at), without=filed)
        filed.shape, filed.year, filed.credits, filed.day = wanted.shape, wanted.year, wanted.credits, wanted.day
        filed.offered_shape, filed.offered_credits, filed.offered_day = "", None, None
        case.headline, case.topic = terms.headline(wanted), wanted.shape
        case.save(update_fields=["headline", "topic"])
    if REASON in draft.request.parts:
        filed.reason = _reason_of(draft)
    filed.save()
    take_over_files(draft, case.folder)
    draft.sent_at = at
    draft.save(update_fields=["sent_at"])
    reviews.answered(draft.request, case=case, answer=clean_text(draft.data.get("answer", "")), by=by, at=at)
    reviews.owe_to_author(case, "arrangement-answer-received", key=f"answer:{case.pk}:{case.revision}", at=at)
    return case


def _sent_before(draft: ArrangementDraft) -> ReviewCase | None:
    """Return the open case that the same form made a moment ago, pressed twice; what the second press began goes."""
    twins = ArrangementDraft.objects.filter(owner=draft.owner_id, period=draft.period_id, request__isnull=True)
    open_twins = twins.filter(data=draft.data, case__journals_arrangement__open=True).select_related("case")
    twin = open_twins.exclude(pk=draft.pk).first()
    if twin is None:
        return None
    draft.delete()
    drafts.throw_away(draft.folder)
    return twin.case


def _wanted(draft: ArrangementDraft, today: date, *, without: Arrangement | None = None) -> Terms:
    """Return the terms that were written; raises Refusal where they could not be filed like this."""
    facts = facts_of(draft.period, today, without=without)
    check(facts.closed(today))
    wanted = read_terms(draft.data)
    if wanted.shape not in Shape.values:
        raise Refusal("no-shape", _("Nothing is ticked. Tick what would help you."))
    _check_none_open(draft.period, wanted, but=without)
    check(facts.obstacle(wanted, today))
    return wanted


def _reason_of(draft: ArrangementDraft) -> str:
    reason = clean_text(draft.data.get("reason", ""))
    if not reason:
        raise Refusal("no-reason", _("The reason is missing. Write what happened, in your own words."))
    return reason


def _check_none_open(period: Period, wanted: Terms, *, but: Arrangement | None = None) -> None:
    """Raise Refusal while another request about the same year, or about the period, is open."""
    same = Arrangement.objects.filter(period=period, year=wanted.year, open=True).select_related("case")
    found = same.first() if but is None else same.exclude(pk=but.pk).first()
    if found is not None:
        text = _("You asked about this on {day}, and {reference} is still open. Its page shows where it stands.")
        raise Refusal("open", text.format(day=day_text(found.case.filed_on), reference=found.case.reference))


# Decided --------------------------------------------------------------------
@transaction.atomic
def offer(case_id: int, *, wanted: Terms, by, at: datetime | None = None) -> Arrangement:
    """Change what an approval of the case would agree to; the letter then says both, what was asked and what holds.

    Raises Refusal once it is decided, while the member is asked something, and for terms that would change nothing.
    """
    at = at or timezone.now()
    today = programme_day(at)
    case = reviews.lock_for(case_id, by)
    held = Arrangement.objects.select_for_update(of=("self",)).select_related("period__certification").get(pk=case.pk)
    if case.state in ENDED or case.step == Step.ANSWER:
        text = _("{reference} is now “{state}”, so what would be agreed cannot be changed.")
        raise Refusal("not-open", text.format(reference=case.reference, state=case.get_state_display()))
    if wanted.shape != Shape.EXTENSION and held.year is None:
        text = _("It was asked about the whole period and names no year. Deny it, and the member can ask about a year.")
        raise Refusal("names-no-year", text)
    wanted = replace(wanted, year=held.year)
    check(facts_of(held.period, today, without=held).obstacle(wanted, today))
    if wanted == held.offered:
        return held
    as_asked = wanted == held.asked
    held.offered_shape = "" if as_asked else wanted.shape
    held.offered_credits, held.offered_day = (None, None) if as_asked else (wanted.credits, wanted.day)
    held.save(update_fields=["offered_shape", "offered_credits", "offered_day"])
    ends_on = held.moved_from or held.period.ends_on
    reviews.log(case, Move.TERMS, by=by, at=at, note=terms.asked_text(wanted, held.period, ends_on))
    return held


def check_agreeable(held: Arrangement, at: datetime) -> None:
    """Raise Refusal where what the case offers could not be carried out now."""
    today = programme_day(at)
    check(facts_of(held.period, today, without=held).obstacle(held.offered, today))


def carry_out(held: Arrangement, decision: Decision, *, at: datetime) -> None:
    """Let what was agreed hold, or end what an earlier decision on the case had agreed (R-PER-3).

    A later arrangement about the same year, or about the end of the period, takes the place of an earlier one. Called
    in the transaction of the decision, with the person locked.
    """
    held = Arrangement.objects.select_for_update(of=("self",)).select_related("period", "case").get(pk=held.pk)
    Period.objects.select_for_update().get(pk=held.period_id)
    _take_back(held, by=decision.decided_by, at=at)
    if decision.approved:
        _agree(held, by=decision.decided_by, at=at)
    held.open = False
    held.save()


def _agree(held: Arrangement, *, by, at: datetime) -> None:
    agreed, period = held.offered, held.period
    extends = agreed.shape == Shape.EXTENSION
    before = Arrangement.objects.filter(period=period).in_force().exclude(pk=held.pk)
    of_same = before.filter(agreed_shape=Shape.EXTENSION) if extends else before.filter(year=held.year)
    of_same = of_same if extends else of_same.exclude(agreed_shape=Shape.EXTENSION)
    of_same.update(replaced_by=held)
    held.agreed_shape, held.agreed_credits, held.agreed_day = agreed.shape, agreed.credits, agreed.day
    if extends:
        held.moved_from = period.ends_on
        note = held.case.reference
        held.period = certifications.move_end(period_id=period.pk, to=agreed.day, note=note, by=by, at=at)


def _take_back(held: Arrangement, *, by, at: datetime) -> None:
    """End what the case had agreed before; what it had replaced holds again."""
    if not held.agreed_shape:
        return
    if held.moved_from is not None:
        _check_end_can_return(held)
        note = held.case.reference
        held.period = certifications.move_end(period_id=held.period_id, to=held.moved_from, note=note, by=by, at=at)
    held.agreed_shape, held.agreed_credits, held.agreed_day, held.moved_from = "", None, None, None
    held.save()
    Arrangement.objects.filter(replaced_by=held).update(replaced_by=None)


def _check_nothing_follows(held: Arrangement) -> None:
    """Raise Refusal where the days that an extension gave could not be taken back without a hole (R-PER-6)."""
    following = Period.objects.filter(person=held.period.person_id, starts_on__gt=held.period.ends_on)
    begins = following.order_by("starts_on").values_list("starts_on", flat=True).first()
    if held.moved_from is not None and begins is not None:
        text = _("The next period begins on {day}, after the end that was agreed, so the extension stays.")
        raise Refusal("followed", text.format(day=day_text(begins)))


def _check_end_can_return(held: Arrangement) -> None:
    _check_nothing_follows(held)
    if held.period.ends_on != held.agreed_day:
        text = _("The period ends on {day} by a later act, so this extension cannot be taken back.")
        raise Refusal("moved-since", text.format(day=day_text(held.period.ends_on)))
    if Entry.objects.standing().filter(period=held.period, earned_on__gt=held.moved_from).exists():
        text = _("Credits earned after {day} are in the journal already, so this extension cannot be taken back.")
        raise Refusal("used", text.format(day=day_text(held.moved_from)))


def ended(case: ReviewCase) -> None:
    """Let the member ask anew once the case ended without a decision."""
    Arrangement.objects.filter(pk=case.pk).update(open=False)


def reopened(case: ReviewCase) -> None:
    """Open a decided case again; what was agreed holds until it is decided anew.

    Raises Refusal where another request about the same is open, a later one was agreed, or the next period follows on
    the end that was agreed.
    """
    held = Arrangement.objects.select_for_update(of=("self",)).select_related("period").get(pk=case.pk)
    if held.replaced_by_id is not None:
        later = ReviewCase.objects.values_list("reference", flat=True).get(pk=held.replaced_by_id)
        text = _("{later} has taken its place. Open that one again instead.")
        raise Refusal("replaced", text.format(later=later))
    _check_nothing_follows(held)
    _check_none_open(held.period, held.asked)
    held.open = True
    held.save(update_fields=["open"])

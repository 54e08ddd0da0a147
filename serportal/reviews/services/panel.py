"""Who reviews a case: seats given, declared, given back, filled, so that three people decide (R-REV-3, R-REV-5)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.accounts.models import Absence
from serportal.outbox import services as outbox
from serportal.reviews import rules
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Conflict, Panel, ReviewCase, Seat
from serportal.reviews.services import polls
from serportal.reviews.services.moving import lock, lock_for, log, move, needed
from serportal.reviews.states import WAITING, Move, SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, programme_day


def current_panel(case: ReviewCase) -> Panel | None:
    """Return the panel of the newest round, or None before the first and after a case was reassigned or reopened."""
    return None if case.step == Step.SEAT else case.panels.order_by("-round").first()


def ballot_due(case: ReviewCase, at: datetime, *, alternate: bool) -> date:
    """Return by when a seat given now owes its ballot: the panel’s day, or the alternate’s days from now (SPEC 5)."""
    own = programme_day(at) + timedelta(days=case.timetable.alternate_days)
    return own if alternate else max(own, case.clock_on + timedelta(days=case.timetable.ballot_days))


def candidates(
    case: ReviewCase, at: datetime, *, elsewhere: bool = False, by=None
) -> list[tuple[object, rules.Candidate]]:
    """Return (person, facts) for everyone who may be seated on ``case``, best choice first (R-REV-3, R-REV-5).

    Who screened a case does not vote on it. With ``elsewhere`` members of the other committees come too, for a
    temporary seat. ``by`` is who reads it: seats on cases hidden from them are in no figure (None: the portal itself,
    which counts all).
    """
    today, people = programme_day(at), get_user_model().objects
    committee = kind_of(case).committee
    due = ballot_due(case, at, alternate=case.step == Step.FILL)
    panel = current_panel(case)
    taken = Seat.objects.filter(panel=panel) if panel else Seat.objects.none()
    hidden = list(ReviewCase.objects.hidden_from(by).values_list("pk", flat=True)) if by else []
    told = Q(seats__panel__case__in=ReviewCase.objects.exclude(pk__in=hidden)) if hidden else Q()
    waiting = Q(
        told,
        seats__state__in=WAITING,
        seats__counts=True,
        seats__panel__closed_at__isnull=True,
        seats__panel__case__step__in=[Step.VOTE, Step.FILL, Step.ANSWER],
    )
    together = Seat.objects.filter(
        member=OuterRef("pk"),
        counts=True,
        state__in=WAITING,
        panel__case__filed_by=case.filed_by_id,
        panel__case__step__in=[Step.VOTE, Step.FILL, Step.ANSWER],
    ).exclude(panel__case__in=[case.pk, *hidden])
    absences = Absence.objects.filter(member=OuterRef("pk"), starts_on__lte=due, ends_on__gte=today)
    found = (
        (people.on_any_committee(today) if elsewhere else people.on_committee(committee, today))
        .exclude(pk=case.filed_by_id)
        .exclude(pk__in=case.events.filter(move=Move.SCREEN, by__isnull=False).values("by"))
        .exclude(pk__in=case.conflicts.values("member"))
        .exclude(pk__in=case.parties.filter(person__isnull=False).values("person"))
        .exclude(pk__in=taken.values("member"))
        .annotate(
            waiting=Count("seats", filter=waiting),
            this_year=Count("seats", filter=Q(told, seats__invited_at__gte=at - timedelta(days=365))),
            together=Exists(together),
            away_from=Subquery(absences.order_by("starts_on").values("starts_on")[:1]),
            away_until=Subquery(absences.order_by("-ends_on").values("ends_on")[:1]),
            of_committee=Exists(people.on_committee(committee, today).filter(pk=OuterRef("pk"))),
        )
    )
    facts = {}
    for person in found:
        if person.away_until and person.away_from <= today and person.away_until >= due:
            continue  # away all the time that the ballot would have
        facts[person.pk] = rules.Candidate(
            person.pk,
            person.waiting,
            person.this_year,
            hint_between(case.filed_by, person),
            together=person.together,
            away_until=person.away_until,
            temporary=not person.of_committee,
        )
    order = rules.propose(list(facts.values()), places=len(facts))
    by_key = {person.pk: person for person in found}
    return [(by_key[key], facts[key]) for key in order]


def hint_between(filer, person) -> str:
    """Return the hint that ``person`` may know ``filer``, as their accounts stand now (R-REV-5)."""
    return rules.shared_ground(filer.email, filer.employer, person.email, person.employer)


def open_places(panel: Panel | None) -> list[int]:
    """Return the places of ``panel`` that no counting seat holds."""
    taken = set(panel.seats.counting().values_list("place", flat=True)) if panel else set()
    return [place for place in range(1, rules.SEATS + 1) if place not in taken]


@transaction.atomic
def seat(case_id: int, *, members: Iterable[int], by, considered: bool = False, at: datetime | None = None) -> Panel:
    """Seat ``members`` (people’s keys) on every open place of the case’s panel and invite them.

    Raises Refusal unless exactly the open places are filled with people who may sit (R-REV-3), and for someone with a
    hint of a conflict unless the coordinator has ``considered`` it (R-REV-5).
    """
    at = at or timezone.now()
    case = lock_for(case_id, by)
    panel = current_panel(case)
    places = open_places(panel)
    eligible = {person.pk: (person, facts) for person, facts in candidates(case, at, elsewhere=True)}
    chosen = list(dict.fromkeys(members))
    if rules.after(case.state, case.step, Move.SEAT) and (
        len(chosen) != len(places) or not set(chosen) <= set(eligible)
    ):
        raise Refusal(
            "wrong-seats",
            _("{places} places are open. Choose exactly that many people from the list of those who may sit.").format(
                places=len(places)
            ),
        )
    hinted = [eligible[key][0].name for key in chosen if key in eligible and eligible[key][1].hint]
    if hinted and not considered:
        raise Refusal(
            "hint",
            _(
                "{names} may know the member: the list says why. Tick that you considered it, or choose someone else."
            ).format(names=", ".join(hinted)),
        )
    alternate = case.step == Step.FILL
    note = _("Considered a hint of a conflict: {names}").format(names=", ".join(hinted)) if hinted else ""
    move(case, Move.SEAT, by=by, at=at, note=note)
    if panel is None:
        last = case.panels.aggregate(last=Max("round"))["last"] or 0
        due = ballot_due(case, at, alternate=False)
        panel = Panel.objects.create(case=case, round=last + 1, opened_at=at, ballots_due_on=due)
    for place, key in zip(places, chosen, strict=True):
        _give(panel, *eligible[key], place, alternate=alternate, at=at)
    return panel


def _give(panel: Panel, person, facts: rules.Candidate, place: int, *, alternate: bool, at: datetime) -> Seat:
    """Give ``person`` a place on the panel and invite them."""
    case = panel.case
    made = Seat.objects.create(
        panel=panel,
        member=person,
        place=place,
        invited_at=at,
        ballot_due_on=ballot_due(case, at, alternate=True) if alternate else panel.ballots_due_on,
        hint=facts.hint,
        temporary=facts.temporary,
    )
    owe_to_seat(made, "seat-invitation", key=f"seat:{made.pk}", at=at, due=day_text(made.ballot_due_on))
    return made


def owe_to_seat(seat: Seat, template: str, *, key: str, at: datetime, **context: str) -> None:
    """Owe the holder of a seat a message; it names the case by its reference alone."""
    case = seat.panel.case
    outbox.owe(
        key=key,
        at=at,
        template=template,
        person=seat.member,
        about=case.reference,
        context={
            "name": seat.member.get_short_name(),
            "reference": case.reference,
            "link": settings.SITE_URL + reverse("reviews:case", args=[case.reference]),
            **context,
        },
    )


def forget(seat: Seat, *, at: datetime) -> bool:
    """Cancel what is still to be sent to the holder of a seat that is over; return whether the invitation was."""
    outbox.cancel(about=seat.panel.case.reference, person=seat.member, template="seat-reconfirm", at=at)
    return bool(outbox.cancel(key=f"seat:{seat.pk}", at=at))


def tell_replaced(seat: Seat, at: datetime) -> None:
    """Tell someone that their seat went to someone else; the case is closed to them, so the link is their desk.

    Whoever never got the invitation is told nothing.
    """
    if forget(seat, at=at):
        return
    desk = settings.SITE_URL + reverse("reviews:desk")
    owe_to_seat(seat, "seat-replaced", key=f"replaced:{seat.pk}", at=at, link=desk)


def fill(case: ReviewCase, *, at: datetime) -> None:
    """Give open places to alternates without a hint of a conflict who are not away, where the timetable says so.

    A place for which nobody is left waits for the coordinator.
    """
    if case.step != Step.FILL or not case.timetable.fills_itself:
        return
    panel = current_panel(case)
    ready = [(person, facts) for person, facts in candidates(case, at) if not facts.hint and facts.away_until is None]
    places = open_places(panel)
    if len(ready) < len(places):
        return
    for place, (person, facts) in zip(places, ready, strict=False):
        _give(panel, person, facts, place, alternate=True, at=at)
    move(case, Move.SEAT, by=None, at=at)


def own_seat(seat_id: int, by) -> tuple[ReviewCase, Seat]:
    """Lock the case of ``by``’s own seat, then return both; the seat is read after the lock."""
    case = ReviewCase.objects.select_for_update(of=("self",)).get(panels__seats=seat_id)
    return case, Seat.objects.select_related("panel__case__filed_by", "member").get(pk=seat_id, member=by)


def new_hint(seat: Seat) -> str:
    """Return a hint of a conflict that came up after the member last answered the question, or "" (R-REV-5)."""
    hint = hint_between(seat.panel.case.filed_by, seat.member)
    return hint if hint != seat.hint else ""


@transaction.atomic
def declare(seat_id: int, *, conflict: bool, by, note: str = "", at: datetime | None = None) -> Seat:
    """Record ``by``’s answer to the conflict question; a conflict hides the case from them for good (R-REV-5)."""
    at = at or timezone.now()
    case, seat = own_seat(seat_id, by)
    answered = SeatState.RECUSED if conflict else SeatState.DECLARED
    if seat.state == answered and not (answered == SeatState.DECLARED and new_hint(seat)):
        return seat
    if seat.panel.closed_at or seat.state not in WAITING:
        raise Refusal(
            "answered", _("Your ballot on {reference} is in, so this answer stands.").format(reference=case.reference)
        )
    move(case, Move.RECUSE if conflict else Move.DECLARE, by=by, at=at, note=note)
    seat.declared_at = at
    if conflict:
        Conflict.objects.create(case=case, member=by, note=note, declared_at=at)
        seat.state, seat.counts = SeatState.RECUSED, False
        forget(seat, at=at)
    else:
        seat.state, seat.hint = SeatState.DECLARED, hint_between(case.filed_by, by)
    seat.save(update_fields=["state", "counts", "declared_at", "hint"])
    if conflict:
        polls.step_out(case, by, at=at)
    fill(case, at=at)
    return seat


@transaction.atomic
def step_aside(case_id: int, *, by, note: str = "", at: datetime | None = None) -> None:
    """Record a coordinator’s own conflict of interest; the case is hidden from them for good (R-REV-5).

    Whoever sits on its panel besides, and has not voted, gives up the seat; so they do with a vote.
    """
    at = at or timezone.now()
    case = lock(case_id)
    told = {"note": clean_text(note), "declared_at": at}
    _row, created = Conflict.objects.get_or_create(case=case, member=by, defaults=told)
    if not created:
        return
    log(case, Move.CONFLICT, by=by, at=at)
    give_up_seat(case, by, at=at)
    polls.step_out(case, by, at=at)


def give_up_seat(case: ReviewCase, by, *, at: datetime) -> None:
    """Take ``by``, to whom the locked ``case`` is closed now, off its panel, unless they have voted."""
    seat = Seat.objects.filter(panel__case=case, member=by, counts=True, state__in=WAITING).first()
    if seat is None:
        return
    seat.state, seat.counts = SeatState.RECUSED, False
    seat.save(update_fields=["state", "counts"])
    forget(seat, at=at)
    if rules.after(case.state, case.step, Move.RECUSE):
        move(case, Move.RECUSE, by=by, at=at)
        fill(case, at=at)


@transaction.atomic
def decline(seat_id: int, *, by, note: str = "", at: datetime | None = None) -> Seat:
    """Give a seat back without a conflict: no time, or away; someone else takes it."""
    at = at or timezone.now()
    case, seat = own_seat(seat_id, by)
    if seat.state == SeatState.DECLINED:
        return seat
    if seat.panel.closed_at or seat.state not in WAITING:
        raise Refusal("answered", _("Your ballot on {0} is in, so the seat stays yours.").format(case.reference))
    move(case, Move.DECLINE, by=by, at=at, note=clean_text(note))
    seat.state, seat.counts = SeatState.DECLINED, False
    seat.save(update_fields=["state", "counts"])
    forget(seat, at=at)
    fill(case, at=at)
    return seat


@transaction.atomic
def replace(seat_id: int, *, reason: str, by, at: datetime | None = None) -> Seat:
    """Take a seat from someone who has not voted and let it be filled anew; they are told (R-REV-3).

    ``by`` is the coordinator, or None where the portal acts on a silent seat.
    """
    at = at or timezone.now()
    reason = needed(reason, _("Taking a seat from someone needs a reason. It stays in the history of the case."))
    case = lock_for(ReviewCase.objects.values_list("pk", flat=True).get(panels__seats=seat_id), by)
    seat = Seat.objects.select_related("panel__case", "member").get(pk=seat_id)
    if seat.state not in WAITING or not seat.counts:
        raise Refusal("voted", _("{0} is not waiting for a ballot any more.").format(seat.member.name))
    move(case, Move.REPLACE, by=by, at=at, note=f"{seat.member.name}: {reason}")
    seat.state, seat.counts = SeatState.REPLACED, False
    seat.save(update_fields=["state", "counts"])
    tell_replaced(seat, at)
    fill(case, at=at)
    return seat


@transaction.atomic
def reassign(case_id: int, *, reason: str, by, at: datetime | None = None) -> ReviewCase:
    """Dissolve the panel and seat a new one: every ballot of the old one is kept and decides nothing (R-REV-3)."""
    at = at or timezone.now()
    case = lock_for(case_id, by)
    reason = needed(reason, _("Reassigning needs a reason. It stays in the history of the case."))
    move(case, Move.REASSIGN, by=by, at=at, note=reason)
    case.ballots_in = 0
    case.save(update_fields=["ballots_in"])
    seats = Seat.objects.filter(panel__case=case, counts=True).select_related("panel__case", "member")
    for one in seats:
        if one.state in WAITING:
            tell_replaced(one, at)
    seats.update(state=SeatState.REPLACED, counts=False)
    return case

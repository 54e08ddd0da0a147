"""Seats and ballots: who reviews a case, what each one says, blind until all are in (R-REV-3 to R-REV-6)."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import services as outbox
from serportal.reviews import rules
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Ballot, Conflict, Panel, ReviewCase, Seat
from serportal.reviews.services.moving import lock, move
from serportal.reviews.states import NEEDS_REASON, Choice, Move, SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, number, programme_day


def candidates(case: ReviewCase, at: datetime) -> list[tuple[object, rules.Candidate]]:
    """Return (person, facts) for everyone who may be seated on ``case``, best choice first (R-REV-3, R-REV-5)."""
    today = programme_day(at)
    waiting = Q(seats__state__in=[SeatState.INVITED, SeatState.DECLARED], seats__panel__closed_at__isnull=True)
    people = (
        get_user_model()
        .objects.on_committee(kind_of(case).committee, today)
        .exclude(pk=case.filed_by_id)
        .exclude(pk__in=case.conflicts.values("member"))
        .exclude(pk__in=case.parties.filter(person__isnull=False).values("person"))
        .exclude(pk__in=Seat.objects.filter(panel__case=case).values("member"))
        .annotate(
            waiting=Count("seats", filter=waiting),
            this_year=Count("seats", filter=Q(seats__invited_at__gte=at - timedelta(days=365))),
        )
    )
    filer = case.filed_by
    facts = {
        person.pk: rules.Candidate(
            person.pk,
            person.waiting,
            person.this_year,
            rules.shared_ground(filer.email, filer.employer, person.email, person.employer),
        )
        for person in people
    }
    order = rules.propose(list(facts.values()), places=len(facts))
    by_key = {person.pk: person for person in people}
    return [(by_key[key], facts[key]) for key in order]


def open_places(panel: Panel | None) -> list[int]:
    """Return the places of ``panel`` that no counting seat holds."""
    taken = set(panel.seats.filter(counts=True).values_list("place", flat=True)) if panel else set()
    return [place for place in range(1, rules.SEATS + 1) if place not in taken]


@transaction.atomic
def seat(case_id: int, *, members: Iterable[int], by, at: datetime | None = None) -> Panel:
    """Seat ``members`` (people’s keys) on every open place of the case’s panel and invite them.

    Raises Refusal unless exactly the open places are filled with people who may sit (R-REV-3, R-REV-5).
    """
    at = at or timezone.now()
    case = lock(case_id)
    move(case, Move.SEAT, by=by, at=at)
    kind = kind_of(case)
    panel = case.panels.filter(closed_at__isnull=True).first() or Panel.objects.create(
        case=case, opened_at=at, ballots_due_on=case.filed_on + timedelta(days=kind.ballot_days)
    )
    places = open_places(panel)
    eligible = {person.pk: person for person, _facts in candidates(case, at)}
    chosen = list(dict.fromkeys(members))
    if len(chosen) != len(places) or not set(chosen) <= set(eligible):
        raise Refusal(
            "wrong-seats",
            _("{places} places are open. Choose exactly that many people from the list of those who may sit.").format(
                places=len(places)
            ),
        )
    for place, key in zip(places, chosen, strict=True):
        one = Seat.objects.create(panel=panel, member=eligible[key], place=place, invited_at=at)
        outbox.owe(
            key=f"seat:{one.pk}",
            template="seat-invitation",
            person=eligible[key],
            about=case.reference,
            context={
                "name": eligible[key].get_short_name(),
                "reference": case.reference,
                "due": day_text(panel.ballots_due_on),
                "link": settings.SITE_URL + reverse("reviews:case", args=[case.reference]),
            },
        )
    return panel


def _own_seat(seat_id: int, by) -> tuple[ReviewCase, Seat]:
    """Lock the case of ``by``’s own seat, then return both; the seat is read after the lock."""
    case = ReviewCase.objects.select_for_update(of=("self",)).get(panels__seats=seat_id)
    return case, Seat.objects.select_related("panel").get(pk=seat_id, member=by)


@transaction.atomic
def declare(seat_id: int, *, conflict: bool, by, note: str = "", at: datetime | None = None) -> Seat:
    """Record ``by``’s answer to the conflict question; a conflict hides the case from them for good (R-REV-5)."""
    at = at or timezone.now()
    case, seat = _own_seat(seat_id, by)
    if seat.state == (SeatState.RECUSED if conflict else SeatState.DECLARED):
        return seat
    if seat.panel.closed_at or seat.state not in {SeatState.INVITED, SeatState.DECLARED}:
        raise Refusal(
            "answered", _("Your ballot on {reference} is in, so this answer stands.").format(reference=case.reference)
        )
    move(case, Move.RECUSE if conflict else Move.DECLARE, by=by, at=at, note=note)
    seat.declared_at = at
    if conflict:
        Conflict.objects.create(case=case, member=by, note=note, declared_at=at)
        seat.state, seat.counts = SeatState.RECUSED, False
    else:
        seat.state = SeatState.DECLARED
    seat.save(update_fields=["state", "counts", "declared_at"])
    return seat


@transaction.atomic
def cast(
    seat_id: int,
    *,
    by,
    key: uuid.UUID,
    revision: int,
    choice: Choice,
    credits: Decimal | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Ballot:
    """Add ``by``’s ballot; the third deciding one closes the panel. The same ``key`` again returns the first ballot.

    Raises Refusal for a ballot on an older revision (R-REV-6), on a closed panel, without the conflict question
    answered, without a needed reason, or for credits outside what the rules leave (R-REV-4).
    """
    at = at or timezone.now()
    case, seat = _own_seat(seat_id, by)
    cast_before = Ballot.objects.filter(submit_key=key, seat=seat).first() if seat.state == SeatState.VOTED else None
    if cast_before is not None:
        return cast_before
    _check_ballot(case, seat, revision, choice, credits, reason)
    ballot = Ballot.objects.create(
        seat=seat,
        revision=revision,
        submit_key=key,
        choice=choice,
        credits=credits if choice == Choice.FEWER else None,
        reason=reason,
        cast_at=at,
    )
    seat.state, seat.counts = SeatState.VOTED, choice != Choice.ABSTAIN
    seat.save(update_fields=["state", "counts"])
    _count_ballots(case, seat.panel, by, at)
    return ballot


def _check_ballot(case, seat, revision, choice, credits, reason) -> None:
    if seat.panel.closed_at:
        raise Refusal("closed", _("All ballots on {0} are in, so yours stands as it is.").format(case.reference))
    if seat.state == SeatState.RECUSED or (seat.state == SeatState.VOTED and not seat.counts):
        raise Refusal("stepped-out", _("You stepped out of {0}; the seat is no longer yours.").format(case.reference))
    if seat.state == SeatState.INVITED:
        raise Refusal("undeclared", _("Answer the conflict question first; the ballot follows it."))
    if revision != case.revision:
        raise Refusal("old-revision", _("The member changed this claim after you opened it. Read it again, then vote."))
    if choice in NEEDS_REASON and not reason:
        raise Refusal("no-reason", _("Denying or granting fewer credits needs a reason. The member reads it."))
    if choice == Choice.FEWER:
        most = kind_of(case).read(case).worth.most
        if credits is None or not rules.QUARTER <= credits < most or credits % rules.QUARTER:
            raise Refusal(
                "credits",
                _("Fewer credits means from 0.25 to less than {most}, in steps of 0.25.").format(most=number(most)),
            )


def _count_ballots(case: ReviewCase, panel: Panel, by, at: datetime) -> None:
    """Keep ``ballots_in`` true, ask for a replacement after an abstention, close the panel after the third ballot."""
    counting = list(panel.seats.filter(counts=True).values_list("state", flat=True))
    case.ballots_in = counting.count(SeatState.VOTED)
    move(case, Move.VOTE, by=by, at=at, also=("ballots_in",))
    if case.ballots_in == rules.SEATS:
        move(case, Move.COMPLETE, by=by, at=at)
        panel.closed_at = at
        panel.save(update_fields=["closed_at"])
    elif len(counting) < rules.SEATS and case.step == Step.VOTE:
        move(case, Move.ABSTAIN, by=by, at=at)

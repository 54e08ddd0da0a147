"""SPEC 5, RELIABILITY C24: whoever is due hears of it once, day after day, whatever the beats and the clocks do."""

import uuid
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cecs import services as cecs
from serportal.outbox import services as outbox
from serportal.outbox.models import Message, Reminder
from serportal.reviews import deadlines, services
from serportal.reviews.models import Conflict, ReviewCase, Seat
from serportal.reviews.services import reminding
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day
from tests import factories
from tests.races import at_once

NEW_YORK = ZoneInfo("America/New_York")
# Instants of each day in UTC: around midnight and around 02:00 in New York by both clocks, before and after 07:00.
TICKS = [time(4, 5), time(5, 55), time(6, 5), time(6, 55), time(7, 5), time(11, 5), time(12, 5), time(18)]
CHANGES = [date(2026, 11, 1), date(2027, 3, 14)]

pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=NEW_YORK)


def tick() -> None:
    """What one round of beats does now."""
    outbox.note_due()
    outbox.send_digests()


def live_until(last: date, time_machine, *, ticks=TICKS):
    """Let the beats ring through every day up to the programme’s day ``last``; yield each day once it is over."""
    day = programme_day()
    while day <= last:
        moments = [datetime.combine(day, one, tzinfo=UTC) for one in ticks]
        moments += [datetime.combine(day + timedelta(days=1), time(3, 55), tzinfo=UTC)]
        for moment in moments:
            if moment > timezone.now():
                time_machine.move_to(moment, tick=False)
                tick()
                outbox.drain()
        yield day
        day += timedelta(days=1)


def oracle(coordinators, until: date) -> set:
    """What must have been noted by ``until`` if nothing was done about any seat or case, by the pure function alone."""
    keys = set()
    for seat in Seat.objects.select_related("panel"):
        given_on = seat.invited_at.astimezone(NEW_YORK).date()
        for one in deadlines.of_reviewer(given_on=given_on, due_on=seat.ballot_due_on):
            keys.add((seat.member_id, "reminder-ballot", f"seat:{seat.pk} {seat.ballot_due_on}", one.step, one.due_on))
    for case in ReviewCase.objects.all():
        for one in deadlines.of_coordinator(filed_on=case.clock_on, due_on=case.due_on):
            for who in coordinators:
                keys.add((who.pk, "reminder-case", f"case:{case.pk} {case.due_on}", one.step, one.due_on))
    return {key for key in keys if key[-1] <= until}


def noted() -> set:
    return {(*row.key, row.due_on) for row in Reminder.objects.all()}


@pytest.mark.long
@pytest.mark.parametrize("change", CHANGES)
def test_sixty_days_through_a_change_of_clocks_note_what_the_oracle_says(ruth, committee, change, time_machine):
    begin = change - timedelta(days=20)
    time_machine.move_to(noon(begin), tick=False)
    deputy = factories.coordinator()
    factories.seated(ruth, committee[:3])
    factories.claim()
    for day in live_until(begin + timedelta(days=60), time_machine):
        assert noted() == oracle([ruth, deputy], day)
        if (day - begin).days in {6, 12}:
            factories.seated(ruth, committee[1:])
            factories.seated(ruth, committee[:3], at=timezone.now() - timedelta(days=10))
    assert len(oracle([ruth, deputy], programme_day())) > 50
    for row in Reminder.objects.all():
        assert row.noted_at.astimezone(NEW_YORK).date() == row.due_on
    digests = Message.objects.filter(template="reminder-digest")
    days = Counter((one.person_id, one.owed_at.astimezone(NEW_YORK).date()) for one in digests)
    assert set(days.values()) == {1}
    assert {one.owed_at.astimezone(NEW_YORK).hour for one in digests} <= {7, 8}
    told = Counter(Reminder.objects.filter(state="told").values_list("person", "object", "step"))
    assert set(told.values()) == {1} and not Reminder.objects.filter(state__in=["waiting", "dropped"]).exists()
    assert {one.state for one in digests} == {"sent"}


def test_after_three_days_of_silence_the_latest_step_is_told_and_the_others_are_passed_over(
    ruth, committee, time_machine
):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    factories.seated(ruth, committee[:3])  # ballots due on 16 November: 9, 13, 15 and 17 November
    for _day in live_until(date(2026, 11, 11), time_machine):
        pass
    time_machine.move_to(noon(date(2026, 11, 15)), tick=False)
    tick()
    states = {(row.step, row.state) for row in Reminder.objects.filter(purpose="reminder-ballot")}
    assert states == {("7", "told"), ("3", "passed"), ("1", "told")}
    assert Message.objects.filter(template="reminder-digest", person=committee[0]).count() == 2
    last = Message.objects.filter(person=committee[0]).latest("pk")
    assert last.text.count("Your ballot on") == 1 and "is due on 16\xa0November 2026" in last.text
    assert noted() == oracle([ruth], date(2026, 11, 15))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_beats_at_once_note_once_and_send_once(time_machine, _round):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    factories.seated(ruth, committee)
    time_machine.move_to(noon(date(2026, 11, 17)), tick=False)
    noted_by = at_once(*[outbox.note_due] * 4)
    assert not [one for one in noted_by if isinstance(one, Exception)]
    assert noted() == oracle([ruth], date(2026, 11, 17))
    sent = at_once(*[outbox.send_digests] * 4, outbox.note_due)
    assert not [one for one in sent if isinstance(one, Exception)]
    assert sum(sent[:4]) == Message.objects.filter(template="reminder-digest").count() == 4
    assert set(Reminder.objects.values_list("state", flat=True)) == {"told", "passed"}


def seat_of(case, member) -> Seat:
    return Seat.objects.get(panel__case=case, member=member)


def vote(case, ruth, committee):
    factories.vote(case, committee[0])


def step_out(case, ruth, committee):
    services.declare(seat_of(case, committee[0]).pk, conflict=True, by=committee[0])


def decide(case, ruth, committee):
    for member in committee[:3]:
        factories.vote(case, member)
    case.refresh_from_db()
    services.decide(case.pk, digest=services.preview(case).digest, by=ruth)


def deactivate(case, ruth, committee):
    committee[0].is_active = False
    committee[0].save(update_fields=["is_active"])


def conflict(case, ruth, committee):
    Conflict.objects.create(case=case, member=committee[0], declared_at=timezone.now())


def named(case, ruth, committee):
    case.parties.create(role="organiser", name="Named", person=committee[0])


@pytest.mark.parametrize("reason", [vote, step_out, decide, deactivate, conflict, named])
def test_a_reviewer_is_not_reminded_of_what_is_over(ruth, committee, time_machine, reason):
    """Noted at midnight, over by seven: neither told nor owed later."""
    factories.filling_by_hand()
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    case = factories.seated(ruth, committee[:3])
    time_machine.move_to(datetime(2026, 11, 9, 5, 5, tzinfo=UTC), tick=False)
    tick()
    assert Reminder.objects.get(person=committee[0]).state == "waiting"
    reason(case, ruth, committee)
    time_machine.move_to(noon(date(2026, 11, 9)), tick=False)
    tick()
    assert Reminder.objects.get(person=committee[0]).state == "dropped"
    for _day in live_until(date(2026, 11, 20), time_machine, ticks=[time(12, 5)]):
        pass
    assert Reminder.objects.filter(person=committee[0]).count() == 1
    assert not Message.objects.filter(person=committee[0], template="reminder-digest").exists()
    others = set() if reason == decide else {committee[1], committee[2]}
    assert {one.person for one in Message.objects.filter(template="reminder-digest")} - {ruth} == others


def test_a_coordinator_is_not_reminded_of_a_decided_case(ruth, committee, time_machine):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    factories.decided(ruth, committee[:3])
    time_machine.move_to(noon(date(2026, 12, 24)), tick=False)
    tick()
    assert not Reminder.objects.exists()


def test_a_conflicted_coordinator_hears_nothing_of_the_case_and_everything_of_others(ruth, committee, time_machine):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    in_it, in_conflict = factories.coordinator(), factories.coordinator()
    filer = factories.certificant(is_staff=True)
    hidden, other = factories.claim(filer), factories.claim()
    hidden.parties.create(role="organiser", name="Named", person=in_it)
    Conflict.objects.create(case=hidden, member=in_conflict, declared_at=timezone.now())
    for _day in live_until(date(2026, 12, 5), time_machine, ticks=[time(12, 5)]):
        pass
    for who in (in_it, in_conflict, filer):
        assert set(Reminder.objects.filter(person=who).values_list("about", flat=True)) == {other.reference}
        digests = Message.objects.filter(person=who, template="reminder-digest")
        assert digests.exists() and not [one for one in digests if hidden.reference in one.text + one.html]
    assert Reminder.objects.filter(person=ruth, about=hidden.reference).count() == 4


def test_nobody_is_reminded_of_a_case_they_may_not_know_of(ruth, committee, time_machine):
    """The list-shaped rule of reminding agrees with that of the cases, for every reminder there is."""
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    factories.filling_by_hand()
    cases = [factories.seated(ruth, committee[:3]) for _ in range(3)]
    services.declare(seat_of(cases[0], committee[0]).pk, conflict=True, by=committee[0])
    Conflict.objects.create(case=cases[1], member=committee[1], declared_at=timezone.now())
    cases[2].parties.create(role="organiser", name="Named", person=committee[2])
    due = reminding.due(date(2026, 12, 5))
    people = {one.pk: one for one in [ruth, *committee]}
    for one in due:
        assert ReviewCase.objects.visible_to(people[one.person]).filter(reference=one.about).exists()
    told = Counter(one.object.split(":")[0] for one in due)
    assert told == {"seat": 6 * 4, "case": 3 * 4}


def test_a_line_holds_reference_day_and_link_and_neither_title_nor_name(ruth, committee, time_machine):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    case = factories.seated(ruth, committee[:3], owner=factories.certificant(name="Amara Okafor"))
    for _day in live_until(date(2026, 12, 5), time_machine, ticks=[time(12, 5)]):
        pass
    at = "http://127.0.0.1:8000"
    mine = Reminder.objects.filter(person=committee[0]).order_by("due_on").values_list("step", "line")
    link = f"{at}/reviews/{case.reference}/"
    day = "16\xa0November 2026"
    assert list(mine) == [
        *[(step, f"Your ballot on {case.reference} is due on {day}: {link}") for step in ("7", "3", "1")],
        ("overdue", f"Your ballot on {case.reference} was due on {day} and is late: {link}"),
    ]
    link = f"{at}/admin/reviews/reviewcase/{case.pk}/change/"
    day = "30\xa0November 2026"
    assert list(Reminder.objects.filter(person=ruth).order_by("due_on").values_list("step", "line")) == [
        ("half", f"The letter on {case.reference} is due on {day}; half of its time has passed: {link}"),
        *[(step, f"The letter on {case.reference} is due on {day}: {link}") for step in ("7", "1")],
        ("overdue", f"The letter on {case.reference} was due on {day} and is late: {link}"),
    ]
    for message in Message.objects.filter(template="reminder-digest"):
        everything = message.subject + message.text + message.html
        assert "Amara" not in everything and case.headline not in everything and case.party not in everything


def test_a_ballot_changed_until_all_are_in_asks_for_nothing_more(ruth, committee, time_machine):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    case = factories.seated(ruth, committee[:3])
    factories.vote(case, committee[0])
    services.cast(
        seat_of(case, committee[0]).pk, by=committee[0], key=uuid.uuid4(), revision=1, choice=Choice.DENY, reason="No."
    )
    assert {one.person for one in reminding.due(date(2026, 12, 5)) if one.purpose == "reminder-ballot"} == {
        committee[1].pk,
        committee[2].pk,
    }


@pytest.mark.parametrize("seats", [1, 3])
def test_a_tick_asks_the_same_number_of_questions_for_one_seat_and_for_three(
    ruth, committee, seats, time_machine, django_assert_num_queries
):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    for _ in range(seats):
        factories.coordinator()
    case = factories.seated(ruth, committee[:3])
    for member in committee[seats:3]:
        factories.vote(case, member)
    time_machine.move_to(noon(date(2026, 11, 17)), tick=False)
    # Seats, voters, coordinators, cases, questions, drafts of claims, applications and requests, dates to
    # confirm, records asked for, approvals and periods that end; templates, rows there, rows added; a savepoint’s two.
    with django_assert_num_queries(17):
        outbox.note_due()
    assert Reminder.objects.filter(purpose="reminder-ballot").count() == seats * 4
    with django_assert_num_queries(16):
        outbox.note_due()
    with django_assert_num_queries(24):
        outbox.send_digests()


@pytest.mark.parametrize("hour", [1, 6, 12, 23])
def test_what_is_seen_for_the_next_seven_days_is_what_is_then_sent(ruth, committee, time_machine, hour):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    factories.coordinator()
    for days in (0, 3, 8):
        factories.seated(ruth, committee[:3], at=timezone.now() - timedelta(days=days))
        factories.claim(at=timezone.now() - timedelta(days=days + 9))
    beats = [time(5, 5), time(11, 5), time(12, 5)]
    for _day in live_until(date(2026, 11, 5), time_machine, ticks=beats):
        pass
    time_machine.move_to(datetime(2026, 11, 6, hour, tzinfo=NEW_YORK), tick=False)
    tick()
    before = set(Reminder.objects.filter(state="told").values_list("pk", flat=True))
    plan = outbox.coming(days=7)
    lines = outbox.lines_of([one for _day, told in plan for one in told])
    foreseen = {(day, one.person, lines[one.key]) for day, told in plan for one in told}
    assert len(list(live_until(date(2026, 11, 12), time_machine, ticks=beats))) == 7
    rows = Reminder.objects.filter(state="told").exclude(pk__in=before).select_related("message")
    assert foreseen == {(programme_day(row.message.owed_at), row.person_id, row.line) for row in rows}
    assert len(foreseen) > 10 and all(row.line in row.message.text for row in rows)


def steps_of(person) -> list[tuple[str, str, date]]:
    return list(Reminder.objects.filter(person=person).order_by("due_on").values_list("purpose", "step", "due_on"))


def test_an_unanswered_question_is_mentioned_after_seven_and_fourteen_days(ruth, time_machine):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    case = factories.claim()
    time_machine.move_to(noon(date(2026, 11, 4)), tick=False)
    services.ask(case.pk, parts=["proof"], question="What will last?", by=ruth)
    for _day in live_until(date(2026, 11, 11), time_machine, ticks=[time(12, 5)]):
        pass
    link = f"http://127.0.0.1:8000/cecs/{case.reference}/answer/"
    waits = f"A question about {case.reference} has waited for your answer since 4\xa0November 2026: {link}"
    assert Reminder.objects.get(person=case.filed_by).line == waits
    services.retract(case.pk, by=ruth)
    for _day in live_until(date(2026, 11, 30), time_machine, ticks=[time(12, 5)]):
        pass
    assert steps_of(case.filed_by) == [("reminder-question", "7", date(2026, 11, 11))]


def test_the_proof_is_asked_for_again_before_its_day_and_when_it_is_late(ruth, committee, time_machine):
    time_machine.move_to(noon(date(2026, 11, 2)), tick=False)
    case = factories.voted(ruth, committee[:3], last_day=date(2026, 11, 20))
    services.decide(case.pk, digest=services.preview(case).digest, by=ruth)
    time_machine.move_to(noon(date(2026, 11, 22)), tick=False)
    assert services.await_proof() == 1
    case.refresh_from_db()
    for _day in live_until(case.due_on + timedelta(days=4), time_machine, ticks=[time(12, 5)]):
        pass
    due = case.due_on
    assert steps_of(case.filed_by) == [
        ("reminder-proof", "14", due - timedelta(days=14)),
        ("reminder-proof", "3", due - timedelta(days=3)),
        ("reminder-proof", "overdue", due + timedelta(days=1)),
    ]
    assert not Reminder.objects.filter(person=ruth, due_on__gt=date(2026, 11, 22)).exists()


def test_a_draft_is_mentioned_once_for_each_thirty_days_of_rest_and_by_no_title(time_machine):
    time_machine.move_to(noon(date(2026, 10, 1)), tick=False)
    draft = factories.draft()
    for _day in live_until(date(2026, 11, 5), time_machine, ticks=[time(12, 5)]):
        pass
    message = Message.objects.get(template="reminder-digest")
    assert message.subject == "A claim you started is not sent yet"
    assert "you last saved on 1\xa0October 2026" in message.text and draft.title not in message.text + message.html
    data = factories.draft_data(factories.answers(title="Dune Days"))
    cecs.save(draft_id=draft.pk, owner=draft.owner, data=data, seen=cecs.Seen(draft.version))
    for _day in live_until(date(2026, 12, 31), time_machine, ticks=[time(12, 5)]):
        pass
    assert [when for _purpose, _step, when in steps_of(draft.owner)] == [date(2026, 10, 31), date(2026, 12, 5)]
    assert set(Reminder.objects.values_list("state", flat=True)) == {"told"}


def test_a_case_that_no_coordinator_may_see_alarms_the_superusers_and_names_nothing(ruth):
    chief = factories.coordinator(is_superuser=True)
    hidden, other = factories.claim(), factories.claim()
    Conflict.objects.create(case=hidden, member=ruth, declared_at=timezone.now())
    assert services.alarm_of_orphans() == 0
    hidden.parties.create(role="organiser", name="Named", person=chief)
    Conflict.objects.create(case=other, member=chief, declared_at=timezone.now())
    assert services.alarm_of_orphans() == services.alarm_of_orphans() == 1
    outbox.drain()
    message = Message.objects.get(template="case-orphaned")
    assert (message.person, message.about) == (chief, "")
    assert hidden.reference not in message.text and hidden.headline not in message.text
    factories.coordinator()
    assert services.alarm_of_orphans() == 0

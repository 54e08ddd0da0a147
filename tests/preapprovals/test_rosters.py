"""Lists of attendees from giving to undoing: rows, letters and what becomes of claims (R-SPO-4, R-SPO-5)."""

import hashlib
from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from journals.states import Delivery
from preapprovals.models import Attendance, Occurrence, Offering, Roster, RosterRow
from preapprovals.rules import columns
from preapprovals.services import completion, rosters
from preapprovals.services import roster_taking as taking
from preapprovals.services.oversight import act_on
from preapprovals.states import Act, AttendanceState
from serportal.accounts.models import User
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db
S = AttendanceState
AMARA, JAN = "Amara Okafor,amara@marsh.example,6", "Jan de Boer,jan@dike.example,4.5"


@pytest.fixture
def anna():
    return factories.PersonFactory(name="Anna Berg")


@pytest.fixture
def run(anna):
    return factories.occurrence(factories.offering(factories.sponsor(anna)))


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", email="amara@marsh.example")


def wrong(roster: Roster) -> dict[int, list[str]]:
    return {row.number: sorted(row.problems) for row in roster.rows.filter(dropped=False) if row.problems}


def said(roster: Roster, number: int) -> str:
    return " ".join(roster.rows.get(number=number).problems.values())


def mended(roster: Roster, number: int, words: dict, *, sure: bool = False) -> RosterRow:
    seen = rosters.mark_of(roster.rows.get(number=number))
    return rosters.mend(roster_id=roster.pk, number=number, said=words, sure=sure, seen=seen, by=roster.given_by)


def taken(roster: Roster, **given) -> taking.Taken:
    return taking.take_in(roster_id=roster.pk, by=roster.given_by, **{"told": True, **given})


def claimed(run: Occurrence, person: User, *, minutes: int | None = None, **given) -> Attendance:
    """Somebody who claimed the date, before any list says so unless ``minutes`` are given."""
    case = factories.claim(person, about="training", last_day=run.last_day, **given)
    return Attendance.objects.create(
        occurrence=run,
        person=person,
        email=person.email,
        name=person.name,
        case=case,
        state=S.CLAIMED,
        minutes=minutes,
        told_at=timezone.now() if minutes else None,
    )


def letters(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("to"))


def test_good_rows_are_taken_in_and_the_others_wait(run, amara):
    """R-SPO-4."""
    roster = factories.roster(run, "Amara Okafor,AMARA@marsh.example,6", JAN, "Li Na,,6")
    assert wrong(roster) == {4: ["email"]} and not Attendance.objects.exists()
    done = taken(roster)
    assert (done.count, done.met, done.left, done.confirmed) == (2, 0, 1, False)
    own, other = Attendance.objects.get(person=amara), Attendance.objects.get(person=None)
    assert (own.minutes, own.state, own.token_hash) == (360, S.OFFERED, "")
    assert (other.minutes, other.email, other.state) == (270, "jan@dike.example", S.OFFERED)
    assert list(Attendance.objects.offered_to(amara)) == [own]
    assert list(Attendance.objects.addressed_to("Jan@dike.example")) == [other]
    mended(roster, 4, {"name": "Li Na", "email": "li@reed.example", "hours": "", "completed": "yes"})
    assert taken(roster).count == 1
    assert Attendance.objects.get(email="li@reed.example").minutes == 360
    assert Roster.objects.get().rows.filter(attendance=None).count() == 0
    assert Roster.objects.get().taken_by == roster.given_by


def test_each_gets_the_letter_that_fits_them(run, amara):
    """With an account a press, without one a link whose hash alone is kept; both are the confirmation where asked."""
    taken(factories.roster(run, AMARA, JAN), confirmations=True)
    own, other = letters("attendance-offered"), letters("attendance-invited")
    assert [one.person for one in own] == [amara] and [one.to for one in other] == ["jan@dike.example"]
    _subject, text = outbox.render("attendance-offered", own[0].context)
    assert "Delta Restoration Institute tells us that you attended Wetland soils in the field" in text
    assert "/cecs/" in text and "6 h of instruction" in text and run.offering.code in text
    _subject, text = outbox.render("attendance-invited", other[0].context)
    assert f"/cecs/attendance/{outbox.HIDDEN}/" in text and "is worth 4.5 by itself" in text
    kept = Attendance.objects.get(email="jan@dike.example").token_hash
    assert kept == hashlib.sha256(other[0].secret.encode()).hexdigest() and len(other[0].secret) == 43
    run.refresh_from_db()
    assert run.confirmed_by == run.offering.sponsor.contacts.get().person


def test_without_the_confirmation_nothing_is_confirmed_and_the_letter_says_nothing_of_it(run):
    taken(factories.roster(run, JAN))
    _subject, text = outbox.render("attendance-invited", letters("attendance-invited")[0].context)
    assert "Confirmation of Completion" not in text and run.offering.code not in text
    assert Occurrence.objects.get(pk=run.pk).confirmed_at is None


def test_attendees_who_were_not_told_are_not_taken_in(run):
    roster = factories.roster(run)
    with pytest.raises(Refusal, match="Attendees must know"):
        taken(roster, told=False)
    assert not Attendance.objects.exists() and not letters("attendance-invited")


def test_people_the_portal_knows_are_matched_by_address_or_number_and_name(run, amara):
    """Nobody’s account is touched by a list that has them under another name."""
    number = factories.certification_of(amara).number
    other = factories.certification_of(factories.certificant(name="Wanjiru Kamau")).number
    lines = [
        f"Amara Okafor,office@marsh.example,{number}",
        "Pieter Vos,amara@marsh.example,",
        f"Jan de Boer,jan@dike.example,{other}",
        "Li Na,li@reed.example,CERP-9999",
        f"A. Okafor,wanjiru@reed.example,{other}",
    ]
    roster = factories.roster(run, *lines, headings="Name,E-mail,CERP number")
    assert wrong(roster) == {3: ["email"], 4: ["certificate"], 5: ["certificate"], 6: ["certificate"]}
    assert said(roster, 3).startswith("We know this address under another name.")
    assert "somebody with another name" in said(roster, 4) and "Nobody holds the certificate CERP-9999" in said(
        roster, 5
    )
    words = {"name": "Pieter Vos", "email": "amara@marsh.example", "completed": "yes"}
    assert mended(roster, 3, words, sure=True).problems == {}
    taken(roster)
    assert Attendance.objects.get(person=amara).email == "office@marsh.example"
    assert Attendance.objects.get(person=None).email == "amara@marsh.example"


def test_two_rows_that_lead_to_one_account_are_one_person_whatever_is_ticked(run, amara):
    """An address in one row and a number in another, both said to be right, never make two of one."""
    number = factories.certification_of(amara).number
    lines = ["Amara Okafor,amara@marsh.example,", f"A. Okafor,office@marsh.example,{number}"]
    roster = factories.roster(run, *lines, headings="Name,E-mail,CERP number")
    words = {"name": "A. Okafor", "email": "office@marsh.example", "certificate": number, "completed": "yes"}
    row = mended(roster, 3, words, sure=True)
    assert row.problems == {"name": "This person stands in row 2 already. Leave this row out, or mend it."}
    assert taken(roster).count == 1 == Attendance.objects.count()


def test_a_row_under_another_name_never_touches_a_claim(run, amara):
    one = claimed(run, amara)
    roster = factories.roster(run, "Pieter Vos,amara@marsh.example,1")
    words = {"name": "Pieter Vos", "email": "amara@marsh.example", "hours": "1", "completed": "yes"}
    row = mended(roster, 2, words, sure=True)
    assert "Somebody else has claimed this date with this address." in row.problems["email"]
    one.refresh_from_db()
    assert one.minutes is None


def test_an_address_that_is_not_verified_is_nobodys(run, amara):
    amara.emailaddress_set.update(verified=False)
    taken(factories.roster(run, AMARA))
    assert Attendance.objects.get().person is None


def test_the_same_person_twice_is_said_and_taken_once(run):
    roster = factories.roster(run, JAN, "de Boer Jan,Jan@Dike.example,4", "Jan de Boer,boer@dike.example,4")
    assert wrong(roster) == {3: ["email"], 4: ["name"]}
    assert said(roster, 3).startswith("This person stands in row 2 already.")
    assert taken(roster).count == 1 and Attendance.objects.count() == 1


def test_a_list_given_again_leads_to_the_one_that_is_checked_and_after_that_adds_nobody(run):
    roster = factories.roster(run, JAN)
    assert factories.roster(run, JAN) == roster
    taken(roster)
    again = factories.roster(run, JAN)
    assert again != roster and "An earlier list, taken in on" in said(again, 2)
    with pytest.raises(Refusal, match="No row is ready"):
        taken(again)
    assert Attendance.objects.count() == 1 and len(letters("attendance-invited")) == 1


@pytest.mark.parametrize("delivery", [Delivery.IN_PERSON, Delivery.ON_DEMAND])
def test_the_list_of_the_completion_kit_is_read_as_it_is_filled_in(run, delivery):
    run.offering.delivery = delivery
    headings = [heading for heading, _width in completion.list_template(run, run.offering)[0]]
    wanted = ["name", "email", "certificate", "minutes", "completed", "grade"]
    assert list(columns.mapping_of(headings)) == wanted + ["day"] * (delivery == Delivery.ON_DEMAND)


def test_columns_are_named_on_screen_and_what_was_mended_stays(run):
    roster = factories.roster(run, "360,Amara Okafor,amara@marsh.example", "x,Li Na,li", headings="A,B,C")
    assert set(wrong(roster)) == {1, 2, 3}
    words = {"name": "Li Na", "email": "li@reed.example", "hours": "5", "completed": "yes"}
    mended(roster, 3, words)
    rosters.name_columns(roster_id=roster.pk, mapping={"minutes": 0, "name": 1, "email": 2}, by=roster.given_by)
    assert set(wrong(roster)) == {1}
    assert rosters.leave_out(roster_id=roster.pk, by=roster.given_by) == 1
    assert taken(roster).left == 0
    assert sorted(Attendance.objects.values_list("email", "minutes")) == [
        ("amara@marsh.example", 360),
        ("li@reed.example", 300),
    ]


def test_a_claim_that_came_first_gets_the_hours_of_the_list(run, amara):
    """Roster and claim meet in one row (SPEC 8)."""
    one = claimed(run, amara)
    done = taken(factories.roster(run, AMARA, JAN), confirmations=True)
    assert (done.count, done.met) == (2, 1)
    one.refresh_from_db()
    assert (one.minutes, one.state, one.case_id is not None) == (360, S.CLAIMED, True)
    assert not letters("attendance-offered")
    letter = letters("attendance-met")[0]
    assert (letter.person, letter.about) == (amara, one.case.reference)
    assert f"beside your claim {one.case.reference}" in outbox.render("attendance-met", letter.context)[1]


def test_undoing_takes_back_what_nobody_accepted_and_lists_the_rest(run, amara):
    roster = factories.roster(run, AMARA, JAN, "Li Na,li@reed.example,6", "Sam Roy,sam@dike.example,6")
    li, sam = factories.certificant(name="Li Na", email="li@reed.example"), "sam@dike.example"
    before = claimed(run, li)
    taken(roster, confirmations=True)
    accepted = Attendance.objects.get(person=amara)
    accepted.case, accepted.state = factories.claim(amara), S.CLAIMED
    accepted.save()
    Message.objects.filter(to=sam).update(state="sent", sent_at=timezone.now())
    assert taking.undo(roster_id=roster.pk, by=roster.given_by) == [accepted]
    assert taking.undo(roster_id=roster.pk, by=roster.given_by) == [accepted] == taking.stays(roster)
    before.refresh_from_db()
    assert (before.minutes, before.state) == (None, S.CLAIMED)
    assert set(Attendance.objects.filter(state=S.UNDONE).values_list("email", "token_hash")) == {
        ("jan@dike.example", ""),
        (sam, ""),
    }
    assert [one.to for one in letters("attendance-taken-back")] == [sam]
    assert Message.objects.get(to="jan@dike.example").state == "cancelled"
    assert Occurrence.objects.get(pk=run.pk).confirmed_at is None
    roster.refresh_from_db()
    assert roster.state == "undone"
    assert taken(factories.roster(run, JAN, "Sam Roy,sam@dike.example,5")).count == 2


def test_a_list_can_be_undone_for_seven_days(run):
    at = timezone.now()
    roster = factories.roster(run, JAN)
    taken(roster, at=at)
    with pytest.raises(Refusal, match="A list can be undone for seven days"):
        taking.undo(roster_id=roster.pk, by=roster.given_by, at=at + timedelta(days=7, seconds=1))
    assert taking.undo(roster_id=roster.pk, by=roster.given_by, at=at + timedelta(days=7)) == []
    assert not Attendance.objects.known().exists()


def test_a_list_that_was_taken_in_is_not_deleted_for_six_years(run):
    """R-SPO-5: the database refuses, whoever asks."""
    roster = factories.roster(run, JAN)
    with pytest.raises(Refusal, match="kept for six years"):
        taken(roster)
        rosters.discard(roster_id=roster.pk, by=roster.given_by)
    for row in RosterRow.objects.all():
        assert row.attendance_id
    with pytest.raises(InternalError, match="a roster is kept for six years"), transaction.atomic():
        Roster.objects.filter(pk=roster.pk).delete()
    roster.refresh_from_db()
    assert roster.keep_until.year == programme_day().year + 6
    assert roster.folder.files.get().keep_until == roster.keep_until
    Roster.objects.filter(pk=roster.pk).update(keep_until=timezone.now().date() - timedelta(days=1))
    Roster.objects.filter(pk=roster.pk).delete()
    assert not Roster.objects.exists()


def test_a_list_that_was_never_taken_in_is_thrown_away_with_its_file(run):
    roster = factories.roster(run, JAN)
    folder = roster.folder
    rosters.discard(roster_id=roster.pk, by=roster.given_by)
    rosters.discard(roster_id=roster.pk, by=roster.given_by)
    assert not Roster.objects.exists() and not type(folder).objects.filter(pk=folder.pk).exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"days": 3}, "Attendance can be told from"),
        ({"credits": None}, "only listed, not pre-approved"),
        ({"cancelled": True}, "was cancelled"),
    ],
)
def test_a_date_that_nobody_can_have_attended_takes_no_list(anna, given, sentence):
    cancelled, days = given.pop("cancelled", False), given.pop("days", -10)
    date = factories.occurrence(factories.offering(factories.sponsor(anna), **given), days=days)
    Occurrence.objects.filter(pk=date.pk, cancelled_at=None).update(cancelled_at=timezone.now() if cancelled else None)
    with pytest.raises(Refusal, match=sentence):
        factories.roster(date)


def test_what_took_place_before_a_termination_still_takes_its_list(run):
    """R-SPO-8; the day of the termination is still one of those before its end."""
    that_day, later = (factories.occurrence(run.offering, days=days) for days in (-1, 0))
    yesterday = timezone.now() - timedelta(days=1)
    act_on(run.offering_id, act=Act.TERMINATED, reason="Product talks.", by=factories.coordinator(), at=yesterday)
    assert factories.roster(that_day, JAN).rows.count() == 1
    assert taken(factories.roster(run, JAN)).count == 1
    with pytest.raises(Refusal, match="The approval ended before this date was over"):
        factories.roster(later, JAN)


def test_on_demand_everyone_completes_it_on_a_day_of_their_own(anna):
    offering = factories.offering(factories.sponsor(anna), delivery=Delivery.ON_DEMAND)
    year = factories.occurrence(offering, days=-20, last_day=offering.valid_to)
    day = programme_day() - timedelta(days=2)
    lines = [f"Jan de Boer,jan@dike.example,{day}", "Li Na,li@reed.example,"]
    roster = factories.roster(year, *lines, headings="Name,E-mail,Completed on")
    assert wrong(roster) == {3: ["day"]}
    taken(roster)
    assert Attendance.objects.get().on_demand_day == day


def test_more_claimed_than_told_and_claims_that_no_list_has_are_mismatches(run, amara):
    """What the coordinator compares: only while the claim can be decided, and only where a list was taken in."""
    more = claimed(run, amara)
    absent = claimed(run, factories.certificant(name="Sam Roy", email="sam@dike.example"))
    agreed = claimed(run, factories.certificant(name="Li Na", email="li@reed.example"))
    withdrawn = claimed(run, factories.certificant(name="Ana Silva", email="ana@dune.example"))
    assert not Attendance.objects.mismatches().exists()
    lines = ["Amara Okafor,amara@marsh.example,4", "Li Na,li@reed.example,6", "Ana Silva,ana@dune.example,1"]
    taken(factories.roster(run, *lines))
    reviews.withdraw(withdrawn.case_id, by=withdrawn.person)
    assert list(Attendance.objects.mismatches().order_by("pk")) == [more, absent]
    assert agreed.case_id and ReviewCase.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_contacts_with_one_list_at_once_make_no_doubles(run, anna):
    lists = [factories.roster(run, JAN, "Li Na,li@reed.example,6", by=anna), None]
    lists[1] = factories.roster(run, "Li Na,li@reed.example,6", JAN, by=anna)
    done = at_once(*(lambda roster=roster: taken(roster) for roster in lists))
    assert sorted(type(one).__name__ for one in done) == ["Refusal", "Taken"]
    assert Attendance.objects.count() == 2 == len(letters("attendance-invited"))


@pytest.mark.django_db(transaction=True)
def test_taking_in_and_undoing_at_once_end_in_one_of_the_two(run):
    roster = factories.roster(run, JAN, "Li Na,,6")
    taken(roster)
    words = {"name": "Li Na", "email": "li@reed.example", "completed": "yes"}
    mended(roster, 3, words)
    at_once(lambda: taken(roster), lambda: taking.undo(roster_id=roster.pk, by=roster.given_by))
    roster.refresh_from_db()
    assert roster.state == "undone" and not Attendance.objects.known().exists()


def test_five_thousand_rows_are_looked_through_and_taken_in(run, django_assert_max_num_queries):
    """The number of queries grows with the thousands of rows, not with the rows."""
    lines = [f"{a}ra {b}okafor,p{a}{b}@x.example,6" for a in letters_of(71) for b in letters_of(71)][:5000]
    with django_assert_max_num_queries(60):
        roster = factories.roster(run, *lines)
        assert taken(roster).count == 5000 - len(wrong(roster))
    assert Offering.objects.count() == 1


def letters_of(count: int) -> list[str]:
    return [chr(97 + n // 26) + chr(97 + n % 26) for n in range(count)]

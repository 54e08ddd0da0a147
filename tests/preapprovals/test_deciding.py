"""From the ballots to the list: what a decision about a request makes, and its letter."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from preapprovals.models import Notice, Offering, PreapprovalRequest
from preapprovals.services.worth import credits_for
from preapprovals.states import Act, OfferingState
from serportal.certifications.rules import anniversary
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Choice
from serportal.ui.words import day_text, programme_day
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def panel():
    return [factories.member() for _ in range(3)]


def letter_of(case: ReviewCase) -> str:
    return case.decisions.first().letter


def test_an_approval_puts_the_offering_on_the_list_with_its_code_agenda_and_dates(ruth, panel):
    """R-SPO-2, R-SPO-3: two years from the decision for what recurs."""
    case = factories.preapproved(ruth, panel)
    made = Offering.objects.get(request=case.pk)
    today = programme_day(case.decided_at)
    assert (made.credits, made.minutes, made.state) == (Decimal(6), 360, OfferingState.ACTIVE)
    assert (made.valid_from, made.valid_to) == (today, anniversary(today, 2) - timedelta(days=1))
    assert [row.title for row in made.sessions.all()] == ["Soils", "In the marsh"]
    run = made.occurrences.get()
    assert (run.place, run.country.code, run.zone) == ("Groningen", "NL", "Europe/Amsterdam")
    assert f"{run.starts:%H:%M} {run.ends:%H:%M}" == "09:00 16:00"
    assert Notice.objects.get(offering=made).act == Act.APPROVED
    text = letter_of(case)
    assert made.code in text
    assert day_text(made.valid_to) in text
    assert "It brings 6 credits to each certificant who attends all of it" in text
    assert not any(one.name in text for one in panel)


def test_the_answer_is_promised_within_six_weeks(ruth):
    """R-REV-2, SPEC 5: screened by day 5, ballots on day 21."""
    case = factories.preapproval()
    assert (case.due_on - case.filed_on).days == 42
    assert (case.timetable.screen_days, case.timetable.ballot_days, case.timetable.alternate_days) == (5, 21, 10)


def test_fewer_credits_are_said_in_the_letter_and_bound_every_part(ruth, panel):
    """R-REV-4."""
    case = factories.preapproved(ruth, panel, Choice.FEWER, Decimal(4))
    made = Offering.objects.get(request=case.pk)
    assert made.credits == 4
    assert "granted 4 of the 6 credits that the agenda brings by itself" in letter_of(case)
    assert "Two hours are about products." in letter_of(case)
    day = programme_day()
    assert [credits_for(made, minutes, day) for minutes in (59, 60, 135, 300, 360, 900)] == [
        Decimal(0), Decimal(1), Decimal("2.25"), Decimal(4), Decimal(4), Decimal(4),
    ]  # fmt: skip


def test_why_one_reader_would_have_granted_fewer_is_no_part_of_a_letter_that_grants_all(ruth, panel):
    """R-REV-4: of 6, 4 and 6 the median is 6."""
    case = reviews.screen(factories.preapproval().pk, by=ruth)
    reviews.seat(case.pk, members=[one.pk for one in panel], by=ruth)
    case.refresh_from_db()
    for member, choice in zip(panel, [Choice.APPROVE, Choice.FEWER, Choice.APPROVE], strict=True):
        fewer = (Decimal(4), "Two hours are about products.") if choice == Choice.FEWER else ()
        factories.vote(case, member, choice, *fewer)
    case.refresh_from_db()
    made = reviews.decide(case.pk, digest=reviews.preview(case).digest, by=ruth)
    assert made.credits == 6
    assert "products" not in made.letter


def test_a_certificate_that_is_not_the_instructor_s_is_told_to_whoever_decides(ruth, panel):
    """R-INST: certified by SER means holding the certificate that was named."""
    number = factories.certificant(name="Ana Souza").certifications.get().number
    old = factories.certificant(name="Wanjiru Kamau", since=programme_day() - timedelta(days=3000))
    lapsed = old.certifications.get().number
    teachers = [
        factories.other_teacher(name=name, qualification="ser", ser_number=given)
        for name, given in [
            ("Ana Souza", number.lower()),
            ("Li Na", number),
            ("Jo Ox", "CERP-9999"),
            ("Wanjiru Kamau", lapsed),
        ]
    ]
    case = factories.preapproval(teacher=teachers)
    told = kind_of(case).flags(kind_of(case).read(case), by=ruth)
    assert told == [
        f"Li Na is said to hold {number}, which is somebody else’s certificate.",
        "Jo Ox is said to hold CERP-9999, and there is no certificate of that number.",
        f"Wanjiru Kamau is said to hold {lapsed}, which did not hold on the day of filing.",
    ]


def test_a_denied_request_has_no_offering_and_its_letter_no_code(ruth, panel):
    case = factories.preapproved(ruth, panel, Choice.DENY)
    assert case.state == CaseState.DENIED
    assert not Offering.objects.exists()
    assert PreapprovalRequest.objects.get().code not in letter_of(case)
    assert "Two hours are about products." in letter_of(case)


def test_a_single_event_decided_after_its_day_keeps_its_code_for_that_day(ruth, panel):
    """R-SPO-2."""
    day = programme_day() - timedelta(days=20)
    row = {"id": "1", "first_day": day.isoformat(), "last_day": day.isoformat(), "zone": "UTC"}
    said = {**factories.preapproval_content()["offering"], "recurring": "no"}
    case = factories.preapproved(ruth, panel, date=[row], offering=said)
    made = Offering.objects.get(request=case.pk)
    assert (made.valid_from, made.valid_to) == (day, day)
    assert made.occurrences.get().first_day == day
    assert not Offering.objects.public(programme_day()).exists()


def test_what_is_on_demand_can_be_taken_on_every_day_of_its_approval(ruth, panel):
    said = {**factories.preapproval_content()["offering"], "delivery": "on demand", "recurring": "no"}
    case = factories.preapproved(ruth, panel, offering=said, date=[], agenda={"style": "webinar", "minutes": "90"})
    made = Offering.objects.get(request=case.pk)
    run = made.occurrences.get()
    assert (run.first_day, run.last_day) == (made.valid_from, made.valid_to)
    assert (made.credits, (made.valid_to - made.valid_from).days > 700) == (Decimal("1.5"), True)


def test_a_decision_reopened_and_made_again_keeps_the_code_and_one_denied_takes_it_off_the_list(ruth, panel):
    """R-REV-9: nothing is deleted, and the code that was printed stays the code."""
    case = factories.preapproved(ruth, panel)
    made = Offering.objects.get(request=case.pk)
    again(case, ruth, panel, Choice.FEWER, Decimal(3))
    after = Offering.objects.get(request=case.pk)
    assert (after.pk, after.code, after.credits) == (made.pk, made.code, Decimal(3))
    again(case, ruth, panel, Choice.DENY)
    after.refresh_from_db()
    assert after.state == OfferingState.WITHDRAWN
    assert not Offering.objects.public(programme_day()).exists()
    again(case, ruth, panel, Choice.APPROVE)
    after.refresh_from_db()
    assert (after.state, after.credits, after.code) == (OfferingState.ACTIVE, Decimal(6), made.code)
    assert list(after.notices.values_list("act", flat=True)) == [Act.APPROVED, Act.WITHDRAWN, Act.APPROVED]


def again(case, ruth, panel, choice, credits=None):
    reviews.reopen(case.pk, reason="New facts.", by=ruth)
    reviews.seat(case.pk, members=[one.pk for one in panel], by=ruth)
    case.refresh_from_db()
    for one in panel:
        factories.vote(case, one, choice, credits=credits, reason="" if choice == Choice.APPROVE else "Because.")
    case.refresh_from_db()
    reviews.decide(case.pk, digest=reviews.preview(case).digest, by=ruth)
    case.refresh_from_db()


def test_a_renewal_follows_its_offering_and_has_a_code_of_its_own(ruth, panel):
    old = factories.offering(valid_from=date(2025, 3, 1), valid_to=programme_day() + timedelta(days=20))
    case = factories.preapproval(of=old.sponsor)
    PreapprovalRequest.objects.filter(pk=case.pk).update(renews=old)
    reviews.screen(case.pk, by=ruth)
    reviews.seat(case.pk, members=[one.pk for one in panel], by=ruth)
    case.refresh_from_db()
    for one in panel:
        factories.vote(case, one)
    case.refresh_from_db()
    reviews.decide(case.pk, digest=reviews.preview(case).digest, by=ruth)
    made = Offering.objects.get(request=case.pk)
    assert made.renews == old and made.code != old.code
    assert made.notices.get().act == Act.RENEWED

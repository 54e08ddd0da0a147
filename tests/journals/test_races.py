"""What two people, or one and an upload, could do to a journal at the same instant (R-PER-3, R-UPL-3, R-UPL-4).

Two uploads at once, an approval or a correction beside one, and a list brought in twice are raced in ``test_races`` of
the whole, in ``test_upload_kills`` and in ``test_importing``.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from journals import services
from journals.models import Arrangement, Entry, Statement, Upload
from journals.services import importing
from journals.standing import journal_of
from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.home.invariants import broken
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Basis, Choice
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories
from tests.journals.test_importing import listed, row
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
OFFICE = reviews.Alone(basis=Basis.OFFICE, choice=Choice.APPROVE)


@pytest.fixture(autouse=True)
def _invariants():
    yield
    assert list(broken()) == []


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


@pytest.fixture
def amara():
    """In her second year; the first ended with 3 credits, and a claim about it was filed late."""
    person = factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=500))
    factories.imported(person, credits="3", earned_on=programme_day() - timedelta(days=400))
    return person


def decide(case: ReviewCase, by, alone=None, digest: str = ""):
    case = ReviewCase.objects.get(pk=case.pk)
    digest = digest or reviews.preview(case, alone=alone).digest
    return reviews.decide(case.pk, digest=digest, alone=alone, by=by)


def refusals(answers) -> list[str]:
    """Return the codes of what was refused; anything else that was raised is a fault."""
    found = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, Refusal) for one in found), found
    return [one.code for one in found]


@pytest.mark.parametrize("_round", range(3))
def test_an_arrangement_agreed_while_a_claim_of_its_year_is_approved(ruth, committee, amara, _round):
    """R-PER-3: either it is agreed while the year is short, or the year is no longer short and it is refused."""
    claim = factories.voted(ruth, committee, owner=amara, hours="4", last_day=programme_day() - timedelta(days=380))
    asked = reviews.screen(factories.arrangement(amara).pk, by=ruth)
    read = [reviews.preview(claim).digest, reviews.preview(asked, alone=OFFICE).digest]
    deputy = factories.coordinator()
    found = at_once(lambda: decide(claim, ruth, digest=read[0]), lambda: decide(asked, deputy, OFFICE, digest=read[1]))
    codes = refusals(found)
    agreed = Arrangement.objects.get().in_force
    assert codes == ([] if agreed else ["not-short"]) and Entry.objects.get(decision__case=claim).credits == 2
    first = journal_of(amara, programme_day()).progress.years[0]
    assert (first.total, first.least, first.missing) == (5, 3 if agreed else 5, 0)


@pytest.mark.parametrize("_round", range(3))
def test_an_extension_taken_back_while_a_claim_of_its_days_is_approved(ruth, committee, _round):
    """R-DATE, R-PER-3: no credit ever lies in days that the period does not have."""
    today = programme_day()
    piet = factories.certificant(since=today - timedelta(days=1850))
    period = piet.periods.get()
    case = factories.arranged(ruth, piet, shape="extension", ends=(today + timedelta(days=9)).isoformat())
    claim = factories.voted(ruth, committee, owner=piet, hours="4", last_day=today - timedelta(days=2))
    reviews.reopen(case.pk, reason="It was meant for somebody else.", by=ruth)
    denied = reviews.Alone(basis=Basis.OFFICE, choice=Choice.DENY, reason="It was meant for somebody else.")
    read = [reviews.preview(claim).digest, reviews.preview(ReviewCase.objects.get(pk=case.pk), alone=denied).digest]
    deputy = factories.coordinator()
    found = at_once(lambda: decide(claim, ruth, digest=read[0]), lambda: decide(case, deputy, denied, digest=read[1]))
    assert refusals(found) in (["used"], ["changed-letter"])
    period.refresh_from_db()
    entered = Entry.objects.filter(decision__case=claim).first()
    assert (entered is None) == (period.ends_on < today)
    assert entered is None or period.starts_on <= entered.earned_on <= period.ends_on


@pytest.mark.parametrize("_round", range(3))
def test_an_extension_agreed_while_the_period_is_renewed(ruth, _round):
    """R-PER-6: the new period begins on the day after the old end, whichever end that is by then."""
    today = programme_day()
    piet = factories.certificant(since=today - timedelta(days=1850))
    case = reviews.screen(
        factories.arrangement(piet, shape="extension", ends=(today + timedelta(days=9)).isoformat()).pk, by=ruth
    )
    digest, old, deputy = reviews.preview(case, alone=OFFICE).digest, piet.periods.get(), factories.coordinator()
    found = at_once(
        lambda: decide(case, deputy, OFFICE, digest=digest), lambda: certifications.renew(period_id=old.pk, by=ruth)
    )
    assert refusals(found) in ([], ["renewed"])
    first, second = piet.periods.order_by("starts_on")
    assert second.starts_on == first.ends_on + timedelta(days=1)
    assert (first.ends_on > old.ends_on) == Arrangement.objects.get().in_force


@pytest.mark.parametrize("_round", range(3))
def test_everything_that_touches_a_ledger_at_once_adds_up(ruth, committee, amara, _round):
    """R-UPL-3, R-UPL-4, R-UPL-5: an approval, a correction, a list, two runs; one more run, and all of it is told."""
    people = [amara, factories.certificant(membership_id="12345", since=programme_day() - timedelta(days=500))]
    waiting = [factories.imported(person, credits="2.75") for person in people]
    claim = factories.voted(ruth, committee, owner=people[1])
    digest, deputy = reviews.preview(claim).digest, factories.coordinator()
    day = (programme_day() - timedelta(days=30)).isoformat()
    runs = [services.prepare_upload(key=f"run {n}", due_on=programme_day()) for n in range(3)]
    found = at_once(
        lambda: decide(claim, ruth, digest=digest),
        lambda: services.post_upload(runs[0]),
        lambda: services.reverse(waiting[0].pk, reason="It was cancelled.", by=deputy),
        lambda: importing.import_history(listed(row(EntryDate=day)), by=deputy),
        lambda: services.post_upload(runs[1]),
    )
    assert refusals(found) == []
    services.post_upload(runs[2])
    assert not Entry.objects.waiting().exists()
    ledger = D("2.75") + D("0.25") + 3 + 10 + D("2.5") - D("0.25")
    assert Entry.objects.aggregate(sum=Sum("credits"))["sum"] == ledger
    assert Upload.objects.aggregate(sum=Sum("control_total"))["sum"] == ledger
    for period in Period.objects.filter(person__in=people):
        closing = Statement.objects.filter(period=period).latest("pk").closing
        assert closing == period.entries.aggregate(sum=Sum("credits"))["sum"]

"""The coordinator’s front page: what is open by due date, whose turn it is, how much and how long (SPEC 4)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application, Window
from cecs import services as cecs
from preapprovals.services import visiting
from serportal.accounts.states import Committee
from serportal.home.queue import charts, work_queue
from serportal.reviews import services
from serportal.reviews.models import Poll, ReviewCase
from serportal.ui.words import programme_day
from tests import attendees, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


def boxes(page: str) -> dict[str, int]:
    return {label.strip(): int(n) for n, label in re.findall(r"<b>(\d+)</b> ([a-z -]+)", page)}


def test_it_counts_by_what_is_to_do_and_lists_by_due_date(client, ruth, committee):
    first = factories.claim(title="First due")
    ReviewCase.objects.filter(pk=first.pk).update(
        due_on=programme_day() - timedelta(days=2), clock_on="2026-01-01", filed_on="2026-01-01"
    )
    factories.screened(ruth, title="To seat")
    factories.seated(ruth, committee, title="With the panel")
    factories.voted(ruth, committee, title="To decide")
    factories.decided(ruth, committee, title="Ended")
    client.force_login(ruth)
    page = client.get("/admin/").content.decode()
    assert boxes(page) == {
        "to screen": 1, "with a code": 0, "to seat": 1, "seats to fill": 0, "silent reviewers": 0,
        "committee questions that are stuck": 0, "letters to read and send": 1,
        "proofs to confirm": 0, "questions to answer": 0, "approved in advance": 0,
        "smaller fees asked for": 0, "entries to upload": 1,
        "messages in trouble": 0, "applications wait for something": 0, "e-learning certificates to read": 0,
        "answers of colleges": 0,
        "graduates to decide about": 0, "applications to seat": 0, "offers of": 0, "arrangements": 0,
        "renewals to confirm": 0, "renewals with proof to read": 0,
        "appeals for you to settle": 0,
        "approvals to renew": 0, "offerings with confirmations overdue": 0, "records asked of sponsors": 0,
        "records overdue": 0, "offerings whose lists and claims differ": 0,
    }  # fmt: skip
    assert "4 cases are open." in page and "3 wait for you." in page and "One is late." in page
    rows = page[page.index("By due date") : page.index("content-related")]
    assert rows.index("First due") < rows.index("To seat") and "2 days late" in rows and "Ended" not in rows
    assert rows.count("<strong>You</strong>") == 3 and rows.count("Committee") == 1


def test_the_wait_is_counted_from_the_clock_which_a_reopened_case_starts_anew(ruth, committee):
    """R-REV-9: days before somebody opened a case again are no waiting of the second answer."""
    now = timezone.now()
    case = factories.decided(ruth, committee)
    today = programme_day()
    ReviewCase.objects.filter(pk=case.pk).update(
        filed_at=now - timedelta(days=300), filed_on=today - timedelta(days=300), clock_on=today - timedelta(days=9)
    )
    drawn = charts(ReviewCase.objects.coordinated_by(ruth), today)
    assert [bar["value"] for bar in drawn["waits"]["bars"]] == [0] * 11 + [9]
    assert sum(bar["value"] for bar in drawn["volume"]["bars"]) == 1
    services.reopen(case.pk, reason="New proof.", by=ruth)
    assert charts(ReviewCase.objects.coordinated_by(ruth), today)["waits"]["high"] == 0


def test_half_of_the_letters_took_at_most_the_median(ruth, committee):
    today = programme_day()
    for days in (3, 4, 20):
        case = factories.decided(ruth, committee, title=f"After {days}")
        ReviewCase.objects.filter(pk=case.pk).update(
            filed_on=today - timedelta(days=days), clock_on=today - timedelta(days=days)
        )
    assert charts(ReviewCase.objects.all(), today)["waits"]["bars"][-1]["value"] == 4


def test_an_empty_portal_says_so(rf, ruth):
    request = rf.get("/admin/")
    request.user = ruth
    shown = work_queue(request)
    assert shown["queue"] == [] and shown["yours"] == 0 and not shown["waits"]["high"]


def linked(client, page: str, label: str) -> tuple[int, str]:
    """Return the number in the box of ``label``, and the list that it leads to."""
    address, n = re.search(r'<a href="([^"]+)"><b>(\d+)</b> ' + label, page).groups()
    return int(n), client.get(address.replace("&amp;", "&")).content.decode()


def test_it_counts_what_waits_about_applications_and_leads_to_each_list(client, ruth):
    """R-APP-11: the incomplete with the age of the oldest, colleges, graduates to decide, the ready, the offers."""
    incomplete = factories.application("cerp")
    services.screen(incomplete.pk, by=ruth)
    ReviewCase.objects.filter(pk=incomplete.pk).update(filed_on=programme_day() - timedelta(days=40))
    graduate = factories.graduate(factories.application("partner"))
    alone, offered = factories.application("partner"), factories.application("cerp")
    ReviewCase.objects.filter(pk=alone.pk).update(state="ready", step="alone")
    ReviewCase.objects.filter(pk=offered.pk).update(state="offered CERPIT", step="offer")
    ready, early = factories.application("upgrade"), factories.application("upgrade")
    ReviewCase.objects.filter(pk__in=[ready.pk, early.pk]).update(state="ready", step="seat")
    past = Window.objects.create(closes_on="2026-01-01", decided_by="2026-02-01")
    Application.objects.filter(pk=ready.pk).update(window=past)
    ReviewCase.objects.filter(pk=ready.pk).update(clock_on="2026-01-01", filed_on="2026-01-01")
    client.force_login(ruth)
    page = client.get("/admin/").content.decode()
    assert "wait for something; the oldest 40 days" in page
    everyone = {one.case.reference for one in (incomplete, graduate.application, alone, offered, ready, early)}
    for label, one in {
        "applications wait for something": incomplete,
        "answers of colleges": graduate.application,
        "graduates to decide about": alone,
        "applications to seat, window closed": ready,
        "offers of CERPIT open": offered,
    }.items():
        n, shown = linked(client, page, label)
        assert (n, {reference for reference in everyone if reference in shown}) == (1, {one.case.reference}), label
        one.case.conflicts.create(member=ruth, declared_at=timezone.now())
        assert linked(client, client.get("/admin/").content.decode(), label)[0] == 0


def test_a_committee_question_that_no_vote_ends_needs_the_coordinator(client, ruth, committee):
    """R-REV-10, R-SPO-6: late, or nobody is left; not one that waits for its sponsor, is under way or over."""
    appeals = [factories.member(Committee.APPEALS) for _ in range(2)]
    blocked = services.screen(factories.appeal(ruth).pk, by=ruth)
    for one in appeals:
        services.declare_on(blocked.polls.get().voters.get(member=one).pk, conflict=True, by=one)
    running, late, asked, over = (
        services.screen(factories.preapproval(teacher=[factories.other_teacher()]).pk, by=ruth) for _ in range(4)
    )
    services.ask(asked.pk, parts=["teachers"], question="Who else?", by=ruth)
    for one in committee[:2]:
        factories.answer_question(over, one)
    Poll.objects.filter(case__in=[late, asked, over]).update(due_on=programme_day() - timedelta(days=1))
    client.force_login(ruth)
    page = client.get("/admin/").content.decode()
    n, shown = linked(client, page, "committee questions that are stuck")
    every = (blocked, running, late, asked, over)
    assert (n, {one for one in every if one.reference in shown}) == (2, {blocked, late})
    assert page.count("<span>needs you</span>") == 1
    assert services.close_over() == 1
    assert linked(client, client.get("/admin/").content.decode(), "committee questions that are stuck")[0] == 1
    blocked.conflicts.create(member=ruth, declared_at=timezone.now())
    assert linked(client, client.get("/admin/").content.decode(), "committee questions that are stuck")[0] == 0


def test_it_counts_what_sponsors_owe_and_leads_to_each_list(client, ruth):
    """R-SPO-2, R-SPO-4, R-SPO-5."""
    today = programme_day()
    last = today + timedelta(days=10)
    ending = factories.offering(title="Ends soon", valid_from=last - timedelta(days=700), valid_to=last)
    late = factories.offering(title="Not confirmed", valid_from=today - timedelta(days=100))
    factories.occurrence(late, days=-31)
    factories.occurrence(late, days=-40)
    asked = factories.offering(title="Asked for records")
    factories.occurrence(asked, days=-30)
    visiting.ask_records(offering_id=asked.pk, asked_until=last, note="All of them.", by=ruth)
    overdue = factories.offering(title="Never sent its records")
    visiting.ask_records(offering_id=overdue.pk, asked_until=today - timedelta(days=1), note="All of them.", by=ruth)
    told = factories.offering(title="Told otherwise")
    case = factories.claim()
    factories.occurrence(told).attendances.create(
        name=case.filed_by.name, person=case.filed_by, case=case, state="claimed", minutes=360
    )
    client.force_login(ruth)
    assert (
        "1320 minutes claimed, 360 on the list"
        in client.get(f"/admin/preapprovals/offering/{told.pk}/change/").content.decode()
    )
    page = client.get("/admin/").content.decode()
    assert linked(client, page, "records asked of sponsors")[0] == 2
    for label, one in {
        "approvals to renew": ending,
        "offerings with confirmations overdue": late,
        "records overdue": overdue,
        "records asked of sponsors": asked,
        "offerings whose lists and claims differ": told,
    }.items():
        n, shown = linked(client, client.get("/admin/").content.decode(), label)
        found = {other.title for other in (ending, late, asked, overdue, told) if other.title in shown}
        assert (n, found) == (1, {one.title}), label
        one.sponsor.contacts.create(
            email=ruth.email, person=ruth, role="reader", invited_at=one.listed_at, invited_by=ruth,
            joined_at=one.listed_at,
        )  # fmt: skip
        assert linked(client, client.get("/admin/").content.decode(), label)[0] == 0


def test_claims_by_code_lead_to_the_list_in_which_they_are_approved_at_once(client, ruth):
    """R-REV-7: a claim of the same person without a code is not among them, nor one that is hidden from who reads."""
    run, other = factories.occurrence(), factories.occurrence()
    amara, li = factories.certificant(), factories.certificant()
    one = cecs.accept(attendance_id=attendees.told(run, amara).pk, by=amara)
    hidden = cecs.accept(attendance_id=attendees.told(other, li).pk, by=li)
    hidden.conflicts.create(member=ruth, declared_at=timezone.now())
    plain = factories.claim(amara)
    client.force_login(ruth)
    page = client.get("/admin/").content.decode()
    assert boxes(page)["with a code"] == 1
    listed = client.get(re.search(r'href="(/admin/reviews/reviewcase/\?code=\w+)"', page)[1]).content.decode()
    assert one.reference in listed and hidden.reference not in listed and plain.reference not in listed

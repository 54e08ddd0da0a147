"""R-APP-2, R-APP-11: which window an application falls into, the windows to come, and moving one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Window, WindowMove
from applications.services import windows
from applications.services.windows import add_window, closing_moment, keep_windows_ahead, window_for
from applications.tasks import add_windows_ahead
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, moment_text, programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
TODAY = programme_day()
EASTERN, TOKYO, HONOLULU = (ZoneInfo(name) for name in ("America/New_York", "Asia/Tokyo", "Pacific/Honolulu"))
SPRING, AUTUMN = date(2027, 4, 30), date(2027, 10, 31)


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def calendar():
    """The windows of two years and nothing else."""
    Window.objects.all().delete()
    for year in (2027, 2028):
        Window.objects.create(closes_on=date(year, 4, 30), decided_by=date(year, 6, 30))
        Window.objects.create(closes_on=date(year, 10, 31), decided_by=date(year, 12, 31))


def refused(code: str, act) -> str:
    with pytest.raises(Refusal) as found:
        act()
    assert found.value.code == code
    return str(found.value).replace("\xa0", " ")


# Which window -----------------------------------------------------------
RECEIVED = [
    # the instant, where it is typed, the window that closes on
    (datetime(2027, 1, 1, 0, 0, tzinfo=EASTERN), SPRING),
    (datetime(2027, 4, 30, 23, 59, 59, tzinfo=EASTERN), SPRING),
    (datetime(2027, 5, 1, 0, 0, 0, tzinfo=EASTERN), AUTUMN),
    # 30 April, 23:59:59 in New York, summer time, is 1 May, 12:59:59 in Tokyo and 30 April, 17:59:59 in Honolulu.
    (datetime(2027, 5, 1, 12, 59, 59, tzinfo=TOKYO), SPRING),
    (datetime(2027, 5, 1, 13, 0, 0, tzinfo=TOKYO), AUTUMN),
    (datetime(2027, 4, 30, 17, 59, 59, tzinfo=HONOLULU), SPRING),
    (datetime(2027, 4, 30, 18, 0, 0, tzinfo=HONOLULU), AUTUMN),
    (datetime(2027, 4, 30, 23, 59, 59, tzinfo=HONOLULU), AUTUMN),
    # 31 October 2027 is still summer time in New York; the clocks go back on 7 November.
    (datetime(2027, 11, 1, 3, 59, 59, tzinfo=UTC), AUTUMN),
    (datetime(2027, 11, 1, 4, 0, 0, tzinfo=UTC), date(2028, 4, 30)),
    (datetime(2027, 11, 1, 12, 59, 59, tzinfo=TOKYO), AUTUMN),
    (datetime(2027, 10, 31, 18, 0, 0, tzinfo=HONOLULU), date(2028, 4, 30)),
    # The nights on which New York’s clocks change, an hour before and after.
    (datetime(2027, 3, 14, 6, 59, 59, tzinfo=UTC), SPRING),
    (datetime(2027, 3, 14, 7, 0, 0, tzinfo=UTC), SPRING),
    (datetime(2027, 11, 7, 5, 30, 0, tzinfo=UTC), date(2028, 4, 30)),
    (datetime(2027, 11, 7, 6, 30, 0, tzinfo=UTC), date(2028, 4, 30)),
]


@pytest.mark.parametrize(("at", "closes_on"), RECEIVED)
def test_an_application_falls_in_the_first_window_that_is_not_over_in_eastern_time(calendar, at, closes_on):
    """R-APP-2."""
    assert window_for(at).closes_on == closes_on


@pytest.mark.parametrize(
    ("closes_on", "last", "after"),
    [
        # A window moved to a night on which the clocks change: the day has 23 hours, or 25, and ends at its own end.
        (date(2027, 3, 14), datetime(2027, 3, 15, 3, 59, 59, tzinfo=UTC), datetime(2027, 3, 15, 4, 0, tzinfo=UTC)),
        (date(2027, 11, 7), datetime(2027, 11, 8, 4, 59, 59, tzinfo=UTC), datetime(2027, 11, 8, 5, 0, tzinfo=UTC)),
    ],
)
def test_a_window_that_closes_when_the_clocks_change_ends_with_its_day(calendar, closes_on, last, after):
    Window.objects.create(closes_on=closes_on, decided_by=closes_on + timedelta(days=60))
    assert window_for(last).closes_on == closes_on
    assert window_for(after).closes_on > closes_on


COMPLETE = [
    (datetime(2027, 5, 21, 23, 59, 59, tzinfo=EASTERN), SPRING),
    (datetime(2027, 5, 22, 0, 0, 0, tzinfo=EASTERN), AUTUMN),
    (datetime(2027, 5, 22, 12, 59, 59, tzinfo=TOKYO), SPRING),
    (datetime(2027, 11, 22, 0, 0, 0, tzinfo=EASTERN), date(2028, 4, 30)),
]


@pytest.mark.parametrize(("complete_at", "closes_on"), COMPLETE)
def test_what_is_complete_within_21_days_of_the_close_counts_for_its_window(calendar, complete_at, closes_on):
    """R-APP-11."""
    assert window_for(datetime(2027, 4, 1, tzinfo=UTC), complete_at=complete_at).closes_on == closes_on


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (EASTERN, "30 April 2027, 23:59 Eastern Time"),
        (TOKYO, "30 April 2027, 23:59 Eastern Time; 1 May, 12:59 where you are"),
        (HONOLULU, "30 April 2027, 23:59 Eastern Time; 17:59 where you are"),
    ],
)
def test_the_close_is_told_in_both_zones(calendar, zone, text):
    with timezone.override(zone):
        assert moment_text(closing_moment(Window.objects.get(closes_on=SPRING))).replace("\xa0", " ") == text


# The windows to come ----------------------------------------------------
def test_windows_are_kept_three_years_ahead_and_added_once():
    assert keep_windows_ahead() == 0
    years = {one.closes_on.year for one in Window.objects.all()}
    assert years >= {TODAY.year + offset for offset in range(4)}
    in_a_year = timezone.now() + timedelta(days=366)
    assert keep_windows_ahead(at=in_a_year) == 2
    assert keep_windows_ahead(at=in_a_year) == 0
    added = Window.objects.filter(closes_on__year=TODAY.year + 4).values_list("closes_on", "decided_by")
    year = TODAY.year + 4
    assert list(added) == [
        (date(year, 4, 30), date(year, 6, 30)),
        (date(year, 10, 31), date(year, 12, 31)),
    ]


def test_a_window_that_was_moved_is_not_added_again(ruth):
    window = Window.objects.get(closes_on=date(TODAY.year + 2, 4, 30))
    move(window, ruth, closes_on=date(TODAY.year + 2, 5, 14))
    assert add_windows_ahead() == "nothing missing"
    assert not Window.objects.filter(closes_on=date(TODAY.year + 2, 4, 30)).exists()


def test_a_window_is_added_by_a_coordinator_in_order_and_once(ruth):
    day = date(TODAY.year + 1, 7, 31)
    late = day + timedelta(days=60)
    add_window(closes_on=day, decided_by=late, by=ruth)
    assert Window.objects.get(closes_on=day).decided_by == late
    refused("taken", lambda: add_window(closes_on=day, decided_by=late, by=ruth))
    refused("order", lambda: add_window(closes_on=late, decided_by=late, by=ruth))
    past = TODAY - timedelta(days=1)
    refused("past", lambda: add_window(closes_on=past, decided_by=late, by=ruth))
    refused("too-far", lambda: add_window(closes_on=day.replace(year=2199), decided_by=date(2199, 12, 1), by=ruth))
    refused("not-yours", lambda: add_window(closes_on=late, decided_by=late, by=factories.PersonFactory()))


# Moving one -------------------------------------------------------------
def move(window: Window, by, *, reason="The committee meets later.", **days) -> WindowMove:
    """Preview a move and confirm it."""
    days = {"closes_on": window.closes_on, "decided_by": window.decided_by} | days
    digest = windows.plan_move(window, by=by, **days).digest
    return windows.move_window(window.pk, reason=reason, digest=digest, by=by, **days)


@pytest.fixture
def window():
    """The next window but one: open, with one before it and one after it."""
    return list(Window.objects.open_on(TODAY))[1]


def test_a_window_without_applications_moves_and_keeps_its_old_days(ruth, window):
    closes_on, decided_by = window.closes_on, window.decided_by
    later = closes_on + timedelta(days=14)
    move(window, ruth, closes_on=later)
    window.refresh_from_db()
    assert (window.closes_on, window.decided_by) == (later, decided_by)
    kept = WindowMove.objects.get()
    assert (kept.closes_on, kept.decided_by, kept.by, kept.reason) == (
        *(closes_on, decided_by, ruth),
        "The committee meets later.",
    )


def test_moves_that_cannot_be_are_refused(ruth, window):
    rows = list(Window.objects.open_on(TODAY))
    first, following = rows[0], rows[2]
    refused("nothing-changes", lambda: move(window, ruth))
    refused("order", lambda: move(window, ruth, decided_by=window.closes_on))
    refused("past", lambda: move(first, ruth, closes_on=TODAY - timedelta(days=1)))
    refused("overtakes", lambda: move(window, ruth, closes_on=following.closes_on))
    refused("overtakes", lambda: move(window, ruth, closes_on=first.closes_on - timedelta(days=1)))
    refused("too-far", lambda: move(window, ruth, decided_by=date(TODAY.year + 11, 1, 1)))
    refused("no-reason", lambda: move(window, ruth, decided_by=window.decided_by + timedelta(days=1), reason=" \u200b"))
    amara = factories.PersonFactory()
    refused("not-yours", lambda: move(window, amara, decided_by=window.decided_by + timedelta(days=1)))
    assert not WindowMove.objects.exists()


def test_a_window_that_has_closed_moves_only_its_decisions(ruth):
    closed = Window.objects.filter(closes_on__lt=TODAY).latest("closes_on")
    sentence = refused("closed", lambda: move(closed, ruth, closes_on=TODAY, decided_by=TODAY + timedelta(days=60)))
    assert "what came since counts for the next one" in sentence
    later = max(closed.decided_by, TODAY) + timedelta(days=7)
    move(closed, ruth, decided_by=later)
    closed.refresh_from_db()
    assert closed.decided_by == later


def test_a_preview_that_is_no_longer_true_moves_nothing(ruth, window):
    digest = windows.plan_move(
        window, by=ruth, closes_on=window.closes_on, decided_by=window.decided_by + timedelta(days=7)
    ).digest
    move(window, ruth, decided_by=window.decided_by + timedelta(days=3))
    window.refresh_from_db()
    days = {"closes_on": window.closes_on, "decided_by": window.decided_by + timedelta(days=4)}
    refused("changed-preview", lambda: windows.move_window(window.pk, reason="x", digest=digest, by=ruth, **days))
    assert WindowMove.objects.count() == 1


def letters() -> dict[str, str]:
    """Return the text of each letter about a moved window, by the reference of its application."""
    owed = Message.objects.filter(template=windows.MOVED_LETTER).order_by("about")
    return {one.about: outbox.render(one.template, one.context)[1].replace("\xa0", " ") for one in owed}


def days_of(application) -> tuple[date, date]:
    case = application.case
    case.refresh_from_db()
    return case.clock_on, case.due_on


def said(day: date) -> str:
    return day_text(day).replace("\xa0", " ")


def test_everything_undecided_in_a_window_moves_with_it_and_each_author_is_told_once(ruth):
    """R-APP-2: clock, due day, event and letter in one transaction."""
    two = [factories.application("cerp"), factories.application("cerpit")]
    gone, partner = factories.application("cerp"), factories.application("partner")
    reviews.withdraw(gone.case_id, by=gone.case.filed_by)
    stay = {one.pk: days_of(one) for one in (gone, partner)}
    window = two[0].window
    until = window.decided_by
    plan = windows.plan_move(window, closes_on=window.closes_on, decided_by=until + timedelta(days=14), by=ruth)
    assert [one.case.pk for one in plan.moved] == [one.case_id for one in two]
    move(window, ruth, closes_on=window.closes_on + timedelta(days=7), decided_by=until + timedelta(days=14))
    window.refresh_from_db()
    for one in two:
        assert days_of(one) == (window.closes_on, window.decided_by)
        assert one.case.events.filter(note="The committee meets later.", by=ruth).count() == 1
        text = letters()[one.case.reference]
        assert "The committee meets later." in text and one.case.filed_by.name in text
        assert f"The window closes on {said(window.closes_on)}." in text
        assert f"in writing by {said(window.decided_by)}; until now we had said {said(until)}." in text
        assert f"/applications/{one.case.reference}/" in text
    assert len(letters()) == 2 and {one.pk: days_of(one) for one in (gone, partner)} == stay


def test_whoever_was_promised_a_later_day_keeps_it(ruth):
    application = factories.application("cerp")
    window = application.window
    promised = window.decided_by + timedelta(days=30)
    reviews.extend(application.case_id, until=promised, reason="A member is ill.", by=ruth)
    move(window, ruth, decided_by=window.decided_by + timedelta(days=7))
    assert days_of(application)[1] == promised and not letters()
    window.refresh_from_db()
    move(window, ruth, decided_by=promised + timedelta(days=1))
    assert days_of(application)[1] == promised + timedelta(days=1) and len(letters()) == 1


def test_a_hidden_application_moves_unseen_by_whoever_moves_the_window(client, ruth):
    """R-REV-5: neither its number nor its author is in the preview, and it is told all the same."""
    seen, hidden = factories.application("cerp"), factories.application("cerp")
    hidden.case.parties.create(role="employer", name="Named", person=ruth)
    window = seen.window
    client.force_login(ruth)
    assert client.get(LIST).context["cl"].queryset.get(pk=window.pk).filed == 1
    later = window.decided_by + timedelta(days=14)
    path = reverse("admin:applications_window_change", args=[window.pk])
    typed = {"closes_on": str(window.closes_on), "decided_by": str(later), "reason": "The committee meets later."}
    words = text_of(client.post(path, typed))
    assert "One application moves" in words and seen.case.reference in words and hidden.case.reference not in words
    assert hidden.case.filed_by.name not in words and "The committee meets later." in words
    move(window, ruth, decided_by=later)
    assert days_of(seen)[1] == days_of(hidden)[1] == later and len(letters()) == 2


def test_a_window_with_a_decided_application_keeps_its_last_day(ruth):
    application = factories.application("cerp")
    case, window = application.case, application.window
    ReviewCase.objects.filter(pk=case.pk).update(
        state=CaseState.DENIED, step=Step.DONE, granted=0, decided_at=timezone.now()
    )
    sentence = refused("decided", lambda: move(window, ruth, closes_on=window.closes_on + timedelta(days=7)))
    assert "The day of the decisions can still move." in sentence
    move(window, ruth, decided_by=window.decided_by + timedelta(days=7))
    assert not letters() and days_of(application)[1] < window.decided_by + timedelta(days=7)


def test_a_filing_between_preview_and_confirmation_asks_for_a_new_preview(ruth):
    first = factories.application("cerp")
    window = first.window
    days = {"closes_on": window.closes_on, "decided_by": window.decided_by + timedelta(days=7)}
    digest = windows.plan_move(window, by=ruth, **days).digest
    factories.application("cerp")
    refused("changed-preview", lambda: windows.move_window(window.pk, reason="x", digest=digest, by=ruth, **days))
    assert not letters()


# The coordinator’s pages --------------------------------------------------
LIST = "/admin/applications/window/"


def test_the_coordinator_adds_a_window_on_its_page(client, ruth):
    client.force_login(ruth)
    day = date(TODAY.year + 1, 7, 31)
    response = client.post(f"{LIST}add/", {"closes_on": str(day), "decided_by": str(day)})
    assert response.status_code == 409 and "must come after the window closes" in text_of(response)
    response = client.post(f"{LIST}add/", {"closes_on": "July", "decided_by": ""})
    assert response.status_code == 422
    assert "Closes on: write a day as 2027-04-30." in text_of(response)
    assert "Decided by: choose a day." in text_of(response)
    response = client.post(
        f"{LIST}add/", {"closes_on": str(day), "decided_by": str(day + timedelta(days=61))}, follow=True
    )
    assert f"The window that closes on 31 July {day.year} is added." in text_of(response)
    assert Window.objects.filter(closes_on=day).exists()


def test_the_coordinator_moves_a_window_as_previewed(client, ruth, window):
    client.force_login(ruth)
    path = reverse("admin:applications_window_change", args=[window.pk])
    later = window.decided_by + timedelta(days=14)
    typed = {"closes_on": str(window.closes_on), "decided_by": str(later), "reason": ""}
    response = client.post(path, typed)
    assert response.status_code == 422 and "Every applicant of the window reads it" in text_of(response)
    typed["reason"] = "Two members are in the field."
    page = client.post(path, typed)
    assert "0 applications move" in text_of(page) and not WindowMove.objects.exists()
    digest = page.context["plan"].digest
    stale = client.post(path, {**typed, "confirm": "1", "digest": "x"})
    assert stale.status_code == 409 and "Nothing was moved" in text_of(stale)
    response = client.post(path, {**typed, "confirm": "1", "digest": digest}, follow=True)
    assert "Two members are in the field." in text_of(response) and "Ruth moved it" in text_of(response)
    window.refresh_from_db()
    assert window.decided_by == later
    again = client.post(path, {**typed, "confirm": "1", "digest": digest})
    assert again.status_code == 409 and WindowMove.objects.count() == 1


def test_the_list_of_windows_says_where_each_stands(client, ruth):
    client.force_login(ruth)
    words = text_of(client.get(LIST))
    assert "open" in words and f"30 April {TODAY.year + 3}" in words.replace("April 30, ", "30 April ")

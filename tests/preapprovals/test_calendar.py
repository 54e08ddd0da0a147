"""The calendar of courses on its page, and as calendar programs follow it, read here by two that are not ours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.urls import reverse
from django.utils import timezone

from journals.states import Delivery
from preapprovals.icalendars import zone_lines
from preapprovals.models import ListChange, Notice, Occurrence, Offering
from preapprovals.rules import Asked
from preapprovals.states import Act, OfferingState, SponsorKind
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = programme_day()
FILE = "/calendar.ics"


def read(client, path=FILE, **asked) -> dict[str, object]:
    """Return the events of a calendar file by their ids."""
    answer = client.get(path, asked)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    whole = vobject.readOne(answer.content.decode())
    events = {one.uid.value: one for one in whole.contents.get("vevent", [])}
    assert len(events) == len(whole.contents.get("vevent", []))
    other = icalendar.Calendar.from_ical(answer.content)
    assert [str(one["uid"]) for one in other.events if not one.errors] == list(events)
    return events


def in_kenya(**given) -> Occurrence:
    facts = {"days": 20, "zone": "Africa/Nairobi", "place": "Naivasha", "country": "KE", **given}
    return factories.occurrence(factories.offering(title="Dryland; from plan, to \\ monitoring"), **facts)


def end(offering: Offering, act: Act, state: OfferingState) -> None:
    """Do to an offering what its termination does to its row and its acts."""
    until = TODAY + timedelta(days=30) if act == Act.TERMINATED else None
    Offering.objects.filter(pk=offering.pk).update(state=state)
    Notice.objects.create(offering=offering, act=act, reason="As decided.", at=timezone.now(), appeal_until=until)


def test_an_event_has_its_hours_by_the_clock_of_its_place(client):
    made = in_kenya(starts=time(9), ends=time(16, 30))
    (event,) = read(client).values()
    assert event.summary.value == "Dryland; from plan, to \\ monitoring"
    assert event.location.value == "Naivasha, Kenya"
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Africa/Nairobi"]
    assert event.dtstart.value.astimezone(UTC) == datetime.combine(made.first_day, time(6), tzinfo=UTC)
    assert event.dtend.value.astimezone(UTC) == datetime.combine(made.last_day, time(13, 30), tzinfo=UTC)
    assert event.status.value == "CONFIRMED" and event.sequence.value == "0"
    assert event.url.value.endswith(reverse("courses:one", args=[made.offering_id]))
    assert "6 credits were granted." in event.description.value


def test_whole_days_end_on_the_day_after_the_last(client):
    made = in_kenya(last_day=TODAY + timedelta(days=22))
    (event,) = read(client).values()
    assert event.dtstart.value == made.first_day and type(event.dtstart.value) is date
    assert event.dtend.value == made.last_day + timedelta(days=1)


def test_ids_stay_and_changes_are_told_across_an_update_and_a_cancellation(client):
    made = in_kenya(starts=time(9), ends=time(16))
    first = client.get(FILE)
    before = read(client)[str(made.uid)]
    later = timezone.now() + timedelta(minutes=5)
    Occurrence.objects.filter(pk=made.pk).update(starts=time(10), sequence=1, changed_at=later)
    moved = read(client)[str(made.uid)]
    assert moved.dtstart.value == before.dtstart.value + timedelta(hours=1)
    assert (before.sequence.value, moved.sequence.value) == ("0", "1")
    assert moved.last_modified.value == later.replace(microsecond=0) == moved.dtstamp.value
    assert moved.created.value == before.created.value
    Occurrence.objects.filter(pk=made.pk).update(cancelled_at=later, sequence=2)
    off = read(client)[str(made.uid)]
    assert (off.status.value, off.sequence.value) == ("CANCELLED", "2")
    assert off.summary.value.startswith("Cancelled: ")
    assert client.get(FILE, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_who_follows_a_terminated_course_hears_that_it_is_off_and_that_it_is_back(client):
    """R-SPO-6: each turn counts the sequence up, so that programs take it for newer than what they have."""
    made = in_kenya(url="https://meet.example/abc")
    own = reverse("courses:one-file", args=[made.offering_id])
    end(made.offering, Act.TERMINATED, OfferingState.TERMINATED)
    for path in (FILE, own):
        off = read(client, path)[str(made.uid)]
        assert (off.status.value, off.sequence.value) == ("CANCELLED", "1")
        assert {"url", "description", "location"}.isdisjoint(off.contents)
        assert off.last_modified.value >= made.changed_at.replace(microsecond=0)
    assert client.get(reverse("courses:one", args=[made.offering_id])).status_code == 404
    end(made.offering, Act.OVERTURNED, OfferingState.ACTIVE)
    back = read(client)[str(made.uid)]
    assert (back.status.value, back.sequence.value, back.url.value) == ("CONFIRMED", "2", "https://meet.example/abc")


def test_what_is_over_is_told_for_ninety_days_and_what_is_on_demand_never(client):
    kept, dropped = (
        factories.occurrence(factories.offering(valid_from=TODAY - timedelta(days=200)), days=n) for n in (-90, -91)
    )
    factories.occurrence(factories.offering(delivery=Delivery.ON_DEMAND), days=3)
    assert set(read(client)) == {str(kept.uid)}
    assert client.get(reverse("courses:one-file", args=[dropped.offering_id])).status_code == 404
    Offering.objects.update(valid_to=TODAY - timedelta(days=1))
    assert "url" not in read(client)[str(kept.uid)].contents


def test_a_followed_choice_stays_a_choice_while_nothing_is_in_it(client):
    """A calendar that follows “in Kenya” never fills with the rest of the world."""
    kenya, _other = in_kenya(), factories.occurrence(days=3, country="MX")
    assert set(read(client, country="KE")) == {str(kenya.uid)}
    Occurrence.objects.filter(pk=kenya.pk).delete()
    assert read(client, country="KE") == {}
    assert read(client, language="Swahili") == {}


def test_the_file_is_as_the_standard_wants_it(client):
    """RFC 5545 and RFC 7986: ends of lines, folding, escapes, one definition for each zone."""
    in_kenya(starts=time(9), ends=time(16), place="Ναϊβάσα " * 12)
    in_kenya(starts=time(9), ends=time(16), zone="America/New_York")
    in_kenya(starts=time(9), ends=time(16), zone="UTC")
    raw = client.get(FILE).content
    lines = raw.split(b"\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n") and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])
    text = raw.decode().replace("\r\n ", "")
    assert "SUMMARY:Dryland\\; from plan\\, to \\\\ monitoring" in text
    for line in ("VERSION:2.0", "METHOD:PUBLISH", "NAME:SER courses", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"):
        assert f"\r\n{line}\r\n" in text
    assert "X-PUBLISHED-TTL:PT6H" in text and text.count("PRODID:") == 1
    assert text.count("BEGIN:VTIMEZONE") == 2
    assert "TZID:Africa/Nairobi" in text and "TZID:America/New_York" in text
    assert f"DTSTART:{TODAY + timedelta(days=20):%Y%m%d}T090000Z" in text


@pytest.mark.parametrize(
    ("zone", "lines"),
    [
        ("Africa/Nairobi", ["TZOFFSETTO:+0300", "TZNAME:EAT"]),
        ("America/New_York", ["DTSTART:20270314T020000", "DTSTART:20271107T020000", "TZNAME:EDT", "TZOFFSETTO:-0400"]),
        ("Europe/London", ["DTSTART:20270328T010000", "DTSTART:20271031T020000"]),
        ("Australia/Lord_Howe", ["TZOFFSETTO:+1030", "TZOFFSETTO:+1100", "DTSTART:20270404T020000"]),
    ],
)
def test_a_zone_changes_when_its_clocks_do(zone, lines):
    """Each beginning is written by the clock that held until then (RFC 5545, 3.6.5)."""
    made = zone_lines(zone, 2027, 2027)
    assert set(lines) <= set(made)
    assert made[1] == f"TZID:{zone}"


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Australia/Lord_Howe", "America/St_Johns"])
def test_every_hour_of_a_year_is_read_as_it_was_meant(zone):
    """The reader knows nothing of the zone but what the file defines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *zone_lines(zone, 2027, 2027), "END:VCALENDAR"]
    theirs = vobject.readOne("\r\n".join(lines)).vtimezone.tzinfo
    at = datetime(2027, 1, 1, tzinfo=UTC)
    while at.year == 2027:
        ours = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if ZoneInfo(zone).utcoffset(ours.replace(fold=0)) == ZoneInfo(zone).utcoffset(ours.replace(fold=1)):
            assert theirs.utcoffset(ours) == ZoneInfo(zone).utcoffset(ours), ours
        at += timedelta(hours=6, minutes=30)


def test_a_program_that_has_it_already_is_told_so(client):
    in_kenya()
    ListChange.objects.update(at=timezone.now() - timedelta(seconds=5))
    answer = client.get(FILE)
    assert client.get(FILE, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(FILE, headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 304
    in_kenya()
    assert client.get(FILE, headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert client.get(FILE, headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 200


def month_of(day: date) -> dict:
    return {"month": f"{day:%Y-%m}"}


def test_a_month_shows_each_day_of_what_goes_on(client):
    made = in_kenya(last_day=TODAY + timedelta(days=22))
    middle = made.first_day + timedelta(days=1)
    page = client.get("/calendar/", month_of(middle))
    days = {cell["day"]: cell["on"] for week in page.context["weeks"] for cell in week if cell}
    assert sorted(days) == [middle.replace(day=1) + timedelta(days=n) for n in range(len(days))]
    assert [day for day, on in days.items() if on] == [
        day for n in range(3) if (day := made.first_day + timedelta(days=n)).month == middle.month
    ]
    assert [one for one, _run in page.context["dates"]] == [made]
    text = page.content.decode()
    assert "<caption" in text and text.count('scope="col"') == 7 and "The same as a list" in text
    far = client.get("/calendar/", month_of(TODAY.replace(day=1) + timedelta(days=400)))
    assert "Nothing that fits takes place in this month." in far.content.decode()


@pytest.mark.parametrize("month", ["", "2027-13", "soon", "1999-01", "9999-12", "²", "2027-3", "20270-01"])
def test_an_address_without_a_month_shows_this_one(client, month):
    page = client.get("/calendar/", {"month": month})
    assert page.status_code == 200
    assert page.context["weeks"][1][0]["day"].month == TODAY.month


def test_months_lead_to_each_other_and_keep_what_was_asked(client):
    text = client.get("/calendar/", {"month": f"{TODAY.year + 1}-01", "country": "KE"}).content.decode()
    for month in (f"{TODAY.year}-12", f"{TODAY.year + 1}-02"):
        assert f'href="?country=KE&amp;month={month}"' in text
    assert 'href="?country=KE&amp;view=list"' in text and "/calendar.ics?country=KE" in text
    last = client.get("/calendar/", {"month": f"{TODAY.year + 5}-12"}).content.decode()
    assert 'rel="prev"' in last and 'rel="next"' not in last


def test_the_list_of_dates_goes_on_over_pages(client):
    of = factories.offering(title="Weekly hour")
    for n in range(52):
        factories.occurrence(of, days=n)
    page = client.get("/calendar/", {"view": "list"})
    assert [one.first_day for one, _run in page.context["dates"]] == [TODAY + timedelta(days=n) for n in range(50)]
    assert 'href="?view=list&amp;page=2"' in page.content.decode()
    rest = client.get("/calendar/", {"view": "list", "page": 2})
    assert len(rest.context["dates"]) == 2
    first = (TODAY + timedelta(days=51)).isoformat()
    assert len(client.get("/calendar/", {"view": "list", "first": first}).context["dates"]) == 1


def test_a_day_with_many_names_four_and_leads_to_the_rest(client):
    of = factories.sponsor()
    for n in range(6):
        factories.occurrence(factories.offering(of, title=f"Course {n}"), days=0)
    page = client.get("/calendar/")
    (cell,) = [cell for week in page.context["weeks"] for cell in week if cell and cell["on"]]
    assert len(cell["on"]) == 4 and cell["more"] == 2
    assert "and 2 more" in page.content.decode() and len(page.context["dates"]) == 6


def test_the_calendar_says_what_is_cancelled_and_what_is_not_preapproved(client):
    """R-SPO-7."""
    made = in_kenya()
    Occurrence.objects.filter(pk=made.pk).update(cancelled_at=timezone.now())
    chapter = factories.sponsor(name="SER Europe", kind=SponsorKind.SER)
    factories.occurrence(factories.offering(chapter, title="Open hour", credits=None, minutes=0), days=4)
    text = client.get("/calendar/", {"view": "list"}).content.decode()
    assert '<span class="tag">Cancelled</span>' in text and "not pre-approved" in text


def test_dates_to_come_are_held_and_public(db):
    """What a plan can name: soonest first, nothing cancelled, nothing terminated."""
    later, sooner = in_kenya(days=9), in_kenya(days=2)
    factories.occurrence(days=-1)
    off, gone = in_kenya(), in_kenya()
    Occurrence.objects.filter(pk=off.pk).update(cancelled_at=timezone.now())
    Offering.objects.filter(pk=gone.offering_id).update(state=OfferingState.TERMINATED)
    assert list(Occurrence.objects.coming(TODAY)) == [sooner, later]
    assert list(Occurrence.objects.dated(Asked(country="MX"))) == []

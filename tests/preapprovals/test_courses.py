"""The public list of courses: what is found, what is said of it, and how at once it vanishes."""

from datetime import timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from journals.states import Activity, Delivery
from preapprovals.models import ListChange, Occurrence, Offering, Sponsor
from preapprovals.rules import as_searched
from preapprovals.services.listing import change_listing
from preapprovals.services.offerings import search_text
from preapprovals.states import Act, OfferingState, SponsorKind
from preapprovals.tasks import fold_changes
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = programme_day()
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def listed():
    """Six offerings that differ in all that can be asked for, by a short name."""
    trust = factories.sponsor(name="Alpine Seed Trust")
    chapter = factories.sponsor(name="SER Australasia", kind=SponsorKind.SER)
    made = {
        "seeds": factories.offering(trust, title="Seed collection and provenance", instructors="Fiona McAllister"),
        "mangroves": factories.offering(
            title="Taller de hidrología de manglares",
            language="Spanish",
            delivery=Delivery.BOTH,
            credits=Decimal("2.5"),
            areas=["physical", "restoration"],
        ),
        "seminar": factories.offering(title="Soil carbon for planners", delivery=Delivery.ON_DEMAND, credits=1),
        "college": factories.offering(title="Fire ecology", category=Activity.COURSE, credits=10, areas=["physical"]),
        "webinar": factories.offering(
            chapter, title="Webinar on fire", delivery=Delivery.ONLINE, credits=None, minutes=0
        ),
        "sessions": factories.offering(
            title="Native seed sessions", part_of="Southern Lands Conference", category=Activity.CONFERENCE, credits=4
        ),
    }
    factories.occurrence(made["seeds"], days=40, country="KE", place="Naivasha")
    factories.occurrence(made["seeds"], days=5, country="US")
    factories.occurrence(made["mangroves"], days=20, country="MX", place="Mérida")
    factories.occurrence(made["college"], days=90, country="KE", place="Nairobi")
    factories.occurrence(made["webinar"], days=3, country="", place="")
    factories.occurrence(made["sessions"], days=-5, country="AU", place="Perth")
    return made


def found(client, **asked) -> list[int]:
    """Return the offerings of the list, in its order."""
    page = client.get(reverse("courses:list"), asked)
    assert page.status_code == 200
    return [one.pk for one, _run, _category in page.context["rows"]]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("seed collection", ["seeds"]),
        ("Sead colection", ["seeds"]),
        ("PROVENANCE", ["seeds"]),
        ("provenence alpine", ["seeds"]),
        ("mcalister", ["seeds"]),
        ("hidrologia", ["mangroves"]),
        ("hydrologia de manglares", ["mangroves"]),
        ("sothern lands", ["sessions"]),
        ("fire ecologie", ["college"]),
        ("australasia", ["webinar"]),
        ("fire", ["college", "webinar"]),
        ("seed", ["seeds", "sessions"]),
        ("volcano", []),
        ("seed volcano", []),
        ("%", []),
        ("'\"\\;--", []),
    ],
)
def test_a_search_forgives_typing(client, listed, words, names):
    assert sorted(found(client, q=words)) == sorted(listed[name].pk for name in names)


@pytest.mark.parametrize(
    "typed", ["SER-0K3F-9QX0", "ser-0k3f-9qx0", "  SER-0K3F-9QX0 ", "0k3f9qx0", "SER 0K3F 9QX0", "SER-OK3F-9QXO"]
)
def test_a_code_finds_its_course_however_it_is_typed(client, typed):
    """SPEC 9: case ignored, O for 0."""
    made, _other = factories.offering(), factories.offering()
    Offering.objects.filter(pk=made.pk).update(code="SER-0K3F-9QX0")
    assert found(client, q=typed) == [made.pk]


def day(n: int) -> str:
    return (TODAY + timedelta(days=n)).isoformat()


TITLE = "Prairie field course on wetlands, streams and mangrove hydrology"


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        *(("corse", True), ("coures", True), ("couurse", True), ("coursse", True), ("corses", True)),
        *(("prarie", True), ("praire", True), ("priarie", True), ("wetlnd", True)),
        *(("wetladns", True), ("stram", True), ("steams", True), ("mangrve", True), ("hidrology", True)),
        *(("hydrolgy", True), ("feild", True), ("fiield", True), ("filed", True), ("corse wetlnd", True)),
        # Another word, however near: short ones, and whatever begins or ends otherwise.
        *(("cars", False), ("horse", False), ("core", False), ("airy", False), ("drums", False)),
        *(("fold", False), ("shield", False), ("wet", True), ("manager", False), ("stem", False)),
        *(("corse horse", False), ("scour", False), ("recourse", True), ("c.urse", False), ("(((((", False)),
    ],
)
def test_one_letter_too_few_or_too_many_still_finds_the_word(client, typed, finds):
    factories.offering(title=TITLE)
    assert bool(found(client, q=typed)) == finds


@pytest.mark.parametrize(("typed", "title"), [("seed", "High speed mowing"), ("soil", "Mine spoil"), ("fire", "Fibre")])
def test_a_short_word_means_itself(client, typed, title):
    factories.offering(title=title, description="")
    assert found(client, q=typed) == []


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["webinar", "seeds", "mangroves", "college", "sessions", "seminar"]),
        ({"category": "course"}, ["college"]),
        ({"country": "KE"}, ["seeds", "college"]),
        ({"country": "AU"}, []),
        ({"delivery": "in-person"}, ["seeds", "mangroves", "college", "sessions"]),
        ({"delivery": "online"}, ["webinar", "mangroves"]),
        ({"delivery": "on-demand"}, ["seminar"]),
        ({"first": day(15), "last": day(50)}, ["mangroves", "seeds", "seminar"]),
        ({"first": day(50), "last": day(15)}, ["mangroves", "seeds", "seminar"]),
        ({"first": day(50), "country": "KE"}, ["college"]),
        ({"last": day(4)}, ["webinar", "seminar"]),
        ({"credits": "2.5"}, ["seeds", "mangroves", "college", "sessions"]),
        ({"credits": "10"}, ["college"]),
        ({"area": "physical"}, ["mangroves", "college"]),
        ({"language": "Spanish"}, ["mangroves"]),
        ({"approved": "on"}, ["seeds", "mangroves", "college", "sessions", "seminar"]),
        ({"sort": "title"}, ["college", "sessions", "seeds", "seminar", "mangroves", "webinar"]),
        ({"sort": "newest"}, ["sessions", "webinar", "college", "seminar", "mangroves", "seeds"]),
        ({"q": "seed", "sort": "title"}, ["sessions", "seeds"]),
        # What cannot be read is left out.
        (
            {"country": "Atlantis", "category": "book"},
            ["webinar", "seeds", "mangroves", "college", "sessions", "seminar"],
        ),
        (
            {"first": "soon", "credits": "many", "area": "?", "page": "²"},
            ["webinar", "seeds", "mangroves", "college", "sessions", "seminar"],
        ),
    ],
)
def test_the_list_is_narrowed_and_ordered_by_its_address(client, listed, asked, names):
    assert found(client, **asked) == [listed[name].pk for name in names]


def test_a_line_shows_the_next_date_that_fits_what_was_asked(client, listed):
    seeds = listed["seeds"]
    assert "Ithaca, United States of America" in line_of(client.get("/courses/"), seeds)
    kenya = line_of(client.get("/courses/", {"country": "KE"}), seeds)
    assert "Naivasha, Kenya" in kenya and "Ithaca" not in kenya
    Occurrence.objects.filter(country="US").update(cancelled_at="2026-01-01T00:00Z")
    assert "Naivasha, Kenya" in line_of(client.get("/courses/"), seeds)


def line_of(page, one: Offering) -> str:
    text = page.content.decode()
    link = text.index(f'href="{reverse("courses:one", args=[one.pk])}"')
    return text[text.rindex("<li>", 0, link) : text.index("</li>", link)]


def test_every_listing_says_what_is_preapproved(client, listed):
    """R-SPO-7: a webinar of SER or a chapter is not pre-approved by itself; of a conference only the sessions named."""
    page = client.get("/courses/")
    webinar = line_of(page, listed["webinar"])
    assert "Not pre-approved" in webinar and "a chapter is not pre-approved by itself" in webinar
    assert "credits" not in webinar
    assert "Only this part of Southern Lands Conference is pre-approved" in line_of(page, listed["sessions"])
    seeds = line_of(page, listed["seeds"])
    assert "<b>6</b> credits" in seeds and "6 hours of instruction. 6 credits were granted." in seeds
    assert "Not pre-approved" not in seeds
    own = client.get(reverse("courses:one", args=[listed["webinar"].pk])).content.decode()
    assert "a chapter is not pre-approved by itself" in own and "Pre-approved for" not in own


def test_each_choice_can_be_taken_away_alone_and_the_address_is_shared(client, listed):
    asked = {"q": "seed", "country": "KE", "credits": "5"}
    text = unescape(client.get("/courses/", asked).content.decode())
    for name in asked:
        rest = {key: value for key, value in asked.items() if key != name}
        assert f'href="?{urlencode(rest)}"' in text
    for words in ("“seed”", "Kenya", "5 or more credits"):
        assert f'<span class="tag">{words}</span>' in text
    assert f'href="/calendar/?{urlencode(asked)}"' in text
    assert f'href="/courses/feed.xml?{urlencode(asked)}"' in text


def test_where_nothing_is_found_the_page_says_what_to_loosen(client, listed):
    text = unescape(client.get("/courses/", {"country": "KE", "language": "Spanish", "q": "volcano"}).content.decode())
    assert "whichever one of the choices is taken away" in text
    text = unescape(client.get("/courses/", {"country": "KE", "language": "Spanish"}).content.decode())
    assert 'href="?language=Spanish">without Kenya</a>: 1 course' in text
    assert 'href="?country=KE">without Spanish</a>: 2 courses' in text
    assert "Nothing on the list is all of this." in text


def test_the_list_goes_on_over_pages(client):
    of = factories.sponsor()
    for n in range(27):
        factories.offering(of, title=f"Course {n:02d}")
    first = client.get("/courses/", {"sort": "title"})
    assert "27 courses" in first.content.decode() and "Courses 1 to 25 of 27" in first.content.decode()
    assert 'href="?sort=title&amp;page=2"' in first.content.decode()
    second = client.get("/courses/", {"sort": "title", "page": 2})
    assert [one.title for one, _run, _category in second.context["rows"]] == ["Course 25", "Course 26"]
    assert "The list ends before this page." in client.get("/courses/", {"page": 3}).content.decode()


@pytest.mark.parametrize("ended", ["terminated", "withdrawn", "expired"])
def test_what_ended_vanishes_at_once_everywhere(client, ended):
    """R-SPO-3, R-SPO-6."""
    made = factories.offering(title="Wetland soils")
    factories.occurrence(made, days=1)
    pages = ["/courses/", "/courses/feed.xml", "/calendar/?view=list", f"/calendar/?month={day(1)[:7]}"]
    kept = {path: client.get(path) for path in pages}
    own = reverse("courses:one", args=[made.pk])
    assert all(b"Wetland soils" in page.content for page in kept.values()) and client.get(own).status_code == 200
    if ended == "expired":
        Offering.objects.update(valid_from=TODAY - timedelta(days=9), valid_to=TODAY - timedelta(days=1))
    else:
        Offering.objects.update(state=OfferingState(ended))
    for path, page in kept.items():
        now = client.get(path, headers={"If-None-Match": page["ETag"]})
        assert now.status_code == 200 and b"Wetland soils" not in now.content
    absent = client.get(reverse("courses:one", args=[made.pk + 1]))
    gone = client.get(own)
    assert gone.status_code == absent.status_code == 404
    assert gone.content == absent.content


def test_one_course_says_all_that_a_visitor_needs(client):
    made = factories.offering(
        factories.sponsor(name="Acacia Institute"),
        title="Dryland restoration",
        description="Five days in the field.",
        objectives="Plan a water harvest.",
        areas=["physical"],
        instructors="Wanjiru Kamau\nTomas Lindqvist",
        registration_name="Office",
        registration_email="office@acacia.example",
        url="https://acacia.example/dryland",
        price="Free",
    )
    made.sessions.create(number=1, starts="09:00", ends="12:00", title="Soils", minutes=180)
    factories.occurrence(made, days=3, zone="Africa/Nairobi", starts="09:00", ends="16:00", country="KE")
    off = factories.occurrence(made, days=9, place="Nanyuki")
    Occurrence.objects.filter(pk=off.pk).update(cancelled_at="2026-01-01T00:00Z")
    own = reverse("courses:one", args=[made.pk])
    text = client.get(own).content.decode()
    for said in (
        *("Acacia Institute", "Pre-approved for 6 credits", "Five days in the field.", "Plan a water harvest."),
        *("Wanjiru Kamau", "Tomas Lindqvist", "office@acacia.example", "https://acacia.example/dryland", "Free"),
        *("Physical science", "Soils", "09:00–12:00", "09:00 to 16:00 Africa/Nairobi", "Kenya", "Cancelled", "Nanyuki"),
        *("a Confirmation of Completion that bears an approval code", f"/courses/{made.pk}.ics"),
    ):
        assert said in text, said
    assert made.code not in text
    assert "Eastern Time" in text and "where you are" not in text
    client.force_login(factories.PersonFactory(time_zone="Europe/London"))
    assert "where you are, " in client.get(own).content.decode()
    assert made.code not in client.get("/courses/").content.decode()


def test_a_visitor_who_still_has_the_page_is_told_so(client, listed):
    page = client.get("/courses/")
    assert page["Cache-Control"] == "no-cache" and "Cookie" in page["Vary"]
    again = {"If-None-Match": page["ETag"]}
    assert client.get("/courses/", headers=again).status_code == 304
    assert client.get("/courses/?q=seed", headers=again).status_code == 200
    Offering.objects.filter(pk=listed["seeds"].pk).update(title="Seeds, collected")
    assert b"Seeds, collected" in client.get("/courses/", headers=again).content
    client.force_login(factories.PersonFactory())
    assert "ETag" not in client.get("/courses/", headers=again)


def change_a_date():
    factories.occurrence(Offering.objects.first(), days=2)


CHANGES = {
    "an offering": lambda: Offering.objects.update(price="Free"),
    "by hand": lambda: connection.cursor().execute("UPDATE preapprovals_offering SET price = 'Free'"),
    "a sponsor": lambda: Sponsor.objects.update(name="Reed Institute"),
    "a date": change_a_date,
    "a date that went": lambda: connection.cursor().execute("DELETE FROM preapprovals_occurrence"),
    "what SER did": lambda: Offering.objects.first().notices.create(act=Act.CHANGED, at=timezone.now()),
    "a fold": fold_changes,
    "a change and a fold": lambda: (change_a_date(), fold_changes()),
    "two folds": lambda: (fold_changes(), fold_changes()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_list_and_however_no_visitor_is_told_that_it_did_not(client, listed, change):
    """Every state of the list has a validator of its own, and a state that did not change keeps it."""
    seen = [client.get("/courses/")["ETag"]]
    for _turn in range(3):
        CHANGES[change]()
        seen += [client.get("/courses/")["ETag"]]
    assert len(set(seen)) == 4
    assert client.get("/courses/", headers={"If-None-Match": seen[-1]}).status_code == 304


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("later", ["the first", "the second"])
def test_of_two_changes_that_end_in_any_order_each_is_seen(client, later):
    """Whoever began first and ends last is not overlooked, and neither waits for the other."""
    for title in ("Fire", "Soil"):
        factories.offering(title=title)

    def state() -> str:
        return client.get("/courses/")["ETag"]

    assert fold_changes() and ListChange.objects.count() == 1
    seen, others = [state()], [connection.copy(), connection.copy()]
    for other, title in zip(others, ("Fire", "Soil"), strict=True):
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE preapprovals_offering SET price = 'Free' WHERE title = %s", [title])
    for other in others if later == "the second" else others[::-1]:
        other.commit()
        other.close()
        seen.append(state())
    assert len(set(seen)) == 3


def test_new_ones_are_told_by_a_feed(client, listed):
    page = client.get("/courses/feed.xml")
    assert page["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(page.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [one.find(f"{ATOM}title").text for one in entries] == [
        *("Native seed sessions", "Webinar on fire", "Fire ecology"),
        *("Soil carbon for planners", "Taller de hidrología de manglares", "Seed collection and provenance"),
    ]
    seeds = entries[-1]
    assert seeds.find(f"{ATOM}id").text.endswith(reverse("courses:one", args=[listed["seeds"].pk]))
    assert seeds.find(f"{ATOM}updated").text == listed["seeds"].listed_at.isoformat()
    assert "6 credits were granted." in seeds.find(f"{ATOM}summary").text
    assert "not pre-approved by itself" in entries[1].find(f"{ATOM}summary").text
    again = {"If-None-Match": page["ETag"]}
    assert client.get("/courses/feed.xml", headers=again).status_code == 304
    factories.offering(title="One more")
    assert b"One more" in client.get("/courses/feed.xml", headers=again).content
    narrow = ElementTree.fromstring(client.get("/courses/feed.xml", {"language": "Spanish"}).content)
    assert len(narrow.findall(f"{ATOM}entry")) == 1
    assert b'href="/courses/feed.xml"' in client.get("/courses/").content


def test_the_feed_says_when_a_listing_was_changed(client):
    made = factories.offering()
    at = timezone.now() + timedelta(minutes=5)
    change_listing(offering_id=made.pk, by=factories.coordinator(), at=at, price="Free")
    (entry,) = ElementTree.fromstring(client.get("/courses/feed.xml").content).findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}updated").text == at.isoformat()
    assert entry.find(f"{ATOM}published").text == made.listed_at.isoformat()


def test_what_is_searched_is_folded():
    made = factories.offering(factories.sponsor(name="Ökologie  Süd"), title="Élevage", instructors="Ana\nBo")
    assert search_text(made) == "elevage okologie sud ana bo"
    assert as_searched("  Ａ  ß ") == "a ss"

"""Sponsors and what they offer: an archive that was brought in, and requests played through the portal's own steps."""

import random
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from journals.states import Delivery
from preapprovals.models import AgendaSession, Offering, Sponsor
from preapprovals.services.offerings import add_occurrence, list_offering
from preapprovals.services.sponsors import add_sponsor
from preapprovals.services.worth import worth_of
from preapprovals.states import SponsorKind
from serportal.accounts.models import User
from serportal.certifications.rules import anniversary
from serportal.demo import catalogue, names, places
from serportal.demo.catalogue import BODIES, SHAPES, Body, Shape
from serportal.demo.clock import Clock, dice
from serportal.demo.people import account, save_people
from serportal.demo.topics import Topic

ARCHIVED = 60


class Office:
    """Who brings the list in, when, and the dice of this part."""

    def __init__(self, clock: Clock):
        self.clock, self.rng = clock, dice("sponsors")
        self.coordinator = account("coordinator")
        self.topics = catalogue.subjects(self.rng)


def open_list(clock: Clock) -> None:
    """Bring in the sponsors with what they offer, and the Society's own archive (R-SPO-3, R-SPO-7)."""
    office = Office(clock)
    for body, contact in zip(BODIES, make_contacts(clock, BODIES), strict=True):
        sponsor = add_sponsor(
            name=body.name, kind=body.kind, country=body.country, by=contact, at=contact.joined_at + timedelta(days=1)
        )
        for shape in body.shapes:
            put_on_list(office, sponsor, SHAPES[shape], next(office.topics))
    bring_in_archive(office)


def make_contacts(clock: Clock, bodies: list[Body]) -> list[User]:
    """Make the person who acts for each sponsor."""
    rng = dice("sponsors' contacts")
    people = []
    for body in bodies:
        culture, zone, _towns = places.COUNTRIES[body.country]
        named = names.draw(rng, culture)
        people.append(
            User(
                email=f"courses.{named.letters}@example.net",
                password=make_password(None),
                name=named.name,
                country=body.country,
                time_zone=zone,
                employer=body.name,
                job_title="Head of training",
                joined_at=clock.ago(900),
            )
        )
    save_people(people)
    return people


def put_on_list(office: Office, sponsor: Sponsor, shape: Shape, topic: Topic) -> Offering:
    """List one offering of the past two years with its dates before and after today."""
    rng, clock = office.rng, office.clock
    listed_on = clock.today - timedelta(days=rng.randint(40, 690))
    year = listed_on.year + 1 if listed_on.month > 6 else listed_on.year
    runs = runs_of(rng, shape, listed_on, clock.today)
    last = anniversary(listed_on, 2) - timedelta(days=1) if shape.recurring else max(runs)
    last += timedelta(days=len(shape.days) - 1 if not shape.recurring else 0)
    worth = worth_of(shape.category, shape.minutes, listed_on).credit.amount
    offering = list_offering(
        sponsor=sponsor,
        title=shape.title.format(region=catalogue.region_of(rng, topic), topic=topic.name, year=year),
        category=shape.category,
        delivery=shape.delivery,
        valid_from=listed_on,
        valid_to=last,
        credits=worth,
        by=office.coordinator,
        at=moment(listed_on),
        description=f"{topic.name} restoration with people who do it. Sessions: {'; '.join(topic.sessions)}.",
        objectives=catalogue.objectives(topic),
        areas=topic.areas,
        instructors="\n".join(names.draw(rng, places.COUNTRIES[str(sponsor.country)][0]).name for _n in range(2)),
        minutes=shape.minutes,
        recurring=shape.recurring,
        registration_name=sponsor.contacts.get().person.name,
        registration_email=sponsor.contacts.get().email,
        url=f"https://courses.example/{sponsor.pk}/",
        price=shape.price,
    )
    AgendaSession.objects.bulk_create(
        AgendaSession(
            offering=offering,
            number=10 * day + n,
            day=day,
            starts=start,
            ends=end,
            title=what,
            minutes=catalogue.minutes_between(start, end),
        )
        for day, rows in enumerate(shape.days, start=1)
        for n, (what, start, end) in enumerate(rows, start=1)
    )
    add_runs(office, offering, shape, runs)
    return offering


def runs_of(rng: random.Random, shape: Shape, listed_on: date, today: date) -> list[date]:
    """Return the first days of an offering's dates: every so often for what recurs, one ahead for what does not."""
    if shape.delivery == Delivery.ON_DEMAND:
        return []
    if not shape.recurring:
        return [today + timedelta(days=rng.randint(20, 240))]
    first = listed_on + timedelta(days=rng.randint(14, 40))
    end = min(anniversary(listed_on, 2) - timedelta(days=8), today + timedelta(days=260))
    days = []
    while first <= end:
        days.append(first)
        first += timedelta(days=shape.every + rng.randint(-6, 6))
    return days


def add_runs(office: Office, offering: Offering, shape: Shape, runs: list[date]) -> None:
    country = str(offering.sponsor.country)
    _culture, zone, towns = places.COUNTRIES[country]
    given = {"offering_id": offering.pk, "by": office.coordinator, "zone": zone, "at": offering.listed_at}
    if shape.delivery == Delivery.ON_DEMAND:
        add_occurrence(**given, first_day=offering.valid_from, last_day=offering.valid_to, url=offering.url)
    for day in runs:
        here = shape.delivery == Delivery.IN_PERSON
        add_occurrence(
            **given,
            first_day=day,
            last_day=day + timedelta(days=len(shape.days) - 1),
            starts=shape.days[0][0][1],
            ends=shape.days[-1][-1][2],
            place=office.rng.choice(towns.split(", ")) if here else "",
            country=country if here else "",
            url="" if here else offering.url,
        )


def bring_in_archive(office: Office) -> None:
    """List the recordings of the Society's webinars: some were pre-approved, the others are only listed (R-SPO-7)."""
    rng, clock = office.rng, office.clock
    society = add_sponsor(
        name=catalogue.SER, kind=SponsorKind.SER, country="US", by=office.coordinator, at=clock.ago(1500)
    )
    since = clock.today - timedelta(days=200)
    for n in range(ARCHIVED):
        topic, title = next(office.topics), catalogue.WEBINARS[n % len(catalogue.WEBINARS)]
        minutes = rng.choice([60, 60, 75, 90])
        known = n % 5 < 2
        offering = list_offering(
            sponsor=society,
            title=title.format(topic=topic.name if title.startswith("{") else topic.name.lower()),
            category="training",
            delivery=Delivery.ON_DEMAND,
            valid_from=since,
            valid_to=anniversary(since, 2) - timedelta(days=1),
            credits=worth_of("training", minutes, since).credit.amount if known else None,
            by=office.coordinator,
            at=moment(since + timedelta(days=n)),
            description=f"{catalogue.SER_TEXT} {topic.learned}",
            areas=topic.areas,
            minutes=minutes,
            recurring=True,
            url="https://webinars.example/archive/",
            price="free",
        )
        add_occurrence(
            offering_id=offering.pk,
            first_day=offering.valid_from,
            last_day=offering.valid_to,
            zone="America/New_York",
            url=offering.url,
            by=office.coordinator,
            at=offering.listed_at,
        )


def moment(day: date) -> datetime:
    return datetime.combine(day, time(15, 20), tzinfo=UTC)

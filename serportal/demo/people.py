"""The people of the demonstration: the accounts of SPEC 9, the committees, and everyone who is certified."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from applications.models import Partner
from serportal.accounts.models import CommitteeTerm, User
from serportal.accounts.services import COORDINATORS
from serportal.accounts.states import Committee
from serportal.certifications import rules
from serportal.certifications.models import Certification, Listing, Period
from serportal.certifications.states import Level, PeriodStart
from serportal.demo import names, places
from serportal.demo.clock import Clock, dice
from serportal.numbers import services as numbers
from serportal.ui.words import programme_day

PASSWORD = "restore-the-land"  # noqa: S105 - printed on the first page of the demonstration
CERTIFICANTS = 350
CHUNK = 1000

# account: name, preferred name, country, time zone, employer, job title
ACCOUNTS = {
    "coordinator": ("Ruth Lindqvist", "Ruth", "US", "America/New_York", "", "Certification coordinator"),
    "deputy": ("Gabriel Sandoval", "Gabriel", "MX", "America/Mexico_City", "", "Deputy coordinator"),
    "committee1": ("Mika Tanaka", "", "JP", "Asia/Tokyo", "Kitsune River Institute", "Wetland scientist"),
    "committee2": ("Siobhán Ní Dhomhnaill", "", "IE", "Europe/Dublin", "Sedgeley Native Seeds", "Seed bank curator"),
    "committee3": ("Catalina Restrepo Vélez", "", "CO", "America/Bogota", "Andenwald Consulting", "Ecologist"),
    "committee4": ("Thandiwe Mokoena", "", "ZA", "Africa/Johannesburg", "Yarrowfield University", "Lecturer"),
    "committee5": ("Jonas Kjærgaard", "", "DK", "Europe/Copenhagen", "Dunlin Land Trust", "Ranger"),
    "appeals1": ("Hinemoa Parata", "", "NZ", "Pacific/Auckland", "Mosshaven Conservancy", "Head of field programmes"),
    "appeals2": ("Karl-Heinz Brandstätter", "", "AT", "Europe/Vienna", "Silvertarn Environmental", "Hydrologist"),
    "appeals3": ("Leila Benchekroun", "", "MA", "Africa/Casablanca", "Saltfen Field Institute", "Lecturer"),
    "cerp": ("Amara Okafor", "Amara", "NL", "Europe/Amsterdam", "Wadden Delta Consulting", "Wetland scientist"),
    "cerpit": ("Diego Quispe Mamani", "Diego", "PE", "America/Lima", "Puna Verde Cooperative", "Project assistant"),
    "applicant": ("Sofia Virtanen", "", "FI", "Europe/Helsinki", "Alderbrook Ecology", "Restoration ecologist"),
    "sponsor": ("Fiona McAllister", "", "GB", "Europe/London", "Alpine Seed Trust", "Head of training"),
    "partner": ("Robert Beauséjour", "", "CA", "America/Toronto", "Niagara College", "Programme director"),
}
NEIGHBOUR_OF = "committee3"
COMMITTEES = {
    Committee.CONTINUING_EDUCATION: ["committee1", "committee2", "committee3", "committee4"],
    Committee.CERTIFICATION: ["committee2", "committee3", "committee4", "committee5"],
    Committee.APPEALS: ["appeals1", "appeals2", "appeals3"],
}


@dataclass
class Holder:
    """Someone certified, before and after their rows exist: level, and the first day of each of their periods."""

    user: User
    level: Level
    starts: list[date]
    periods: list[Period]

    @property
    def key(self) -> str:
        return self.user.email.split("@")[0]


def address(account: str) -> str:
    return f"{account}@example.org"


def account(key: str) -> User:
    return User.objects.get(email=address(key))


def make_accounts(clock: Clock) -> dict[str, User]:
    """Make the accounts that can sign in, with one password hashed once; seat committees, name a partner’s contact."""
    secret = make_password(PASSWORD)
    people = {}
    for key, (name, short, country, zone, employer, title) in ACCOUNTS.items():
        people[key] = User(
            email=address(key), password=secret, name=name, preferred_name=short, country=country, time_zone=zone,
            employer=employer, job_title=title, is_staff=key in {"coordinator", "deputy"}, joined_at=clock.ago(2200),
        )  # fmt: skip
    people["cerp"].membership_id, people["cerpit"].membership_id = "10412", "10977"
    save_people(list(people.values()))
    group = Group.objects.get(name=COORDINATORS)
    group.user_set.add(people["coordinator"], people["deputy"])
    CommitteeTerm.objects.bulk_create(
        CommitteeTerm(member=people[key], committee=committee, starts_on=date(clock.today.year - 5 - n % 2, 7, 1))
        for committee, keys in COMMITTEES.items()
        for n, key in enumerate(keys)
    )
    Partner.objects.filter(contact_email=address("partner")).update(contact=people["partner"])
    return people


def save_people(people: list[User]) -> None:
    User.objects.bulk_create(people, batch_size=CHUNK)
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in people), batch_size=CHUNK
    )


def make_certificants(clock: Clock, accounts: dict[str, User], scale: int) -> list[Holder]:
    """Make 350 people a scale, Amara Okafor and Diego Quispe Mamani first, to be certified on their days."""
    rng = dice("people")
    holders = [
        Holder(accounts["cerp"], Level.CERP, [amaras_start(clock.today)], []),
        Holder(accounts["cerpit"], Level.CERPIT, [first_of_month(clock.today, -16)], []),
    ]
    people = draw_people(rng, CERTIFICANTS * scale - len(holders))
    for person in people:
        level = Level.CERP if rng.random() < 0.66 else Level.CERPIT
        holders.append(Holder(person, level, draw_starts(rng, clock.today), []))
    # Someone who works where a member of the committee does, certified long enough to file claims.
    neighbour = next(one for one in holders[2:] if files_claims(one.starts[-1], clock.today))
    neighbour.user.employer = accounts[NEIGHBOUR_OF].employer
    for holder in holders[2:]:
        holder.user.joined_at = clock.ago((clock.today - holder.starts[0]).days + 30)
    save_people(people)
    list_most(holders, clock)
    return holders


def list_most(holders: list[Holder], clock: Clock) -> None:
    """Let five of six be found in the public directory, most with their country, some with more; the first two too."""
    rng = dice("directory")
    drawn = [(holder, [rng.random() for _ in range(4)]) for holder in holders]
    Listing.objects.bulk_create(
        (
            Listing(
                person=holder.user,
                listed=True,
                show_country=country < 0.85,
                show_employer=employer < 0.4,
                show_email=email < 0.1,
                changed_at=clock.ago(max((clock.today - holder.starts[0]).days - 1, 0)),
            )
            for n, (holder, (agrees, country, employer, email)) in enumerate(drawn)
            if n < 2 or agrees < 5 / 6
        ),
        batch_size=CHUNK,
    )


def amaras_start(today: date) -> date:
    """Return the day on which a period began that ends with the fifth month after this one."""
    after = first_of_month(today, 6)
    return after.replace(year=after.year - rules.YEARS)


def first_of_month(today: date, months: int) -> date:
    month = today.month - 1 + months
    return date(today.year + month // 12, month % 12 + 1, 1)


def files_claims(start: date, today: date) -> bool:
    """Whether a period that began on ``start`` has held the last fourteen months and holds today."""
    return start < today - timedelta(days=430) and rules.last_day(start) > today


def draw_people(rng: random.Random, count: int) -> list[User]:
    """Draw people of every country in ``places``, their names as they write them, each at an address of their own."""
    countries = list(places.COUNTRIES)
    used: Counter[str] = Counter()
    people = []
    for n in range(count):
        if n < len(names.SPECIAL):
            name, letters, country = names.SPECIAL[n]
        else:
            known = rng.random() < 0.45
            country = countries[n % len(countries)] if not known else rng.choice(countries[: places.WELL_KNOWN])
            named = names.draw(rng, places.COUNTRIES[country][0])
            name, letters = named.name, named.letters
        used[letters] += 1
        box = letters if used[letters] == 1 else f"{letters}{used[letters]}"
        people.append(
            User(
                email=f"{box}@example.{rng.choice(['net', 'com'])}", password=make_password(None), name=name,
                country=country, time_zone=places.COUNTRIES[country][1], employer=places.employer(rng),
                job_title=rng.choice(places.TITLES), membership_id=str(20_000 + n) if n % 25 else "",
            )
        )  # fmt: skip
    return people


def draw_starts(rng: random.Random, today: date) -> list[date]:
    """Draw when someone’s periods began: most run, some end soon or have ended, one in five renewed once."""
    die = rng.random()
    if die < 0.02:
        start = years_before(today, 5) - timedelta(days=rng.randint(100, 320))
    elif die < 0.05:
        start = years_before(today, 5) - timedelta(days=rng.randint(3, 85))
    elif die < 0.12:
        start = years_before(today, 5) + timedelta(days=rng.randint(3, 175))
    else:
        start = years_before(today, 5) + timedelta(days=rng.randint(176, 1815))
    if rng.random() < 0.2:
        first = years_before(start, rules.YEARS)
        return [first, rules.last_day(first) + timedelta(days=1)]
    return [start]


def years_before(day: date, years: int) -> date:
    return rules.anniversary(day, -years)


def lapsed_on(start: date) -> date | None:
    """Return when a certification whose last period began on ``start`` lapsed; None where it stands."""
    day = rules.lapses(rules.last_day(start))
    return day if day <= programme_day() else None


def certify(holders: list[Holder]) -> None:
    """Give everyone their certificate and periods, in the order of the days, with the numbers the counter gives."""
    holders_by_day = sorted(holders, key=lambda one: (one.starts[0], one.user.pk))
    certificates = []
    for level in Level:
        of_level = [one for one in holders_by_day if one.level == level]
        for holder, number in zip(of_level, numbers.take_many(level.value, len(of_level)), strict=True):
            certificates.append(
                Certification(
                    person=holder.user,
                    level=level,
                    number=number,
                    name_on_certificate=holder.user.name,
                    certified_on=holder.starts[0],
                    lapsed_on=lapsed_on(holder.starts[-1]),
                )
            )
    Certification.objects.bulk_create(certificates, batch_size=CHUNK)
    held = {one.person_id: one for one in certificates}
    for holder in holders_by_day:
        for n, start in enumerate(holder.starts):
            began = PeriodStart.RECERTIFIED if n else PeriodStart.CERTIFIED
            period = Period(
                certification=held[holder.user.pk],
                person=holder.user,
                starts_on=start,
                ends_on=rules.last_day(start),
                began_as=began,
            )
            holder.periods.append(period)
    Period.objects.bulk_create((one for holder in holders_by_day for one in holder.periods), batch_size=CHUNK)

"""What members claim, for every activity of the schedule: answers a real form would take."""

import random
from datetime import date, timedelta
from decimal import Decimal

from cecs import services as cecs
from journals.states import Activity, Level
from serportal.demo import names, places
from serportal.demo.activities import CHARITIES
from serportal.demo.topics import Event

MOST_A_DAY = 7
A = Activity
CHAPTERS = ["SER Europe", "SER Australasia", "Texas Chapter", "Midwest-Great Lakes Chapter", "Western Canada Chapter"]
COMMITTEES = ["Science and policy committee", "Awards committee", "Student affairs committee"]
JOURNALS = ["Shores and Marshes", "Annals of Field Restoration", "Journal of Native Seed"]


def answers_of(rng: random.Random, event: Event, last: date, hours: int, activity: str = A.CONFERENCE) -> cecs.Answers:
    """Return the answers about ``activity`` that ended on ``last``, with ``hours`` where it has any."""
    make = {
        A.COURSE: course,
        A.TRAINING: training,
        A.INSTRUCTION: instruction,
        A.BOARD: service,
        A.COMMITTEE: service,
        A.EVENT: organised,
        A.VOLUNTEERING: volunteering,
    }.get(activity, conference if activity == A.CONFERENCE else publication)
    return make(rng, event, last, hours, activity)


def days_of(event: Event, last: date, hours: int) -> tuple[date, tuple[cecs.Row, ...]]:
    """Spread ``hours`` over the days that end on ``last``."""
    count = max(1, -(-hours // MOST_A_DAY), min(2, hours // 4))
    first = last - timedelta(days=count - 1)
    each, more = divmod(Decimal(hours) * 2, count)
    sessions = event.topic.sessions
    rows = (
        cecs.Row(first + timedelta(days=n), sessions[n % len(sessions)], (each + (1 if n < more else 0)) / 2)
        for n in range(count)
    )
    return first, tuple(rows)


def where(rng: random.Random) -> dict:
    """Draw a place, in person or online; online says how attendance was verified (R-QUAL)."""
    if rng.random() < 0.2:
        return {"place": "https://meet.example.org", "delivery": "online", "verification": "Log of attendance"}
    return {"place": places.place(rng), "delivery": "in person"}


def about(event: Event) -> dict:
    return {"areas": tuple(event.topic.areas), "learned": event.topic.learned}


def somebody(rng: random.Random) -> str:
    return names.draw(rng, rng.choice(list(places.COUNTRIES.values()))[0]).name


def conference(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    first, rows = days_of(event, last, hours)
    return cecs.Answers(
        activity=activity,
        title=event.title,
        provider=event.provider,
        first_day=first,
        last_day=last,
        rows=rows,
        **where(rng),
        **about(event),
    )


def training(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    first, rows = days_of(event, last, hours)
    return cecs.Answers(
        activity=activity,
        title=f"Short course: {event.topic.sessions[0]}",
        provider=event.provider,
        first_day=first,
        last_day=last,
        rows=rows,
        instructor=somebody(rng),
        instructor_basis="Holds CERP",
        objectives=f"To plan and to judge work on {event.topic.name.lower()}.",
        **where(rng),
        **about(event),
    )


def course(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    weeks = 12
    return cecs.Answers(
        activity=activity,
        title=f"Restoration of {event.topic.name.lower()}",
        course_no=f"ENVR {rng.randint(300, 599)}",
        provider=rng.choice(["Yarrowfield University", "Escarpment College", "University of Silvertarn"]),
        first_day=last - timedelta(weeks=weeks),
        last_day=last,
        grade="passed",
        rows=(cecs.Row(None, f"{weeks} weeks of lectures and field days", Decimal(hours)),),
        objectives=f"To understand how {event.topic.name.lower()} recover, and to plan for it.",
        **where(rng),
        **about(event),
    )


def instruction(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    first, rows = days_of(event, last, hours)
    return cecs.Answers(
        activity=activity,
        title=f"Workshop: {event.topic.sessions[0]}",
        provider=event.provider,
        first_day=first,
        last_day=last,
        rows=rows,
        audience=f"{rng.randint(8, 30)} rangers and contractors",
        regular="no",
        with_people=somebody(rng),
        **where(rng),
        **about(event),
    )


def publication(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    title = f"{event.topic.name} after ten years"
    return cecs.Answers(
        activity=activity,
        title=title,
        provider=rng.choice(JOURNALS) if activity == A.PAPER else "Reedbed Press",
        first_day=last,
        last_day=last,
        citation=f"{title}. {last.year}.",
        role="First author",
        with_people=f"{somebody(rng)}\n{somebody(rng)}",
        **about(event),
    )


def service(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    """A year of service that ended with the last calendar year but one day (R-ROLE)."""
    chapter = rng.choice(CHAPTERS)
    board = activity == A.BOARD
    return cecs.Answers(
        activity=activity,
        title=rng.choice(["Treasurer", "Secretary", "Member at large"]) if board else rng.choice(COMMITTEES),
        role="" if board else "Member",
        provider=chapter,
        level=Level.CHAPTER,
        unit=chapter,
        first_day=last - timedelta(days=364),
        last_day=last,
        learned="Eleven meetings, the annual plan, and the budget of the field days.",
    )


def organised(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    chapter = rng.choice(CHAPTERS)
    return cecs.Answers(
        activity=activity,
        title=f"Chapter day: {event.topic.name.lower()}",
        provider=chapter,
        level=Level.CHAPTER,
        unit=chapter,
        first_day=last,
        last_day=last,
        place=places.place(rng),
        role="Programme and speakers",
        **about(event),
    )


def volunteering(rng, event: Event, last: date, hours: int, activity: str) -> cecs.Answers:
    first, rows = days_of(event, last, hours)
    return cecs.Answers(
        activity=activity,
        title=f"Work days on {event.topic.name.lower()}",
        provider=rng.choice(CHARITIES),
        not_for_profit="yes",
        first_day=first,
        last_day=last,
        place=places.place(rng),
        admin_name=somebody(rng),
        admin_contact="office@charity.example",
        rows=rows,
        **about(event),
    )

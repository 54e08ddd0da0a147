"""What the sponsors of the demonstration offer: courses, field days, conferences, and an archive of webinars."""

import random
from dataclasses import dataclass
from datetime import time

from journals.states import Activity, Delivery
from preapprovals.states import SponsorKind
from serportal.demo.topics import BOUND, REGIONS, TOPICS, Topic

HERE, LIVE, ANY_TIME = Delivery.IN_PERSON, Delivery.ONLINE, Delivery.ON_DEMAND


@dataclass(frozen=True)
class Body:
    """A sponsor that does not exist, and what it mostly offers: forms of ``SHAPES``."""

    name: str
    kind: str
    country: str
    shapes: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """One form of offering: how it is called, its agenda as (title, from, to) on each of its days, how it is given."""

    title: str
    category: str
    delivery: str
    days: tuple[tuple[tuple[str, time, time], ...], ...]
    recurring: bool = True
    every: int = 90
    price: str = ""

    @property
    def minutes(self) -> int:
        return sum(minutes_between(start, end) for day in self.days for _what, start, end in day)


def minutes_between(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(16, 30))
FIELD_DAY = (("Reading the site", *MORNING), ("In the field", *AFTERNOON))
EVENING = (("Lecture and questions", time(18), time(19, 30)),)
SHAPES = {
    "field day": Shape("{region} {topic} field day", Activity.TRAINING, HERE, (FIELD_DAY,), every=120, price="USD 120"),
    "short course": Shape(
        "{topic} restoration in practice: short course", Activity.TRAINING, HERE, (FIELD_DAY, FIELD_DAY), every=150,
        price="USD 480",
    ),
    "webinar": Shape("{topic} evenings: live webinar", Activity.TRAINING, LIVE, (EVENING,), every=45, price="free"),
    "course": Shape(
        "Certificate module: {topic} restoration", Activity.COURSE, LIVE,
        ((("Weekly class", time(17), time(19)),),) * 6, every=170, price="EUR 900",
    ),
    "conference": Shape(
        "{region} {topic} Conference {year}", Activity.CONFERENCE, HERE,
        (
            (("Opening plenary", time(9), time(10, 30)), ("Symposia", time(11), time(17))),
            (("Field session", time(8, 30), time(12)), ("Workshops", time(13, 30), time(17))),
        ),
        recurring=False, price="USD 350",
    ),
    "self-paced": Shape(
        "{topic} restoration, step by step", Activity.TRAINING, ANY_TIME, ((("Lessons", time(9), time(13)),),),
        price="USD 60",
    ),
}  # fmt: skip
BODIES = [
    Body("Wadden Delta Academy", SponsorKind.EDUCATIONAL, "NL", ("short course", "course", "webinar")),
    Body("Kitsune River Institute", SponsorKind.NON_PROFIT, "JP", ("field day", "conference")),
    Body("Otterholt Catchment Authority", SponsorKind.GOVERNMENT, "GB", ("field day", "field day", "webinar")),
    Body("Copperleaf Consulting School", SponsorKind.FOR_PROFIT, "US", ("short course", "self-paced", "webinar")),
    Body("Saltfen Field Institute", SponsorKind.EDUCATIONAL, "MA", ("field day", "course")),
    Body("Andenwald Seed Network", SponsorKind.NON_PROFIT, "CO", ("short course", "field day", "conference")),
    Body("Mosshaven Conservancy", SponsorKind.NON_PROFIT, "NZ", ("field day", "webinar")),
    Body("Peatstone University", SponsorKind.EDUCATIONAL, "FI", ("course", "self-paced", "conference")),
    Body("Larkspur Prairie Network", SponsorKind.NON_PROFIT, "US", ("field day", "short course", "webinar")),
    Body("Mangue Vivo Brasil", SponsorKind.NON_PROFIT, "BR", ("field day", "short course")),
    Body("Yarrowfield University", SponsorKind.EDUCATIONAL, "ZA", ("course", "conference", "field day")),
    Body("Western Ghats Grassland Watch", SponsorKind.NON_PROFIT, "IN", ("field day", "webinar")),
    Body("Greywater Training", SponsorKind.FOR_PROFIT, "CA", ("self-paced", "self-paced", "short course")),
    Body("Tove Lindahl, seed ecologist", SponsorKind.INDIVIDUAL, "SE", ("field day",)),
]
SER, SER_TEXT = "Society for Ecological Restoration", "A recording from the Society’s webinar series."
HOME = Body("Alpine Seed Trust", SponsorKind.NON_PROFIT, "GB", ())

WEBINARS = [
    "{topic}: what ten years of monitoring taught us",
    "{topic} restoration and the people who live there",
    "Standards of practice for {topic} projects",
    "{topic}: reading failure honestly",
    "Funding {topic} restoration for the second decade",
    "Talking with landowners about {topic}",
    "{topic} from source to sea",
    "A practitioner’s notebook: {topic}",
]


def region_of(rng: random.Random, topic: Topic) -> str:
    return rng.choice(BOUND[topic.name].split("|") if topic.name in BOUND else REGIONS)


def subjects(rng: random.Random):
    """Yield topics without end, each once before any comes again."""
    while True:
        yield from rng.sample(TOPICS, k=len(TOPICS))


def objectives(topic: Topic) -> str:
    """Return what people can do after a course on ``topic``, one a line."""
    subject = topic.name.lower()
    return "\n".join(
        [
            f"Say what makes {subject} projects last, and what makes them fail.",
            "Choose between the methods shown for a site of your own, and give the reasons.",
            "Set up monitoring that another team can carry on.",
        ]
    )

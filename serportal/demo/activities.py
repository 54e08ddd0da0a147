"""Lines of an earlier journal: for each activity a description, its credits and the sentence that reaches them."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from journals.states import Activity
from serportal.demo.topics import draw_event
from serportal.ui.words import number

CAP = Decimal(10)
VOLUNTEER_CAP = Decimal(5)
SUBJECTS = """eelgrass from seed|peat hydrology|seed mixes for dikes|tidal creek design|fire-adapted pine|oyster reefs|
direct seeding in drylands|reference ecosystems|vegetation sampling|large wood in rivers|grazing after sowing|
mycorrhiza in mine soils|coral gardening|drone surveys|writing a restoration plan|consent of landholders|
native seed storage|floodplain reconnection|weed control on dunes|soil salinity|bog pine thinning|
kelp transplanting|restoration budgets|community stewardship|eDNA in streams""".replace("\n", "").split("|")
CHARITIES = ["Dollard Marsh Trust", "Friends of Otterholt Creek", "Larkspur Prairie Volunteers", "Saltfen Bird Reserve",
             "Thornwick Seed Library", "Marrowdale Youth Corps"]  # fmt: skip


@dataclass(frozen=True)
class Done:
    """One activity as an earlier journal holds it."""

    activity: Activity
    description: str
    credits: Decimal
    sentence: str


def training(rng: random.Random, day: date) -> Done:
    quarters = rng.choice([4, 4, 4, 4, 4, 4, 5, 6, 6, 8, 12, 13])
    credits = Decimal(quarters) / 4
    start = {4: "Webinar:", 5: "Webinar:", 6: "Webinar:", 8: "Field tour:", 12: "Workshop on"}.get(
        quarters, "Short course on"
    )
    return Done(
        Activity.TRAINING, f"{start} {rng.choice(SUBJECTS)}", credits, f"{spoken(quarters * 15)} = {number(credits)}."
    )


def spoken(minutes: int) -> str:
    """“90 minutes”, “1 hour”, “6 hours 30 minutes”."""
    hours, rest = divmod(minutes, 60)
    if minutes < 120 and rest:
        return f"{minutes} minutes"
    text = "1 hour" if hours == 1 else f"{hours} hours"
    return f"{text} {rest} minutes" if rest else text


def conference(rng: random.Random, day: date) -> Done:
    hours = Decimal(rng.choice([2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 21]))
    credits = hours / 2
    text = f"{hours} hours ÷ 2 = {number(credits)}"
    if credits > CAP:
        credits, text = CAP, f"{text}; a single event counts at most {number(CAP)}"
    return Done(Activity.CONFERENCE, draw_event(rng, day.year).title, credits, f"{text}.")


def course(rng: random.Random, day: date) -> Done:
    hours = rng.choice([3, 4, 6, 14])
    credits = min(Decimal(hours), CAP)
    cut = f"; a single event counts at most {number(CAP)}" if hours > CAP else ""
    return Done(
        Activity.COURSE,
        f"University course: {rng.choice(SUBJECTS)}",
        credits,
        f"{hours} classroom hours = {hours}{cut}.",
    )


def instruction(rng: random.Random, day: date) -> Done:
    hours = rng.choice([1, 1, 2, 3])
    text = f"{hours} {'hour' if hours == 1 else 'hours'} of instruction = {hours}."
    return Done(Activity.INSTRUCTION, f"Taught a workshop on {rng.choice(SUBJECTS)}", Decimal(hours), text)


def _each(activity: Activity, what: str, credits: int) -> Callable[[random.Random, date], Done]:
    said = {
        Activity.BOOK: "One book",
        Activity.CHAPTER: "One book chapter",
        Activity.PAPER: "One peer-reviewed paper",
        Activity.MATERIAL: "One item",
        Activity.EVENT: "One event",
    }[activity]
    return lambda rng, day: Done(activity, f"{what} {rng.choice(SUBJECTS)}", Decimal(credits), f"{said} = {credits}.")


def volunteering(rng: random.Random, left: Decimal) -> Done | None:
    """Draw a day of volunteering while the period has something ``left`` of its five credits (R-VOL)."""
    hours = rng.choice([2, 3, 3, 4, 4, 6, 8])
    credits = Decimal(hours) / 4
    if credits > left:
        return None
    so_far = number(VOLUNTEER_CAP - left + credits)
    text = f"{hours} contact hours ÷ 4 = {number(credits)}. Volunteering so far in this period: {so_far} of 5."
    return Done(Activity.VOLUNTEERING, f"Volunteering for {rng.choice(CHARITIES)}", credits, text)


def service(board: bool, day: date) -> Done:
    """A year of board or committee service, which ends on its last day (R-ROLE)."""
    if board:
        return Done(Activity.BOARD, f"Chapter board, service year {day.year}", Decimal(5), "Board member = 5 a year.")
    return Done(
        Activity.COMMITTEE, f"Chapter committee, service year {day.year}", Decimal(3), "Committee member = 3 a year."
    )


DRAWN: list[tuple[Callable[[random.Random, date], Done], float]] = [
    (training, 62),
    (conference, 9),
    (course, 1),
    (instruction, 7),
    (_each(Activity.MATERIAL, "Field guide:", 1), 7),
    (_each(Activity.PAPER, "Paper on", 5), 0.4),
    (_each(Activity.CHAPTER, "Chapter on", 5), 0.3),
    (_each(Activity.BOOK, "Book:", 10), 0.15),
    (_each(Activity.EVENT, "Organised a chapter evening on", 2), 1.5),
]
MAKERS = [maker for maker, _weight in DRAWN]
WEIGHTS = [weight for _maker, weight in DRAWN]
VOLUNTEERS = 0.07


def draw(rng: random.Random, day: date, volunteering_left: Decimal) -> Done:
    """Draw what someone did on ``day``."""
    if rng.random() < VOLUNTEERS:
        done = volunteering(rng, volunteering_left)
        if done is not None:
            return done
    return rng.choices(MAKERS, WEIGHTS)[0](rng, day)

"""What each line of a list of attendees says, and what is wrong with it (R-SPO-4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from preapprovals.rules import cells
from preapprovals.rules.columns import Meaning
from preapprovals.rules.names import mailbox, near, words_of

M = Meaning
MOST_ROWS = 5000
# Names that share a word with so many others are compared with none of them: it says nothing.
MOST_NAMESAKES = 40


@dataclass(frozen=True)
class Event:
    """What of the date that a list is about its lines are measured by.

    ``minutes`` is the contact time of the agenda, None where nobody worked it out. ``own_days`` says that everyone
    completes it on a day of their own, within its days and not after ``today``.
    """

    first: date
    last: date
    minutes: int | None
    own_days: bool
    today: date


@dataclass(frozen=True)
class Line:
    """What one line says, read."""

    name: str
    email: str
    certificate: str
    minutes: int | None
    grade: str
    day: date | None


@dataclass(frozen=True)
class Problem:
    """What is wrong in one column of a line. ``doubt`` is a question, to which “it is right” is an answer."""

    column: Meaning
    code: str
    told: str = ""
    doubt: bool = False


def read_line(said: Mapping[str, str], event: Event, mapping: Mapping[str, int]) -> tuple[Line, list[Problem]]:
    """Return what a line says, and all that is wrong with it by itself."""
    text = {meaning: said.get(meaning.value, "") for meaning in Meaning}
    broken = [meaning for meaning, told in text.items() if told[:1] == "=" or told.casefold() in cells.ERRORS]
    problems = [Problem(meaning, "formula", text[meaning]) for meaning in broken]
    if problems:
        return Line("", "", "", None, "", None), problems
    email, certificate = cells.address_in(text[M.EMAIL]), cells.certificate_in(text[M.CERTIFICATE])
    if not text[M.NAME] or not words_of(text[M.NAME]):
        problems.append(Problem(M.NAME, "no-name"))
    elif len(text[M.NAME]) > 200 or "@" in text[M.NAME]:
        problems.append(Problem(M.NAME, "odd-name"))
    if text[M.EMAIL] and not email:
        problems.append(Problem(M.EMAIL, "odd-email", text[M.EMAIL]))
    elif not text[M.EMAIL] and not text[M.CERTIFICATE]:
        problems.append(Problem(M.EMAIL, "no-email"))
    if text[M.CERTIFICATE] and not certificate:
        problems.append(Problem(M.CERTIFICATE, "odd-certificate", text[M.CERTIFICATE]))
    done = cells.completed(text[M.COMPLETED])
    if M.COMPLETED.value in mapping or text[M.COMPLETED]:
        if done is None and text[M.COMPLETED]:
            problems.append(Problem(M.COMPLETED, "odd-completed", text[M.COMPLETED]))
        elif not done:
            problems.append(Problem(M.COMPLETED, "not-completed"))
    minutes, wrong = _attended(text[M.HOURS], event, timed={"hours", "minutes"} & set(mapping), done=done)
    day, late = _completed_on(text[M.DAY], event)
    problems += [one for one in (wrong, late) if one]
    return Line(text[M.NAME], email, certificate, minutes, text[M.GRADE][:20], day), problems


def _attended(text: str, event: Event, *, timed, done: bool | None) -> tuple[int | None, Problem | None]:
    """Return the minutes of one attendee: those that are told, or the whole where nobody says otherwise."""
    if not text:
        if event.minutes is None or (timed and not done):
            return None, Problem(M.HOURS, "no-hours")
        return event.minutes, None
    minutes = cells.minutes_in(text)
    if minutes is None:
        return None, Problem(M.HOURS, "odd-hours", text)
    if minutes == 0:
        return None, Problem(M.HOURS, "zero-hours")
    most = event.minutes if event.minutes is not None else ((event.last - event.first).days + 1) * 24 * 60
    return minutes, Problem(M.HOURS, "too-many-hours", text) if minutes > most else None


def _completed_on(text: str, event: Event) -> tuple[date | None, Problem | None]:
    if not event.own_days:
        return None, None
    day = cells.day_in(text)
    if not text:
        return None, Problem(M.DAY, "no-day")
    if day is None:
        return None, Problem(M.DAY, "odd-day", text)
    return day, None if event.first <= day <= min(event.last, event.today) else Problem(M.DAY, "other-day", text)


def twins(lines: Iterable[tuple[int, Line]]) -> dict[int, Problem]:
    """Return what is wrong with lines beside one another: somebody is there twice, or under two spellings.

    ``lines`` are (number, line); the first of several is right, and the problem of each other one tells its number.
    """
    found: dict[int, Problem] = {}
    addresses: dict[str, tuple[int, Line]] = {}
    numbers: dict[str, int] = {}
    namesakes: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, line in lines:
        problem = _same_as_earlier(line, addresses, numbers) or _spelt_like(line, namesakes)
        if problem:
            found[number] = problem
        for key in {line.email, mailbox(line.email)} - {"", "@"}:
            addresses.setdefault(key, (number, line))
        if line.certificate:
            numbers.setdefault(line.certificate, number)
        for word in words_of(line.name):
            namesakes[word].append((number, line))
    return found


def _same_as_earlier(line: Line, addresses: dict, numbers: dict) -> Problem | None:
    if line.certificate in numbers:
        return Problem(M.CERTIFICATE, "twice", str(numbers[line.certificate]))
    known = addresses.get(line.email) if line.email else None
    if known:
        code = "twice" if near(line.name, known[1].name) else "one-address"
        return Problem(M.EMAIL, code, str(known[0]))
    known = addresses.get(mailbox(line.email)) if line.email else None
    return Problem(M.EMAIL, "like-address", str(known[0]), doubt=True) if known else None


def _spelt_like(line: Line, namesakes: dict) -> Problem | None:
    near_words = [word for word in words_of(line.name) if len(namesakes.get(word, ())) <= MOST_NAMESAKES]
    for word in near_words:
        for number, other in namesakes.get(word, ()):
            if near(line.name, other.name):
                return Problem(M.NAME, "like-name", str(number), doubt=True)
    return None

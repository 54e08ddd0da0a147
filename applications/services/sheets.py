"""Both sheets of an application, from what was typed: rows that cannot be read yet count nothing."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from applications import answers, asks, rules
from applications.models import Criteria
from applications.states import Area, Part, Phase, Unit
from serportal.ui.asks import parse_day
from serportal.ui.forms import read_hours

MOST_CREDITS = Decimal(100)


def knowledge_of(content: dict, criteria: Criteria) -> rules.Sheet:
    """Return the knowledge base of ``content``, area by area (R-APP-4); courses that were not passed count nothing."""
    courses = [course for row in content.get("course", []) if (course := _course(row)) is not None]
    prior = [claim for row in content.get("prior", []) if (claim := _prior(row)) is not None]
    return rules.sheet(criteria.least(), courses, prior)


def experience_of(content: dict, criteria: Criteria, today: date) -> rules.Experience:
    """Return months, projects and phases of ``content`` (R-APP-5); a job without a last day goes on ``today``."""
    jobs = [job for row in content.get("job", []) if (job := _job(row, today)) is not None]
    projects = [_project(row) for row in content.get("project", []) if row.get("title")]
    return rules.experience(criteria.demands(), jobs, projects)


def stored(sheet: rules.Sheet | rules.Experience) -> dict:
    """Return a sheet as JSON, exact to the last digit; ``restored`` gives it back."""
    if isinstance(sheet, rules.Sheet):
        lines = [
            {
                "area": str(line.area),
                "part": str(line.part or ""),
                **{name: str(getattr(line, name)) for name in ("courses", "prior", "least", "missing")},
            }
            for line in sheet.lines
        ]
        return {"lines": lines, "estimated": sheet.estimated}
    return {
        "months": str(sheet.months),
        "halved": sheet.halved,
        "projects": sheet.projects,
        "phases": sorted(sheet.phases),
        "demands": {"months": sheet.demands.months, "projects": sheet.demands.projects},
    }


def restored(data: dict) -> rules.Sheet | rules.Experience | None:
    """Return the sheet that ``stored`` made ``data`` of; None where there is none."""
    if "lines" in data:
        lines = [
            rules.Line(
                Area(line["area"]),
                Part(line["part"]) if line["part"] else None,
                *(Decimal(line[name]) for name in ("courses", "prior", "least", "missing")),
            )
            for line in data["lines"]
        ]
        return rules.Sheet(tuple(lines), data["estimated"])
    if "months" in data:
        return rules.Experience(
            months=Fraction(data["months"]),
            halved=data["halved"],
            projects=data["projects"],
            phases=frozenset(Phase(phase) for phase in data["phases"]),
            demands=rules.Demands(**data["demands"]),
        )
    return None


def _credits(text) -> Decimal | None:
    credits = read_hours(text or "")
    return credits if credits is not None and 0 < credits <= MOST_CREDITS else None


def _course(row: dict) -> rules.Course | None:
    credits = _credits(row.get("credits"))
    if credits is None or row.get("unit") not in Unit.values:
        return None
    values = {name: row.get(name) for name in ("area1", "area2", "area3")}
    typed = {f"credits{n}": _credits(row.get(f"credits{n}")) for n in asks.SHARES if row.get(f"credits{n}")}
    if None in typed.values():
        return None
    shares = [share for _number, share in answers.shares_of({**values, **typed, "credits": credits})]
    course = rules.Course(Unit(row["unit"]), credits, shares, passed=row.get("passed") == asks.YES)
    return course if shares and rules.shares_problem(course) is None else None


def _prior(row: dict) -> rules.Prior | None:
    named, credits = asks.area_of(row.get("area")), _credits(row.get("credits"))
    return rules.Prior(named[0], credits, named[1]) if named and credits else None


def _job(row: dict, today: date) -> rules.Job | None:
    first, typed = parse_day(row.get("first_day")), row.get("last_day")
    last = parse_day(typed) if typed else today
    hours, percent = read_hours(row.get("weekly_hours") or ""), read_hours(row.get("restoration") or "")
    if first is None or last is None or hours is None or percent is None:
        return None
    last = min(last, today)
    if not first <= last or not 0 < hours <= asks.MOST_HOURS or percent > 100 or percent % 1:
        return None
    return rules.Job(first, last, hours, int(percent))


def _project(row: dict) -> rules.Project:
    return rules.Project(frozenset(Phase(phase) for phase in row.get("phases") or () if phase in Phase.values))

"""The rows of planned activities, read from the address: what is wrong is said at its field and stays typed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cecs.rules import EARLIEST, MOST_HOURS
from journals.services import Rows
from journals.states import SERVICE, Activity, Level
from preapprovals.models import Occurrence
from serportal.home.plan.sandbox import Planned, counted_by_hours, on_demand
from serportal.ui.asks import DayField, NumberField
from serportal.ui.forms import PlainTextField, PortalForm
from serportal.ui.words import day_text, span_text

MOST_ROWS = 8  # the address of a page may be no longer than some 4,000 signs
PARTS = ("listed", "activity", "day", "hours", "event", "level")


class FeedForm(PortalForm):
    """What is to be done with the address of one’s calendar of deadlines."""

    act = forms.ChoiceField(choices=[("open", "open"), ("renew", "renew"), ("close", "close")])


@dataclass(frozen=True)
class Row:
    """One row as the page shows it: its fields, and the listed date that it stands for, if it does."""

    number: int
    fields: dict
    run: Occurrence | None
    listed: str

    @property
    def by_day(self) -> bool:
        """Whether its day is typed: of a date of the list it is known."""
        return self.run is None or on_demand(self.run)


class PlanForm(PortalForm):
    """Planned activities by the names of their fields: “day-0” is the day of the first row.

    ``rows`` are those that hold anything, as typed. ``runs`` are the dates and the times on demand that they may name,
    by their keys; ``dated`` is what the schedule says on which day.
    """

    def __init__(self, rows: Sequence[Mapping[str, str]], *, runs: Mapping[str, Occurrence], dated: Rows):
        super().__init__(as_fields(rows))
        self.raw, self.runs, self.dated = rows, runs, dated
        for number, row in enumerate(self._with_blank()):
            self._add_fields(number, row)

    def _with_blank(self) -> list[Mapping[str, str]]:
        """Return the rows with an empty one to type the next into, while there is room."""
        return [*self.raw, *([] if self.full else [{}])]

    def _add_fields(self, number: int, row: dict) -> None:
        names = {"n": number + 1}
        day_words = {
            "required": _("The day is missing in row {n}. Choose the day on which it would be complete.").format(
                **names
            ),
            "invalid": _("The day in row {n} is no date we can use. Write it as 2027-03-14.").format(**names),
        }
        self.fields[f"day-{number}"] = DayField(
            label=gettext_lazy("Complete on"), earliest=EARLIEST, error_messages=day_words, required=False
        )
        if row.get("listed"):
            return
        self.fields[f"activity-{number}"] = forms.ChoiceField(
            label=gettext_lazy("What"),
            choices=[("", gettext_lazy("Choose")), *Activity.choices],
            required=False,
            error_messages={"invalid_choice": self._nothing_chosen(number)},
        )
        hours_words = _("The hours in row {n} are no number we can read, up to {most}. Write them like this: 6.5")
        self.fields[f"hours-{number}"] = NumberField(
            label=gettext_lazy("Hours"),
            most=MOST_HOURS,
            required=False,
            error_messages={"invalid": hours_words.format(most=MOST_HOURS, **names)},
        )
        self.fields[f"event-{number}"] = PlainTextField(
            label=gettext_lazy("Event, chapter or title"), max_length=60, required=False
        )
        level_words = _("Where you would serve, in row {n}, is none of the three. Choose one.").format(**names)
        self.fields[f"level-{number}"] = forms.ChoiceField(
            label=gettext_lazy("Of whom"),
            choices=[("", gettext_lazy("Choose")), *Level.choices],
            required=False,
            error_messages={"invalid_choice": level_words},
        )

    def clean(self):
        for number, row in enumerate(self.raw):
            if row.get("listed"):
                self._clean_listed(number, row)
            else:
                self._clean_typed(number)
        return self.cleaned_data

    def _clean_listed(self, number: int, row: dict) -> None:
        run, day = self.runs.get(row["listed"]), self.cleaned_data.get(f"day-{number}")
        if run is None:
            sentence = _("What row {n} names is no longer on the list of courses. Take the row out.")
            self.add_error(f"day-{number}", sentence.format(n=number + 1))
        elif on_demand(run) and f"day-{number}" not in self.errors:
            self._clean_on_demand(number, run, day)

    def _clean_on_demand(self, number: int, run: Occurrence, day: date | None) -> None:
        if day is None:
            self._missing_day(number)
        elif not run.first_day <= day <= run.last_day:
            sentence = _("Its approval holds {span}, and {day} is not within it. Choose a day of these.")
            span = span_text(run.first_day, run.last_day)
            self.add_error(f"day-{number}", sentence.format(span=span, day=day_text(day)))

    def _nothing_chosen(self, number: int) -> str:
        return _("Nothing on the list is chosen in row {n}. Choose what you plan.").format(n=number + 1)

    def _missing_day(self, number: int) -> None:
        self.add_error(f"day-{number}", self.fields[f"day-{number}"].error_messages["required"])

    def _clean_typed(self, number: int) -> None:
        data, at = self.cleaned_data, {"n": number + 1}
        activity, day, hours = (data.get(f"{part}-{number}") for part in ("activity", "day", "hours"))
        if day is None and f"day-{number}" not in self.errors:
            self._missing_day(number)
        if not activity:
            if f"activity-{number}" not in self.errors:
                self.add_error(f"activity-{number}", self._nothing_chosen(number))
            return
        if activity in SERVICE and not data.get(f"level-{number}") and f"level-{number}" not in self.errors:
            sentence = _("Nothing says where you would serve, in row {n}. Choose SER itself, a section or a chapter.")
            self.add_error(f"level-{number}", sentence.format(**at))
        if f"hours-{number}" in self.errors or day is None:
            return
        by_hours = counted_by_hours(activity, day, self.dated)
        if by_hours and not hours:
            sentence = _("The hours in row {n} are missing. Count only what would be taught or done, without breaks.")
            self.add_error(f"hours-{number}", sentence.format(**at))
        elif hours and not by_hours:
            sentence = _("What row {n} plans counts one by one, not by hours. Empty its hours.")
            self.add_error(f"hours-{number}", sentence.format(**at))

    def planned(self) -> list[Planned]:
        """Return the rows that can be worked out; those with something to mend wait."""
        self.is_valid()
        return [self._planned(number) for number in range(len(self.raw)) if self._is_whole(number)]

    def _is_whole(self, number: int) -> bool:
        return not any(f"{part}-{number}" in self.errors for part in PARTS)

    def _planned(self, number: int) -> Planned:
        data, run = self.cleaned_data, self.runs.get(self.raw[number].get("listed"))
        day = data.get(f"day-{number}")
        if run is not None:
            return Planned(number, run.offering.category, day if on_demand(run) else run.last_day, run=run)
        hours, event, level = (data.get(f"{part}-{number}") for part in ("hours", "event", "level"))
        return Planned(number, data[f"activity-{number}"], day, hours, event or "", level or "")

    @cached_property
    def shown(self) -> list[Row]:
        """The rows with their fields."""
        return [
            Row(
                number,
                {part: self[f"{part}-{number}"] for part in PARTS if f"{part}-{number}" in self.fields},
                self.runs.get(row.get("listed")),
                row.get("listed", ""),
            )
            for number, row in enumerate(self._with_blank())
        ]

    @property
    def filled(self) -> range:
        """The numbers of the rows that hold something."""
        return range(len(self.raw))

    @property
    def address(self) -> str:
        """The rows as the query of an address."""
        return address_of(self.raw)

    @property
    def full(self) -> bool:
        return len(self.raw) == MOST_ROWS


def typed_rows(data: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows that hold anything, as typed; beyond the eighth none is read."""
    rows = []
    for number in range(MOST_ROWS):
        row = {part: data.get(f"{part}-{number}", "").strip()[:200] for part in PARTS}
        if any(row[part] for part in PARTS if part != "level"):
            rows.append({part: text for part, text in row.items() if text})
    return rows


def as_fields(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {f"{part}-{number}": text for number, row in enumerate(rows) for part, text in row.items()}


def address_of(rows: Iterable[Mapping[str, str]]) -> str:
    """Return ``rows`` as the query of an address."""
    return urlencode(as_fields(rows))

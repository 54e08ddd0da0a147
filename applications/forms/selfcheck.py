"""The eligibility self-check: everything may stay empty, and nothing of it is stored."""

from decimal import Decimal

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.selfcheck import FULL_WEEK, Spell
from applications.states import PARTS, Area, Phase, Unit
from serportal.ui.asks import NumberField
from serportal.ui.forms import PortalForm

JOBS = 2
MOST_JOBS = 12
MOST_MONTHS, MOST_HOURS, MOST_PROJECTS, MOST_CREDITS = 600, 80, 200, 500
UNITS = [(unit.value, unit.label) for unit in (Unit.SEMESTER, Unit.QUARTER)]


def figure(label, most: int, *, whole: bool = False) -> NumberField:
    """A number that may stay empty; what cannot be read is answered with a sentence that names the field."""
    text = (
        _("{label}: write a whole number from 0 to {most}.")
        if whole
        else _("{label}: write a number from 0 to {most}.")
    )
    field = NumberField(
        most=Decimal(most),
        label=label,
        required=False,
        error_messages={"invalid": text.format(label=label, most=most)},
    )
    field.whole = whole
    return field


class SelfCheckForm(PortalForm):
    """Credits by area and part, jobs one after another, projects and their phases (R-APP-4, R-APP-5)."""

    unit = forms.ChoiceField(
        label=gettext_lazy("My credits are"),
        choices=UNITS,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("My credits are: choose semester or quarter credits.")},
    )
    phases = forms.MultipleChoiceField(
        label=gettext_lazy("Phases that you have worked in"),
        choices=Phase.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Phases: choose from the list.")},
    )

    def __init__(self, data=None, *, jobs: int = JOBS):
        super().__init__(data)
        self.jobs = jobs
        for area in Area:
            self.fields[area] = figure(area.label.capitalize(), MOST_CREDITS)
            for part in PARTS[area]:
                self.fields[part] = figure(_("Of these in {part}").format(part=part.label), MOST_CREDITS)
        for n in range(1, jobs + 1):
            self.fields[f"months-{n}"] = figure(_("Job {n}, months").format(n=n), MOST_MONTHS, whole=True)
            self.fields[f"hours-{n}"] = figure(_("Job {n}, hours a week").format(n=n), MOST_HOURS)
            label = _("Job {n}, percent restoration").format(n=n)
            self.fields[f"percent-{n}"] = figure(label, 100, whole=True)
        self.fields["projects"] = figure(_("Projects"), MOST_PROJECTS, whole=True)
        self.order_fields(["unit", *(name for name in self.fields if name not in {"unit", "phases"}), "phases"])

    @cached_property
    def areas(self) -> list[tuple]:
        """Return (the field of an area, the fields of its parts) in the order of the sheet."""
        return [(self[area], [self[part] for part in PARTS[area]]) for area in Area]

    @cached_property
    def job_rows(self) -> list[tuple]:
        names = ("months", "hours", "percent")
        return [(n, [self[f"{name}-{n}"] for name in names]) for n in range(1, self.jobs + 1)]

    @property
    def may_grow(self) -> bool:
        return self.jobs < MOST_JOBS

    def clean(self):
        data = super().clean()
        for name, field in self.fields.items():
            if getattr(field, "whole", False) and data.get(name) is not None and data[name] % 1:
                self.add_error(name, field.error_messages["invalid"])
        for area in Area:
            self._check_parts(area, data)
        for n in range(1, self.jobs + 1):
            self._check_job(n, data)
        if data.get("phases") and "projects" in data and not data["projects"]:
            self.add_error("projects", _("Projects: you chose phases, so write in how many projects you worked."))
        return data

    def _check_parts(self, area: Area, data: dict) -> None:
        parts = sum((data.get(part) or Decimal(0) for part in PARTS[area]), Decimal(0))
        if area in data and parts > (data[area] or 0):
            text = _("{area}: its parts have more credits than the whole area. Raise it, or lower a part.")
            self.add_error(area, text.format(area=area.label.capitalize()))

    def _check_job(self, n: int, data: dict) -> None:
        if not data.get(f"months-{n}"):
            return
        name = f"percent-{n}"
        if name in data and data[name] is None:
            self.add_error(name, _("Job {n}: write how many percent of your time was restoration.").format(n=n))

    def credits(self) -> dict[str, Decimal]:
        return {name: self.cleaned_data[name] for area in Area for name in (area, *PARTS[area])}

    def unit_chosen(self) -> Unit:
        return Unit(self.cleaned_data["unit"] or Unit.SEMESTER)

    def spells(self) -> list[Spell]:
        """Return the jobs that have months; without hours a week they are full time."""
        found = []
        for n in range(1, self.jobs + 1):
            months, hours, percent = (self.cleaned_data[f"{name}-{n}"] for name in ("months", "hours", "percent"))
            if months:
                found.append(Spell(int(months), FULL_WEEK if hours is None else hours, int(percent)))
        return found

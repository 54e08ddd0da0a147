"""What a dated row changes, in sentences: for the coordinator before it is stored, for everybody once it is."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from serportal.ui.words import number

DatedRow = ScheduleRow | PolicyRow | KnowledgeArea

FIGURES = {
    "event_cap": gettext_lazy("A single event counts at most {new} credits instead of {old}."),
    "volunteer_cap": gettext_lazy("Volunteering counts at most {new} credits in a period instead of {old}."),
    "least_minutes": gettext_lazy("An activity needs at least {new} minutes of contact instead of {old}."),
    "least_months": gettext_lazy("A year of service needs at least {new} months instead of {old}."),
    "step": gettext_lazy("Credits are rounded down to steps of {new} instead of {old}."),
    "period_credits": gettext_lazy("A period needs {new} credits instead of {old}, periods that run then included."),
    "year_credits": gettext_lazy("Each year needs {new} credits instead of {old}, years that run then included."),
    "uploads_a_year": gettext_lazy("Approved credits are uploaded {new} times a year instead of {old}."),
}
SWITCHES = {
    ("upload_waits", True): gettext_lazy("An upload waits for the coordinator’s release."),
    ("upload_waits", False): gettext_lazy("An upload posts on its day by itself."),
    ("second_person", True): gettext_lazy("Whoever prepared an upload cannot release it; a second person does."),
    ("second_person", False): gettext_lazy("Whoever prepared an upload may release it."),
    ("whole_numbers", True): gettext_lazy("Exports carry quarters of a credit to the member’s next export."),
    ("whole_numbers", False): gettext_lazy("Exports tell quarters of a credit as they are."),
}


def changes(before: DatedRow | None, after: DatedRow, *, public: bool = False) -> list[str]:
    """Say what ``after`` changes of what ``before`` says; ``public`` leaves out what is nobody’s business outside."""
    say = {ScheduleRow: _schedule, PolicyRow: _policy, KnowledgeArea: _area}[type(after)]
    return list(say(before, after, public))


def announced(later: Iterable[tuple[DatedRow | None, DatedRow]]) -> list[tuple[date, list[str]]]:
    """Return (from when, what changes) for each of the rows that are stored for later days."""
    return [(row.effective_from, changes(before, row, public=True)) for before, row in later]


def _schedule(before: ScheduleRow, after: ScheduleRow, public: bool) -> Iterator[str]:
    activity = after.get_activity_display()
    if after.worth() != before.worth():
        text = _("{activity}: {new} instead of {old}.")
        yield text.format(activity=activity, new=after.worth(), old=before.worth())
    if after.pre_approvable != before.pre_approvable:
        can, cannot = _("{activity}: can be pre-approved."), _("{activity}: can no longer be pre-approved.")
        yield (can if after.pre_approvable else cannot).format(activity=activity)


def _policy(before: PolicyRow, after: PolicyRow, public: bool) -> Iterator[str]:
    for name, text in FIGURES.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield str(text).format(old=number(old), new=number(new))
    for (name, value), text in SWITCHES.items():
        if not public and getattr(after, name) == value != getattr(before, name):
            yield str(text)


def _area(before: KnowledgeArea | None, after: KnowledgeArea, public: bool) -> Iterator[str]:
    if before is None:
        yield _("A new knowledge area: “{new}”.").format(new=after.name)
        return
    if after.name != before.name:
        yield _("The knowledge area “{old}” is called “{new}”.").format(old=before.name, new=after.name)
    if after.offered != before.offered:
        can, cannot = _("“{name}” can be chosen again."), _("“{name}” can no longer be chosen.")
        yield (can if after.offered else cannot).format(name=after.name)
    if after.place != before.place and not public:
        text = _("“{name}” stands at place {new} of the list instead of {old}.")
        yield text.format(name=after.name, new=after.place, old=before.place)

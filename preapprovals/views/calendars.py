"""The calendar of courses: a month, a list of dates, and what calendar programs follow."""

import calendar
import re
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.decorators import method_decorator
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from journals.services import areas_on
from preapprovals.forms.courses import FindForm
from preapprovals.freshness import followed, revalidated
from preapprovals.icalendars import calendar as as_calendar
from preapprovals.listing import Run
from preapprovals.models import Occurrence
from preapprovals.rules import Asked
from preapprovals.views.courses import LAST_PAGE, find_form, open_to_all, page_number
from serportal.ui.words import programme_day

A_DAY = 4
A_MONTH = 100
A_PAGE = 50
YEARS = 5
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])(?:-|$)")
ICS = "text/calendar; charset=utf-8"


@method_decorator([*open_to_all, revalidated], name="dispatch")
class CalendarView(TemplateView):
    """Dates of what is on the list: one month as a table and a list, or everything from a day on as a list."""

    template_name = "preapprovals/courses/calendar.html"

    def get_context_data(self, **kwargs):
        today = programme_day()
        made = self.listed(today) if self.request.GET.get("view") == "list" else self.month(today)
        file = settings.SITE_URL + reverse("courses:file") + made["form"].address(sort=None)
        return super().get_context_data(today=today, file=file, **made, **kwargs)

    def listed(self, today: date) -> dict:
        """Dates from today, or from the day asked for, page by page."""
        form = find_form(self.request, today, view="list")
        page = page_number(self.request)
        skipped = (page - 1) * A_PAGE
        rows = Occurrence.objects.public(today).dated(form.asked).filter(last_day__gte=form.asked.first or today)
        found = list(rows[skipped : skipped + A_PAGE + 1])
        more = len(found) > A_PAGE and page < LAST_PAGE
        return {
            "form": form,
            "dates": [(one, Run.of(one)) for one in found[:A_PAGE]],
            "before": form.here(page=page - 1) if page > 1 else "",
            "after": form.here(page=page + 1) if more else "",
            "table": form.here(view=None),
        }

    def month(self, today: date) -> dict:
        """The dates that touch one month; the days a person asked for only say which month comes first."""
        first = self.first_of_month(today)
        form = find_form(self.request, today, month=f"{first:%Y-%m}", first=None, last=None)
        last, before, after = following(first) - timedelta(days=1), following(first, -1), following(first)
        rows = Occurrence.objects.public(today).dated(replace(form.asked, first=first, last=last))
        found = [(one, Run.of(one)) for one in rows]
        return {
            "form": form,
            "month": month_text(first),
            "weekdays": [WEEKDAYS[day] for day in weekday_order()],
            "weeks": weeks_of(first, found),
            "dates": found[:A_MONTH],
            "rest": max(0, len(found) - A_MONTH),
            "list_of_month": form.here(view="list", month=None, first=first.isoformat(), last=last.isoformat()),
            "list": form.here(view="list", month=None),
            "before": form.here(month=f"{before:%Y-%m}") if near(before, today) else "",
            "before_name": month_text(before),
            "after": form.here(month=f"{after:%Y-%m}") if near(after, today) else "",
            "after_name": month_text(after),
        }

    def first_of_month(self, today: date) -> date:
        asked = (self.request.GET.get(name, "") for name in ("month", "first"))
        return next(filter(None, (read_month(text, today) for text in asked)), today.replace(day=1))


def read_month(text: str, today: date) -> date | None:
    """Return the first day of the month of “2027-03” or “2027-03-14”; None for anything else, or too far away."""
    found = MONTH.match(text)
    first = date(int(found[1]), int(found[2]), 1) if found else None
    return first if first and near(first, today) else None


def near(first: date, today: date) -> bool:
    return abs(first.year - today.year) <= YEARS


def month_text(first: date) -> str:
    return date_format(first, "F Y")


def following(first: date, months: int = 1) -> date:
    """Return the first day of a month so many months on."""
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


def weekday_order() -> list[int]:
    """Return the days of a week, Monday as 0, from the one on which the reader’s week begins."""
    begins = (get_format("FIRST_DAY_OF_WEEK") - 1) % 7
    return [(begins + n) % 7 for n in range(7)]


def weeks_of(first: date, found) -> list[list[dict | None]]:
    """Return the weeks of a month; each day of it with what is on, at most four by name, and how many more."""
    weeks = calendar.Calendar(weekday_order()[0]).monthdatescalendar(first.year, first.month)
    on = {day: [] for week in weeks for day in week if day.month == first.month}
    for one, run in found:
        day = max(run.first_day, first)
        while day <= run.last_day and day in on:
            on[day].append((one, run))
            day += timedelta(days=1)
    return [
        [
            {"day": day, "on": on[day][:A_DAY], "more": max(0, len(on[day]) - A_DAY)} if day in on else None
            for day in week
        ]
        for week in weeks
    ]


@method_decorator([*open_to_all, followed], name="dispatch")
class CalendarFileView(View):
    """Every date that ``followed`` tells of, narrowed by the same address as the list."""

    def get(self, request):
        today = programme_day()
        form = FindForm(request.GET, areas=areas_on(today))
        rows = Occurrence.objects.followed(form.asked, today)
        words = ", ".join(said for said, _query in form.narrowed())
        name = _("SER courses: {words}").format(words=words) if words else _("SER courses")
        return as_file(as_calendar(rows, name=name, day=today), "ser-courses")


@method_decorator([*open_to_all, followed], name="dispatch")
class CourseFileView(View):
    """The dates of one offering. Who follows one that was terminated is still told that its dates are off."""

    def get(self, request, pk):
        today = programme_day()
        rows = list(Occurrence.objects.followed(Asked(), today).filter(offering=pk))
        if not rows:
            raise Http404
        return as_file(as_calendar(rows, name=rows[0].offering.title, day=today), f"ser-course-{pk}")


def as_file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.ics"'}
    return HttpResponse(content, content_type=ICS, headers=headers)

"""The plan and the private calendar of deadlines. Planning files nothing: the plan is its address."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import cache_control

from cecs import services as cecs
from journals import services as journals
from journals.models import DeadlineFeed
from preapprovals.models import Occurrence, Offering
from serportal.home.plan.courses import fits, gap_of, whole_time
from serportal.home.plan.deadlines import calendar, deadlines_of
from serportal.home.plan.forms import MOST_ROWS, FeedForm, PlanForm, Row, address_of, typed_rows
from serportal.home.plan.ground import ground_of
from serportal.home.plan.sandbox import Weighed, after, on_demand, weigh
from serportal.home.plan.standing import answer, sentences, stands_of
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import programme_day

ICS = "text/calendar; charset=utf-8"
LONGEST = 8000
KINDS = ("run-", "course-")
ACTS = {"open": journals.open_feed, "renew": journals.renew_feed, "close": journals.close_feed}
DONE = {
    "open": gettext_lazy("Your calendar has its address. It stands below."),
    "renew": gettext_lazy("Your calendar has a new address. The one before leads nowhere any more."),
    "close": gettext_lazy("Your calendar is ended. Its address leads nowhere any more."),
}


class PlanView(View):
    """Where one stands, what planned activities would count, and what on the list closes the gap."""

    def get(self, request):
        rows = typed_rows(request.GET)
        changed = self.changed(rows)
        if changed is not None:
            return redirect(f"{reverse('plan:plan')}?{address_of(changed)}#if")
        today = programme_day()
        ground = ground_of(request.user, today)
        if ground is None:
            return TemplateResponse(request, "journals/plan.html", {"ground": None})
        form = PlanForm(rows, runs=named(rows, today), dated=ground.rows)
        weighed = weigh(ground, form.planned())
        progress = after(ground, weighed)
        gap = gap_of(ground, progress)
        dated, always = fits(ground, gap, weighed)
        context = {
            "ground": ground,
            "journal": ground.journal,
            "refusal": refusal_of(request.user, today),
            "answer": answer(ground),
            "sentences": list(sentences(ground)),
            "stands": stands_of(ground),
            "form": form,
            "summary": form.summary() if form.errors else [],
            "rows": rows_of(form, weighed),
            "weighed": weighed,
            "progress": progress,
            "years": pairs(ground.journal.progress, progress),
            "gap": gap,
            "dated": dated,
            "always": always,
            "all_of_them": f"{reverse('courses:list')}?{urlencode({'approved': 'on', 'last': gap.last_day})}",
            "most": MOST_ROWS,
            **calendar_of(request.user),
        }
        return TemplateResponse(request, "journals/plan.html", context, status=422 if form.errors else 200)

    def changed(self, rows: list[dict]) -> list[dict] | None:
        """Return ``rows`` with what a button adds to them or takes out of them; None where none was pressed."""
        if "add" in self.request.GET:
            key, _colon, day = self.request.GET["add"][:60].partition(":")
            return [*rows, {"listed": key} | ({"day": day} if day else {})][:MOST_ROWS]
        if "remove" in self.request.GET:
            out = as_key(self.request.GET["remove"])
            return [row for number, row in enumerate(rows) if number != out]
        return None


def calendar_of(person) -> dict[str, str]:
    """Return the address of the private calendar of ``person``, and the link that a calendar program follows."""
    feed = DeadlineFeed.objects.filter(person=person).first()
    if feed is None:
        return {"feed": ""}
    address = settings.SITE_URL + reverse("plan:deadlines", args=[feed.key])
    return {"feed": address, "feed_link": f"webcal://{address.partition('://')[2]}"}


def refusal_of(person, today) -> str:
    """Say why ``person`` cannot file claims at all; "" where they can (R-CEC)."""
    try:
        cecs.check_may_claim(person, last_day=None, today=today)
    except Refusal as refusal:
        return str(refusal)
    return ""


def rows_of(form: PlanForm, weighed: Iterable[Weighed]) -> list[tuple[Row, Weighed | None, str]]:
    """Return each row with what it would count and where its claim is started, as far as it can be worked out."""
    found = {one.planned.number: one for one in weighed}
    rows = [(row, found.get(row.number)) for row in form.shown]
    return [(row, one, claim_address(one) if one else "") for row, one in rows]


def claim_address(one: Weighed) -> str:
    if one.planned.run is not None:
        return reverse("claim:code", args=[one.planned.run.offering.code])
    return f"{reverse('cecs:new')}?{urlencode({'activity': one.planned.activity})}#chosen"


def pairs(now, then):
    """Return each year as it is and as it would be."""
    return list(zip(now.years, then.years, strict=True))


def named(rows: list[dict], day) -> dict[str, Occurrence]:
    """Return what ``rows`` name of the list, by their keys: dates, and the time in which what is on demand can be."""
    keys = {row["listed"] for row in rows if "listed" in row}
    wanted = {kind: [as_key(key.removeprefix(kind)) for key in keys if key.startswith(kind)] for kind in KINDS}
    runs, courses = ([pk for pk in wanted[kind] if pk is not None] for kind in KINDS)
    found = {}
    if runs:
        dates = Occurrence.objects.public(day).held().filter(pk__in=runs, offering__code__isnull=False)
        found |= {f"run-{one.pk}": one for one in dates.select_related("offering__sponsor", "event")}
    if courses:
        offerings = Offering.objects.public(day).filter(pk__in=courses, code__isnull=False)
        times = (whole_time(one) for one in offerings.select_related("sponsor"))
        found |= {f"course-{one.offering.pk}": one for one in times if on_demand(one)}
    return found


class FeedView(View):
    """Makes the address of one’s calendar of deadlines, makes it anew, or takes it away."""

    def get(self, request):
        return self.back()

    def back(self):
        """Lead to the page it came from, with the plan that stood there."""
        rows = typed_rows(QueryDict(self.request.POST.get("plan", "")[:LONGEST]))
        return redirect(f"{reverse('plan:plan')}{'?' if rows else ''}{address_of(rows)}#calendar")

    def post(self, request):
        form = FeedForm(request.POST)
        if form.is_valid():
            act = form.cleaned_data["act"]
            try:
                ACTS[act](by=request.user)
                messages.success(request, DONE[act])
            except Refusal as refusal:
                messages.error(request, str(refusal))
        else:
            messages.error(
                request, _("Nothing was changed: the page did not say what to do. Press one of its buttons.")
            )
        return self.back()


@method_decorator([login_not_required, cache_control(private=True, no_store=True)], name="dispatch")
class DeadlinesView(View):
    """The calendar itself, for whoever knows its address; one that never was and one that is ended look the same."""

    def get(self, request, token):
        feed = DeadlineFeed.objects.filter(key=token, person__is_active=True).select_related("person").first()
        if feed is None:
            raise Http404
        content = calendar(deadlines_of(feed.person, programme_day()))
        headers = {"Content-Disposition": 'inline; filename="my-deadlines.ics"', "X-Robots-Tag": "noindex"}
        return HttpResponse(content, content_type=ICS, headers=headers)

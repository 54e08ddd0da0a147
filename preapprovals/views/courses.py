"""The list of courses, one of them, and the feed of new ones; anyone may read them (R-SPO-3)."""

from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.generic import TemplateView

from journals.services import areas_on
from preapprovals.forms.courses import NAMES, FindForm
from preapprovals.freshness import followed, kept_while_unchanged, revalidated
from preapprovals.listing import Run, counted, limits
from preapprovals.models import Offering
from preapprovals.rules import Asked
from preapprovals.states import Order
from serportal.ui.text import as_key, seen
from serportal.ui.words import programme_day

A_PAGE = 25
LAST_PAGE = 400
IN_FEED = 50

open_to_all = [login_not_required, cache_control(no_cache=True)]


def find_form(request, day, **kept) -> FindForm:
    facets = kept_while_unchanged(request, "facets", lambda: Offering.objects.facets(day))
    return FindForm(request.GET, areas=areas_on(day), facets=facets, kept=kept)


def page_number(request) -> int:
    return min(max(as_key(request.GET.get("page", "1")) or 1, 1), LAST_PAGE)


@method_decorator([*open_to_all, revalidated], name="dispatch")
class CoursesView(TemplateView):
    """What is on the list today, searched and narrowed by the address alone."""

    template_name = "preapprovals/courses/list.html"

    def get_context_data(self, **kwargs):
        today = programme_day()
        form = find_form(self.request, today)
        page = page_number(self.request)
        first = (page - 1) * A_PAGE
        found, total = Offering.objects.page_of(form.asked, today, first=first, count=A_PAGE)
        last = first + len(found)
        return super().get_context_data(
            form=form,
            rows=[(one, one.next_run and Run.read(one.next_run), NAMES[one.category]) for one in found],
            total=total,
            first=first + 1,
            last=last,
            page=page,
            before=form.here(page=page - 1) if page > 1 and found else "",
            after=form.here(page=page + 1) if last < total and page < LAST_PAGE else "",
            without=[] if found or page > 1 else self.without(form, today),
            **kwargs,
        )

    def without(self, form: FindForm, today) -> list[tuple[str, str, int]]:
        """Return (what was asked, the address without it, how many that finds) for what would find something."""
        names = [name for name in form.query if name != "sort"]
        blank = Asked()
        looser = {name: replace(form.asked, **{name: getattr(blank, name)}) for name in names}
        counts = Offering.objects.count_each(looser, today)
        return [(form.said(name), form.here(**{name: None}), counts[name]) for name in names if counts[name]]


@method_decorator([*open_to_all, revalidated], name="dispatch")
class CourseView(TemplateView):
    """One offering on the list; whatever is not on it does not exist here."""

    template_name = "preapprovals/courses/one.html"

    def get_context_data(self, pk, **kwargs):
        today = programme_day()
        one = Offering.objects.public(today).select_related("sponsor", "request").filter(pk=pk).first()
        if one is None:
            raise Http404
        areas = areas_on(today)
        runs = one.occurrences.filter(last_day__gte=today).order_by("first_day", "pk")
        return super().get_context_data(
            one=one,
            category=NAMES[one.category],
            areas=[areas[key].name for key in one.areas if key in areas],
            runs=[(run, Run.of(run)) for run in runs],
            sessions=one.sessions.all(),
            today=today,
            **kwargs,
        )


@method_decorator([*open_to_all, followed], name="dispatch")
class FeedView(View):
    """The newest on the list, narrowed as the list is, as Atom."""

    def get(self, request):
        today = programme_day()
        form = FindForm(request.GET, areas=areas_on(today))
        newest = replace(form.asked, sort=Order.NEWEST)
        site, query = settings.SITE_URL, form.address(sort=None)
        feed = Atom1Feed(
            title=_("SER Certification: new courses"),
            link=site + reverse("courses:list") + query,
            description="",
            language="en",
            feed_url=site + reverse("courses:feed") + query,
        )
        for one in Offering.objects.listed(newest, today).with_changed_at()[:IN_FEED]:
            page = site + reverse("courses:one", args=[one.pk])
            said = [one.sponsor.name, counted(one) if one.is_preapproved else "", limits(one), one.description]
            feed.add_item(
                title=seen(one.title),
                link=page,
                unique_id=page,
                description=seen("\n\n".join(text for text in said if text)),
                pubdate=one.listed_at,
                updateddate=one.changed_at or one.listed_at,
                categories=[str(NAMES[one.category])],
                author_name=seen(one.sponsor.name),
            )
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

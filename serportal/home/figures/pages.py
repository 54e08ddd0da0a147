"""The pages of the figures in the coordinator’s admin, each with what it heeds of the address, and their files."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_countries import countries

from serportal.certifications.states import Level
from serportal.home.figures import asking
from serportal.home.figures.asking import Asked, quarter_text
from serportal.home.figures.certified import certified
from serportal.home.figures.credited import credited
from serportal.home.figures.offered import offered
from serportal.home.figures.quarters import Quarter
from serportal.home.figures.shortfalls import Shortfall, Shortfalls
from serportal.home.figures.tables import Figure
from serportal.home.figures.waiting import waiting
from serportal.ui import sheets
from serportal.ui.words import day_text, number, programme_day

logger = logging.getLogger("serportal.exports")

SHOWN = 50
SHORT = "short"
# What a page shows is what its reader may view one by one.
NEEDED = ("certifications.view_certification", "journals.view_entry", "reviews.view_reviewcase")


@dataclass(frozen=True)
class Page:
    """One page: its name in the address, its title, what it heeds of the address, and what draws it."""

    key: str
    title: str | Promise
    heeds: Sequence[str]
    figures: Callable | None = None

    @property
    def view(self) -> str:
        return f"figures_{self.key}"


PAGES = (
    Page("people", gettext_lazy("Certificants"), (asking.LEVEL, asking.COUNTRY), certified),
    Page(SHORT, gettext_lazy("Who will fall short"), (asking.LEVEL, asking.COUNTRY)),
    Page("credits", gettext_lazy("Credits"), (asking.TIME, asking.LEVEL, asking.COUNTRY), credited),
    Page("waiting", gettext_lazy("Days to the decision"), (asking.TIME,), waiting),
    Page("courses", gettext_lazy("Courses and lists"), (asking.TIME,), offered),
)
FIRST = PAGES[0]


def urls(site) -> list:
    """Return the paths of the figures, below those of ``site``."""
    found = [path("figures/", site.admin_view(require_safe(to_the_first)), name="figures")]
    for one in PAGES:
        shown, file = require_safe(partial(page, site, one)), require_safe(partial(as_file, site, one))
        found.append(path(f"figures/{one.key}/", site.admin_view(shown), name=one.view))
        found.append(path(f"figures/{one.key}/<slug:figure>.csv", site.admin_view(file), name=f"{one.view}_file"))
    return found


def to_the_first(request):
    return redirect(f"admin:{FIRST.view}")


def page(site, one: Page, request):
    """Show one page of figures; what the address says and nobody understands is told, and left out."""
    _check(request)
    asked = asking.read(request.GET, one.heeds, programme_day())
    context = {
        **site.each_context(request),
        "title": one.title,
        "page": one,
        "pages": PAGES,
        "asked": asked,
        "choices": _choices(one, asked),
        "query": _query(one, asked),
    }
    if one.key == SHORT:
        return TemplateResponse(request, "admin/figures/short.html", {**context, **_short(request, asked)})
    context["figures"] = one.figures(request.user, asked)
    return TemplateResponse(request, "admin/figures/page.html", context)


def as_file(site, one: Page, request, figure: str):
    """Give one figure as CSV; where the address is not understood, the page says so."""
    _check(request)
    asked = asking.read(request.GET, one.heeds, programme_day())
    if asked.wrong:
        return redirect(f"{reverse(f'admin:{one.view}')}?{request.GET.urlencode()}")
    columns, rows = _of_file(one, figure, request.user, asked)
    logger.info("%s exports the figure %s as csv", request.user.pk, figure)
    return sheets.comma_separated([(column, 0) for column in columns], rows, f"{figure}-{asked.today.isoformat()}")


def _of_file(one: Page, key: str, user, asked: Asked) -> tuple[Sequence[str], Iterable]:
    if one.key == SHORT:
        if key != SHORT:
            raise Http404
        return _short_columns(), _short_lines(Shortfalls(user, asked))
    found: Figure | None = next((figure for figure in one.figures(user, asked) if figure.key == key), None)
    if found is None:
        raise Http404
    return found.columns, found.file_rows


def _check(request) -> None:
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied


def _query(one: Page, asked: Asked) -> str:
    """Return what the address of a file says, so that it holds what the page shows."""
    said = {"from": asked.first, "to": asked.last} if asking.TIME in one.heeds else {}
    said |= {"level": asked.level, "country": asked.country}
    return "&".join(f"{name}={value}" for name, value in said.items() if value)


def _choices(one: Page, asked: Asked) -> list[dict]:
    """Return the lists to choose from; each option with whether it is chosen."""
    found = []
    if asking.TIME in one.heeds:
        now = Quarter.of(asked.today)
        quarters = sorted({*(now.after(-n) for n in range(asking.OFFERED)), asked.first, asked.last}, reverse=True)
        told = [(str(quarter), quarter_text(quarter)) for quarter in quarters]
        found += [
            _choice("from", _("From"), told, str(asked.first)),
            _choice("to", _("To"), told, str(asked.last)),
        ]
    if asking.LEVEL in one.heeds:
        levels = [("", _("All")), *((level, level) for level in Level.values)]
        found.append(_choice("level", _("Level"), levels, asked.level))
    if asking.COUNTRY in one.heeds:
        found.append(_choice("country", _("Country"), [("", _("All")), *countries], asked.country))
    return found


def _choice(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> dict:
    return {"name": name, "label": label, "options": [(value, text, value == chosen) for value, text in options]}


def _short(request, asked: Asked) -> dict:
    """Return one sheet of the list of who will fall short."""
    found = Shortfalls(request.user, asked)
    sheet = Paginator(found.keys, SHOWN).get_page(request.GET.get("p"))
    return {"sheet": sheet, "rows": [(one, _lacks(one)) for one in found.rows(sheet.object_list)]}


def _lacks(one: Shortfall) -> list[str]:
    """Say what is missing until when, a sentence for each year and one for the period."""
    said = []
    for year in one.years:
        text = _("Year {number}, to {last}: {total} of {least}, {missing} short.")
        values = {"number": year.year.number, "last": day_text(year.year.last), "total": number(year.total)}
        said.append(text.format(**values, least=number(year.least), missing=number(year.missing)))
    if one.missing:
        text = _("Period, to {last}: {total} of {goal}, {missing} short.")
        values = {"last": day_text(one.period.ends_on), "total": number(one.progress.total)}
        said.append(text.format(**values, goal=number(one.progress.goal), missing=number(one.missing)))
    return said


def _short_columns() -> list[str]:
    return [
        *(_("Member"), _("E-mail"), _("Certificate"), _("Level"), _("Country"), _("What is short")),
        *(_("From"), _("To"), _("Has"), _("Needs"), _("Short"), _("In review")),
    ]


def _short_lines(found: Shortfalls) -> Iterator[list]:
    """Yield a line for each year and each period that is short."""
    for one in found.every():
        period, person = one.period, one.period.person
        who = [person.name, person.email, period.certification.number, period.certification.level, person.country.name]
        for year in one.years:
            span = [_("Year {number}").format(number=year.year.number), year.year.first, year.year.last]
            yield [*who, *span, year.total, year.least, year.missing, one.asked]
        if one.missing:
            span = [_("Period"), period.starts_on, period.ends_on]
            yield [*who, *span, one.progress.total, one.progress.goal, one.missing, one.asked]

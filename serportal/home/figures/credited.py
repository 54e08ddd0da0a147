"""Credits by category and quarter: earned by the day of the activity, uploaded by that of the upload (R-CAT, R-UPL)."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import services as journals
from journals.models import Entry
from journals.states import CATEGORIES
from serportal.home.figures.asking import Asked, quarter_text
from serportal.home.figures.quarters import Quarter
from serportal.home.figures.tables import Bar, Figure, crossed
from serportal.ui.words import programme_zone

# What fits beside a bar on a phone; the table has the whole names.
SHORT = {
    1: gettext_lazy("Coursework"),
    2: gettext_lazy("Training"),
    3: gettext_lazy("Conferences"),
    4: gettext_lazy("Teaching"),
    5: gettext_lazy("Publications"),
    6: gettext_lazy("Leadership"),
    7: gettext_lazy("Volunteering"),
}


def credited(user, asked: Asked) -> list[Figure]:
    """Return credits by category and quarter, and by category alone, as far as ``user`` may know of them."""
    categories = {
        line.activity: category for category, _name, lines in journals.schedule_on(asked.today) for line in lines
    }
    conditions = asked.of_certification(level="period__certification__level", country="person__country")
    entries = Entry.objects.known_to(user).filter(**conditions).order_by()
    earned = _summed(entries.filter(earned_on__range=(asked.first.first, asked.last.last)), "earned_on", categories)
    zone = programme_zone()
    run = {
        "upload__posted_at__gte": asked.first.begins(zone),
        "upload__posted_at__lt": asked.last.after(1).begins(zone),
    }
    uploaded = _summed(entries.filter(**run), "upload__posted_at", categories, tzinfo=zone)
    return [
        _figure(
            "earned",
            _("Credits earned"),
            _("Approved credits by the quarter in which the activity was complete, uploaded or not, less corrections."),
            asked,
            earned,
        ),
        _by_category(asked, earned),
        _figure(
            "uploaded",
            _("Credits uploaded"),
            _("Credits by the quarter in which an upload moved them into journals, less corrections."),
            asked,
            uploaded,
        ),
    ]


def _summed(entries, column: str, categories: dict[str, int], **of_zone) -> dict[tuple[Quarter, int], Decimal]:
    """Return the credits of ``entries`` by the quarter of ``column`` and the category."""
    sums = defaultdict(Decimal)
    rows = entries.values_list(TruncQuarter(column, **of_zone), "activity").annotate(credits=Sum("credits"))
    for first, activity, credits in rows:
        sums[Quarter.of(first), categories[activity]] += credits
    return sums


def _figure(key: str, title: str, note: str, asked: Asked, sums) -> Figure:
    rows = [(quarter_text(one), [sums.get((one, c), Decimal(0)) for c in CATEGORIES]) for one in asked.quarters]
    return Figure(
        key,
        title,
        note,
        **crossed(rows, heading=_("Quarter"), columns=[str(one) for one in CATEGORIES]),
        bars=[Bar(label, sum(values)) for label, values in rows],
        picture=_("{what} in each quarter").format(what=title),
    )


def _by_category(asked: Asked, sums) -> Figure:
    by_category = {c: sum((sums.get((one, c), Decimal(0)) for one in asked.quarters), Decimal(0)) for c in CATEGORIES}
    return Figure(
        "categories",
        _("Credits earned by category"),
        _("The same credits over all these quarters. The other tables name the categories by their numbers."),
        [_("Category"), _("What it is"), _("Credits")],
        [[f"{c} {SHORT[c]}", str(name), by_category[c]] for c, name in CATEGORIES.items()],
        total=[_("All"), "", sum(by_category.values(), Decimal(0))],
        bars=[Bar(f"{c} {SHORT[c]}", by_category[c]) for c in CATEGORIES],
        picture=_("Credits earned in each category"),
    )

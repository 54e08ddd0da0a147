"""What is pre-approved, and the lists of attendees that sponsors gave (R-SPO-3, R-SPO-4)."""

from django.db.models import Count, Q
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preapprovals.models import Offering, Roster, RosterRow
from preapprovals.states import STANDING, RosterState
from serportal.home.figures.asking import Asked, quarter_text
from serportal.home.figures.quarters import Quarter
from serportal.home.figures.tables import Bar, Figure
from serportal.ui.words import programme_zone


def offered(user, asked: Asked) -> list[Figure]:
    """Return what happened in each quarter, and what is on the list today, of offerings that ``user`` coordinates."""
    offerings = Offering.objects.coordinated_by(user).filter(code__isnull=False).order_by()
    approved = _by_quarter(offerings, "listed_at", asked)
    rosters = Roster.objects.filter(state=RosterState.TAKEN, occurrence__offering__in=offerings.values("pk"))
    taken = _by_quarter(rosters.order_by(), "taken_at", asked)
    lines = RosterRow.objects.filter(attendance__isnull=False, roster__in=rosters.values("pk"))
    people = _by_quarter(lines.order_by(), "roster__taken_at", asked)
    today = Q(state__in=STANDING, valid_from__lte=asked.today, valid_to__gte=asked.today)
    holding = offerings.aggregate(n=Count("pk", filter=today))["n"]
    holds = ngettext("One pre-approval holds today.", "{n} pre-approvals hold today.", holding)
    rows = [[quarter_text(one), approved.get(one, 0), taken.get(one, 0), people.get(one, 0)] for one in asked.quarters]
    return [
        Figure(
            "courses",
            _("Courses and lists of attendees"),
            f"{holds.format(n=holding)} {_('Lists count once they are taken in, and no longer when undone.')}",
            [_("Quarter"), _("Pre-approved"), _("Lists taken in"), _("People on them")],
            rows,
            total=[_("All"), *(sum(column) for column in list(zip(*rows, strict=True))[1:])],
            bars=[Bar(row[0], row[1]) for row in rows],
            picture=_("Courses pre-approved in each quarter"),
        )
    ]


def _by_quarter(rows, column: str, asked: Asked) -> dict[Quarter, int]:
    """Return how many of ``rows`` have their ``column`` in each quarter, in one query."""
    zone = programme_zone()
    span = {f"{column}__gte": asked.first.begins(zone), f"{column}__lt": asked.last.after(1).begins(zone)}
    counted = rows.filter(**span).values_list(TruncQuarter(column, tzinfo=zone)).annotate(n=Count("pk"))
    return {Quarter.of(first): n for first, n in counted}

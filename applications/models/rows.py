"""What applications are judged by: the criteria as dated rows, and the windows in which they are reviewed."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import rules
from applications.querysets import WindowQuerySet
from applications.states import Area, Part
from serportal.dated.models import Dated, holds_from_a_real_day, stays_in_force
from serportal.reviews.models.cases import append_only
from serportal.ui.words import day_text

Q = models.Q


def credits(name, least: Decimal | int) -> models.DecimalField:
    return models.DecimalField(name, max_digits=5, decimal_places=2, default=least)


class Criteria(Dated):
    """What knowledge and experience are judged by from a day on (R-APP-4, R-APP-5). An application keeps its row."""

    effective_from = models.DateField(_("in force from"))
    biological = credits(_("biological science"), 15)
    ecology = credits(_("of it in ecology"), 9)
    physical = credits(_("physical science"), 15)
    earth = credits(_("of it in soils, hydrology or climate"), 6)
    resource = credits(_("resource management and conservation"), 12)
    ecological = credits(_("of it in ecological dimensions"), 3)
    human = credits(_("of it in human dimensions"), 3)
    quantitative = credits(_("quantitative science"), 9)
    restoration = credits(_("ecological restoration"), 12)
    months = models.PositiveSmallIntegerField(_("months of full-time work"), default=60)
    projects = models.PositiveSmallIntegerField(_("projects"), default=3)
    references_least = models.PositiveSmallIntegerField(_("references, at least"), default=2)
    references_most = models.PositiveSmallIntegerField(_("references, at most"), default=3)

    class Meta:
        verbose_name = _("version of the criteria")
        verbose_name_plural = _("criteria")
        ordering = ["-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["effective_from"], name="applications_criteria_once_a_day"),
            holds_from_a_real_day("applications_criteria_day"),
            models.CheckConstraint(
                name="applications_criteria_credits",
                condition=Q(
                    ecology__gte=0,
                    earth__gte=0,
                    ecological__gte=0,
                    human__gte=0,
                    biological__gte=models.F("ecology"),
                    physical__gte=models.F("earth"),
                    resource__gte=models.F("ecological") + models.F("human"),
                    biological__lte=200,
                    physical__lte=200,
                    resource__lte=200,
                    quantitative__gte=0,
                    quantitative__lte=200,
                    restoration__gte=0,
                    restoration__lte=200,
                ),
            ),
            models.CheckConstraint(
                name="applications_criteria_counts",
                condition=Q(
                    months__lte=600,
                    projects__lte=20,
                    references_least__gte=1,
                    references_most__gte=models.F("references_least"),
                    references_most__lte=5,
                ),
            ),
        ]
        triggers = [stays_in_force("criteria_stay")]

    def __str__(self):
        return str(_("criteria from {day}").format(day=day_text(self.effective_from)))

    def least(self) -> dict[Area, rules.Least]:
        """Return the semester credits each area and each of its parts needs."""
        return {
            Area.BIOLOGICAL: rules.Least(self.biological, {Part.ECOLOGY: self.ecology}),
            Area.PHYSICAL: rules.Least(self.physical, {Part.EARTH: self.earth}),
            Area.RESOURCE: rules.Least(self.resource, {Part.ECOLOGICAL: self.ecological, Part.HUMAN: self.human}),
            Area.QUANTITATIVE: rules.Least(self.quantitative),
            Area.RESTORATION: rules.Least(self.restoration),
        }

    def demands(self) -> rules.Demands:
        return rules.Demands(self.months, self.projects)


class Window(models.Model):
    """One review period: received by the end of ``closes_on`` in the programme’s zone, decided by ``decided_by``.

    Only ``applications.services`` moves one (R-APP-2).
    """

    closes_on = models.DateField(_("closes on"), unique=True)
    decided_by = models.DateField(_("decided by"))

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("review window")
        ordering = ["closes_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__gt=models.F("closes_on")),
                name="applications_window_in_order",
                violation_error_message=_("The day of the decisions must come after the window closes."),
            ),
        ]

    def __str__(self):
        return str(_("window that closes on {day}").format(day=day_text(self.closes_on)))

    def as_rule(self) -> rules.Window:
        return rules.Window(self.closes_on, self.decided_by)


class WindowMove(models.Model):
    """A window that was moved: from which days, by whom and why; only added."""

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="moves")
    closes_on = models.DateField(_("closed on, before"))
    decided_by = models.DateField(_("decided by, before"))
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        triggers = [append_only("window_moves_stay")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="applications_move_has_reason")]

    def __str__(self):
        return f"{self.window_id}: {self.closes_on}"

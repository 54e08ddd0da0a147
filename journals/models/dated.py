"""What the arithmetic goes by, as dated rows; a claim keeps the ones it was worked out by."""

from decimal import Decimal

from django.db import models
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from journals import rules
from journals.states import Activity, Measure
from serportal.dated.models import Dated, holds_from_a_real_day, stays_in_force
from serportal.ui.words import number

Q = models.Q


def in_quarters(*fields: str):
    """Return the condition that ``fields`` are whole quarters of a credit (R-STEP)."""
    conditions = [Exact(Mod(field, models.Value(Decimal("0.25"))), models.Value(Decimal(0))) for field in fields]
    return Q(*conditions)


class ScheduleRow(Dated):
    """What one activity is worth from a day on (R-CAT). A changed rate is a new row; old claims keep theirs."""

    SERIES = "activity"

    activity = models.CharField(_("activity"), max_length=12, choices=Activity)
    category = models.PositiveSmallIntegerField(_("category"))
    measure = models.CharField(_("measured in"), max_length=5, choices=Measure)
    rate = models.DecimalField(_("rate"), max_digits=5, decimal_places=2)
    unit = models.CharField(
        _("unit"),
        max_length=40,
        help_text=_("In the number its rate takes: “hour” beside 1, “hours” beside 2; “book”."),
    )
    pre_approvable = models.BooleanField(_("can be pre-approved"))
    effective_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("line of the credit schedule")
        verbose_name_plural = _("credit schedule")
        ordering = ["category", "activity", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "effective_from"], name="journals_schedule_once_a_day"),
            models.CheckConstraint(condition=Q(activity__in=Activity.values), name="journals_schedule_activity"),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=100), name="journals_schedule_rate"),
            models.CheckConstraint(condition=Q(category__gte=1, category__lte=7), name="journals_schedule_category"),
            models.CheckConstraint(condition=in_quarters("rate"), name="journals_schedule_quarters"),
            models.CheckConstraint(condition=~Q(unit=""), name="journals_schedule_unit"),
            holds_from_a_real_day("journals_schedule_day"),
        ]
        triggers = [stays_in_force("schedule_stays")]

    def __str__(self):
        return f"{self.get_activity_display()}: {self.worth()}"

    def worth(self) -> str:
        """“2 hours = 1 credit”, “5 credits a year of service”."""
        rate = number(self.rate)
        if self.measure == Measure.HOURS:
            return _("{rate} {unit} = 1 credit").format(rate=rate, unit=self.unit)
        each = _("{rate} credit for each {unit}") if self.rate == 1 else _("{rate} credits for each {unit}")
        return each.format(rate=rate, unit=self.unit)

    def as_rate(self) -> rules.Rate:
        return rules.Rate(self.activity, self.rate, self.measure)


class KnowledgeArea(Dated):
    """One area of knowledge that continuing education may serve (R-QUAL), as it is called from a day on."""

    SERIES = "key"

    key = models.SlugField(
        _("key"), max_length=20, help_text=_("The same in every row of one area; claims remember it.")
    )
    name = models.CharField(_("name"), max_length=80)
    offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Off: from this day on, nobody can choose it; old claims keep it.")
    )
    place = models.PositiveSmallIntegerField(_("place in the list"))
    effective_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("knowledge area")
        ordering = ["place", "key", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "effective_from"], name="journals_area_once_a_day"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="journals_area_named"),
            holds_from_a_real_day("journals_area_day"),
        ]
        triggers = [stays_in_force("areas_stay")]

    def __str__(self):
        return self.name


class PolicyRow(Dated):
    """The figures of SPEC 2 that SER may change, from a day on."""

    effective_from = models.DateField(_("in force from"), unique=True)
    event_cap = models.DecimalField(_("most credits of a single event"), max_digits=5, decimal_places=2)
    volunteer_cap = models.DecimalField(_("most volunteering credits in a period"), max_digits=5, decimal_places=2)
    least_minutes = models.PositiveSmallIntegerField(_("least minutes of contact"))
    least_months = models.PositiveSmallIntegerField(_("least months of a year of service"), default=6)
    step = models.DecimalField(_("step of rounding"), max_digits=4, decimal_places=2)
    period_credits = models.DecimalField(_("credits needed in a period"), max_digits=5, decimal_places=2)
    year_credits = models.DecimalField(_("credits needed in each year"), max_digits=5, decimal_places=2)
    uploads_a_year = models.PositiveSmallIntegerField(_("uploads a year"), choices=[(4, "4"), (2, "2")], default=4)
    upload_waits = models.BooleanField(
        _("an upload waits for the coordinator"), default=False, help_text=_("Otherwise it posts on its day by itself.")
    )
    second_person = models.BooleanField(
        _("a second person releases an upload"),
        default=False,
        help_text=_("Whoever prepared it cannot release it, and the release keeps its reason."),
    )
    whole_numbers = models.BooleanField(
        _("the membership system holds whole numbers"),
        default=True,
        help_text=_("Its export then carries quarters of a credit to the member’s next export."),
    )

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(
                name="journals_policy_sane",
                condition=Q(
                    event_cap__gt=0,
                    event_cap__lte=100,
                    volunteer_cap__gt=0,
                    volunteer_cap__lte=100,
                    least_minutes__lte=600,
                    least_months__gte=1,
                    least_months__lte=12,
                    step__gte=Decimal("0.25"),
                    step__lte=1,
                    period_credits__gt=0,
                    period_credits__lte=500,
                    year_credits__gte=0,
                    year_credits__lte=100,
                    uploads_a_year__in=[2, 4],
                ),
                violation_error_message=_("One of these figures is outside what makes sense. Check each one."),
            ),
            models.CheckConstraint(
                condition=in_quarters("event_cap", "volunteer_cap", "step", "period_credits", "year_credits"),
                name="journals_policy_quarters",
            ),
            holds_from_a_real_day("journals_policy_day"),
        ]
        triggers = [stays_in_force("policy_stays")]

    def __str__(self):
        return str(self.effective_from)

    def as_policy(self) -> rules.Policy:
        return rules.Policy(
            event_cap=self.event_cap,
            volunteer_cap=self.volunteer_cap,
            least_minutes=self.least_minutes,
            least_months=self.least_months,
            step=self.step,
        )

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from journals.states import Activity
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField
from serportal.ui.words import number

FIGURE = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,4})?", re.ASCII)
QUARTER = Decimal("0.25")


class RunForm(PortalForm):
    """The button that runs an upload; sent twice, it is one run."""

    submit_key = SubmitKeyField()


class ReasonForm(PortalForm):
    """Why credits are taken back; ``digest`` names the preview that was read."""

    reason = PlainTextField(
        label=_("Reason"),
        lines=4,
        max_length=1000,
        error_messages={"required": _("Give a reason. The member reads it in the letter and in the journal.")},
    )
    digest = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)


class FigureField(PlainTextField):
    """A plain number between two others, in whole steps: quarters of a credit, unless another step is named."""

    def __init__(self, *, least, most, step=QUARTER, **kwargs):
        self.least, self.most, self.step = Decimal(least), Decimal(most), Decimal(step)
        attrs = {"inputmode": "decimal", "class": "vIntegerField"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value):
        text = self.to_python(value).replace(",", ".")
        figure = Decimal(text) if FIGURE.fullmatch(text) else None
        if figure is None or not self.least <= figure <= self.most or figure % self.step:
            text = _("{label}: write a number from {least} to {most}, in steps of {step}.")
            values = {"least": number(self.least), "most": number(self.most), "step": number(self.step)}
            raise ValidationError(text.format(label=self.label, **values))
        return figure if self.step == QUARTER else int(figure)

    def prepare_value(self, value):
        return number(value) if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    def __init__(self, **kwargs):
        super().__init__(
            label=_("In force from"),
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
            help_text=_("Today or a later day. Everything before stays as it was."),
            error_messages={
                "required": _("In force from: choose a day."),
                "invalid": _("In force from: write a day as 2027-01-31."),
            },
            **kwargs,
        )


class RowForm(PortalForm):
    """The values of one dated row; the field that names its series stays as it is once it is stored."""

    model: type
    digest = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, series: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if series:
            self.fields[self.model.SERIES].disabled = True

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "digest"}


class ScheduleForm(RowForm):
    model = ScheduleRow
    activity = forms.ChoiceField(label=_("Activity"), choices=Activity.choices)
    rate = FigureField(
        label=_("Rate"), least="0.25", most=100, help_text=_("Hours for one credit, or credits for each of them.")
    )
    unit = PlainTextField(
        label=_("Unit"),
        max_length=40,
        help_text=_("In the number its rate takes: “hour” beside 1, “hours” beside 2; “book”."),
        error_messages={"required": _("Unit: write what is counted, such as “hours”.")},
    )
    pre_approvable = forms.BooleanField(label=_("Can be pre-approved"), required=False)
    effective_from = DayField()


class PolicyForm(RowForm):
    model = PolicyRow
    event_cap = FigureField(label=_("Most credits of a single event"), least="0.25", most=100)
    volunteer_cap = FigureField(label=_("Most volunteering credits in a period"), least="0.25", most=100)
    least_minutes = FigureField(label=_("Least minutes of contact"), least=0, most=600, step=1)
    least_months = FigureField(label=_("Least months of a year of service"), least=1, most=12, step=1)
    step = FigureField(label=_("Step of rounding"), least="0.25", most=1)
    period_credits = FigureField(label=_("Credits needed in a period"), least="0.25", most=500)
    year_credits = FigureField(label=_("Credits needed in each year"), least=0, most=100)
    uploads_a_year = forms.TypedChoiceField(
        label=_("Uploads a year"), choices=[(4, _("4, each quarter")), (2, _("2, in January and July"))], coerce=int
    )
    upload_waits = forms.BooleanField(
        label=_("An upload waits for the coordinator"),
        required=False,
        help_text=_("Otherwise it posts on its day by itself."),
    )
    whole_numbers = forms.BooleanField(
        label=_("The membership system holds whole numbers"),
        required=False,
        help_text=_("Its export then carries quarters of a credit to the member’s next export."),
    )
    effective_from = DayField()


class AreaForm(RowForm):
    model = KnowledgeArea
    key = forms.RegexField(
        "^[a-z0-9-]{1,20}$",
        label=_("Key"),
        help_text=_("The same in every row of one area; claims remember it."),
        error_messages={
            "required": _("Key: write one, such as “restoration”."),
            "invalid": _("Key: up to 20 small letters, digits and hyphens, such as “restoration”."),
        },
    )
    name = PlainTextField(
        label=_("Name"), max_length=80, error_messages={"required": _("Name: write what the area is called.")}
    )
    offered = forms.BooleanField(
        label=_("Offered"),
        required=False,
        initial=True,
        help_text=_("Off: nobody can choose it from this day on; old claims keep it."),
    )
    place = FigureField(label=_("Place in the list"), least=1, most=99, step=1)
    effective_from = DayField()

from django import forms
from django.utils.translation import gettext_lazy as _

from journals.models import KnowledgeArea, PolicyRow, ScheduleRow
from journals.states import Activity
from serportal.dated.forms import FigureField, FromDayField, RowForm
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField


class RunForm(PortalForm):
    """The button that runs an upload; sent twice, it is one run."""

    submit_key = SubmitKeyField()


class StatementMailForm(PortalForm):
    wanted = forms.BooleanField(
        label=_("Send me each statement by e-mail"),
        required=False,
        help_text=_("One letter after each upload that changed your journal, with a link to its statement."),
    )


class ReleaseForm(PortalForm):
    """The button that releases an upload which waits, or starts it again."""

    note = PlainTextField(label=_("What you compared before you release it"), lines=3, max_length=1000, required=False)


class HistoryForm(PortalForm):
    """A list of earlier journal lines, pasted or as a file."""

    rows = forms.CharField(
        label=_("Rows copied from a spreadsheet, their headings first"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
    )
    file = forms.FileField(label=_("Or a CSV or XLSX file"), required=False, allow_empty_file=True)
    activity = forms.ChoiceField(
        label=_("What rows without a credit type code are"),
        choices=[("", _("nothing: leave them out")), *Activity.choices],
        required=False,
    )


class ReasonForm(PortalForm):
    """Why credits are taken back; ``digest`` names the preview that was read."""

    reason = PlainTextField(
        label=_("Reason"),
        lines=4,
        max_length=1000,
        error_messages={"required": _("Give a reason. The member reads it in the letter and in the journal.")},
    )
    digest = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)


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
    effective_from = FromDayField()


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
    second_person = forms.BooleanField(
        label=_("A second person releases an upload"),
        required=False,
        help_text=_("Whoever prepared it cannot release it, and the release keeps its reason."),
    )
    whole_numbers = forms.BooleanField(
        label=_("The membership system holds whole numbers"),
        required=False,
        help_text=_("Its export then carries quarters of a credit to the member’s next export."),
    )
    effective_from = FromDayField()


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
    effective_from = FromDayField()

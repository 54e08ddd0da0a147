"""The criteria and the windows, as a coordinator types them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Criteria
from serportal.dated.forms import FigureField, FromDayField, RowForm
from serportal.ui.asks import DayField
from serportal.ui.forms import PlainTextField, PortalForm

MOST_CREDITS = 200
# (the whole, its parts): a part is never more than its whole, as the database holds it.
WHOLES = {"biological": ["ecology"], "physical": ["earth"], "resource": ["ecological", "human"]}


def credits(label) -> FigureField:
    return FigureField(label=label, least=0, most=MOST_CREDITS)


def count(label, least: int, most: int) -> FigureField:
    return FigureField(label=label, least=least, most=most, step=1)


class CriteriaForm(RowForm):
    """One version of the criteria. Quantitative science and restoration are still to be verified with SER."""

    model = Criteria
    biological = credits(_("Biological science, semester credits"))
    ecology = credits(_("Of these in ecology"))
    physical = credits(_("Physical science, semester credits"))
    earth = credits(_("Of these in soils, hydrology or climate"))
    resource = credits(_("Resource management and conservation, semester credits"))
    ecological = credits(_("Of these in ecological dimensions"))
    human = credits(_("Of these in human dimensions"))
    quantitative = credits(_("Quantitative science, semester credits (to be verified with SER)"))
    restoration = credits(_("Ecological restoration, semester credits (to be verified with SER)"))
    months = count(_("Months of full-time work"), 0, 600)
    projects = count(_("Projects"), 0, 20)
    references_least = count(_("References, at least"), 1, 5)
    references_most = count(_("References, at most"), 1, 5)
    effective_from = FromDayField()

    def clean(self):
        data = super().clean()
        for whole, parts in WHOLES.items():
            if {whole, *parts} <= data.keys() and sum(data[part] for part in parts) > data[whole]:
                text = _("{label}: its parts need more than the whole area. Raise it, or lower a part.")
                self.add_error(whole, text.format(label=self.fields[whole].label))
        least, most = data.get("references_least"), data.get("references_most")
        if least and most and most < least:
            self.add_error("references_most", _("References, at most: write a number that is not below the least."))
        return data


class WindowForm(PortalForm):
    """The two days of a review window."""

    closes_on = DayField(
        label=_("Closes on"),
        help_text=_("The last day, to its end in Eastern Time."),
        error_messages={
            "required": _("Closes on: choose a day."),
            "invalid": _("Closes on: write a day as 2027-04-30."),
        },
    )
    decided_by = DayField(
        label=_("Decided by"),
        error_messages={
            "required": _("Decided by: choose a day."),
            "invalid": _("Decided by: write a day as 2027-06-30."),
        },
    )


class MoveForm(WindowForm):
    """Where a window goes and why; ``digest`` names the preview that was read."""

    reason = PlainTextField(
        label=_("Reason"),
        lines=4,
        max_length=1000,
        help_text=_("Every applicant of the window reads it in the letter."),
        error_messages={"required": _("Give a reason. Every applicant of the window reads it in the letter.")},
    )
    digest = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

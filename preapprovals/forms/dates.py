"""A date of an offering, as its sponsor types it."""

import zoneinfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from preapprovals.models import Occurrence, Offering
from preapprovals.rules import read_time
from preapprovals.services.dates import When
from serportal.accounts.forms import zone_choices
from serportal.ui.asks import DayField
from serportal.ui.forms import PlainTextField, PortalForm

# Which field a refusal of the service belongs to.
FIELD_OF = {
    "backwards": "last_day",
    "too_long": "last_day",
    "one_time": "ends",
    "no_length": "ends",
    "over_midnight": "ends",
    "skipped": "starts",
    "skipped-end": "ends",
    "twice": "starts",
    "twice-end": "ends",
    "outside-approval": "first_day",
}


class ClockField(forms.CharField):
    """A time of day as people type it; “9:00”, “14.30” and “2 pm” are times."""

    def __init__(self, **kwargs):
        errors = {"invalid": _("Write a time of day, such as 09:00 or 14:30.")}
        super().__init__(required=False, error_messages=errors, **kwargs)
        self.widget.attrs |= {"class": "short", "autocomplete": "off", "maxlength": 20}

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        at = read_time(text)
        if at is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return at


class DateForm(PortalForm):
    """When and where one date takes place. A single day needs no last one."""

    first_day = DayField(
        label=_("First day"),
        error_messages={
            "required": _("First day: choose the day on which it begins."),
            "invalid": _("First day: write a day as 2027-04-30."),
        },
    )
    last_day = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty for a single day."),
        error_messages={"invalid": _("Last day: write a day as 2027-04-30.")},
    )
    starts = ClockField(label=_("Begins at"), help_text=_("On the first day, such as 09:00."))
    ends = ClockField(
        label=_("Ends at"), help_text=_("On the last day, such as 16:30. Leave both empty for whole days.")
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("By whose clock. For something online, the zone that you announce."),
        error_messages={
            "required": _("Time zone: choose one from the list."),
            "invalid_choice": _("Time zone: choose one from the list."),
        },
    )
    place = PlainTextField(
        label=_("Place"),
        required=False,
        max_length=200,
        help_text=_("City and venue; empty where it is only online."),
        error_messages={"max_length": _("Place: shorten it to 200 signs.")},
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, error_messages={"invalid_choice": _("Country: choose one from the list.")}
    )
    url = forms.URLField(
        label=_("Address online"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("The page of this date, if it has its own."),
        error_messages={
            "invalid": _("Address online: write it as https://www.example.org/soils."),
            "max_length": _("Address online: shorten it to 500 signs."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [*_with_utc(zone_choices())]
        self.fields["country"].choices = [("", _("None, it is online")), *countries]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(_("When"), "first_day", "last_day", "starts", "ends", "zone"),
            Fieldset(_("Where"), "place", "country", "url"),
        )

    @classmethod
    def about(cls, run: Occurrence) -> "DateForm":
        """Return the form filled with a date as it is."""
        shown = ("first_day", "zone", "place", "country", "url")
        clock = {name: f"{getattr(run, name):%H:%M}" if getattr(run, name) else "" for name in ("starts", "ends")}
        last = run.last_day if run.last_day != run.first_day else None
        return cls(initial={**{name: getattr(run, name) for name in shown}, **clock, "last_day": last})

    @classmethod
    def new(cls, offering: Offering, zone: str) -> "DateForm":
        """Return an empty form in the zone of the last date, or of the person who types."""
        last = offering.occurrences.order_by("-first_day").values("zone", "place", "country").first()
        return cls(initial=last or {"zone": zone})

    def when(self) -> When:
        data = self.cleaned_data
        return When(**{**data, "last_day": data["last_day"] or data["first_day"]})

    def refuse(self, refusal) -> None:
        """Show what the service refused at the field that it is about."""
        self.add_error(FIELD_OF.get(refusal.code), str(refusal))


def _with_utc(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*choices, ("UTC", "UTC")] if "UTC" in zoneinfo.available_timezones() else choices

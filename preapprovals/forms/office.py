"""What the coordinator says about offerings: their listing, events without approval, visits, requests for records."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from journals.states import Delivery
from preapprovals.forms.contacts import ROLES, InviteForm
from preapprovals.states import DELIVERED, OFFERED, ContactRole, SponsorKind
from serportal.accounts.models import check_time_zone
from serportal.ui.forms import PlainTextField, PortalForm
from serportal.ui.words import programme_day

ANSWER_DAYS = 30


class DayField(forms.DateField):
    def __init__(self, *, missing: str, **kwargs):
        errors = {"required": missing, "invalid": _("This is no day. Write it as 2026-11-25.")}
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=errors, **kwargs)


class TimeField(forms.TimeField):
    def __init__(self, **kwargs):
        errors = {"invalid": _("This is no time of day. Write it as 09:30.")}
        super().__init__(
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), error_messages=errors, **kwargs
        )


class ListingForm(PortalForm):
    """What the list says beside the approval, and may change while it stands."""

    description = PlainTextField(label=_("Description"), lines=6, max_length=8000, required=False)
    objectives = PlainTextField(label=_("Objectives"), lines=4, max_length=4000, required=False)
    language = PlainTextField(label=_("Language"), max_length=40, required=False)
    registration_name = PlainTextField(label=_("Registration contact"), max_length=200, required=False)
    registration_email = forms.EmailField(
        label=_("Registration e-mail"),
        required=False,
        error_messages={"invalid": _("This is no e-mail address. Write it as office@sponsor.example.")},
    )
    url = forms.URLField(
        label=_("Web page"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("This is no web address. Write it as https://sponsor.example/course.")},
    )
    price = PlainTextField(label=_("Price"), max_length=100, required=False)


class WithdrawForm(PortalForm):
    reason = PlainTextField(
        label=_("Reason, which the sponsor reads"),
        lines=3,
        max_length=2000,
        error_messages={"required": _("Write the reason. It stands in the letter to the sponsor.")},
    )


class VisitForm(PortalForm):
    """A monitoring visit as it was; its files follow on its own page."""

    on_day = DayField(label=_("Day of the visit"), initial=programme_day, missing=_("Choose the day of the visit."))
    note = PlainTextField(
        label=_("What was seen; coordinators alone read it"),
        lines=4,
        max_length=8000,
        error_messages={"required": _("Write down what was seen.")},
    )

    def clean_on_day(self):
        day = self.cleaned_data["on_day"]
        if day > programme_day():
            raise forms.ValidationError(_("This day is still to come. Note the visit once it was made."))
        return day


def answer_day():
    return programme_day() + timedelta(days=ANSWER_DAYS)


class AskRecordsForm(PortalForm):
    """SER asks a sponsor for its records (R-SPO-5, R-SPO-6)."""

    asked_until = DayField(label=_("Answer by"), initial=answer_day, missing=_("Choose the day by which they answer."))
    note = PlainTextField(
        label=_("Which records, and why; the sponsor reads it"),
        lines=4,
        max_length=4000,
        error_messages={"required": _("Write which records you ask for. It stands in the letter.")},
    )

    def clean_asked_until(self):
        day = self.cleaned_data["asked_until"]
        if day <= programme_day():
            raise forms.ValidationError(_("Give them some time: choose a day after today."))
        return day


class EventForm(ListingForm):
    """An event of SER or a chapter that is listed without approval (R-SPO-7)."""

    sponsor = PlainTextField(
        label=_("SER or the chapter"),
        max_length=200,
        help_text=_("Such as “SER Europe”. A name that is not here yet is added."),
        error_messages={"required": _("Write whose event it is.")},
    )
    title = PlainTextField(
        label=_("Title"), max_length=200, error_messages={"required": _("Write the title of the event.")}
    )
    category = forms.ChoiceField(label=_("Category"), choices=[(one, one.label) for one in OFFERED], initial=OFFERED[1])
    delivery = forms.ChoiceField(label=_("Delivery"), choices=list(DELIVERED.items()), initial=Delivery.ONLINE)
    first_day = DayField(label=_("First day"), missing=_("Choose the first day."))
    last_day = DayField(label=_("Last day"), required=False, missing="", help_text=_("May stay empty for one day."))
    starts = TimeField(label=_("Begins at"), required=False)
    ends = TimeField(label=_("Ends at"), required=False)
    zone = forms.CharField(label=_("Time zone"), initial=settings.TIME_ZONE, validators=[check_time_zone])
    place = PlainTextField(label=_("Place"), max_length=200, required=False)
    country = CountryField(blank=True).formfield(label=_("Country"), required=False)

    field_order = [
        *("sponsor", "title", "category", "delivery", "first_day", "last_day", "starts", "ends", "zone", "place"),
        *("country", "description", "objectives", "language", "registration_name", "registration_email"),
        *("url", "price"),
    ]

    def clean(self):
        data = super().clean()
        first, last = data.get("first_day"), data.get("last_day")
        if first and not last and "last_day" not in self.errors:
            last = data["last_day"] = first
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first. Correct one of them."))
        starts, ends = data.get("starts"), data.get("ends")
        if bool(starts) != bool(ends) and not {"starts", "ends"} & set(self.errors):
            self.add_error("ends" if starts else "starts", _("Write both times, or neither."))
        elif starts and ends and first == last and ends <= starts:
            self.add_error("ends", _("It ends before it begins. Correct one of the times."))
        return data


class SponsorForm(PortalForm):
    """What is known of a sponsor itself, and why it is corrected."""

    name = PlainTextField(
        label=_("Name"), max_length=200, error_messages={"required": _("Write the name of the sponsor.")}
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SponsorKind.choices)
    website = forms.URLField(
        label=_("Website"),
        max_length=200,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("This is no web address. Write it as https://sponsor.example.")},
    )
    country = CountryField(blank=True).formfield(label=_("Country"), required=False)
    reason = PlainTextField(
        label=_("Why; coordinators alone read it"),
        lines=2,
        max_length=2000,
        error_messages={"required": _("Write why it is corrected. It is kept with what stood before.")},
    )


class FirstContactForm(InviteForm):
    """Somebody whom the coordinator invites, to manage the sponsor unless said otherwise."""

    role = forms.ChoiceField(label=_("May do"), choices=ROLES, initial=ContactRole.MANAGER)


class ImportForm(PortalForm):
    """A list of archived webinars, pasted or as a file."""

    rows = forms.CharField(
        label=_("Rows copied from a spreadsheet, their headings first"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
    )
    file = forms.FileField(label=_("Or a CSV or XLSX file"), required=False, allow_empty_file=True)
    kind = forms.ChoiceField(
        label=_("Kind of sponsors that are new and whose row does not say it"),
        choices=SponsorKind.choices,
        initial=SponsorKind.SER,
    )

"""Signing up, and what a person may change about themselves."""

import zoneinfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from serportal.accounts.models import Agreement, User
from serportal.accounts.states import Purpose
from serportal.dated.forms import FromDayField, RowForm
from serportal.ui.forms import PlainTextField, PortalForm


def zone_choices() -> list[tuple[str, str]]:
    """Return the zones people know by their city, without the technical aliases."""
    names = [
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    ]
    return [(name, name.replace("_", " ")) for name in sorted(names)]


class SignupForm(forms.Form):
    """What the portal asks beside e-mail and password; allauth builds its form on this one."""

    name = PlainTextField(
        label=_("Full name"),
        max_length=200,
        help_text=_("As it should stand in letters. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Your name is missing. Type it as it should stand in letters.")},
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *countries],
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"required": _("No country is chosen. Choose the one you live in.")},
    )

    field_order = ["name", "email", "country", "password1"]

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.country = self.cleaned_data["country"]
        user.save(update_fields=["name", "country"])


class ProfileForm(PortalForm, forms.ModelForm):
    """A person's own particulars; the e-mail address has its own page, because it must be proved."""

    name = PlainTextField(
        label=_("Full name"),
        max_length=200,
        help_text=_("As it should stand in letters."),
        error_messages={"required": _("Your name is missing. Type it as it should stand in letters.")},
    )
    preferred_name = PlainTextField(label=_("What we should call you"), max_length=100, required=False)
    phone = PlainTextField(label=_("Telephone"), max_length=40, required=False)
    employer = PlainTextField(label=_("Employer"), max_length=200, required=False)
    job_title = PlainTextField(label=_("Job title"), max_length=200, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("Deadlines are shown in it beside Eastern Time.")
    )

    class Meta:
        model = User
        fields = ["name", "preferred_name", "phone", "country", "employer", "job_title", "time_zone"]
        error_messages = {"country": {"required": _("No country is chosen. Choose the one you live in.")}}

    autocomplete = {
        "name": "name",
        "preferred_name": "nickname",
        "phone": "tel",
        "country": "country",
        "employer": "organization",
        "job_title": "organization-title",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].required = True
        for name, purpose in self.autocomplete.items():
            self.fields[name].widget.attrs["autocomplete"] = purpose
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Fieldset(_("You"), "name", "preferred_name", "phone"),
            Fieldset(_("Where you are"), "country", "time_zone"),
            Fieldset(_("Your work"), "employer", "job_title"),
            Submit("save", _("Save my profile")),
        )


class AgreementForm(RowForm):
    """The words people sign, as the coordinator writes them."""

    model = Agreement
    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose.choices)
    version = PlainTextField(
        label=_("Version"),
        max_length=40,
        help_text=_("What people see that they signed, such as “2” or “June 2027”."),
        error_messages={"required": _("Version: name it, such as “2”.")},
    )
    text = PlainTextField(
        label=_("Text"),
        lines=20,
        max_length=15_000,
        help_text=_("Paragraphs with an empty line between them."),
        error_messages={"required": _("Text: write the words that people sign.")},
    )
    effective_from = FromDayField()

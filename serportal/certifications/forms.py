"""What people ask of the directory, what a certificant lets it show, and what a coordinator changes."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from serportal.certifications.states import Level
from serportal.ui.forms import PlainTextField, PortalForm

NUMBER = re.compile(r"CERP(?:IT)?-[0-9]{1,9}", re.ASCII)
LEVELS = [(level.value, level.value) for level in Level]


class FindForm(PortalForm):
    """Whom to look for in the directory; whatever cannot be read is left out, never an error."""

    q = PlainTextField(label=_("Name or number"), max_length=100, required=False)
    country = forms.ChoiceField(
        label=_("Country"), choices=lambda: [("", _("Any country")), *countries], required=False
    )
    level = forms.ChoiceField(label=_("Level"), choices=[("", _("Any level")), *LEVELS], required=False)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "country", "level")}


class NumberForm(PortalForm):
    """The number of a certificate, as it stands on paper; case and blanks are ignored."""

    number = PlainTextField(
        label=_("Number of the certificate"),
        max_length=20,
        error_messages={"required": _("Write the number of the certificate, such as CERP-0001.")},
    )

    def clean_number(self):
        number = "".join(self.cleaned_data["number"].split()).upper()
        if not NUMBER.fullmatch(number):
            raise forms.ValidationError(
                _("“{}” is no number of a certificate. It reads CERP-0001 or CERPIT-0001.").format(number)
            )
        return number


class ListingForm(PortalForm):
    listed = forms.BooleanField(
        label=_("Show me in the public directory"),
        required=False,
        help_text=_("My name as on the certificate, its level and number, and until when it is valid."),
    )
    show_country = forms.BooleanField(label=_("with my country"), required=False)
    show_employer = forms.BooleanField(label=_("with my employer"), required=False)
    show_email = forms.BooleanField(label=_("with my e-mail address"), required=False)


class ReasonForm(PortalForm):
    reason = PlainTextField(
        label=_("Reason"),
        lines=3,
        max_length=1000,
        help_text=_("Kept with the certification; the public does not read it."),
        error_messages={"required": _("Give a reason. It is kept with the certification.")},
    )


class EndForm(PortalForm):
    reason = PlainTextField(
        label=_("Reason"),
        lines=3,
        max_length=1000,
        help_text=_("Its holder reads it in a letter; the public does not."),
        error_messages={"required": _("Give a reason. Its holder reads it in a letter.")},
    )


class RenameForm(ReasonForm):
    name = PlainTextField(
        label=_("New name on the certificate"),
        max_length=200,
        error_messages={"required": _("Write the new name, and why it changes.")},
    )
    field_order = ["name", "reason"]

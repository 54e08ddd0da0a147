"""Why a coordinator warns or terminates, and why a sponsor appeals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serportal.ui.forms import PlainTextField, PortalForm


class ReasonForm(PortalForm):
    reason = PlainTextField(
        label=_("Reason. The sponsor reads it in the letter."),
        lines=5,
        max_length=4000,
        error_messages={"required": _("The reason is missing. The sponsor reads it in the letter.")},
    )


class AdmitForm(PortalForm):
    reason = PlainTextField(
        label=_("Why it is let in although it was late. It stays in the history of the case."),
        lines=3,
        max_length=2000,
        error_messages={"required": _("The reason is missing. It stays in the history of the case.")},
    )


class AppealForm(PortalForm):
    """The grounds of an appeal; its files are kept as soon as they come."""

    grounds = PlainTextField(
        lines=10,
        max_length=20_000,
        error_messages={"required": _("The grounds are missing. Write why the termination should not stand.")},
    )
    files = forms.Field(required=False)

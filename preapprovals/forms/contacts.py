"""Who is invited to act for a sponsor, and what they may do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from preapprovals.states import ContactRole
from serportal.ui.forms import PortalForm

ROLES = [(role.value, role.label.capitalize()) for role in ContactRole]
NO_ROLE = _("Choose what this person may do.")


class RoleForm(PortalForm):
    role = forms.ChoiceField(
        label=_("May do"),
        choices=ROLES,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": NO_ROLE, "invalid_choice": NO_ROLE},
    )


class InviteForm(RoleForm):
    """Somebody invited by e-mail; the letter goes to this address and nowhere else."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={
            "required": _("Write the e-mail address of the person you invite."),
            "invalid": _("This is no e-mail address. Write it as name@organisation.example."),
            "max_length": _("This is no e-mail address. Write it as name@organisation.example."),
        },
    )
    field_order = ["email", "role"]

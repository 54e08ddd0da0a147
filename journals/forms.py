from django import forms
from django.utils.translation import gettext_lazy as _

from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField


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

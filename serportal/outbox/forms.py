"""What the coordinator sends back about a letter template."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField


class TemplateForm(PortalForm):
    """The words of a template, the fingerprint of those that were there, and a key for the test."""

    submit_key = SubmitKeyField()
    seen = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput, required=False)
    subject = PlainTextField(
        label=_("Subject"),
        max_length=200,
        widget=forms.TextInput(attrs={"size": 80}),
        error_messages={
            "required": _("The subject is missing. A letter needs one line that says what it is."),
            "max_length": _("The subject has more than 200 characters. Shorten it."),
        },
    )
    body = PlainTextField(
        label=_("Text"),
        lines=20,
        widget=forms.Textarea(attrs={"rows": 20, "cols": 80}),
        error_messages={"required": _("The text is missing. Write what the letter should say.")},
    )

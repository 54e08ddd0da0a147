"""What the coordinator sends back about a letter template, and everybody about their reminders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serportal.outbox.states import Family
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


class WantedForm(PortalForm):
    """Of what somebody is reminded; an empty list stops all of it."""

    wanted = forms.MultipleChoiceField(
        label=_("Remind me of"),
        choices=Family.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
        error_messages={
            "invalid_choice": _("One of these is no kind of reminder. Tick what you want, and save again.")
        },
    )


class PutOffForm(PortalForm):
    """What is told again, and on which day."""

    what = forms.CharField(max_length=110, widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("Remind me again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Remind me again on: choose a day."),
            "invalid": _("Remind me again on: that is no day. Choose one, such as 2027-01-31."),
        },
    )

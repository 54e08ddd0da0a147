"""What a committee member and the coordinator send back about a case."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.reviews.rules import QUARTER
from serportal.reviews.states import NEEDS_REASON, Choice
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField, read_hours


class ConflictForm(PortalForm):
    """The question before the content (R-REV-5)."""

    answer = forms.ChoiceField(
        choices=[("none", gettext_lazy("No conflict")), ("conflict", gettext_lazy("I have a conflict"))],
        error_messages={
            "required": gettext_lazy("Say whether you have a conflict of interest; the case opens after that."),
            "invalid_choice": gettext_lazy("Answer with one of the two buttons."),
        },
    )
    note = PlainTextField(lines=2, required=False, max_length=500)


class BallotForm(PortalForm):
    """One ballot: a choice, the credits where fewer are granted, and the reason where one is needed (R-REV-4)."""

    submit_key = SubmitKeyField()
    revision = forms.IntegerField(min_value=1, max_value=10_000, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        choices=Choice,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("No ballot is ticked yet. Tick one of the four."),
            "invalid_choice": gettext_lazy("This ballot is none of the four. Tick one of them."),
        },
    )
    credits = forms.CharField(required=False, max_length=10)
    reason = PlainTextField(lines=3, required=False, max_length=4000)

    def clean(self):
        data = super().clean()
        choice = data.get("choice")
        if choice == Choice.FEWER:
            data["credits"] = self._fewer(data.get("credits") or "")
        else:
            data["credits"] = None
        if choice in NEEDS_REASON and not data.get("reason"):
            self.add_error(
                "reason", _("Your reason is missing. Denying or granting fewer credits needs one; the member reads it.")
            )
        return data

    def _fewer(self, text: str) -> Decimal | None:
        credits = read_hours(text)
        if credits is None or credits < QUARTER or credits % QUARTER:
            self.add_error("credits", _("“{typed}” is not a number of credits in steps of 0.25.").format(typed=text))
            return None
        return credits


class SeatsForm(PortalForm):
    """Whom to seat: exactly as many as there are open places."""

    members = forms.ModelMultipleChoiceField(
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Nobody is ticked. Tick one person for each open place.")},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = people


class LetterForm(PortalForm):
    """The coordinator’s own paragraph, and the fingerprint of the letter that was read."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput, required=False)
    note = PlainTextField(lines=4, required=False, max_length=2000)

"""What a college answers about a graduate, on its page, by the link, or through the coordinator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.states import Confirmed
from serportal.ui.forms import PlainTextField, PortalForm
from serportal.ui.text import as_key

MOST_TICKED = 100
ANSWERS = [(Confirmed.YES.value, _("Confirmed")), (Confirmed.NO.value, _("Not confirmed"))]


class ReasonField(PlainTextField):
    def __init__(self, **kwargs):
        errors = {"max_length": _("The reason is longer than 1,000 signs. Shorten it."), **kwargs.pop("errors", {})}
        super().__init__(lines=4, max_length=1000, error_messages=errors, **kwargs)


class AnswerForm(PortalForm):
    """``seen`` is the answer that stood on the page, so that nobody overwrites one they have not read."""

    answer = forms.ChoiceField(
        choices=ANSWERS,
        error_messages={
            "required": _("Press one of the two buttons: confirm, or do not confirm."),
            "invalid_choice": _("Press one of the two buttons: confirm, or do not confirm."),
        },
    )
    note = ReasonField(label=_("Why can you not confirm it?"), required=False)
    seen = forms.CharField(required=False, max_length=7, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean()
        if data.get("answer") == Confirmed.NO and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say why you cannot confirm it. The applicant and SER read the reason."))
        return data

    def anchor(self, name: str) -> str:
        """Buttons are no fields: what is wrong with them stands above, without a link."""
        return super().anchor(name) if name == "note" else ""


class TickedForm(forms.Form):
    """The graduates that were ticked, by their keys; what can be no key is passed over."""

    def __init__(self, data):
        super().__init__(data)
        keys = [as_key(value) for value in data.getlist("graduates")[:MOST_TICKED]]
        self.keys = [key for key in keys if key is not None]


class EnterForm(PortalForm):
    """The college’s answer as the coordinator heard it, or a correction of one."""

    state = forms.ChoiceField(
        label=_("The college’s answer"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the college answered."),
            "invalid_choice": _("Choose what the college answered."),
        },
    )
    reason = ReasonField(
        label=_("Reason"),
        help_text=_(
            "How you know it, or why it is corrected. It stays in the history; with a no, the applicant reads it."
        ),
        errors={"required": _("Give a reason. It stays in the history; with a no, the applicant reads it.")},
    )


class NewLinkForm(PortalForm):
    """Asks nothing: a new link goes to the stored address."""

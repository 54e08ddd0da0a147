"""What the coordinator says about the e-learning course of one application (R-APP-3)."""

from django.utils.translation import gettext_lazy as _

from serportal.ui.forms import PlainTextField, PortalForm


class VerifyForm(PortalForm):
    """Asks nothing: the certificate was read, and it is what it should be."""


class WaiveForm(PortalForm):
    reason = PlainTextField(
        label=_("Reason"),
        lines=3,
        max_length=1000,
        help_text=_("It stays in the history of the case."),
        error_messages={
            "required": _("Waiving the course needs a reason. It stays in the history of the case."),
            "max_length": _("The reason is longer than 1,000 signs. Shorten it."),
        },
    )

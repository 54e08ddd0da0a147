"""What is true of a certification, in one sentence that hides nothing and names nobody."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from serportal.certifications.models import Certification
from serportal.certifications.states import Ending, Standing
from serportal.ui.words import day_text

TOLD = {
    Standing.ACTIVE: _("It is valid until {until}."),
    Standing.RENEWAL_DUE: _("It is valid until {until}. Its renewal is due."),
    Standing.GRACE: _("Its period ended on {until}. It is still listed; its renewal is pending."),
    Standing.LAPSED: _("It has lapsed: its period ended on {until}, and it was not renewed."),
    Ending.UPGRADED: _("It is no longer used: it was upgraded to {following} on {ended}."),
    Ending.REVOKED: _("It was revoked on {ended} and is not valid."),
    Ending.RETIRED: _("Its holder gave it up on {ended}. It is not valid any more."),
}
BRIEF = {
    Standing.ACTIVE: _("Valid"),
    Standing.RENEWAL_DUE: _("Valid, renewal due"),
    Standing.GRACE: _("Renewal pending"),
    Standing.LAPSED: _("Lapsed"),
    Ending.UPGRADED: _("Upgraded"),
    Ending.REVOKED: _("Revoked"),
    Ending.RETIRED: _("Retired"),
}


def told(held: Certification, day: date) -> str:
    """Return the sentence about ``held`` on ``day``; needs ``with_period``."""
    return str(TOLD[held.state_on(day)]).format(
        until=day_text(held.period_end) if held.period_end else "–",
        ended=day_text(held.ended_on) if held.ended_on else "",
        following=held.succeeded_by.number if held.succeeded_by_id else "",
    )

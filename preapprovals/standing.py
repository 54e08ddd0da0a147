"""Where an offering stands on a day, in words: the same on every page of its sponsor (SPEC 3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from preapprovals.models import Notice, Offering
from preapprovals.states import OfferingState
from serportal.ui.words import day_text

# From this many days before its last day on, a sponsor is asked to think of the renewal (SPEC 5).
RENEWED_FROM = timedelta(days=60)


@dataclass(frozen=True)
class Standing:
    """A word for a list, the sentence, what follows; ``holds``: whether code and logo may be used."""

    brief: str
    says: str
    then: str = ""
    holds: bool = False
    urgent: bool = False


def standing_of(offering: Offering, today: date, last: Notice | None = None) -> Standing:
    """Return where ``offering`` stands; ``last`` is its latest termination, where the page tells of an appeal."""
    until = day_text(offering.valid_to)
    if offering.state == OfferingState.TERMINATED:
        return _terminated(today, last)
    if offering.state == OfferingState.WITHDRAWN:
        return Standing(_("withdrawn"), _("This offering was withdrawn. It is no longer on the list."))
    if offering.valid_to < today:
        says = _("This approval expired on {day}. It is no longer on the list, and its code counts for no later day.")
        then = _("Claims for days until then still count.")
        return Standing(_("expired"), says.format(day=until), then)
    if offering.state == OfferingState.WARNED:
        says = _("SER has warned you. The approval holds until {day} all the same.").format(day=until)
        return Standing(_("warned"), says, _("Put right what the reason names."), holds=True, urgent=True)
    if today < offering.valid_from:
        says = _("This is approved from {first} to {last}.")
        return Standing(_("approved"), says.format(first=day_text(offering.valid_from), last=until))
    then = ""
    if offering.recurring and offering.valid_to - today <= RENEWED_FROM:
        then = _("If you go on with it, ask for its renewal now: an answer can take six weeks.")
    return Standing(_("active"), _("This approval holds until {day}.").format(day=until), then, True, bool(then))


def _terminated(today: date, last: Notice | None) -> Standing:
    brief = _("terminated")
    says = _("SER has ended this approval. It is no longer on the list; its code and the logo may no longer be used.")
    then = _("Credits for earlier dates stand.")
    if last is None:
        return Standing(brief, says, then)
    if hasattr(last, "appeal"):
        said = _("Your appeal has the reference {reference}.").format(reference=last.appeal.case.reference)
        return Standing(brief, says, f"{said} {then}")
    until = day_text(last.appeal_until)
    if today <= last.appeal_until:
        said = _("You can appeal until {day}, that day included.").format(day=until)
        return Standing(brief, says, f"{said} {then}", urgent=True)
    return Standing(brief, says, f"{_('The days to appeal ended on {day}.').format(day=until)} {then}")

"""What the form of a renewal asks (R-PER-7); DOMAIN, Fields each form must have."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from journals.services.renewing import NO, YES
from serportal.drafts.forms import AnswersForm
from serportal.ui.asks import SIGNATURE, Ask, choice_of, long_text, short_text

YES_NO = ((YES, _("Yes")), (NO, _("No")))
DECLARATION = (
    Ask(
        "truthful",
        _("What my journal says of me is true, and I can prove it."),
        _("Tick that what your journal says is true, if it is."),
        kind="tick",
    ),
    choice_of(
        "sanctions",
        _("Since you were certified: any conviction or sanction about your work?"),
        YES_NO,
        _("Say whether there was a conviction or a sanction about your work."),
        _("This is yes or no. Tick one."),
    ),
    long_text("disclosure", _("What it was"), help=_("If there was one. One does not exclude you by itself.")),
    choice_of(
        "unchanged",
        _("Are the name on your certificate and your address still right?"),
        YES_NO,
        _("Say whether the name on your certificate and your address are still right."),
        _("This is yes or no. Tick one."),
    ),
    long_text("changes", _("What changes"), help=_("If something does. The coordinator changes it."), lines=2),
)
AGREEMENT = (
    Ask(
        "agreed",
        _("I have read the agreement above and agree to it."),
        _("Tick that you agree, if you do; nobody is renewed without it."),
        kind="tick",
    ),
    SIGNATURE,
)
FEE = (
    choice_of(
        "member",
        _("Are you a member of SER?"),
        YES_NO,
        _("Say whether you are a member of SER; the fee depends on it."),
        _("Membership is yes or no. Tick one."),
    ),
    short_text("membership_number", _("Membership number"), help=_("If you are a member."), length=60),
    Ask("reduction", _("I live and work in a low-income country and ask for a smaller fee."), kind="tick"),
    long_text(
        "reduction_why", _("Where you live and work, and what you can pay"), help=_("If you ask for it."), lines=3
    ),
    long_text("invoice_to", _("Whom the invoice is for"), help=_("If it is not you."), lines=3, length=500),
)
PARTS = (DECLARATION, AGREEMENT, FEE)
ANSWER = (long_text("answer", _("Your answer to the coordinator"), lines=6),)
NAMES = tuple(ask.name for ask in (*DECLARATION, *AGREEMENT, *FEE, *ANSWER))


class RenewalForm(AnswersForm):
    """Asks what an answer leaves open, where it was left empty."""

    asked_on = (
        ("sanctions", YES, "disclosure", _("What it was is missing. Write it, in your own words.")),
        ("unchanged", NO, "changes", _("What changes is missing. Write it, so that we can change it.")),
        ("member", YES, "membership_number", _("The membership number is missing. SER needs it for the lower fee.")),
        ("reduction", True, "reduction_why", _("Say in which country you live and work, and what you can pay.")),
    )

    def clean(self):
        data = super().clean()
        for name, answer, text, sentence in self.asked_on:
            if data.get(name) == answer and not data.get(text) and text in self.fields:
                self.add_error(text, sentence)
        return data


def forms_for(data: dict, *, today: date, judged: bool) -> list[AnswersForm]:
    """Return the three parts of the form with what was typed; judged, they say what keeps it from being filed."""
    return [RenewalForm(table, data, check=None, today=today, judged=judged) for table in PARTS]

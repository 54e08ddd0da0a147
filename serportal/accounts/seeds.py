"""The agreements people sign, until the coordinator stores SER’s own words; brought in where there are none."""

from datetime import date

from serportal.accounts.models import Agreement
from serportal.accounts.states import Purpose

FROM = date(2000, 1, 1)
TEXT = """\
I have read the Code of Ethics of the Society for Ecological Restoration (www.ser.org) and will follow it \
in my work, for as long as I hold a certification of SER.

I agree that SER may look into a complaint about my conduct, that I will answer its questions, and that SER may warn \
me, suspend or revoke my certification if it finds that I broke the Code. I have a right to be heard before that.

I will not use the title, the number or the mark of a certification that I do not hold, or hold no longer.

What I tell SER in this portal is true and complete, as far as I know. I understand that a false statement is a reason \
to deny or revoke a certification."""


SPONSORS = """\
What is offered is continuing education in ecological restoration, without commercial promotion and without \
proprietary content. The instructors follow the Code of Ethics of the Society for Ecological Restoration \
(www.ser.org).

Everyone who completed it gets a Confirmation of Completion that bears the approval code, within 30 days. Attendance \
is verified as the request says, and nobody is confirmed who did not take part.

Attendance, grades and confirmations are kept for at least six years, or handed to SER, and shown to SER when it asks.

SER may look in on what is offered. If its educational criteria, its guidelines or its Code of Ethics are not met, SER \
may warn the sponsor or end the approval; the sponsor can appeal within 30 days.

The code and the program’s logo are used only to promote what was approved, for as long as the approval holds."""
LOGO = """\
The logo of the SER Certification Program is used only to promote the offering for which it was given, for as long as \
its approval holds, and nowhere else.

It is not changed: not its shape, its colours or its words. It stands beside the name of the offering and does not \
suggest that SER offers it, or vouches for anything else of the sponsor’s.

When the approval ends, the logo is taken away from every page and paper that is still handed out."""
TEXTS = {Purpose.APPLICANTS: TEXT, Purpose.SPONSORS: SPONSORS, Purpose.LOGO: LOGO}


def seed_agreements(**kwargs) -> None:
    for purpose, text in TEXTS.items():
        if not Agreement.objects.filter(purpose=purpose).exists():
            Agreement.objects.create(purpose=purpose, version="1", text=text, effective_from=FROM)

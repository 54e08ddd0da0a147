"""The agreement people sign, until the coordinator stores SER’s own words; brought in where there is none."""

from datetime import date

from serportal.accounts.models import Agreement

FROM = date(2000, 1, 1)
TEXT = """\
I have read the Code of Ethics of the Society for Ecological Restoration (www.ser.org) and will follow it \
in my work, for as long as I hold a certification of SER.

I agree that SER may look into a complaint about my conduct, that I will answer its questions, and that SER may warn \
me, suspend or revoke my certification if it finds that I broke the Code. I have a right to be heard before that.

I will not use the title, the number or the mark of a certification that I do not hold, or hold no longer.

What I tell SER in this portal is true and complete, as far as I know. I understand that a false statement is a reason \
to deny or revoke a certification."""


def seed_agreement(**kwargs) -> None:
    if not Agreement.objects.exists():
        Agreement.objects.create(version="1", text=TEXT, effective_from=FROM)

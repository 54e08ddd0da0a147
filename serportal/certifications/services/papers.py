"""The certificate on paper, and the address that says whether it is still true."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from serportal.certifications.models import Certification
from serportal.certifications.states import LISTED
from serportal.documents import paper
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

MARK = Path(settings.BASE_DIR) / "static" / "img" / "mark.svg"


def address_of(certification: Certification) -> str:
    """Return the address at which anyone can ask about a certificate."""
    return settings.SITE_URL + reverse("certifications:certificate", args=[certification.number])


def certificate(certification: Certification, *, at: datetime | None = None) -> bytes:
    """Return the certificate of the latest period as PDF; needs ``with_period``.

    Raises Refusal for a certification that is not in force: no paper of ours says what is not true.
    """
    if certification.state_on(programme_day(at)) not in LISTED:
        text = _("{number} is not in force, so there is no certificate to print. Its page says what is true of it.")
        raise Refusal("not-in-force", text.format(number=certification.number))
    address, number = address_of(certification), certification.number
    return paper.pdf(
        "certificate",
        {
            "title": _("Certificate {number}").format(number=number),
            "day": certification.period_start.isoformat(),
            "by": _("Society for Ecological Restoration"),
            "says": _("certifies that"),
            "name": certification.name_on_certificate,
            "is": _("is a"),
            "level": str(certification.get_level_display()),
            "facts": [
                [_("Certificate"), number],
                [_("Certified on"), day_text(certification.certified_on)],
                [_("Valid until"), day_text(certification.period_end)],
            ],
            "mark": MARK.read_text(encoding="utf-8"),
            "qr": paper.qr(address),
            "qr_says": _("Code that leads to {address}").format(address=address),
            "check": _("Is it still true? Ask here:"),
            "address": address,
        },
    )

"""Who is certified: granted, upgraded, ended, renamed; who is listed; the certificate on paper."""

from serportal.certifications.services.granting import certify, move_end, rename, retire, revoke, upgrade
from serportal.certifications.services.listing import listing_of, set_listing
from serportal.certifications.services.papers import address_of, certificate
from serportal.certifications.services.renewing import lapse_due, renew, tell_grace

__all__ = [
    "address_of",
    "certificate",
    "certify",
    "lapse_due",
    "listing_of",
    "move_end",
    "rename",
    "renew",
    "retire",
    "revoke",
    "set_listing",
    "tell_grace",
    "upgrade",
]

"""Who is involved in a request: what a reviewer must know of before declaring no conflict (R-REV-5)."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model

from journals.rules import fold
from preapprovals.models import Sponsor
from preapprovals.states import Listed, Section
from serportal.reviews.models import Party
from serportal.reviews.states import PartyRole
from serportal.ui.text import one_line

MOST = 120


def parties_of(owner, content: dict, sponsor: Sponsor) -> list[Party]:
    """Return everyone involved, the submitter first, each once in a role.

    Whoever acts for the sponsor is involved as well. Whoever has the name, or the address, of a committee member or a
    coordinator is taken for that person, who is thereby excluded from the case.
    """
    insiders = list(get_user_model().objects.insiders().exclude(pk=owner.pk))
    by_name = {fold(person.name): person for person in insiders}
    by_address = {person.email: person for person in insiders}
    parties = [Party(role=PartyRole.SUBMITTER, name=owner.name, person=owner)]
    seen = {(PartyRole.ORGANISER, owner.name)}
    for role, name, address in _named(owner, content, sponsor):
        name = one_line(name)[:200]
        if not name or (role, name) in seen or len(parties) >= MOST:
            continue
        seen.add((role, name))
        known = by_address.get(address.strip().lower()) or by_name.get(fold(name))
        parties.append(Party(role=role, name=name, person=known))
    return parties


def _named(owner, content: dict, sponsor: Sponsor) -> Iterator[tuple[PartyRole, str, str]]:
    """Yield (role, name, address) of everyone named."""
    said, offering = content.get(Section.SPONSOR, {}), content.get(Section.OFFERING, {})
    yield PartyRole.EMPLOYER, owner.employer, ""
    yield PartyRole.ORGANISER, sponsor.name, ""
    for line in said.get("co_sponsors", "").splitlines():
        yield PartyRole.ORGANISER, line, ""
    yield PartyRole.ORGANISER, offering.get("organiser", ""), ""
    yield PartyRole.ORGANISER, said.get("contact_name", ""), said.get("contact_email", "")
    for contact in sponsor.contacts.current().exclude(person=owner).select_related("person"):
        yield PartyRole.ORGANISER, contact.person.name if contact.person else contact.email, contact.email
    for row in content.get(Listed.INSTRUCTOR, []):
        yield PartyRole.INSTRUCTOR, row.get("name", ""), row.get("email", "")

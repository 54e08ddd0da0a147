"""Who is involved in an application: what a reviewer must know of before declaring no conflict (R-REV-5)."""

from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model

from journals.rules import fold
from serportal.reviews.models import Party
from serportal.reviews.states import PartyRole
from serportal.ui.text import one_line

MOST = 60


def parties_of(owner, content: dict, referees: Iterable[Party]) -> list[Party]:
    """Return everyone involved, the submitter first and the ``referees`` next, each once in a role.

    Whoever has the name, or the address, of a committee member or a coordinator is taken for that person, who is
    thereby excluded from the case.
    """
    insiders = list(get_user_model().objects.insiders())
    known = {fold(person.name): person for person in insiders}
    known |= {person.email.casefold(): person for person in insiders}
    parties = [Party(role=PartyRole.SUBMITTER, name=owner.name, person=owner), *referees]
    seen = set()
    for role, name, contact in _named(owner, content):
        name = one_line(name)[:200]
        if not name or (role, fold(name)) in seen or len(parties) >= MOST:
            continue
        seen.add((role, fold(name)))
        person = known.get(fold(name)) or known.get(contact.strip().casefold())
        parties.append(Party(role=role, name=name, person=person if person != owner else None))
    return parties


def _named(owner, content: dict) -> Iterator[tuple[PartyRole, str, str]]:
    yield PartyRole.EMPLOYER, content["person"].get("employer") or owner.employer, ""
    for row in content.get("job", []):
        yield PartyRole.EMPLOYER, row.get("employer", ""), ""
        yield PartyRole.SUPERVISOR, row.get("supervisor", ""), row.get("contact", "")
    for row in content.get("degree", []):
        yield PartyRole.INSTITUTION, row.get("institution", ""), ""
    for row in content.get("project", []):
        yield PartyRole.VERIFIER, row.get("verifier", ""), ""
        yield PartyRole.CLIENT, row.get("client", ""), ""

"""Who is involved in an application: what a reviewer must know of before declaring no conflict (R-REV-5)."""

from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user_model

from applications import rules
from applications.models import Reference
from serportal.reviews.models import Party
from serportal.reviews.states import PartyRole
from serportal.ui.text import one_line

MOST = 60


def parties_of(owner, content: dict, references: Iterable[Reference]) -> list[Party]:
    """Return everyone involved, the submitter first, each once in a role.

    Whoever has the name, or the address, of a committee member or a coordinator is taken for that person, who is
    thereby excluded from the case.
    """
    insiders = [(person, rules.known(person.name, person.email)) for person in get_user_model().objects.insiders()]
    parties = [Party(role=PartyRole.SUBMITTER, name=owner.name, person=owner)]
    seen = set()
    for role, name, *contact in _named(owner, content, references):
        name = one_line(name)[:200]
        if not name or (role, name) in seen or len(parties) >= MOST:
            continue
        seen.add((role, name))
        who = rules.known(name, *(address for address in contact if "@" in address))
        person = next((insider for insider, known in insiders if insider != owner and rules.alike(who, known)), None)
        parties.append(Party(role=role, name=name, person=person))
    return parties


def _named(owner, content: dict, references: Iterable[Reference]) -> Iterator[tuple[str, ...]]:
    """Yield (role, name) of everyone named, with the address that stands beside it."""
    yield PartyRole.EMPLOYER, content["person"].get("employer") or owner.employer
    for reference in references:
        yield PartyRole.REFEREE, reference.name, reference.email
    for row in content.get("job", []):
        yield PartyRole.EMPLOYER, row.get("employer", "")
        yield PartyRole.SUPERVISOR, row.get("supervisor", ""), row.get("contact", "")
    for row in content.get("degree", []):
        yield PartyRole.INSTITUTION, row.get("institution", "")
    for row in content.get("project", []):
        yield PartyRole.VERIFIER, row.get("verifier", "")
        yield PartyRole.CLIENT, row.get("client", "")

"""Who is involved in a claim: what a reviewer must know of before declaring no conflict (R-REV-5)."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model

from cecs.services.worth import Answers
from journals.rules import fold
from journals.states import Activity
from serportal.reviews.models import Party
from serportal.reviews.states import PartyRole

MOST = 40
ORGANISATIONS = {
    Activity.COURSE: PartyRole.INSTITUTION,
    Activity.BOOK: PartyRole.PUBLISHER,
    Activity.CHAPTER: PartyRole.PUBLISHER,
    Activity.PAPER: PartyRole.PUBLISHER,
    Activity.MATERIAL: PartyRole.PUBLISHER,
}


def parties_of(owner, answers: Answers) -> list[Party]:
    """Return everyone involved, the submitter first.

    Instructors, co-authors and administrators who have the name of a committee member or a coordinator are taken for
    that person, who is thereby excluded from the case.
    """
    insiders = {fold(person.name): person for person in get_user_model().objects.insiders()}
    parties = [Party(role=PartyRole.SUBMITTER, name=owner.name, person=owner)]
    if owner.employer:
        parties.append(Party(role=PartyRole.EMPLOYER, name=owner.employer))
    parties.append(Party(role=ORGANISATIONS.get(answers.activity, PartyRole.ORGANISER), name=answers.provider))
    for role, name in list(_people(answers))[:MOST]:
        known = insiders.get(fold(name))
        parties.append(Party(role=role, name=name[:200], person=known if known != owner else None))
    return parties


def _people(answers: Answers) -> Iterator[tuple[PartyRole, str]]:
    with_role = PartyRole.CO_INSTRUCTOR if answers.activity == Activity.INSTRUCTION else PartyRole.CO_AUTHOR
    for role, text in [
        (PartyRole.INSTRUCTOR, answers.instructor),
        (with_role, answers.with_people),
        (PartyRole.ADMINISTRATOR, answers.admin_name),
    ]:
        for line in text.splitlines():
            if line.strip():
                yield role, line.strip()

"""What the whole committee is asked about the instructors of a request (R-INST, R-REV-10)."""

from datetime import date

from django.utils.translation import gettext as _

from journals.rules import fold
from preapprovals.models import Instructor, PreapprovalRequest
from preapprovals.states import Listed, Qualification
from serportal.certifications.models import Certification
from serportal.certifications.states import LISTED
from serportal.reviews.kinds import Question
from serportal.reviews.models import Poll, ReviewCase
from serportal.reviews.states import Topic


def questions(case: ReviewCase) -> list[Question]:
    """Return one question for each instructor who is qualified by other credentials."""
    return list(_asked(case.pk))


def keep_answer(poll: Poll) -> None:
    """Write the committee’s answer down with the instructor it is about."""
    for question, one in _asked(poll.case_id).items():
        if (question.subject, question.words) == (poll.subject, poll.question) and one.accepted != poll.outcome:
            one.accepted = poll.outcome
            one.save(update_fields=["accepted"])


def uncertified(request: PreapprovalRequest, day: date) -> list[str]:
    """Say which instructors name a certificate of SER that is not theirs, or did not hold on ``day`` (R-INST)."""
    rows = [row for row in request.content.get(Listed.INSTRUCTOR, []) if row["qualification"] == Qualification.SER]
    named = [(row["name"], row.get("ser_number", "").strip().upper()) for row in rows]
    numbers = [number for _name, number in named]
    known = Certification.objects.with_period().filter(number__in=numbers) if named else ()
    held, said = {one.number: one for one in known}, []
    for name, number in named:
        there = held.get(number)
        if there is None:
            text = _("{name} is said to hold {number}, and there is no certificate of that number.")
        elif fold(there.name_on_certificate) != fold(name):
            text = _("{name} is said to hold {number}, which is somebody else’s certificate.")
        elif there.state_on(day) not in LISTED:
            text = _("{name} is said to hold {number}, which did not hold on the day of filing.")
        else:
            continue
        said.append(text.format(name=name, number=number))
    return said


def _asked(request: int) -> dict[Question, Instructor]:
    """Return each question with its instructor; of two with one name the second is told apart by a number."""
    found, names = {}, {}
    for one in Instructor.objects.filter(request=request, qualification=Qualification.OTHER).order_by("pk"):
        names[one.name] = number = names.get(one.name, 0) + 1
        subject = one.name if number == 1 else f"{one.name[:190]} ({number})"
        found[Question(Topic.INSTRUCTOR, subject, _words(one))] = one
    return found


def _words(one: Instructor) -> str:
    said = [_("Are the credentials of {name} accepted for teaching this?").format(name=one.name)]
    if one.employer:
        said.append(_("Employer: {employer}").format(employer=one.employer))
    if one.detail:
        said.append(_("Credentials: {detail}").format(detail=one.detail))
    return "\n".join(said)

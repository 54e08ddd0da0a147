"""What the whole committee is asked about the instructors of a request (R-INST, R-REV-10)."""

from django.utils.translation import gettext as _

from preapprovals.models import Instructor
from preapprovals.states import Qualification
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

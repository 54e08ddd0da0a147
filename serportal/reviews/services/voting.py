"""What a member does about a question to the whole committee: declare, then vote (R-REV-5, R-REV-10, R-SPO-6)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.reviews.models import Conflict, ReviewCase, Vote, Voter
from serportal.reviews.services import polls
from serportal.reviews.services.moving import log
from serportal.reviews.services.panel import give_up_seat, hint_between
from serportal.reviews.states import WAITING, Answer, Move, SeatState, Step
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text


def own_voter(voter_id: int, by) -> tuple[ReviewCase, Voter]:
    """Lock the case that ``by`` is asked about, then return both; the voter is read after the lock."""
    case = ReviewCase.objects.select_for_update(of=("self",)).get(polls__voters=voter_id)
    voter = Voter.objects.select_related("poll__case__filed_by", "member").get(pk=voter_id, member=by)
    return case, voter


def must_declare(voter: Voter) -> bool:
    """Whether the conflict question is open to them: never answered, or a hint came up since (R-REV-5)."""
    if voter.state == SeatState.INVITED:
        return True
    return voter.state in WAITING and hint_between(voter.poll.case.filed_by, voter.member) not in {"", voter.hint}


@transaction.atomic
def declare_on(voter_id: int, *, conflict: bool, by, note: str = "", at: datetime | None = None) -> Voter:
    """Record ``by``’s answer to the conflict question; a conflict hides the case from them for good (R-REV-5).

    A seat that they have on the panel of the same case is given up with it.
    """
    at = at or timezone.now()
    case, voter = own_voter(voter_id, by)
    if voter.state == (SeatState.RECUSED if conflict else SeatState.DECLARED) and not must_declare(voter):
        return voter
    if voter.poll.closed_at is not None:
        raise Refusal("closed", _("The question about {0} is closed, so its answer stands.").format(case.reference))
    if voter.state not in WAITING:
        raise Refusal("answered", _("Your vote on {0} is in, so this answer stands.").format(case.reference))
    if not conflict:
        log(case, Move.DECLARE, by=by, at=at, note=voter.poll.subject)
        voter.state, voter.declared_at, voter.hint = SeatState.DECLARED, at, hint_between(case.filed_by, by)
        voter.save(update_fields=["state", "declared_at", "hint"])
        return voter
    log(case, Move.RECUSE, by=by, at=at, note=clean_text(note))
    told = {"note": clean_text(note), "declared_at": at}
    Conflict.objects.get_or_create(case=case, member=by, defaults=told)
    give_up_seat(case, by, at=at)
    polls.step_out(case, by, at=at)
    voter.refresh_from_db()
    return voter


@transaction.atomic
def vote(
    voter_id: int, *, by, key: uuid.UUID, revision: int, answer: Answer, reason: str = "", at: datetime | None = None
) -> Vote:
    """Add ``by``’s answer; the one that makes the outcome certain closes the question. The same ``key`` is one vote.

    Raises Refusal on a closed question, without the conflict question answered, on an older version of the case
    (R-REV-6), and for a no without its reason.
    """
    at = at or timezone.now()
    case, voter = own_voter(voter_id, by)
    cast_before = Vote.objects.filter(submit_key=key, voter=voter).first()
    if cast_before is not None:
        return cast_before
    _check(case, voter, revision)
    reason = clean_text(reason)
    if answer == Answer.NO and not reason:
        raise Refusal("no-reason", _("A no needs a reason. It may stand in the letter, without your name."))
    made = Vote.objects.create(voter=voter, revision=revision, submit_key=key, answer=answer, reason=reason, cast_at=at)
    voter.state = SeatState.VOTED
    voter.save(update_fields=["state"])
    log(case, Move.VOTE, by=by, at=at, note=voter.poll.subject)
    polls.settle(case, voter.poll, at=at)
    return made


def _check(case: ReviewCase, voter: Voter, revision: int) -> None:
    if voter.state == SeatState.RECUSED:
        raise Refusal("stepped-out", _("You stepped out of {0}; you are not asked any more.").format(case.reference))
    if voter.poll.closed_at is not None:
        raise Refusal("closed", _("The question about {0} is closed, so its answer stands.").format(case.reference))
    if case.step == Step.ANSWER:
        raise Refusal(
            "asked",
            _("A question about {0} was sent to whoever filed it. Vote when it is answered.").format(case.reference),
        )
    if must_declare(voter):
        raise Refusal("undeclared", _("Answer the conflict question first; your vote follows it."))
    if revision != case.revision:
        raise Refusal(
            "old-revision", _("This was changed by whoever filed it after you opened it. Read it again, then vote.")
        )

"""Questions to a whole committee: the electorate is frozen at the opening, and a certain answer is the end.

R-REV-10: of an instructor’s other credentials, by more than half of all active members; who has a conflict cannot vote
and still counts. R-SPO-6: of an appeal, by more than half of those who neither decided before nor have a conflict.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.outbox import services as outbox
from serportal.reviews import rules
from serportal.reviews.kinds import Question, kind_of
from serportal.reviews.models import Poll, ReviewCase, Vote, Voter
from serportal.reviews.services.moving import lock, lock_for, log, move, needed
from serportal.reviews.states import Move, SeatState, Step, Topic
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

INSTRUCTOR_DAYS = timedelta(days=10)
LONGEST = timedelta(days=28)


@dataclass(frozen=True)
class Standing:
    """One question as its pages show it: how far each voter is, and the votes once it is closed."""

    poll: Poll
    voters: list[Voter]
    votes: list[Vote]

    @property
    def answered(self) -> int:
        return sum(one.state == SeatState.VOTED for one in self.voters)

    @property
    def whole(self) -> int:
        return sum(one.counts for one in self.voters)

    @property
    def needed(self) -> int:
        return rules.majority(self.whole)

    @property
    def blocked(self) -> bool:
        """Whether nobody is left who may answer."""
        return self.poll.closed_at is None and all(one.state == SeatState.RECUSED for one in self.voters)


def standings(case: ReviewCase) -> list[Standing]:
    """Return the questions of ``case`` with their voters, and the votes of those that are closed; three queries."""
    polls = list(case.polls.all())
    for one in polls:
        one.case = case
    voters = Voter.objects.filter(poll__in=polls).select_related("member") if polls else ()
    by_key = {one.pk: one for one in voters}
    closed = [one.pk for one in polls if one.outcome is not None]
    cast = Vote.objects.filter(voter__poll__in=closed, revision=case.revision).standing() if closed else ()
    for vote in cast:
        vote.voter = by_key[vote.voter_id]
    return [
        Standing(
            one,
            [voter for voter in by_key.values() if voter.poll_id == one.pk],
            [vote for vote in cast if vote.voter.poll_id == one.pk and vote.voter.state == SeatState.VOTED],
        )
        for one in polls
    ]


def asked(case: ReviewCase) -> list[tuple[Question, Poll | None]]:
    """Return what the kind asks the whole committee about ``case``, each with its newest poll that was not given up."""
    questions = kind_of(case).questions(case)
    if not questions:
        return []
    ended = [one for one in case.polls.all() if one.outcome is not None or one.closed_at is None]
    known = {(one.topic, one.subject, one.question): one for one in ended}
    return [(one, known.get((one.topic, one.subject, one.words))) for one in questions]


def check_answers(case: ReviewCase) -> None:
    """Raise Refusal unless the committee said yes to everything that ``case`` asks it (R-REV-10)."""
    for question, poll in asked(case):
        if poll is None or poll.closed_at is None:
            raise Refusal(
                "question-open",
                _("The whole committee has not answered yet: {subject}. Wait for the answer, or deny.").format(
                    subject=question.subject
                ),
            )
        if not poll.outcome:
            raise Refusal(
                "not-accepted",
                _(
                    "The whole committee did not accept {subject}. Ask the submitter to name someone else, or deny."
                ).format(subject=question.subject),
            )


def electorate(case: ReviewCase, topic: Topic, day: date) -> tuple[list, set[int]]:
    """Return the active members of the committee who are asked, and the keys of those of them who may not answer.

    Of an appeal, whoever decided before or has a conflict is not in it at all; of an instructor everyone is.
    """
    members = list(get_user_model().objects.on_committee(kind_of(case).committee, day).order_by("pk"))
    named = case.parties.filter(person__isnull=False).values_list("person", flat=True)
    closed = {case.filed_by_id, *named, *case.conflicts.values_list("member", flat=True)}
    if topic == Topic.APPEAL:
        closed |= kind_of(case).barred(case)
        return [one for one in members if one.pk not in closed], set()
    return members, closed


def ask_committee(case: ReviewCase, *, by, at: datetime) -> None:
    """Open every question about the locked ``case`` that is not asked yet, and end those it asks no more.

    What was answered before is told to the kind again, for its author may have written the answers anew.
    """
    wanted = asked(case)
    current = {poll.pk for _question, poll in wanted if poll}
    for poll in case.polls.open():
        if poll.pk not in current:
            _end(case, poll, at=at)
    for question, poll in wanted:
        if poll is None:
            _open(case, question, by=by, at=at)
        elif poll.outcome is not None:
            kind_of(case).answered(poll, at=at)


def _open(case: ReviewCase, question: Question, *, by, at: datetime) -> Poll:
    last = case.polls.aggregate(last=Max("number"))["last"] or 0
    poll = Poll.objects.create(
        case=case,
        number=last + 1,
        topic=question.topic,
        subject=question.subject,
        question=question.words,
        opened_at=at,
        opened_by=by,
        due_on=_due(case, question.topic, at),
    )
    if not kind_of(case).asks_all:
        log(case, Move.OPEN, by=by, at=at, note=question.subject)
    members, closed = electorate(case, question.topic, programme_day(at))
    for member in members:
        state = SeatState.RECUSED if member.pk in closed else SeatState.INVITED
        voter = Voter.objects.create(poll=poll, member=member, state=state, invited_at=at)
        if state == SeatState.INVITED:
            owe_to_voter(voter, "poll-invitation", key=f"poll:{voter.pk}", at=at, due=day_text(poll.due_on))
    settle(case, poll, at=at)
    return poll


def _due(case: ReviewCase, topic: Topic, at: datetime) -> date:
    """Return by when the committee answers: an instructor in 10 days, an appeal on the day of its ballots (SPEC 5)."""
    today = programme_day(at)
    if topic == Topic.INSTRUCTOR:
        return today + INSTRUCTOR_DAYS
    own = today + timedelta(days=case.timetable.alternate_days)
    return max(own, case.clock_on + timedelta(days=case.timetable.ballot_days))


def owe_to_voter(voter: Voter, template: str, *, key: str, at: datetime, **context: str) -> None:
    """Owe a voter a message; it names the case by its reference alone, for they may not have declared yet."""
    poll = voter.poll
    outbox.owe(
        key=key,
        at=at,
        template=template,
        person=voter.member,
        about=poll.case.reference,
        context={
            "name": voter.member.get_short_name(),
            "reference": poll.case.reference,
            "link": settings.SITE_URL + reverse("reviews:question", args=[poll.case.reference, poll.number]),
            **context,
        },
    )


def forget(voter: Voter, *, at: datetime) -> None:
    """Cancel what is still to be sent to a voter who is asked no more."""
    for key in (f"poll:{voter.pk}", f"poll-again:{voter.pk}:{voter.poll.case.revision}"):
        outbox.cancel(key=key, at=at)


def counted(poll: Poll) -> rules.Count:
    """Count the votes that stand on ``poll``."""
    voters = list(poll.voters.all())
    answers = dict(Vote.objects.filter(voter__poll=poll).standing().values_list("voter", "answer"))
    able = [one for one in voters if one.state != SeatState.RECUSED]
    said = [answers.get(one.pk) if one.state == SeatState.VOTED else None for one in able]
    return rules.count(said, barred=sum(one.counts for one in voters) - len(able))


def settle(case: ReviewCase, poll: Poll, *, at: datetime, over: bool = False) -> None:
    """Close ``poll`` of the locked ``case`` if its answer is certain, or its days are ``over``.

    It closes no earlier than its last vote was cast, though whoever closes it may have waited for that vote’s lock.
    """
    outcome = rules.result(counted(poll), over=over)
    if outcome is None:
        return
    at = max([at, *Vote.objects.filter(voter__poll=poll).order_by("-cast_at").values_list("cast_at", flat=True)[:1]])
    poll.closed_at, poll.outcome = at, outcome
    poll.save(update_fields=["closed_at", "outcome"])
    what = Move.CARRY if outcome else Move.FALL
    if kind_of(case).asks_all:
        move(case, what, by=None, at=at)
    else:
        log(case, what, by=None, at=at, note=poll.subject)
    kind_of(case).answered(poll, at=at)
    for voter in poll.voters.exclude(state=SeatState.RECUSED).select_related("member", "poll__case"):
        forget(voter, at=at)
        if voter.state == SeatState.VOTED:
            answer = _("yes") if outcome else _("no")
            owe_to_voter(voter, "poll-closed", key=f"poll-closed:{voter.pk}", at=at, answer=answer)


def _end(case: ReviewCase, poll: Poll, *, at: datetime, by=None, note: str = "") -> None:
    """End a question without an answer; who was asked is asked no more."""
    poll.closed_at = at
    poll.save(update_fields=["closed_at"])
    for voter in poll.voters.select_related("member", "poll__case"):
        forget(voter, at=at)
    log(case, Move.VOID, by=by, at=at, note=note or poll.subject)


def end_all(case: ReviewCase, *, at: datetime) -> None:
    """End every open question of a locked case that has come to its own end."""
    for poll in case.polls.open():
        _end(case, poll, at=at)


def step_out(case: ReviewCase, member, *, at: datetime) -> None:
    """Take ``member``, to whom the locked ``case`` is closed now, out of its open questions (R-REV-5).

    Of an instructor question they still count in the whole; of an appeal they leave the electorate.
    """
    voters = Voter.objects.filter(poll__case=case, poll__closed_at__isnull=True, member=member)
    for voter in voters.exclude(state=SeatState.RECUSED).select_related("poll__case", "member"):
        voter.state, voter.counts = SeatState.RECUSED, voter.poll.topic == Topic.INSTRUCTOR
        voter.save(update_fields=["state", "counts"])
        forget(voter, at=at)
        settle(case, voter.poll, at=at)


def ask_again(case: ReviewCase, *, waited: timedelta, least: date, answered: bool, at: datetime) -> None:
    """Give the voters of a locked case the days for which its author was waited for.

    Where the author ``answered``, whoever voted is asked to confirm on the new version (R-REV-6).
    """
    for poll in case.polls.open():
        poll.due_on = max(poll.due_on + waited, least)
        poll.save(update_fields=["due_on"])
        voted = poll.voters.filter(state=SeatState.VOTED)
        if not answered:
            continue
        for voter in voted.select_related("member", "poll__case"):
            owe_to_voter(voter, "poll-reconfirm", key=f"poll-again:{voter.pk}:{case.revision}", at=at)
        voted.update(state=SeatState.DECLARED)


@transaction.atomic
def give_days(poll_id: int, *, until: date, reason: str, by, at: datetime | None = None) -> Poll:
    """Give the committee more days for an instructor question; logged with its reason.

    Raises Refusal for an appeal, whose days are fixed (SPEC 5), for a question that is closed, and for a day that is
    not later, or more than four weeks later.
    """
    at = at or timezone.now()
    case, poll = _locked(poll_id, by)
    reason = needed(reason, _("More days need a reason. It stays in the history of the case."))
    if poll.topic == Topic.APPEAL:
        raise Refusal("fixed-days", _("The committee’s days for an appeal are fixed. What is no vote for it stands."))
    if not poll.due_on < until <= poll.due_on + LONGEST:
        raise Refusal(
            "days",
            _("The new day must lie after {due}, by at most {weeks} weeks.").format(
                due=day_text(poll.due_on), weeks=LONGEST.days // 7
            ),
        )
    poll.due_on = until
    poll.save(update_fields=["due_on"])
    log(case, Move.LONGER, by=by, at=at, note=reason)
    return poll


@transaction.atomic
def ask_anew(poll_id: int, *, reason: str, by, at: datetime | None = None) -> ReviewCase:
    """Ask the committee as it is today, where nobody is left of those who were asked; logged with its reason."""
    at = at or timezone.now()
    case, poll = _locked(poll_id, by)
    reason = needed(reason, _("Asking anew needs a reason. It stays in the history of the case."))
    if counted(poll).able:
        raise Refusal("not-blocked", _("Members who may answer are left. The question stays open to them."))
    members, closed = electorate(case, Topic(poll.topic), programme_day(at))
    if not {one.pk for one in members} - closed:
        raise Refusal(
            "nobody", _("Still nobody may answer. Give someone a term on the committee first, then ask anew.")
        )
    _end(case, poll, at=at, by=by, note=reason)
    ask_committee(case, by=by, at=at)
    return case


def _locked(poll_id: int, by) -> tuple[ReviewCase, Poll]:
    """Lock the case of a poll for the coordinator ``by`` and return both; raises Refusal once it is closed."""
    case = lock_for(Poll.objects.values_list("case", flat=True).get(pk=poll_id), by)
    poll = Poll.objects.get(pk=poll_id)
    if poll.closed_at is not None:
        raise Refusal("closed", _("This question is closed, so its answer stands."))
    return case, poll


def close_over(at: datetime | None = None) -> int:
    """Close every question whose days are over; return how many (SPEC 5). Any tick finds them.

    While the author of the case is asked something nobody can vote, so nothing is over.
    """
    at, closed = at or timezone.now(), 0
    over = Poll.objects.over(programme_day(at)).exclude(case__step=Step.ANSWER)
    for poll_id, case_id in list(over.values_list("pk", "case")):
        with transaction.atomic():
            case = lock(case_id)
            poll = Poll.objects.over(programme_day(at)).filter(pk=poll_id).first()
            if poll is not None and case.step != Step.ANSWER:
                settle(case, poll, at=at, over=True)
                closed += poll.closed_at is not None
    return closed

"""Cases that do not go straight through, brought by the services to the state whose pages are looked at."""

from datetime import timedelta

from django.utils import timezone

from cecs import services as cecs
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Choice
from serportal.ui.words import programme_day
from tests import factories

QUESTION = "On 3 May the programme ends at noon.\nWhich sessions did you sit in after that?"
PRODUCT_TALKS = "Two sessions of the last day were product talks."


def asked(case: ReviewCase, by, *parts: str, question: str = QUESTION) -> ReviewCase:
    """The member was asked about ``parts`` (R-REV-6, R-REV-8)."""
    reviews.ask(case.pk, parts=list(parts or ("hours", "taught")), question=question, by=by)
    case.refresh_from_db()
    return case


def answered(case: ReviewCase, *, answer: str = "I left at noon on the last day.", **changes) -> ReviewCase:
    """The member answered by changing what was asked about their conference."""
    draft = cecs.begin_reply(reference=case.reference, owner=case.filed_by)
    given = factories.answers(title=case.headline, **changes)
    data = factories.draft_data(given, answer=answer)
    draft = cecs.save(draft_id=draft.pk, owner=case.filed_by, data=data, seen=cecs.Seen(draft.version))
    cecs.send_reply(draft_id=draft.pk, owner=case.filed_by, answers=given, version=draft.version)
    case.refresh_from_db()
    return case


def split(by, members, **given) -> ReviewCase:
    """Three ballots that differ, open to the panel (R-REV-3)."""
    case = factories.seated(by, members, **given)
    factories.vote(case, members[0], Choice.DENY, reason=PRODUCT_TALKS)
    for one in members[1:]:
        factories.vote(case, one)
    case.refresh_from_db()
    return case


def in_advance(by, members, **given) -> ReviewCase:
    """A conference that ends in ten days, approved up to its credits (R-DATE)."""
    return factories.decided(by, members, last_day=programme_day() + timedelta(days=10), **given)


def awaiting_proof(by, members, **given) -> ReviewCase:
    """Asked three weeks ago, before the activity, which is over by now."""
    filed, ended = timezone.now() - timedelta(days=21), programme_day() - timedelta(days=5)
    return factories.decided(by, members, at=filed, last_day=ended, **given)


def proven(case: ReviewCase, hours: str = "20") -> ReviewCase:
    """The member filed the proof: two hours fewer than they had announced."""
    owner = case.filed_by
    draft = cecs.begin_reply(reference=case.reference, owner=owner)
    cecs.add_files(draft=draft, uploads=[factories.pdf("attended.pdf", b"attended")], by=owner)
    given = factories.answers(hours, last_day=case.over_on, title=case.headline)
    cecs.send_reply(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)
    case.refresh_from_db()
    return case


def reopened(by, members, **given) -> ReviewCase:
    case = factories.decided(by, members, **given)
    reviews.reopen(case.pk, reason="The organiser sent us another programme.", by=by)
    case.refresh_from_db()
    return case

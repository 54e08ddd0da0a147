"""A person’s front page: what needs them, what waits on others, where they stand (EXPERIENCE, Behaviour)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Draft as ApplicationDraft
from applications.models import Graduate
from applications.states import Kind
from cecs import services as cecs
from cecs.models import Draft
from journals.standing import journal_of
from preapprovals.models import Draft as RequestDraft
from preapprovals.services.duties import owed_to_do
from serportal.fees.models import Bill
from serportal.reviews import wording
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import InfoRequest, ReviewCase, Seat, Voter
from serportal.reviews.states import Step
from serportal.ui.words import programme_day

SHOWN = 10
DECIDED = 3
ASKED = frozenset({Step.ANSWER, Step.PROOF})
APPLIES = frozenset({"application", "partner"})


def dashboard_of(user, *, reviewer: bool, billed: bool, partner: bool, contact: bool) -> dict:
    """Return everything the dashboard of ``user`` shows, in a fixed number of queries.

    ``reviewer`` says whether a committee term of theirs holds today, ``billed`` whether they ever got a bill,
    ``partner`` whether a college answers through them, ``contact`` whether they act for a sponsor; others have no
    seats, bills, graduates or duties to look for.
    """
    today = programme_day()
    open_first = F("decided_at").desc(nulls_first=True)
    own = list(ReviewCase.objects.filter(filed_by=user).order_by(open_first, "-filed_at", "-pk")[: SHOWN * 3])
    decided = [case for case in own if case.step == Step.DONE]
    waiting = [case for case in own if case.step != Step.DONE]
    standing = [(case, wording.standing(case, today), kind_of(case).url(case)) for case in waiting]
    bills = list(Bill.objects.of(user).due()[:SHOWN]) if billed else []
    drafts = _drafts_of(user)
    return {
        "today": today,
        "seats": list(Seat.objects.on_the_desk_of(user)[:SHOWN]) if reviewer else [],
        "questions": list(Voter.objects.on_the_desk_of(user)[:SHOWN]) if reviewer else [],
        "owed": owed_to_do(user, today, most=SHOWN) if contact else [],
        "bills": [bill for bill in bills if not bill.asked_at],
        "pleas": [bill for bill in bills if bill.asked_at],
        "graduates": waiting_for(user) if partner else None,
        "offered": cecs.offered_to(user, most=SHOWN),
        "drafts": drafts,
        "applies": any(one.applies for one in drafts) or any(case.kind in APPLIES for case in waiting),
        "asked": [(case, stand, _where(case)) for case, stand, _url in standing if stand.yours],
        "waiting": [one for one in standing if not one[1].yours][:SHOWN],
        "decided": [(case, kind_of(case).url(case)) for case in decided[:DECIDED]],
        "journal": journal_of(user, today, in_review=[case for case in waiting if case.amount is not None]),
    }


@dataclass(frozen=True)
class Begun:
    """Something that was begun and not sent yet."""

    title: str
    said: str
    url: str
    saved_at: datetime
    applies: bool


def _drafts_of(user) -> list[Begun]:
    """Return what ``user`` is preparing, whatever it is, the last one saved first; in one query."""
    columns = ("pk", "saved_at", "what", "app")
    claims = Draft.objects.of(user).unsent().claims().order_by()
    claims = claims.annotate(
        what=Coalesce(KT("data__title"), Value(""), output_field=TextField()), app=Value("cecs")
    ).values(*columns)
    asked = ApplicationDraft.objects.open_of(user).order_by()
    asked = asked.annotate(what=Cast("kind", TextField()), app=Value("applications")).values(*columns)
    courses = RequestDraft.objects.open_of(user).order_by().with_title()
    courses = courses.annotate(what=F("title"), app=Value("preapprovals")).values(*columns)
    return [_begun(row) for row in claims.union(asked, courses, all=True).order_by("-saved_at")[:SHOWN]]


def _begun(row: dict) -> Begun:
    url, saved_at = reverse(f"{row['app']}:draft", args=[row["pk"]]), row["saved_at"]
    if row["app"] == "cecs":
        title, said = row["what"] or _("Claim without a title yet"), _("A claim you started. It is not sent yet.")
        return Begun(title, said, url, saved_at, applies=False)
    if row["app"] == "preapprovals":
        title = row["what"] or _("Request without a title yet")
        said = _("A request for pre-approval you started. It is not sent yet.")
        return Begun(title, said, url, saved_at, applies=False)
    title = str(Kind(row["what"]).label)
    said = _("You are preparing it. It is not sent yet.")
    return Begun(title[:1].upper() + title[1:], said, url, saved_at, applies=True)


def _where(case: ReviewCase) -> str:
    """Return the page on which the author of ``case`` does what it waits for."""
    kind = kind_of(case)
    return kind.request_url(InfoRequest(case=case)) if case.step in ASKED else kind.url(case)


def waiting_for(contact) -> dict | None:
    """Return how many graduates wait for the answer of ``contact``, and since when; None where none does."""
    counted = Graduate.objects.of_contact(contact).unanswered().aggregate(n=Count("pk"), since=Min("asked_at"))
    return counted if counted["n"] else None

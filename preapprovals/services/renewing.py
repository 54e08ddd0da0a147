"""Carrying approvals on for two more years where the course stays as it was approved (R-SPO-2)."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from journals import services as journals
from journals.states import Delivery
from preapprovals import rules
from preapprovals.models import AgendaSession, Offering, PreapprovalRequest
from preapprovals.querysets import RENEWED_AFTER, RENEWED_BEFORE
from preapprovals.services.listing import held
from preapprovals.services.offerings import add_occurrence, list_offering
from preapprovals.services.telling import page_of, tell_contacts
from preapprovals.services.worth import worth_by
from preapprovals.states import Act, OfferingState
from serportal.reviews.states import ENDED
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, in_credits, programme_day

RENEWED = "offering-renewed"
# What an approval carries on beside its credits: all that was approved, and what the list says of it.
CARRIED = (
    *("category", "title", "part_of", "description", "objectives", "areas", "delivery", "language", "instructors"),
    *("minutes", "recurring", "registration_name", "registration_email", "url", "price"),
)


@dataclass(frozen=True)
class Renewal:
    """What renewing ``offering`` makes: its credits, its first and last day, how many contacts are told."""

    offering: Offering
    credits: Decimal
    valid_from: date
    valid_to: date
    readers: int

    @property
    def key(self) -> str:
        """Name what was shown, so that nothing else is done when it is confirmed."""
        old = self.offering
        shown = (old.pk, old.title, old.credits, old.valid_to, self.credits, self.valid_from, self.valid_to)
        return hashlib.sha256(repr(shown).encode()).hexdigest()


def with_renewal(offerings):
    """Annotate what ``plan_renewal`` looks at: the renewal there is, the case that asks for one, contacts to tell."""
    asking = PreapprovalRequest.objects.filter(renews=OuterRef("pk")).exclude(case__state__in=ENDED)
    return offerings.select_related("sponsor").annotate(
        renewal=F("renewed_by"),
        asked_again=Subquery(asking.order_by("pk").values("case__reference")[:1]),
        readers=Count("sponsor__contacts", filter=Q(sponsor__contacts__left_at__isnull=True)),
    )


def rules_of(day: date):
    """Return what tells the dated rows of a category in force on ``day``; each is asked for once (R-CAT)."""
    return cache(lambda category: (journals.rate_on(category, day), journals.policy_on(day)))


def plan_renewal(offering: Offering, *, rows=None, at: datetime | None = None) -> Renewal:
    """Return what renewing an offering of ``with_renewal`` makes; raises Refusal where it cannot be carried on.

    Only what recurs and is not warned is carried on as it is; everything else its sponsor asks for anew (default).
    ``rows`` are ``rules_of`` today, shared where many are planned.
    """
    today = programme_day(at)
    _check(offering, today)
    starts = max(today, offering.valid_to + timedelta(days=1))
    rows = rows or rules_of(today)
    most = worth_by(offering.category, offering.minutes, today, *rows(offering.category)).amount
    credits = min(offering.credits, most)
    if not credits:
        raise Refusal("worth-nothing", _("By the rules of today it brings no credit any more. Its sponsor asks anew."))
    ends = rules.last_valid_day(starts, recurring=True, last_planned=None)
    return Renewal(offering, credits, starts, ends, offering.readers)


def _check(offering: Offering, today: date) -> None:
    ended, opens = day_text(offering.valid_to), day_text(offering.valid_to - RENEWED_BEFORE)
    reasons = [
        (offering.code is None, "not-approved", _("It is only listed, without approval. There is nothing to renew.")),
        (offering.renewal is not None, "renewed", _("It is renewed already.")),
        (
            offering.state == OfferingState.WARNED,
            "warned",
            _("It is warned. Take the warning back first, or let its sponsor ask anew."),
        ),
        (
            offering.state != OfferingState.ACTIVE,
            "not-active",
            _("It is {state}. Its sponsor may ask anew.").format(state=offering.get_state_display()),
        ),
        (
            not offering.recurring,
            "single",
            _("It was approved for its own days alone. For others its sponsor asks anew."),
        ),
        (
            offering.asked_again is not None,
            "asked",
            _("Its sponsor asks for a renewal in {case}, and it is decided there.").format(case=offering.asked_again),
        ),
        (
            offering.valid_to > today + RENEWED_BEFORE,
            "early",
            _("It holds until {ended}. From {opens} on it can be renewed.").format(ended=ended, opens=opens),
        ),
        (
            offering.valid_to < today - RENEWED_AFTER,
            "late",
            _("It ended on {ended}, too long ago to be carried on. Its sponsor asks anew.").format(ended=ended),
        ),
    ]
    for holds, code, sentence in reasons:
        if holds:
            raise Refusal(code, sentence)


@transaction.atomic
def renew(*, offering_id: int, by, key: str, at: datetime | None = None) -> Offering:
    """Carry an approval on with a new code, and tell the contacts. Raises Refusal where it is not what was shown."""
    at = at or timezone.now()
    held(offering_id, by=by)
    plan = plan_renewal(with_renewal(Offering.objects.filter(pk=offering_id)).get(), at=at)
    if plan.key != key:
        raise Refusal("changed", _("It changed since it was shown, and nothing was done. Show it again."))
    old = plan.offering
    made = list_offering(
        sponsor=old.sponsor,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        credits=plan.credits,
        renews=old,
        act=Act.RENEWED,
        by=by,
        at=at,
        **{name: getattr(old, name) for name in CARRIED},
    )
    _carry_agenda(old, made, by=by, at=at)
    tell_contacts(
        made,
        key=f"{RENEWED}:{made.pk}",
        template=RENEWED,
        context={
            "title": made.title,
            "code": made.code,
            "old_code": old.code,
            "credits": in_credits(made.credits),
            "validity": _("It holds for every date from {first} to {last}.").format(
                first=day_text(made.valid_from), last=day_text(made.valid_to)
            ),
            "link": page_of(made),
        },
        at=at,
    )
    return made


def _carry_agenda(old: Offering, made: Offering, *, by, at: datetime) -> None:
    """Copy the sessions; what is taken on demand can be taken on every day of the approval."""
    sessions = list(old.sessions.all())
    for one in sessions:
        one.pk, one.offering = None, made
    AgendaSession.objects.bulk_create(sessions)
    if made.delivery == Delivery.ON_DEMAND:
        span = {"first_day": made.valid_from, "last_day": made.valid_to}
        add_occurrence(offering_id=made.pk, zone=settings.TIME_ZONE, url=made.url, by=by, at=at, **span)

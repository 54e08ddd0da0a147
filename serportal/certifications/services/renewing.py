"""Five more years: renewed, in grace, lapsed, reinstated (R-PER-6)."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.certifications import rules
from serportal.certifications.models import Certification, CertificationEvent, Period
from serportal.certifications.states import Act, PeriodStart
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.outbox.states import MessageState
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

GRACE_LETTER, LAPSED_LETTER = "certification-grace", "certification-lapsed"


@transaction.atomic
def renew(
    *, period_id: int, filed_on: date | None = None, note: str = "", by=None, at: datetime | None = None
) -> Period:
    """Open the five years that follow a period, on the day after its last: no day is lost or counts twice (R-PER-6).

    Asked again, return what follows already. What lapsed is reinstated by it. Raises Refusal before renewal opens, for
    what ended otherwise, and once the months of reinstatement are over, unless it was ``filed_on`` a day before.
    """
    person = Period.objects.values_list("person", flat=True).get(pk=period_id)
    get_user_model().objects.select_for_update(no_key=True).get(pk=person)
    period = Period.objects.select_for_update().get(pk=period_id)
    held = Certification.objects.select_for_update().get(pk=period.certification_id)
    starts_on, today = period.ends_on + timedelta(days=1), programme_day(at)
    following = Period.objects.filter(person=period.person_id, starts_on__gte=starts_on).order_by("starts_on").first()
    if following is not None and (following.certification_id, following.starts_on) == (held.pk, starts_on):
        return following
    _check(held, period, following, today, filed_on or today)
    reinstated, held.lapsed_on = held.lapsed_on is not None, None
    held.save(update_fields=["lapsed_on"])
    CertificationEvent.objects.create(
        certification=held,
        act=Act.REINSTATED if reinstated else Act.RENEWED,
        by=by,
        at=at or timezone.now(),
        note=note,
    )
    return Period.objects.create(
        certification=held,
        person_id=period.person_id,
        starts_on=starts_on,
        ends_on=rules.last_day(starts_on),
        began_as=PeriodStart.RECERTIFIED,
    )


def _check(held: Certification, period: Period, following: Period | None, today: date, filed_on: date) -> None:
    number, opens = held.number, rules.renewal_opens(period.ends_on)
    if held.ended_as:
        text = _("{number} has ended: {state}. It cannot be renewed.")
        raise Refusal("ended", text.format(number=number, state=held.get_ended_as_display()))
    if following is not None:
        text = _("Another period begins on {day}, so nothing can follow this one.")
        raise Refusal("followed", text.format(day=day_text(following.starts_on)))
    if today < opens:
        text = _("{number} is valid until {end}. Its renewal opens on {opens}.")
        raise Refusal("early", text.format(number=number, end=day_text(period.ends_on), opens=day_text(opens)))
    if held.lapsed_on is not None and filed_on > rules.reinstated_until(held.lapsed_on):
        text = _("{number} lapsed on {day}, and the twelve months for its reinstatement are over. Apply anew.")
        raise Refusal("too-late", text.format(number=number, day=day_text(held.lapsed_on)))


def tell_grace(*, at: datetime | None = None) -> int:
    """Owe a letter to everyone whose period is over and who has none yet; return how many. Any tick may run it."""
    at = at or timezone.now()
    today = programme_day(at)
    over = Certification.objects.run_out(today).untold().select_related("person").order_by("pk")
    letters = [_grace(one, today) for one in over]
    outbox.owe_all(letters, at=at)
    return len(letters)


def _grace(held: Certification, today: date) -> dict:
    lapses = max(rules.lapses(held.period_end), today + settings.TOLD_BEFORE_LAPSE)
    return {
        "key": held.grace_key,
        "template": GRACE_LETTER,
        "person": held.person,
        "about": held.number,
        "context": {
            "name": held.person.name,
            "number": held.number,
            "day": day_text(held.period_end),
            "until": day_text(lapses - timedelta(days=1)),
            "link": settings.SITE_URL + reverse("journals:journal"),
            "renew_link": settings.SITE_URL + reverse("journals:renew"),
        },
    }


def lapse_due(*, undecided: QuerySet, at: datetime | None = None) -> int:
    """Let lapse whose grace is over, each told of it at least so long before as the setting says; return how many.

    A letter that never went out, or went out late, keeps a certification in grace. So does one of the ``undecided``
    cases (with ``filed_by`` and ``filed_on``) that was filed in time (R-PER-4). Ticks may be lost or doubled: what is
    due is found again, and lapses once.
    """
    at = at or timezone.now()
    over = _lapsing(undecided, at).order_by("pk").values_list("pk", "person")
    return sum(_lapse(pk, person, undecided, at) for pk, person in over)


def _lapsing(undecided: QuerySet, at: datetime) -> QuerySet:
    pause = settings.TOLD_BEFORE_LAPSE
    told = Message.objects.filter(template=GRACE_LETTER, state=MessageState.SENT, sent_at__lte=at - pause)
    over = Certification.objects.run_out(programme_day(at) - rules.GRACE).told_by(told)
    return over.held_by_none(undecided, pause)


@transaction.atomic
def _lapse(pk: int, person: int, undecided: QuerySet, at: datetime) -> bool:
    today = programme_day(at)
    get_user_model().objects.select_for_update(no_key=True).get(pk=person)
    rows = _lapsing(undecided, at).select_for_update(of=("self",)).select_related("person")
    held = rows.filter(pk=pk).first()
    if held is None:
        return False
    held.lapsed_on = today
    held.save(update_fields=["lapsed_on"])
    CertificationEvent.objects.create(certification=held, act=Act.LAPSED, at=at)
    outbox.owe(
        key=f"lapsed:{held.pk}:{held.period_end.isoformat()}",
        at=at,
        template=LAPSED_LETTER,
        person=held.person,
        about=held.number,
        context={
            "name": held.person.name,
            "number": held.number,
            "day": day_text(held.period_end),
            "today": day_text(today),
            "until": day_text(rules.reinstated_until(today)),
            "link": settings.SITE_URL + reverse("journals:journal"),
            "renew_link": settings.SITE_URL + reverse("journals:renew"),
        },
    )
    return True

"""Certifications granted, upgraded, ended and renamed."""

from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.certifications import rules
from serportal.certifications.models import Certification, CertificationEvent, Period
from serportal.certifications.permissions import can_change_certificate
from serportal.certifications.services.papers import address_of
from serportal.certifications.states import Act, Ending, Level, PeriodStart
from serportal.documents import paper
from serportal.numbers import services as numbers
from serportal.outbox import services as outbox
from serportal.ui.refusal import Refusal
from serportal.ui.text import one_line
from serportal.ui.words import day_text, programme_day


@transaction.atomic
def certify(*, person, level: Level, on: date, name: str = "") -> Period:
    """Certify ``person`` from the day ``on`` and open their first five years (R-PER-1); returns the period.

    Of those whose time was over before they are written down here, the lapse is written down with them.
    """
    return _open(person, level, on, name, PeriodStart.CERTIFIED)


@transaction.atomic
def upgrade(*, person, on: date, name: str = "", by=None, at: datetime | None = None) -> Period:
    """Close the CERPIT of ``person`` as upgraded and certify them as CERP from ``on``, in a new period (R-APP-8).

    Asked again, return the period there is. The CERPIT’s period ends the day before; its journal stays. Raises Refusal
    for someone who has no CERPIT that still runs, or one that began that day or the day before.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    own = Certification.objects.filter(person=person, level=Level.CERPIT).order_by("-certified_on", "-pk")
    held = own.filter(ended_as="").first()
    if held is None:
        done = own.filter(ended_as=Ending.UPGRADED).first()
        if done is not None:
            return done.succeeded_by.periods.earliest("starts_on")
        raise Refusal("no-cerpit", _("{name} holds no CERPIT that could be upgraded.").format(name=person.name))
    _cut(held, on - timedelta(days=1))
    period = _open(person, Level.CERP, on, name or held.name_on_certificate, PeriodStart.UPGRADED)
    _end(held, Ending.UPGRADED, on, succeeded_by=period.certification)
    _note(held, Act.UPGRADED, by, at, note=period.certification.number)
    return period


@transaction.atomic
def revoke(*, certification_id: int, reason: str, by, at: datetime | None = None) -> Certification:
    """Take a certification away from today on; its number says so for ever, and its holder reads why."""
    return _end_by(certification_id, Ending.REVOKED, Act.REVOKED, reason, by, at)


@transaction.atomic
def retire(*, certification_id: int, reason: str, by, at: datetime | None = None) -> Certification:
    """Note that its holder gave a certification up from today on, and confirm it to them."""
    return _end_by(certification_id, Ending.RETIRED, Act.RETIRED, reason, by, at)


@transaction.atomic
def rename(*, certification_id: int, name: str, reason: str, by, at: datetime | None = None) -> Certification:
    """Change the name on a certificate; the old one is kept, and the certificate bears the new one from now on."""
    held, name = _locked(certification_id, by), one_line(name)
    if name == held.name_on_certificate:
        return held
    if not name or not reason.strip():
        raise Refusal("no-name", _("Write the new name, and why it changes."))
    if not paper.can_print(name):
        text = _("“{name}” has signs that our certificates cannot print. Write it in other letters as well or instead.")
        raise Refusal("unprintable", text.format(name=name))
    _note(held, Act.RENAMED, by, at, note=reason.strip(), old_name=held.name_on_certificate)
    held.name_on_certificate = name
    held.save(update_fields=["name_on_certificate"])
    return held


@transaction.atomic
def move_end(*, period_id: int, to: date, note: str, by, at: datetime | None = None) -> Period:
    """Let a period end on ``to``, as was agreed (R-PER-3); certificate and directory follow. Asked again, it stays so.

    What lapsed stands again where its grace is not over by the new day. Raises Refusal where the certification has
    ended, and where the person’s next period has begun by then.
    """
    period = Period.objects.select_for_update(of=("self",)).select_related("person").get(pk=period_id)
    held = _locked(period.certification_id, by)
    if period.ends_on == to:
        return period
    if held.ended_as:
        text = _("{number} has ended: {state}. No period of it can be moved.")
        raise Refusal("ended", text.format(number=held.number, state=held.get_ended_as_display()))
    following = Period.objects.filter(person=period.person, starts_on__gt=period.starts_on).order_by("starts_on")
    first = following.values_list("starts_on", flat=True).first()
    if first is not None and to >= first:
        text = _("The next period of {name} begins on {day}, and two periods cannot share a day.")
        raise Refusal("overlaps", text.format(name=period.person.name, day=day_text(first)))
    period.ends_on = to
    period.save(update_fields=["ends_on"])
    if held.lapsed_on is not None and programme_day(at) < rules.lapses(to):
        held.lapsed_on = None
        held.save(update_fields=["lapsed_on"])
    _note(held, Act.MOVED, by, at, note=note)
    return period


def _open(person, level: Level, on: date, name: str, began_as: PeriodStart) -> Period:
    end = rules.last_day(on)
    over = rules.lapses(end) <= programme_day()
    certification = Certification.objects.create(
        person=person,
        level=level,
        number=numbers.take(level.value),
        name_on_certificate=name or person.name,
        certified_on=on,
        lapsed_on=rules.lapses(end) if over else None,
    )
    return Period.objects.create(
        certification=certification,
        person=person,
        starts_on=on,
        ends_on=end,
        began_as=began_as,
    )


def _end_by(certification_id: int, ending: Ending, act: Act, reason: str, by, at) -> Certification:
    held = _locked(certification_id, by)
    if held.ended_as == ending:
        return held
    if held.ended_as:
        text = _("{number} has ended already: {state}. Nothing was done.")
        raise Refusal("ended", text.format(number=held.number, state=held.get_ended_as_display()))
    if not reason.strip():
        raise Refusal("no-reason", _("Give a reason. It is kept with the certification, and its holder reads it."))
    today = programme_day(at)
    _cut(held, today)
    _end(held, ending, today)
    _note(held, act, by, at, note=reason.strip())
    _tell_ending(held, ending, reason.strip(), at or timezone.now())
    return held


def _tell_ending(held: Certification, ending: Ending, reason: str, at: datetime) -> None:
    outbox.owe(
        key=f"{ending}:{held.pk}",
        at=at,
        template=f"certification-{ending}",
        person=held.person,
        about=held.number,
        context={
            "name": held.person.name,
            "number": held.number,
            "today": day_text(programme_day(at)),
            "reason": reason,
            "verify_link": address_of(held),
        },
    )


def _locked(certification_id: int, by) -> Certification:
    held = Certification.objects.select_for_update().get(pk=certification_id)
    if not can_change_certificate(by, held):
        raise Refusal("not-yours", _("This certification is not yours to change. Ask another coordinator."))
    return held


def _cut(held: Certification, last: date) -> None:
    """Let the period that runs end on ``last``, and none begin after it; a period has two days at least."""
    if held.periods.filter(starts_on__lte=last).exists():
        held.periods.filter(starts_on__gt=last).delete()
    running = held.periods.filter(ends_on__gt=last).order_by("-starts_on").first()
    if running is None:
        return
    if last <= running.starts_on:
        text = _("{number} began on that day or later, so nothing can end it then. Choose a later day.")
        raise Refusal("too-early", text.format(number=held.number))
    running.ends_on = last
    running.save(update_fields=["ends_on"])


def _end(held: Certification, ending: Ending, on: date, *, succeeded_by: Certification | None = None) -> None:
    held.ended_as, held.ended_on, held.succeeded_by = ending, on, succeeded_by
    held.save(update_fields=["ended_as", "ended_on", "succeeded_by"])


def _note(held: Certification, act: Act, by, at: datetime | None, **fields) -> None:
    CertificationEvent.objects.create(certification=held, act=act, by=by, at=at or timezone.now(), **fields)

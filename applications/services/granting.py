"""What an approval brings: the certification, its period, its next steps, the letters (R-APP-8, R-APP-9)."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, NextStep
from applications.states import Kind
from serportal.certifications import services as certifications
from serportal.certifications.models import Certification
from serportal.certifications.states import Level
from serportal.outbox import services as outbox
from serportal.reviews.models import Decision, ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

LEVELS = {Kind.CERP: Level.CERP, Kind.CERPIT: Level.CERPIT, Kind.PARTNER: Level.CERPIT, Kind.UPGRADE: Level.CERP}


def grant(case: ReviewCase, decision: Decision, *, level: Level, steps: Sequence[str], at: datetime) -> Certification:
    """Certify the applicant from the day of ``at`` and owe the welcome letter; done already, change nothing.

    A new decision that grants CERP to somebody who took the offer of CERPIT upgrades that.

    Called inside the transaction of the decision. Raises Refusal for someone who came to hold a certification since.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=case.pk)
    day, person, held = programme_day(at), case.filed_by, application.granted
    if held is not None and held.level == level:
        return held
    if application.kind == Kind.UPGRADE or held is not None:
        period = certifications.upgrade(
            person=person, on=day, name=application.name_on_certificate, by=decision.decided_by, at=at
        )
    else:
        _check_uncertified(person)
        period = certifications.certify(person=person, level=level, on=day, name=application.name_on_certificate)
    application.granted = period.certification
    application.save(update_fields=["granted"])
    NextStep.objects.bulk_create(
        NextStep(certification=application.granted, decision=decision, number=number, text=text[:1000])
        for number, text in enumerate(steps, start=1)
    )
    _welcome(case, application, period, at)
    return application.granted


def _check_uncertified(person) -> None:
    running = Certification.objects.filter(person=person, ended_as="").with_period()
    for held in running:
        if held.period_end and held.period_end >= programme_day():
            text = _("{name} holds {number}, which still runs, so nothing more can be granted.")
            raise Refusal("already-certified", text.format(name=person.name, number=held.number))


def take_back(case: ReviewCase, decision: Decision, *, at: datetime) -> None:
    """Revoke what an earlier decision brought, where a new one after a reopening no longer grants it (R-REV-9)."""
    application = Application.objects.select_for_update(of=("self",)).select_related("granted").get(pk=case.pk)
    if application.granted is None:
        return
    if application.kind == Kind.UPGRADE:
        text = _(
            "The upgrade closed the CERPIT, and {number} runs in its place. Revoke that on its page if it must end; "
            "this decision can only approve."
        )
        raise Refusal("upgraded", text.format(number=application.granted.number))
    reason = _("{reference} was decided anew on {day}.").format(
        reference=case.reference, day=day_text(programme_day(at))
    )
    certifications.revoke(certification_id=application.granted_id, reason=reason, by=decision.decided_by, at=at)
    application.granted = None
    application.save(update_fields=["granted"])


def _welcome(case: ReviewCase, application: Application, period, at: datetime) -> None:
    held = period.certification
    outbox.owe(
        key=f"welcome:{held.pk}",
        at=at,
        template="certification-welcome",
        person=case.filed_by,
        about=case.reference,
        context={
            "name": case.filed_by.name,
            "title": str(held.get_level_display()),
            "number": held.number,
            "period": f"{day_text(period.starts_on)} – {day_text(period.ends_on)}",
            "link": settings.SITE_URL + reverse("certifications:own"),
            "verify_link": settings.SITE_URL + reverse("certifications:certificate", args=[held.number]),
            "journal_link": settings.SITE_URL + reverse("journals:journal"),
        },
    )

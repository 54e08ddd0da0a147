"""Granting certifications."""

from datetime import date

from django.db import transaction

from serportal.certifications import rules
from serportal.certifications.models import Certification, Period
from serportal.certifications.states import Level, PeriodStart
from serportal.numbers import services as numbers


@transaction.atomic
def certify(*, person, level: Level, on: date, name: str = "") -> Period:
    """Certify ``person`` from the day ``on`` and open their first five years (R-PER-1); returns the period."""
    certification = Certification.objects.create(
        person=person,
        level=level,
        number=numbers.take(level.value),
        name_on_certificate=name or person.name,
        certified_on=on,
    )
    return Period.objects.create(
        certification=certification,
        person=person,
        starts_on=on,
        ends_on=rules.last_day(on),
        began_as=PeriodStart.CERTIFIED,
    )

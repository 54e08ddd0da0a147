"""Writes about people."""

from datetime import date

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from serportal.accounts.models import Absence, User
from serportal.ui.refusal import Refusal

COORDINATORS = "Coordinators"


def seed_coordinator_group(**kwargs) -> None:
    """Give the group of coordinators the rights their work needs; idempotent, run when every app has its permissions.

    They may view everything that has an admin page and change rows; nothing filed can be deleted by anyone.
    """
    group, _created = Group.objects.get_or_create(name=COORDINATORS)
    wanted = Permission.objects.filter(
        Q(codename__startswith="view_") | Q(codename__startswith="change_") | Q(codename__startswith="add_")
    ).exclude(content_type__app_label__in=["auth", "contenttypes", "sessions", "account", "mfa", "admin"])
    group.permissions.set(wanted)


@transaction.atomic
def be_away(*, member, first: date, last: date) -> Absence:
    """Note that ``member`` takes no case from ``first`` to ``last``; raises Refusal where the days cannot be."""
    absence = Absence(member=member, starts_on=first, ends_on=last)
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    try:
        absence.full_clean()
    except ValidationError as error:
        raise Refusal("absence", " ".join(error.messages)) from None
    absence.save()
    return absence


def come_back(*, member, absence_id: int) -> None:
    """Remove an absence of ``member``; one that is not there changes nothing."""
    Absence.objects.filter(member=member, pk=absence_id).delete()

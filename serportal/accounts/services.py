"""Writes about people."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

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

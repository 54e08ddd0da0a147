"""The seeded database, made once for all tests that only look at it."""

from contextlib import contextmanager

from django.db import transaction
from django.test import override_settings

from serportal.demo import seeding


@contextmanager
def demonstration(blocker, folder, *, scale=1):
    """The seeded database for the time of the block; everything is rolled back after it."""
    storages = {
        "default": {"BACKEND": "serportal.files.storage.PrivateFolder", "OPTIONS": {"location": str(folder)}},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages), blocker.unblock(), transaction.atomic():
        seeding.seed(scale=scale)
        yield
        transaction.set_rollback(True)

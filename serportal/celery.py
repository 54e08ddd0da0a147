"""The Celery application, and the bell that services ring.

PostgreSQL is the queue: whatever is owed is a row. A message through the broker only says "look now", so one that
is lost, doubled or late changes nothing; the ticks in ``settings.CELERY_BEAT_SCHEDULE`` find what is owed anyway.
"""

import logging
import os

from celery import Celery
from django.db import transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serportal.settings")

logger = logging.getLogger(__name__)

app = Celery("serportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def ring(task: str) -> None:
    """Ask a worker to run ``task`` (by name) once this transaction is committed; a silent broker is no failure."""

    def send():
        try:
            app.send_task(task, retry=False)
        except (OperationalError, OSError) as error:
            logger.warning("The broker did not take %s (%s); the next tick finds the work.", task, error)

    transaction.on_commit(send)

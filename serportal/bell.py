"""The bell that services ring.

PostgreSQL is the queue: whatever is owed is a row. A message through the broker only says "look now", so one that is
lost, doubled or late changes nothing; the ticks in ``settings.CELERY_BEAT_SCHEDULE`` find what is owed anyway.
"""

import logging

from django.db import transaction

logger = logging.getLogger(__name__)


def ring(task: str) -> None:
    """Ask a worker to run ``task`` (by name) once this transaction is committed; a silent broker is no failure."""
    transaction.on_commit(lambda: _send(task))


def _send(task: str) -> None:
    from kombu.exceptions import OperationalError  # noqa: PLC0415  (a web worker that rings nothing starts sooner)

    from serportal.celery import app  # noqa: PLC0415

    try:
        app.send_task(task, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take %s (%s); the next tick finds the work.", task, error)

from celery import shared_task

from serportal.outbox import services


@shared_task
def drain() -> int:
    """Send what is owed. Beat rings every 30 seconds and services ring at once; overlap is harmless."""
    return services.drain()

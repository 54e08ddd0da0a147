from celery import shared_task

from serportal.outbox import services


@shared_task
def drain() -> int:
    """Send what is owed. Beat rings every 30 seconds and services ring at once; overlap is harmless."""
    return services.drain()


@shared_task
def note_reminders() -> int:
    """Note what is due and not yet owed, as every app tells it. Beat asks every ten minutes; overlap is harmless."""
    return services.note_due()


@shared_task
def send_digests() -> int:
    """Put what people are reminded of into the day’s messages. Beat asks every ten minutes; overlap is harmless."""
    return services.send_digests()

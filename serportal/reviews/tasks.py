from celery import shared_task

from serportal.reviews.services import reminding


@shared_task
def note_reminders() -> int:
    """Note the reminders that are due and not yet owed. Beat asks every ten minutes; overlap is harmless."""
    return reminding.note_due()

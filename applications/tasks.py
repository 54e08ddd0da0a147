from celery import shared_task

from applications.services import partner_reminders


@shared_task
def remind_colleges() -> int:
    """Remind colleges that have not answered about a graduate. Beat asks every ten minutes; overlap is harmless."""
    return partner_reminders.remind()

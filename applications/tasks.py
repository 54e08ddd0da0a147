from celery import shared_task

from applications.services import gates, partner_reminders, reference_letters, windows


@shared_task
def keep_references_moving() -> dict[str, int]:
    """Remind silent referees and end links that ran out. Beat asks every ten minutes; overlap is harmless."""
    return {"ended": reference_letters.end_old_links(), "reminded": reference_letters.remind_silent()}


@shared_task
def remind_colleges() -> int:
    """Remind colleges that have not answered about a graduate. Beat asks every ten minutes; overlap is harmless."""
    return partner_reminders.remind()


@shared_task
def settle_gates() -> int:
    """Let what only waited for a payment or a reference go on. Beat asks every minute; overlap is harmless."""
    return gates.settle_all()


@shared_task
def add_windows_ahead() -> str:
    """Add the review windows of years to come that have none. Beat asks once a day; mostly nothing is missing."""
    return str(windows.keep_windows_ahead() or "nothing missing")

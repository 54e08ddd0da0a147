from celery import shared_task

from applications.services import reference_letters


@shared_task
def keep_references_moving() -> dict[str, int]:
    """Remind silent referees and end links that ran out. Beat asks every ten minutes; overlap is harmless."""
    return {"ended": reference_letters.end_old_links(), "reminded": reference_letters.remind_silent()}

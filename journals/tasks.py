from celery import shared_task

from journals import services
from journals.services import renewing


@shared_task
def post_due_upload() -> str:
    """Post the quarter’s upload when its day has come. Beat asks every five minutes; mostly nothing is due."""
    upload = services.post_due_upload()
    return str(upload or "nothing due")


@shared_task
def keep_periods() -> dict[str, int]:
    """Tell whose grace begins, and let lapse whose grace is over. Beat asks every ten minutes; overlap is harmless."""
    return services.keep_periods()


@shared_task
def settle_renewals() -> int:
    """Let renewals go on that only waited for their fee. Beat asks every minute; overlap is harmless."""
    return renewing.settle_all()

from celery import shared_task

from serportal.certifications import services


@shared_task
def keep_periods() -> dict[str, int]:
    """Tell whose grace begins, and let lapse whose grace is over. Beat asks every ten minutes; overlap is harmless."""
    return {"told": services.tell_grace(), "lapsed": services.lapse_due()}

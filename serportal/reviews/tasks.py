from celery import shared_task

from serportal.reviews import services


@shared_task
def keep_panels_moving() -> dict[str, int]:
    """Let what only waited for a day go on: split panels, silent seats, activities approved in advance that are
    over, offers that ran out, questions to whole committees.

    Beat rings every five minutes; each case is found as long as it waits, so a missed or doubled tick changes nothing.
    """
    return {
        "settled": services.settle_over(),
        "replaced": services.replace_silent(),
        "proof asked": services.await_proof(),
        "offers ended": services.lapse_offers(),
        "questions opened": services.open_held(),
        "questions closed": services.close_over(),
        "alarms": services.alarm_of_orphans(),
    }

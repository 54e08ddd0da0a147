"""Letters about money, and what they say."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from serportal.fees.models import Bill
from serportal.outbox import services as outbox
from serportal.ui.words import day_text, money, programme_day


def tell(bill: Bill, template: str, *, at: datetime, key: int | None = None, **more: str) -> None:
    """Owe the owner of ``bill`` the letter ``template``, once; ``key`` parts what can happen to a bill twice."""
    outbox.owe(
        key=f"{template}:{bill.number}" + (f":{key}" if key else ""),
        template=template,
        person=bill.person,
        about=bill.about,
        at=at,
        context={
            "today": day_text(programme_day(at)),
            "name": bill.person.name,
            "invoice": bill.number,
            "fee": str(bill.get_kind_display()),
            "reference": bill.about,
            "amount": money(bill.amount),
            "full_amount": money(bill.full_amount),
            "link": settings.SITE_URL + reverse("fees:bill", args=[bill.number]),
            **more,
        },
    )

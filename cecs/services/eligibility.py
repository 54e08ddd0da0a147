"""Who may file a claim, said in sentences (R-CEC)."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from cecs import rules
from serportal.certifications.models import Period
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text


def check_may_claim(person, *, last_day: date | None, today: date) -> None:
    """Raise Refusal with the reason where ``person`` may not claim an activity that ended on ``last_day`` (R-CEC)."""
    held = [
        rules.Held(period.starts_on, period.ends_on, period.certification.lapsed_on)
        for period in Period.objects.of(person)
    ]
    found = rules.refusal(held, last_day=last_day, today=today)
    if found is None:
        return
    code, days = found
    sentences = {
        "never-certified": _(
            "Only people who hold CERP or CERPIT report continuing education, and this account holds neither. "
            "If you are certified, write to {contact} so that we connect the two."
        ),
        "lapsed": _(
            "Your certification lapsed: its period ended on {last}, and the time for reinstatement is over. Write to "
            "{contact} about applying anew."
        ),
        "lapsed-old-days-only": _(
            "Your certification lapsed: its period ended on {last}. For a reinstatement you can still report "
            "activities up to that day."
        ),
        "grace-old-days-only": _(
            "Your period ended on {last} and your renewal is pending. Until it is settled you can report only "
            "activities up to that day."
        ),
    }
    values = {name: day_text(day) for name, day in days.items()}
    raise Refusal(code, sentences[code].format(contact=settings.CONTACT_EMAIL, **values))

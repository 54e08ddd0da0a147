"""The criteria and windows SER starts with; brought in after each migration where none is there."""

from datetime import date

from applications import rules
from applications.models import Criteria, Partner, Programme, Window
from serportal.ui.words import programme_day

FROM = date(2000, 1, 1)
YEARS_AHEAD = 3


def seed_rows(**kwargs) -> None:
    if not Criteria.objects.exists():
        Criteria.objects.create(effective_from=FROM)
    if not Window.objects.exists():
        first = programme_day().year - 1
        Window.objects.bulk_create(
            Window(closes_on=one.closes_on, decided_by=one.decided_by)
            for year in range(first, first + YEARS_AHEAD + 2)
            for one in rules.standard_windows(year)
        )
    if not Partner.objects.exists():
        niagara = Partner.objects.create(
            name="Niagara College",
            contact_name="Niagara College",
            contact_email="partner@example.org",
            fee_covered=True,
            thanks="Niagara College has paid the fee for you. SER confirms with the college that you graduated.",
        )
        Programme.objects.create(partner=niagara, name="Ecosystem Restoration, Graduate Certificate")

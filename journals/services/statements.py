"""Statements by e-mail: who wants them, and the letters an upload owes (R-UPL-5)."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from journals.models import Entry, Statement, StatementMail, Upload
from journals.services.rows import policy_on
from serportal.outbox import services as outbox
from serportal.ui.words import day_text, number, programme_day, signed, span_text

STATEMENT_LETTER = "statement"
TOLD = (
    *("pk", "person", "person__email", "person__name", "opening", "posted", "closing", "needed"),
    *("period__starts_on", "period__ends_on", "period__certification__number"),
    "references",
)


def wants_letters(person) -> bool:
    """Whether ``person`` asked for each statement by e-mail."""
    return StatementMail.objects.filter(person=person, wanted=True).exists()


def choose_letters(*, wanted: bool, by, at: datetime | None = None) -> StatementMail:
    """Store whether ``by`` wants each statement by e-mail; it holds from the next upload on."""
    chosen, _new = StatementMail.objects.update_or_create(
        person=by, defaults={"wanted": wanted, "changed_at": at or timezone.now()}
    )
    return chosen


def owe_statements(upload: Upload) -> None:
    """Owe a letter about each statement of ``upload`` to those who asked for it, once, however often this is called.

    The caller’s transaction posts, so that a statement and its letter come together or not at all. Letters are written
    in bulk, whatever their number. Each keeps the references of its cases, whose conflicts hide it (R-REV-5).
    """
    asked = Statement.objects.filter(upload=upload, person__statement_mail__wanted=True, person__is_active=True)
    day = programme_day(upload.posted_at)
    shared = {
        "today": day_text(day),
        "uploaded": day_text(day),
        "goal": number(policy_on(day).period_credits),
        "statements_link": settings.SITE_URL + reverse("journals:statements"),
    }
    entries = Entry.objects.filter(upload=upload, period=OuterRef("period")).order_by().values("period")
    case = Coalesce("decision__case__reference", "reverses__decision__case__reference")
    references = Subquery(entries.annotate(told=StringAgg(case, Value(" "))).values("told"))
    rows = asked.annotate(references=references).order_by("pk").values_list(*TOLD, named=True)
    outbox.owe_all([_letter(row, shared) for row in rows], at=upload.posted_at)


def _letter(row, shared: dict[str, str]) -> dict:
    return {
        "key": f"statement:{row.pk}",
        "to": row.person__email,
        "person_id": row.person,
        "template": STATEMENT_LETTER,
        "about": row.period__certification__number,
        "context": {
            **shared,
            "references": row.references or "",
            "name": row.person__name,
            "number": row.period__certification__number,
            "period": span_text(row.period__starts_on, row.period__ends_on),
            "before": number(row.opening),
            "posted": signed(row.posted),
            "after": number(row.closing),
            "needed": number(row.needed),
            "link": settings.SITE_URL + reverse("journals:statement", args=[row.pk]),
        },
    }

"""Filing a case and moving it along the table of legal moves, one locked row at a time."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.files.models import Folder
from serportal.numbers import services as numbers
from serportal.outbox import services as outbox
from serportal.reviews import rules
from serportal.reviews.kinds import Kind, kind_of
from serportal.reviews.models import (
    CaseEvent,
    CaseNote,
    Extension,
    Party,
    ReviewCase,
    Revision,
    Timetable,
)
from serportal.reviews.states import ENDED, Move
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, programme_day

LONGEST_EXTENSION = timedelta(days=56)


def lock(case_id: int) -> ReviewCase:
    """Lock and return the case; everything that moves it goes through this row first."""
    return ReviewCase.objects.select_for_update().get(pk=case_id)


def lock_for(case_id: int, by) -> ReviewCase:
    """Lock and return the case on which the coordinator ``by`` acts (None: the portal itself).

    Raises Refusal where a conflict closed it to them, perhaps a moment ago in another tab (R-REV-5).
    """
    case = lock(case_id)
    if by is not None and ReviewCase.objects.closed_to(by).filter(pk=case_id).exists():
        raise Refusal(
            "closed", _("You have a part in this case, so it is closed to you. Another coordinator takes it.")
        )
    return case


def move(
    case: ReviewCase, what: Move, *, by, at: datetime, note: str = "", also: tuple[str, ...] = (), to=None
) -> None:
    """Move a locked case along one legal edge and write the event; raises Refusal where there is no such edge.

    ``also`` names further fields of ``case`` that the caller has set; ``to`` is where a question leads back to.
    """
    found = to or rules.after(case.state, case.step, what)
    if found is None:
        raise illegal(case)
    if case.step != found[1]:
        case.step_since = at
    case.state, case.step = found
    case.save(update_fields=["state", "step", "step_since", *also])
    log(case, what, by=by, at=at, note=note)


def illegal(case: ReviewCase) -> Refusal:
    return Refusal(
        "illegal-move",
        _(
            "{reference} is now “{state}, {step}”, so this cannot be done to it any more. "
            "Its page shows where it stands."
        ).format(reference=case.reference, state=kind_of(case).state_label(case.state), step=case.get_step_display()),
    )


def log(case: ReviewCase, what: Move, *, by, at: datetime, note: str = "") -> CaseEvent:
    """Write down what was done to a case without moving it."""
    return CaseEvent.objects.create(case=case, move=what, by=by, at=at, note=note)


def needed(text: str, sentence: str) -> str:
    """Return ``text`` cleaned; raises Refusal with ``sentence`` where nothing is left of it."""
    text = clean_text(text)
    if not text:
        raise Refusal("no-reason", sentence)
    return text


def file_case(
    *,
    kind: Kind,
    by,
    headline: str,
    folder: Folder,
    parties: Iterable[Party],
    topic: str = "",
    party: str = "",
    amount: Decimal | None = None,
    clock_on: date | None = None,
    due_on: date | None = None,
    at: datetime | None = None,
) -> ReviewCase:
    """Open the case of a submission: reference, clock (R-REV-1, R-REV-2), parties, first event.

    The clock starts on the day of filing and runs as long as the timetable says, unless ``clock_on`` and ``due_on`` are
    given: what waits for a window starts with its close (R-APP-2). Called inside the transaction in which the kind
    stores its content; ``parties`` come without their case.
    """
    at = at or timezone.now()
    filed_on = programme_day(at)
    timetable = Timetable.objects.in_force(kind.key, filed_on)[0]
    case = ReviewCase.objects.create(
        reference=numbers.take(kind.series, filed_on.year),
        kind=kind.key,
        headline=headline,
        topic=topic,
        party=party,
        amount=amount,
        filed_by=by,
        filed_at=at,
        filed_on=filed_on,
        clock_on=clock_on or filed_on,
        due_on=due_on or filed_on + timedelta(days=timetable.answer_days),
        timetable=timetable,
        step_since=at,
        folder=folder,
    )
    for one in parties:
        one.case = case
    Party.objects.bulk_create(parties)
    log(case, Move.FILE, by=by, at=at)
    return case


def keep_revision(case: ReviewCase, *, at: datetime) -> Revision:
    """Keep what the case says in its present version, for voters to compare (R-REV-6)."""
    files = [str(key) for key in case.folder.files.filter(removed_at__isnull=True).values_list("pk", flat=True)]
    told = kind_of(case).read(case).told
    return Revision.objects.create(case=case, number=case.revision, content=told, files=files, made_at=at)


def check_extension(case: ReviewCase, until: date) -> None:
    """Raise Refusal where the letter on ``case`` cannot be moved to ``until``."""
    if case.state in ENDED:
        raise illegal(case)
    if not case.due_on < until <= case.due_on + LONGEST_EXTENSION:
        raise Refusal(
            "extension",
            _("The new day must lie after {due}, by at most {weeks} weeks.").format(
                due=day_text(case.due_on), weeks=LONGEST_EXTENSION.days // 7
            ),
        )


@transaction.atomic
def extend(case_id: int, *, until: date, reason: str, by, at: datetime | None = None) -> Extension:
    """Tell the author that the answer takes longer, why, and until when (R-REV-3); logged, and sent at once."""
    at = at or timezone.now()
    case = lock_for(case_id, by)
    reason = needed(reason, _("An extension needs a reason. The member reads it in the letter."))
    check_extension(case, until)
    made = Extension.objects.create(case=case, from_due=case.due_on, to_due=until, reason=reason, at=at, by=by)
    case.due_on = until
    case.save(update_fields=["due_on"])
    log(case, Move.EXTEND, by=by, at=at, note=reason)
    owe_to_author(
        case,
        "case-extended",
        key=f"extension:{made.pk}",
        at=at,
        promised=day_text(made.from_due),
        due=day_text(until),
        reason=reason,
    )
    return made


@transaction.atomic
def note(case_id: int, *, text: str, by, at: datetime | None = None) -> CaseNote:
    """Write down something for the coordinators of a case; nobody else reads it, and it moves nothing."""
    text = needed(text, _("The note is empty. Write what the next coordinator should know."))
    return CaseNote.objects.create(case_id=case_id, by=by, at=at or timezone.now(), text=text)


def owe_to_author(case: ReviewCase, template: str, *, key: str, at: datetime, **context: str) -> None:
    """Owe the author of a case a letter about it; ``context`` adds what this one says beyond the case."""
    outbox.owe(
        key=key,
        at=at,
        template=template,
        person=case.filed_by,
        about=case.reference,
        context={
            "name": case.filed_by.name,
            "reference": case.reference,
            "title": case.headline,
            "today": day_text(programme_day(at)),
            "filed": day_text(case.filed_on),
            "due": day_text(case.due_on),
            "link": settings.SITE_URL + kind_of(case).url(case),
            **context,
        },
    )

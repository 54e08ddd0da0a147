"""Everything the portal holds of one person on one page, as far as the coordinator who reads it may know."""

from django.db.models import Count, Q, Sum
from django.urls import reverse

from applications.models import Application
from applications.models import Draft as ApplicationDraft
from cecs.models import Draft as ClaimDraft
from journals.models import Entry
from serportal.accounts.models import CommitteeTerm, Signature, User
from serportal.certifications.models import Certification, CertificationEvent, Period
from serportal.certifications.wording import BRIEF
from serportal.files.models import StoredFile
from serportal.home.mail import messages_visible_to
from serportal.home.money import bills_visible_to
from serportal.reviews.models import ReviewCase
from serportal.ui.words import programme_day

SHOWN = 10


def everything_of(person: User, *, by: User) -> dict:
    """Return what ``by`` may read of ``person``, the newest first, in a fixed number of queries.

    What a conflict hides from ``by`` is in no list and in no sum (R-REV-5): a case, its files, letters, bill,
    signature and the credits it brought. Of a draft only its owner knows more than that it exists.
    """
    cases = ReviewCase.objects.coordinated_by(by).filter(filed_by=person)
    closed = ReviewCase.objects.closed_to(by).values("reference")
    entries = Entry.objects.known_to(by).filter(person=person)
    return {
        "certifications": _certifications(person),
        "periods": _periods(person, entries),
        "cases": _cut(cases.order_by("-filed_at"), "reviews_reviewcase", person),
        "applications": _cut(
            Application.objects.filter(case__in=cases.values("pk")).select_related("case").order_by("-case__filed_at"),
            "applications_application",
            person,
        ),
        "entries": _cut(entries.order_by("-earned_on", "-pk"), "journals_entry", person),
        "bills": _cut(bills_visible_to(by).filter(person=person).order_by("-billed_at", "-pk"), "fees_bill", person),
        "letters": _cut(
            messages_visible_to(by).filter(person=person).order_by("-owed_at", "-pk"), "outbox_message", person
        ),
        "files": _cut(_files(cases), "reviews_reviewcase", person),
        "signatures": list(
            Signature.objects.filter(person=person).exclude(about__in=closed).select_related("agreement")
        ),
        "terms": list(CommitteeTerm.objects.filter(member=person).order_by("-starts_on")),
        "drafts": _drafts(person),
    }


def _cut(rows, admin: str, person: User) -> dict:
    """Return the first of ``rows``, and where all of them are listed if there are more."""
    found = list(rows[: SHOWN + 1])
    address = f"{reverse(f'admin:{admin}_changelist')}?member={person.pk}"
    return {"rows": found[:SHOWN], "all": address if len(found) > SHOWN else ""}


def _certifications(person: User) -> list[dict]:
    """Return each certification with what is true of it today and what was done about it."""
    today = programme_day()
    events = CertificationEvent.objects.filter(certification__person=person).select_related("by")
    done: dict[int, list] = {}
    for event in events:
        done.setdefault(event.certification_id, []).append(event)
    held = Certification.objects.with_period().filter(person=person).order_by("-certified_on", "-pk")
    return [{"held": one, "brief": BRIEF[one.state_on(today)], "events": done.get(one.pk, [])} for one in held]


def _periods(person: User, entries) -> list[dict]:
    """Return each period with the credits of ``entries`` that were earned in it, and how much of it is uploaded."""
    sums = (
        entries.order_by()
        .values("period")
        .annotate(n=Count("pk"), earned=Sum("credits"), uploaded=Sum("credits", filter=Q(upload__isnull=False)))
    )
    by_period = {row["period"]: row for row in sums}
    return [{"period": one, "sums": by_period.get(one.pk)} for one in Period.objects.of(person)]


def _files(cases):
    files = StoredFile.objects.filter(folder__case__in=cases.values("pk"), removed_at__isnull=True)
    return files.select_related("folder__case").order_by("-received_at", "-pk")


def _drafts(person: User) -> list[tuple[str, object]]:
    """Return (what it becomes, when it was last saved) of drafts; answers about filed cases are not among them."""
    applications = ApplicationDraft.objects.open_of(person).only("kind", "saved_at")
    claims = ClaimDraft.objects.of(person).unsent().claims().only("saved_at").order_by("-saved_at")
    return [
        *((str(one), one.saved_at) for one in applications[:SHOWN]),
        *(("", one.saved_at) for one in claims[:SHOWN]),
    ]

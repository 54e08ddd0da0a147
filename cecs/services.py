"""Writes about claims: drafts saved as typed, and the one filing that turns a draft into a case."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cecs import rules
from cecs.models import CecSubmission, Draft, SessionDay
from journals import services as journals
from journals import wording
from journals.rules import Claim, Credit
from journals.states import Activity
from serportal.certifications.models import Period
from serportal.files import services as files
from serportal.files.models import Folder, StoredFile
from serportal.outbox import services as outbox
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Party, ReviewCase
from serportal.reviews.states import PartyRole
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, number, programme_day, span_text

KEPT_FIELDS = frozenset(
    {"title", "provider", "first_day", "last_day", "place", "delivery", "areas", "learned", "attested"}
)
KEPT_ROWS = ("what-", "hours-")


class StaleDraft(Refusal):
    """The draft was saved elsewhere after this page was opened; nothing of it was overwritten."""

    def __init__(self, draft: Draft):
        super().__init__(
            "stale-draft",
            _(
                "Another tab or device saved this draft after you opened it here. Nothing of yours is lost: it stands "
                "below, not saved yet. Save it to put it in place of the other, or open the draft anew to see it."
            ),
        )
        self.version = draft.version


@dataclass(frozen=True)
class Answers:
    """A claim that may be filed: what the form read, in types."""

    title: str
    provider: str
    first_day: date
    last_day: date
    place: str
    delivery: str
    areas: list[str]
    learned: str
    sessions: list[tuple[date, str, Decimal]]

    @property
    def hours(self) -> Decimal:
        return sum((hours for _day, _what, hours in self.sessions), Decimal(0))

    @property
    def claim(self) -> Claim:
        return Claim(self.hours, self.last_day)


@transaction.atomic
def start(*, owner, key: uuid.UUID, at: datetime | None = None) -> Draft:
    """Start a draft under ``key``; the same key again returns the draft that is there.

    Raises Refusal for someone who may not file claims at all (R-CEC), and for the key of another person’s draft.
    """
    at = at or timezone.now()
    draft = Draft.objects.filter(pk=key).first()
    if draft is None:
        check_may_claim(owner, last_day=None, today=programme_day(at))
        fresh = {"owner": owner, "folder": Folder.objects.create(), "started_at": at, "saved_at": at}
        draft, _created = Draft.objects.get_or_create(pk=key, defaults=fresh)
    if draft.owner_id != owner.pk:
        raise Refusal("foreign-key", _("This form is not yours. Open the page again and start from there."))
    return draft


def check_may_claim(person, *, last_day: date | None, today: date) -> None:
    """Raise Refusal with the reason where ``person`` may not claim an activity that ended on ``last_day`` (R-CEC)."""
    held = [rules.Held(period.starts_on, period.ends_on) for period in Period.objects.of(person)]
    found = rules.refusal(held, last_day=last_day, today=today)
    if found is None:
        return
    code, days = found
    sentences = {
        "never-certified": _(
            "Only people who hold CERP or CERPIT report continuing education, and this account holds neither. "
            "If you are certified, write to {contact} so that we connect the two."
        ),
        "lapsed": _("Your certification lapsed: its period ended on {last}. Write to {contact} about reinstatement."),
        "grace-old-days-only": _(
            "Your period ended on {last} and your renewal is pending. Until it is settled you can report only "
            "activities up to that day."
        ),
    }
    values = {name: day_text(day) for name, day in days.items()}
    raise Refusal(code, sentences[code].format(contact=settings.CONTACT_EMAIL, **values))


def kept(posted) -> dict:
    """Return the part of a posted form that a draft keeps: known fields, cleaned text, nothing interpreted."""
    data = {}
    for name in posted:
        if name == "areas":
            data[name] = [clean_text(value)[:20] for value in posted.getlist(name)][:20]
        elif name in KEPT_FIELDS or (name.startswith(KEPT_ROWS) and name.rsplit("-", 1)[1] in ROW_NUMBERS):
            data[name] = clean_text(posted[name])
    return data


ROW_NUMBERS = frozenset(str(n) for n in range(rules.MOST_DAYS))


@dataclass(frozen=True)
class Seen:
    """What a page knew of its draft: the version it was drawn from, its own key, and its how-manieth save this is."""

    version: int
    page: uuid.UUID | None = None
    turn: int = 0

    def follows(self, draft: Draft) -> bool:
        """Whether nobody else saved in between, and no later save of the same page has overtaken this one."""
        if self.page is not None and self.page == draft.page:
            return self.turn > draft.turn
        return self.version == draft.version


@transaction.atomic
def save(*, draft_id: uuid.UUID, owner, data: dict, seen: Seen, at: datetime | None = None) -> Draft:
    """Keep ``data`` as it was typed. Raises StaleDraft where another page saved in between, Refusal once filed."""
    draft = _unfiled(draft_id, owner)
    if draft.data == data:
        return draft
    if not seen.follows(draft):
        raise StaleDraft(draft)
    draft.data, draft.version, draft.saved_at = data, draft.version + 1, at or timezone.now()
    draft.page, draft.turn = seen.page, seen.turn
    draft.save(update_fields=["data", "version", "saved_at", "page", "turn"])
    return draft


@transaction.atomic
def discard(*, draft_id: uuid.UUID, owner) -> None:
    """Delete an unfiled draft of ``owner`` with its files; asking twice is the same as asking once."""
    draft = Draft.objects.select_for_update().of(owner).unfiled().filter(pk=draft_id).first()
    if draft is None:
        return
    stored = list(draft.folder.files.all())
    folder = draft.folder
    draft.delete()
    StoredFile.objects.filter(folder=folder).delete()
    folder.delete()
    transaction.on_commit(lambda: [one.content.delete(save=False) for one in stored])


def _unfiled(draft_id: uuid.UUID, owner) -> Draft:
    """Lock and return a draft that may still change; what is filed stays as the committee reads it."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("folder").get(pk=draft_id, owner=owner)
    if draft.case_id:
        raise Refusal("filed", _("This claim is already filed; its answers and files can no longer be changed here."))
    return draft


def add_files(*, draft: Draft, uploads, by) -> list[Refusal]:
    """Keep each of ``uploads`` in the draft’s folder; return a refusal for each that was not taken.

    Raises Refusal once the claim is filed.
    """
    if not uploads:
        return []
    refusals = []
    with transaction.atomic():
        folder = _unfiled(draft.pk, by).folder
        for upload in uploads:
            try:
                files.receive(folder=folder, upload=upload, by=by)
            except files.FileRefused as refusal:
                refusals.append(refusal)
    return refusals


@transaction.atomic
def remove_file(*, draft: Draft, key: str, by) -> None:
    """Take the file ``key`` out of the draft; one that is not there changes nothing. Raises Refusal once filed."""
    for stored in files_of(_unfiled(draft.pk, by)):
        if str(stored.pk) == key:
            files.remove(file=stored, by=by)


def files_of(draft: Draft):
    return draft.folder.files.filter(removed_at__isnull=True)


def work_out(*, person, claim: Claim, at: datetime | None = None) -> Credit:
    """Return what a conference of ``person`` is worth, with the sentences that say why (R-CAT-3)."""
    return journals.work_out(person=person, activity=Activity.CONFERENCE, claim=claim, at=at).credit


@transaction.atomic
def file_claim(*, draft_id: uuid.UUID, owner, answers: Answers, version: int, at: datetime | None = None) -> ReviewCase:
    """File a draft: submission, case, parties, receipt, all or nothing. Filed twice, it is the same case.

    Raises StaleDraft when the draft is not the one that was checked, and Refusal when the person may not file (R-CEC)
    or the rules leave nothing to credit.
    """
    at = at or timezone.now()
    today = programme_day(at)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("folder").get(pk=draft_id, owner=owner)
    if draft.case_id:
        return draft.case
    if draft.version != version:
        raise StaleDraft(draft)
    check_may_claim(owner, last_day=answers.last_day, today=today)
    if not files_of(draft).exists():
        raise Refusal("no-proof", _("There is no proof with this claim. Go back to the form and add one file."))
    work = journals.work_out(person=owner, activity=Activity.CONFERENCE, claim=answers.claim, at=at)
    credit = work.credit
    if not credit.amount:
        raise Refusal("worth-nothing", nothing_to_credit(credit))
    case = reviews.file_case(
        kind=kinds()["cec"],
        by=owner,
        headline=answers.title,
        folder=draft.folder,
        parties=parties_of(owner, answers),
        topic=Activity.CONFERENCE,
        party=answers.provider,
        amount=credit.amount,
        at=at,
    )
    submission = CecSubmission.objects.create(
        case=case,
        activity=Activity.CONFERENCE,
        title=answers.title,
        provider=answers.provider,
        first_day=answers.first_day,
        last_day=answers.last_day,
        place=answers.place,
        delivery=answers.delivery,
        areas=answers.areas,
        learned=answers.learned,
        hours=answers.hours,
        period=work.period,
        schedule_row=work.schedule_row,
        policy_row=work.policy_row,
        reasons=wording.stored(credit.reasons),
        sentence=wording.sentence(credit.reasons),
    )
    SessionDay.objects.bulk_create(
        SessionDay(submission=submission, day=day, sessions=what, hours=hours) for day, what, hours in answers.sessions
    )
    draft.case = case
    draft.save(update_fields=["case"])
    _owe_receipt(case, submission, owner)
    return case


def nothing_to_credit(credit: Credit) -> str:
    """Say why a claim would bring nothing, and what to check."""
    return _("This claim would bring no credits: {why} Check the days and the hours.").format(
        why=wording.sentence(credit.reasons)
    )


def parties_of(owner, answers: Answers) -> list[Party]:
    """Return everyone a reviewer must know of before declaring no conflict (R-REV-5)."""
    parties = [
        Party(role=PartyRole.SUBMITTER, name=owner.name, person=owner),
        Party(role=PartyRole.ORGANISER, name=answers.provider),
    ]
    if owner.employer:
        parties.insert(1, Party(role=PartyRole.EMPLOYER, name=owner.employer))
    return parties


def _owe_receipt(case: ReviewCase, submission: CecSubmission, owner) -> None:
    outbox.owe(
        key=f"receipt:{case.reference}",
        template="cec-receipt",
        person=owner,
        about=case.reference,
        context={
            "name": owner.name,
            "reference": case.reference,
            "title": submission.title,
            "days": span_text(submission.first_day, submission.last_day),
            "filed": day_text(case.filed_on),
            "sum": submission.sentence,
            "most": number(case.amount),
            "due": day_text(case.due_on),
            "link": settings.SITE_URL + reverse("cecs:case", args=[case.reference]),
        },
    )

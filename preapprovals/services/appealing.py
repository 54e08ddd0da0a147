"""The appeal of a sponsor against a termination: written, filed, let in, withdrawn or decided (R-SPO-6)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from preapprovals.models import Appeal, AppealDraft, Notice, Offering
from preapprovals.querysets import EDITORS, REQUESTS
from preapprovals.services import telling
from preapprovals.states import Act, OfferingState
from serportal.drafts.services import Seen
from serportal.drafts.short import ShortForm
from serportal.files.models import Folder
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Conflict, Decision, Party, ReviewCase, Seat, Voter
from serportal.reviews.states import Move, PartyRole, SeatState, Step, Topic
from serportal.ui.refusal import Refusal
from serportal.ui.text import clean_text
from serportal.ui.words import day_text, programme_day


def termination_of(offering: Offering) -> Notice | None:
    """Return the act that ``offering`` stands terminated by, or None."""
    if offering.state != OfferingState.TERMINATED:
        return None
    return offering.notices.filter(act=Act.TERMINATED).last()


FORM = ShortForm(AppealDraft, sent="case_id")
add_files, remove_file = FORM.add_files, FORM.remove_file


@transaction.atomic
def begin(*, notice: Notice, by, at: datetime | None = None) -> AppealDraft:
    """Return what ``by`` is writing against ``notice``; begun if nothing is there yet."""
    at = at or timezone.now()
    Offering.objects.select_for_update(of=("self",)).get(pk=notice.offering_id)
    there = AppealDraft.objects.filter(notice=notice, owner=by).select_related("folder").first()
    if there is not None:
        return there
    return AppealDraft.objects.create(notice=notice, owner=by, folder=Folder.objects.create(), saved_at=at)


def save(*, draft_id: int, by, grounds: str, seen: Seen, at: datetime | None = None) -> AppealDraft:
    """Keep the grounds as they were typed. Raises StaleDraft where another page saved in between."""
    return FORM.save(draft_id=draft_id, by=by, data={"grounds": grounds}, seen=seen, at=at)


@transaction.atomic
def file_appeal(*, draft_id: int, by, at: datetime | None = None) -> ReviewCase:
    """File what ``by`` wrote as an appeal; sent twice, it is one case. One that comes late is kept, and marked so.

    Raises Refusal without grounds, where somebody else of the sponsor was faster, and where nothing is terminated.
    """
    at = at or timezone.now()
    draft = (
        AppealDraft.objects.select_for_update(of=("self",))
        .select_related("notice", "case", "folder")
        .get(pk=draft_id, owner=by)
    )
    if draft.case_id:
        return draft.case
    notice = draft.notice
    offering = (
        Offering.objects.select_for_update(of=("self",))
        .select_related("sponsor")
        .of(by, EDITORS)
        .get(pk=notice.offering_id)
    )
    if termination_of(offering) != notice:
        raise Refusal("not-terminated", _("This offering is not terminated any more, so there is nothing to appeal."))
    before = Appeal.objects.filter(notice=notice).select_related("case__filed_by").first()
    if before is not None:
        raise Refusal(
            "appealed",
            _("{name} filed an appeal on {day}, and one is all there can be. What you wrote was not sent.").format(
                name=before.case.filed_by.name, day=day_text(before.case.filed_on)
            ),
        )
    grounds = clean_text(draft.data.get("grounds", ""))
    if not grounds:
        raise Refusal("no-grounds", _("The grounds are missing. Write why the termination should not stand."))
    parties, closed = _involved(offering, by)
    case = reviews.file_case(
        kind=kinds()["appeal"],
        by=by,
        headline=_("Appeal: {title}").format(title=offering.title)[:200],
        folder=draft.folder,
        parties=parties,
        topic=notice.act,
        party=offering.sponsor.name,
        at=at,
    )
    Conflict.objects.bulk_create(Conflict(case=case, member=one, declared_at=at) for one in closed)
    late = programme_day(at) > notice.appeal_until
    Appeal.objects.create(case=case, notice=notice, grounds=grounds, late=late)
    draft.case = case
    draft.save(update_fields=["case"])
    reviews.keep_revision(case, at=at)
    reviews.owe_to_author(
        case,
        "appeal-receipt",
        key=f"receipt:{case.reference}",
        at=at,
        title=offering.title,
        lateness=lateness(notice) if late else "",
    )
    return case


def lateness(notice: Notice, *, admitted: bool = False) -> str:
    """Say that an appeal came after its last day, and what that means or meant."""
    if admitted:
        said = _("It came after the last day for an appeal, {day}, and the coordinator let it in.")
    else:
        said = _("It came after the last day for an appeal, {day}. The coordinator decides whether it is let in.")
    return said.format(day=day_text(notice.appeal_until))


def _involved(offering: Offering, by) -> tuple[list[Party], list]:
    """Return the parties of an appeal, and who declared a conflict with what was approved.

    They are those of the request, who files it, and everyone who acts for the sponsor.
    """
    parties = [Party(role=PartyRole.SUBMITTER, name=by.name, person=by)]
    parties.append(Party(role=PartyRole.ORGANISER, name=offering.sponsor.name))
    for contact in offering.sponsor.contacts.current().filter(person__isnull=False).select_related("person"):
        if contact.person != by:
            parties.append(Party(role=PartyRole.ORGANISER, name=contact.person.name, person=contact.person))
    requests = [key for key in Offering.objects.filter(pk=offering.pk).values_list(*REQUESTS)[0] if key]
    for one in Party.objects.filter(case__in=requests).select_related("person").order_by("pk"):
        role = PartyRole.ORGANISER if one.role == PartyRole.SUBMITTER else one.role
        parties.append(Party(role=role, name=one.name, person=one.person))
    for name in offering.instructors.splitlines():
        parties.append(Party(role=PartyRole.INSTRUCTOR, name=name[:200]))
    named: dict[tuple, Party] = {}
    for one in parties:
        named.setdefault(one.person_id or one.name, one)
    closed = {one.member for one in Conflict.objects.filter(case__in=requests).select_related("member")}
    return list(named.values()), sorted(closed - {by}, key=lambda one: one.pk)


def barred(case: ReviewCase) -> set[int]:
    """Return who decided before about what is appealed: who acted on it, and who voted on its request (R-SPO-6)."""
    appeal = Appeal.objects.select_related("notice").get(pk=case.pk)
    offering = appeal.notice.offering_id
    requests = [key for key in Offering.objects.filter(pk=offering).values_list(*REQUESTS)[0] if key]
    acted = Notice.objects.filter(offering=offering, by__isnull=False).values_list("by", flat=True)
    decided = Decision.objects.filter(case__in=requests).values_list("decided_by", flat=True)
    sat = Seat.objects.filter(panel__case__in=requests, ballots__isnull=False).values_list("member", flat=True)
    voted = Voter.objects.filter(poll__case__in=requests, state=SeatState.VOTED).values_list("member", flat=True)
    return {*acted, *decided, *sat, *voted}


def is_admitted(case: ReviewCase) -> bool:
    return case.events.filter(move=Move.ADMIT).exists()


def nobody_left(case: ReviewCase, at: datetime | None = None) -> bool:
    """Whether no member of the committee is left who may vote on the appeal."""
    members, _closed = reviews.electorate(case, Topic.APPEAL, programme_day(at))
    return not members


@transaction.atomic
def admit(case_id: int, *, reason: str, by, at: datetime | None = None) -> ReviewCase:
    """Let a late appeal in, for a reason that stays in its history (R-SPO-6). Asked again, it stays so."""
    at = at or timezone.now()
    case = reviews.lock_for(case_id, by)
    reason = clean_text(reason)
    if not reason:
        raise Refusal("no-reason", _("Letting a late appeal in needs a reason. It stays in the history of the case."))
    if not Appeal.objects.get(pk=case_id).late or case.step not in {Step.SCREEN, Step.HELD}:
        raise Refusal("not-late", _("{0} needs no letting in any more.").format(case.reference))
    if not is_admitted(case):
        reviews.log(case, Move.ADMIT, by=by, at=at, note=reason)
    return reviews.settle_gates(case_id, by=by, at=at)


def carry_out(appeal: Appeal, *, overturned: bool, at: datetime) -> None:
    """Put an offering back on the list whose appeal was won; its last day tells whether its time ran out meanwhile."""
    offering = Offering.objects.select_for_update().get(pk=appeal.notice.offering_id)
    if overturned:
        offering.state = OfferingState.ACTIVE
        offering.save(update_fields=["state"])
    Notice.objects.create(offering=offering, act=Act.OVERTURNED if overturned else Act.UPHELD, at=at)
    tell_colleagues(appeal, at=at)


@transaction.atomic
def withdraw(case_id: int, *, by, reason: str = "", at: datetime | None = None) -> ReviewCase:
    """Withdraw an appeal before its outcome; the termination stands, and there is no other. Asked again, it stays so.

    Raises Refusal once the committee has voted, for what it decides is final (R-SPO-6).
    """
    case = reviews.lock(case_id)
    if case.filed_by_id == by.pk and case.step == Step.DECIDE:
        raise Refusal(
            "voted",
            _("The committee has voted on {0}, so it is decided. You get the letter soon.").format(case.reference),
        )
    return reviews.withdraw(case_id, by=by, reason=reason, at=at)


def leave(case: ReviewCase, *, at: datetime) -> None:
    """Write down with the offering that its appeal ended without a decision: withdrawn, or not let in."""
    appeal = Appeal.objects.select_related("case", "notice__offering").get(pk=case.pk)
    last = case.events.filter(move__in=[Move.WITHDRAW, Move.CLOSE]).latest("pk")
    act = Act.RETRACTED if last.move == Move.WITHDRAW else Act.REFUSED
    Notice.objects.create(offering=appeal.notice.offering, act=act, at=at, by=last.by)
    tell_colleagues(appeal, at=at)


def tell_colleagues(appeal: Appeal, *, at: datetime) -> None:
    """Tell the others who may act for the sponsor that an appeal has come to its end, which they read on its page."""
    case, offering = appeal.case, appeal.notice.offering
    telling.tell_contacts(
        offering,
        key=f"appeal:{case.reference}",
        template="appeal-colleagues",
        context={
            "reference": case.reference,
            "title": offering.title,
            "sponsor": offering.sponsor.name,
            "who": case.filed_by.name,
            "filed": day_text(case.filed_on),
            "link": settings.SITE_URL + reverse("appeals:case", args=[case.reference]),
        },
        at=at,
        roles=EDITORS,
        about=case,
    )

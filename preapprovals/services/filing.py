"""The one filing that turns a draft into a case: all or nothing, and never twice (R-SPO-1)."""

import uuid
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journals import wording as credit_words
from journals.rules import fold
from preapprovals import asks
from preapprovals.models import Draft, Instructor, Offering, PreapprovalRequest, Sponsor
from preapprovals.querysets import EDITORS
from preapprovals.services.checking import Whole, look
from preapprovals.services.drafts import FACTS, check_can_renew, chosen_sponsor
from preapprovals.services.parties import parties_of
from preapprovals.services.sponsors import add_sponsor
from preapprovals.states import Listed, Section
from serportal.accounts.models import Signature
from serportal.fees import services as fees
from serportal.fees.models import FeeRow
from serportal.fees.states import FeeKind
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import in_credits


@transaction.atomic
def file_request(
    *, draft_id: uuid.UUID, owner, shown: str, fee_row: FeeRow | None = None, at: datetime | None = None
) -> ReviewCase:
    """File a draft: sponsor, case, request, instructors, bill, signature, receipt, all or nothing; twice, it is one.

    ``fee_row`` is the fee that the check page showed, which holds; ``shown`` stands for all that it showed. Raises
    Refusal where anything changed since, where something is still missing, and where what it would renew no longer can.
    """
    at = at or timezone.now()
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    draft = (
        Draft.objects.select_for_update(of=("self",)).select_related("folder", "owner").get(pk=draft_id, owner=owner)
    )
    if draft.sent_at:
        return draft.case
    whole = look(draft, at=at)
    if whole.fingerprint(fee_row) != shown:
        raise Refusal(
            "changed", _("Something changed after this page was shown. Nothing was filed. Read it once more below.")
        )
    if whole.problems:
        raise Refusal("incomplete", whole.problems[0].sentence)
    if draft.renews_id:
        check_can_renew(owner, Offering.objects.select_for_update(of=("self",)).get(pk=draft.renews_id), at=at)
    sponsor = sponsor_of(whole, owner, at)
    content = content_with(sponsor, whole.content)
    case = reviews.file_case(
        kind=kinds()["preapproval"],
        by=owner,
        headline=whole.offering["title"],
        folder=draft.folder,
        parties=parties_of(owner, content, sponsor),
        topic=whole.offering["category"],
        party=sponsor.name,
        amount=whole.worth.credit.amount,
        at=at,
    )
    bill = None
    if fee_row is not None:
        bill = fees.bill(person=owner, kind=FeeKind.PREAPPROVAL, about=case.reference, member=False, row=fee_row, at=at)
    request = PreapprovalRequest.objects.create(
        case=case, renews_id=draft.renews_id, bill=bill, **columns_of(whole, content, sponsor)
    )
    name_instructors(request)
    sign(whole, case, owner, at)
    draft.case, draft.sent_at, draft.sponsor = case, at, sponsor
    draft.save(update_fields=["case", "sent_at", "sponsor"])
    reviews.keep_revision(case, at=at)
    _owe_receipt(case, request, at)
    return case


def sponsor_of(whole: Whole, owner, at: datetime) -> Sponsor:
    """Return the sponsor that was chosen, or a new one; where ``owner`` acts for one of the same name, it is that."""
    typed = whole.content[Section.SPONSOR]
    chosen = chosen_sponsor(owner, typed)
    if chosen is not None:
        return chosen
    there = Sponsor.objects.of(owner, EDITORS).filter(name_key=fold(typed["name"])[:200]).order_by("pk").first()
    if there is not None:
        return there
    about = {name: typed.get(name, "") for name in ("website", "country")}
    return add_sponsor(name=typed["name"], kind=typed["kind"], **about, by=owner, at=at)


def content_with(sponsor: Sponsor, content: dict) -> dict:
    """Return ``content`` as it is kept: with what the sponsor is called, chosen or new."""
    facts = {name: str(getattr(sponsor, name)) for name in FACTS}
    known = {name: text for name, text in facts.items() if text}
    typed = {name: text for name, text in content[Section.SPONSOR].items() if name not in facts}
    return {**content, str(Section.SPONSOR): {**typed, **known, "sponsor": str(sponsor.pk)}}


def columns_of(whole: Whole, content: dict, sponsor: Sponsor) -> dict:
    """Return what a request keeps of its content, with the sum as it was shown and the rows that made it."""
    said, days = whole.offering, [day for _row, first, last in whole.planned for day in (first, last)]
    return {
        "sponsor": sponsor,
        "content": content,
        "category": said["category"],
        "title": said["title"],
        "part_of": said.get("part_of", ""),
        "delivery": said["delivery"],
        "recurring": said["recurring"] == asks.YES,
        "areas": said["areas"],
        "area_names": ", ".join(whole.areas[key].name for key in said["areas"]),
        "first_planned": min(days, default=None),
        "last_planned": max(days, default=None),
        "minutes": whole.minutes,
        "credits": whole.worth.credit.amount,
        "reasons": credit_words.stored(whole.worth.credit.reasons),
        "sentence": whole.sentence,
        "schedule_row": whole.worth.schedule_row,
        "policy_row": whole.worth.policy_row,
    }


def name_instructors(request: PreapprovalRequest) -> None:
    """Give every instructor that the content names a row; what the committee said of one that stays the same stays.

    One who is not named any more goes.
    """
    there = {str(one.key): one for one in request.instructors.all()}
    for row in request.content.get(Listed.INSTRUCTOR, []):
        said = {
            "name": row["name"],
            "employer": row.get("employer", ""),
            "qualification": row["qualification"],
            "detail": row.get("detail") or row.get("ser_number", ""),
        }
        known = there.pop(row["id"], None)
        if known is None:
            Instructor.objects.create(request=request, key=row["id"], **said)
        elif any(getattr(known, name) != text for name, text in said.items()):
            Instructor.objects.filter(pk=known.pk).update(**said, accepted=None)
    Instructor.objects.filter(pk__in=[one.pk for one in there.values()]).delete()


def sign(whole: Whole, case: ReviewCase, owner, at: datetime) -> None:
    """Keep who signed which version of the terms, typing which name, when."""
    Signature.objects.get_or_create(
        person=owner,
        agreement=whole.agreement,
        about=case.reference,
        defaults={"typed_name": whole.content[Section.TERMS]["typed_name"], "signed_at": at},
    )


def _owe_receipt(case: ReviewCase, request: PreapprovalRequest, at: datetime) -> None:
    reviews.owe_to_author(
        case,
        "preapproval-receipt",
        key=f"receipt:{case.reference}",
        at=at,
        title=request.title,
        sponsor=request.sponsor.name,
        sum=request.sentence,
        most=in_credits(case.amount),
    )

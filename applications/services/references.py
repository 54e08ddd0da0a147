"""Asking for references: who is named, invited, asked again and replaced, and what is known of it (R-APP-6)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import referee_asks as asks
from applications import rules
from applications.models import Criteria, Draft, Reference
from applications.services import reference_letters as letters
from applications.states import CLOSED, GONE, Kind, ReferenceState
from serportal.outbox.models import Message
from serportal.reviews.states import PartyRole
from serportal.ui.refusal import Refusal
from serportal.ui.words import moment_text, programme_day

S = ReferenceState
# A partner’s graduates are vouched for by their college (R-APP-7).
WITHOUT = frozenset({Kind.PARTNER})
REPLACEABLE = frozenset({S.INVITED, S.OPENED, S.EXPIRED, S.DECLINED})
ASKABLE = frozenset({S.INVITED, S.OPENED, S.EXPIRED})
PAUSE = timedelta(days=1)
MOST_LINKS = 10


@dataclass(frozen=True)
class Named:
    """What an applicant says of a referee."""

    name: str
    email: str
    organisation: str = ""
    relationship: str = ""
    note: str = ""


def is_closed(draft: Draft) -> bool:
    """Whether references can no longer be asked for or given: the application is decided or withdrawn."""
    return bool(draft.case_id and draft.case.state in CLOSED)


def criteria_of(draft: Draft, *, at: datetime | None = None) -> Criteria:
    """Return the criteria an application was filed under, or those in force for a draft (R-APP-4)."""
    kept = Criteria.objects.filter(applications__case=draft.case_id).first() if draft.case_id else None
    return kept or Criteria.objects.in_force(programme_day(at)).first()


@transaction.atomic
def name(
    *, draft_id: uuid.UUID, named: Named, by, replaces: int | None = None, at: datetime | None = None
) -> Reference:
    """Name a referee, or one in the place of ``replaces``, whose link ends and who is told.

    Raises Refusal where as many as count are named, for an address that is named already, and for the applicant’s own.
    """
    at = at or timezone.now()
    draft = _open_draft(draft_id, by)
    old = _locked(draft, replaces) if replaces else None
    if old is not None and old.state not in REPLACEABLE:
        raise Refusal("not-replaceable", _("{name} can no longer be replaced.").format(name=old.name))
    others = [one for one in draft.references.counting() if one != old]
    most = criteria_of(draft, at=at).references_most
    if len(others) >= most:
        raise Refusal(
            "enough",
            ngettext(
                "One referee is named, and no more count. Replace one who is silent.",
                "{n} referees are named, and no more count. Replace one who is silent.",
                most,
            ).format(n=most),
        )
    _check_address(draft, named, [*others, *([old] if old else [])])
    if old is not None:
        _give_up(old, at)
    return Reference.objects.create(draft=draft, replaces=old, named_at=at, saved_at=at, **_columns(named))


@transaction.atomic
def change(*, draft_id: uuid.UUID, reference_id: int, named: Named, by) -> Reference:
    """Change what is said of a referee who is not invited yet; raises Refusal as ``name`` does."""
    draft = _open_draft(draft_id, by)
    reference = _uninvited(draft, reference_id)
    _check_address(draft, named, [one for one in draft.references.counting() if one != reference])
    for column, value in _columns(named).items():
        setattr(reference, column, value)
    reference.save()
    return reference


@transaction.atomic
def remove(*, draft_id: uuid.UUID, reference_id: int, by) -> None:
    """Take back the name of a referee who is not invited yet."""
    _uninvited(_open_draft(draft_id, by), reference_id).delete()


@transaction.atomic
def invite(*, draft_id: uuid.UUID, reference_id: int, by, at: datetime | None = None) -> Reference:
    """Send a referee the link; asking twice sends it once."""
    at = at or timezone.now()
    reference = _locked(_open_draft(draft_id, by), reference_id)
    if reference.state == S.NAMED:
        reference.state, reference.invited_at = S.INVITED, at
        reference.save(update_fields=["state", "invited_at"])
        _involve(reference)
        letters.owe_link(reference, letters.INVITATION, at=at)
    return reference


def _involve(reference: Reference) -> None:
    """Add a referee who is invited after the filing to the people involved in the case (R-REV-5).

    Whoever has the name or the address of a committee member or a coordinator is taken for that person, who is thereby
    excluded from the case.
    """
    draft = reference.draft
    if draft.case is None or draft.case.parties.filter(role=PartyRole.REFEREE, name=reference.name).exists():
        return
    insiders = get_user_model().objects.insiders().exclude(pk=draft.owner_id)
    same = (one for one in insiders if rules.alike(_known(reference), rules.known(one.name, one.email)))
    draft.case.parties.create(role=PartyRole.REFEREE, name=reference.name, person=next(same, None))


def _known(reference: Reference) -> rules.Known:
    return rules.Known(reference.name_key, frozenset({reference.email_key}))


@transaction.atomic
def resend(*, draft_id: uuid.UUID, reference_id: int, by, at: datetime | None = None) -> Reference:
    """Send a silent referee a new link, which ends the one before. Raises Refusal for more than one a day."""
    at = at or timezone.now()
    reference = _locked(_open_draft(draft_id, by), reference_id)
    if reference.state not in ASKABLE:
        raise Refusal("not-silent", _("{name} waits for no letter of yours.").format(name=reference.name))
    if reference.links >= MOST_LINKS:
        raise Refusal(
            "enough-links",
            _("{name} was written to {n} times without an answer. Name somebody else instead.").format(
                name=reference.name, n=reference.links
            ),
        )
    letter = Message.objects.filter(key__startswith=f"reference:{reference.pk}:", to=reference.email).first()
    last = letter.owed_at if letter else reference.invited_at
    if last + PAUSE > at:
        raise Refusal(
            "too-soon",
            _("The last letter to {name} left on {last}. You can send another from {next} on.").format(
                name=reference.name, last=moment_text(last), next=moment_text(last + PAUSE)
            ),
        )
    renew(reference, at=at)
    return reference


def renew(reference: Reference, *, at: datetime) -> None:
    """Send the locked ``reference`` a new link; one that had run out is open again."""
    letters.forget_owed(reference)
    reference.state = S.OPENED if reference.opened_at else S.INVITED
    reference.save(update_fields=["state"])
    letters.owe_link(reference, letters.LINK, at=at)


def received(draft: Draft) -> int:
    """Return how many references are in (R-APP-11)."""
    return draft.references.filter(state=S.RECEIVED).count()


@dataclass(frozen=True)
class Standing:
    """How far one reference has come, as its applicant may know: never what the referee typed."""

    reference: Reference
    mail: Message | None

    @property
    def askable(self) -> bool:
        return self.reference.state in ASKABLE

    @property
    def replaceable(self) -> bool:
        return self.reference.state in REPLACEABLE and not hasattr(self.reference, "replaced_by")


def standing_of(draft: Draft) -> list[Standing]:
    """Return every reference of ``draft`` with the letter that holds its newest link, in the order of naming."""
    found = draft.references.defer("data", "declined_because").select_related("replaces", "replaced_by")
    rows = list(found.order_by("pk"))
    about = letters.about_of(draft)
    sent = Message.objects.filter(about=about, key__startswith="reference:", template__in=letters.WITH_LINK)
    newest = {int(mail.key.split(":")[1]): mail for mail in sent.order_by("owed_at", "pk")}
    return [Standing(row, newest.get(row.pk)) for row in rows]


def flags_of(draft: Draft, *, only: Reference | None = None) -> list[str]:
    """Return a sentence for everyone named who looks like the applicant or like another referee (RELIABILITY C9).

    ``only`` leaves those that are about this one.
    """
    rows = draft.references.counting().only("draft", "name", "name_key", "email_key").order_by("pk")
    people = {one.pk: one for one in rows}
    known = [(pk, _known(one)) for pk, one in people.items()]
    applicant = rules.known(draft.owner.name, *_own_addresses(draft))
    return [
        _sentence(sign, people[one].name, people[other].name if other else "")
        for sign, one, other in rules.likenesses(applicant, known)
        if only is None or only.pk in {one, other}
    ]


def _sentence(sign: str, name: str, other: str) -> str:
    if other:
        told = {
            "address": _("“{name}” and “{other}” have the same address, spelt in two ways. Are they one person?"),
            "name": _("“{name}” and “{other}” have the same name. Are they one person?"),
        }[sign]
        return told.format(name=name, other=other)
    told = {
        "address": _("The address of the referee “{name}” is the applicant’s own, spelt in another way."),
        "name": _("The referee “{name}” has the name of the applicant."),
    }[sign]
    return told.format(name=name)


@dataclass(frozen=True)
class Answered:
    """One reference as reviewers and coordinators read it. ``told`` is empty until it is received."""

    reference: Reference
    told: list[tuple[str, str]]
    ratings: list[tuple[str, str]]

    @property
    def is_in(self) -> bool:
        return self.reference.state == S.RECEIVED


def answers_of(draft: Draft) -> list[Answered]:
    """Return every reference that counts or was declined, those received with what the referee sent.

    For reviewers and coordinators of the case alone; what is typed and not sent yet is nobody’s to read.
    """
    rows = draft.references.exclude(state__in=[S.NAMED, S.REPLACED]).order_by("pk")
    return [
        Answered(row, asks.told(row.data, draft.kind), asks.rated(row.data))
        if row.state == S.RECEIVED
        else Answered(row, [], [])
        for row in rows
    ]


def _open_draft(draft_id: uuid.UUID, owner) -> Draft:
    """Lock and return a draft whose references may still change, filed or not."""
    found = Draft.objects.select_for_update(of=("self",)).select_related("case", "owner")
    draft = found.get(pk=draft_id, owner=owner, request=None)
    if draft.kind in WITHOUT:
        raise Refusal("none-asked", _("This application needs no references: the college speaks for its graduates."))
    if is_closed(draft):
        raise Refusal(
            "closed",
            _("This application is {state}, so nobody is asked for a reference any more.").format(
                state=draft.case.get_state_display()
            ),
        )
    return draft


def _locked(draft: Draft, reference_id: int) -> Reference:
    reference = Reference.objects.select_for_update().get(pk=reference_id, draft=draft)
    reference.draft = draft
    return reference


def _uninvited(draft: Draft, reference_id: int) -> Reference:
    reference = _locked(draft, reference_id)
    if reference.state != S.NAMED:
        raise Refusal(
            "invited",
            _("{name} is invited already, so the name and the address stay. Replace {name} instead.").format(
                name=reference.name
            ),
        )
    return reference


def _give_up(old: Reference, at: datetime) -> None:
    """End the link of a referee whose place another one takes; one who declined knows already."""
    letters.forget_owed(old)
    if old.state in GONE:
        return
    old.state, old.token_hash = S.REPLACED, None
    old.save(update_fields=["state", "token_hash"])
    letters.owe_to_referee(old, "reference-replaced", at=at)


def _check_address(draft: Draft, named: Named, others: list[Reference]) -> None:
    if any(rules.same_address(named.email, own) for own in _own_addresses(draft)):
        raise Refusal(
            "own-address",
            _(
                "This is your own address. A reference comes from somebody else; give the address of a person who "
                "knows your work."
            ),
        )
    twin = next((one for one in others if rules.same_address(named.email, one.email)), None)
    if twin is not None:
        raise Refusal(
            "same-address",
            _("This is the address of {name}, whom you have named already. Give the address of another person.").format(
                name=twin.name
            ),
        )


def _own_addresses(draft: Draft) -> list[str]:
    return [draft.owner.email, *EmailAddress.objects.filter(user=draft.owner_id).values_list("email", flat=True)]


def _columns(named: Named) -> dict[str, str]:
    return {
        "name": named.name,
        "email": named.email,
        "organisation": named.organisation,
        "relationship": named.relationship,
        "note": named.note,
        "name_key": rules.name_key(named.name),
        "email_key": rules.email_key(named.email),
    }

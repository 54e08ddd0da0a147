"""Who acts for a sponsor: invited by e-mail, each with a role; one manager is always there.

Every act waits for the sponsor’s row, so that two at the same instant are one after the other.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from preapprovals.models import Contact, Sponsor
from preapprovals.permissions import can_keep_contacts
from preapprovals.states import ContactRole
from serportal.accounts.models import User
from serportal.outbox import services as outbox
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

MOST, MOST_A_DAY = 50, 20
INVITED, JOINED, DECLINED = "sponsor-invited", "sponsor-joined", "sponsor-declined"
CHANGED, ENDED, LEFT = "sponsor-role", "sponsor-ended", "sponsor-left"
MAY = {
    ContactRole.MANAGER: gettext_lazy("You may do everything for it, and say who else acts for it."),
    ContactRole.EDITOR: gettext_lazy("You may ask for pre-approvals, and keep dates and attendance."),
    ContactRole.READER: gettext_lazy("You may read what is approved, and take the completion kit."),
}


@transaction.atomic
def invite(*, sponsor_id: int, email: str, role: ContactRole, by, at: datetime | None = None) -> Contact:
    """Invite whoever reads the mail of ``email`` to act for a sponsor. They come once they accept.

    Raises Refusal for somebody who is a contact already, and for more than a sponsor can have or invite in a day.
    """
    at = at or timezone.now()
    sponsor = _kept(sponsor_id, by)
    email = User.objects.normalize_email(email)
    there = sponsor.contacts.current().filter(
        Q(email__iexact=email) | Q(person__emailaddress__email__iexact=email, person__emailaddress__verified=True)
    )
    known = there.select_related("person").first()
    if known is not None:
        came = _("{email} acts for {sponsor} already. What they may do is changed on their line.")
        waits = _("{email} is invited already and has not answered. Send the invitation again on their line.")
        text = came if known.person_id else waits
        raise Refusal("already-there", text.format(email=email, sponsor=sponsor))
    if sponsor.contacts.current().count() >= MOST:
        text = _("{sponsor} has {most} contacts, the most there can be. End one first.")
        raise Refusal("too-many", text.format(sponsor=sponsor, most=MOST))
    if _invited_since(sponsor, at - timedelta(days=1)) >= MOST_A_DAY:
        text = _("{most} people were invited in the last 24 hours, the most for one day. Invite the next one tomorrow.")
        raise Refusal("too-many-a-day", text.format(most=MOST_A_DAY))
    made = Contact.objects.create(sponsor=sponsor, email=email, role=role, invited_at=at, invited_by=by)
    _owe_invitation(made, at=at)
    return made


@transaction.atomic
def invite_again(*, contact_id: int, by, at: datetime | None = None) -> Contact:
    """Send an invitation that nobody answered once more, at most once a day; raises Refusal for one who came."""
    at = at or timezone.now()
    contact = _held(contact_id, by)
    if contact.person_id:
        raise Refusal("came", _("{who} accepted already. Nothing was sent.").format(who=contact.person.name))
    _owe_invitation(contact, at=at)
    return contact


@transaction.atomic
def accept(*, contact_id: int, by, at: datetime | None = None) -> Contact:
    """Let ``by``, whose address the invitation went to, act for the sponsor; accepted twice is accepted once.

    Raises DoesNotExist for an invitation to somebody else, Refusal for one who acts for the sponsor already.
    """
    at = at or timezone.now()
    contact = _answered(contact_id, by)
    if contact.person_id:
        return contact
    if contact.sponsor.contacts.current().filter(person=by).exists():
        text = _("You act for {sponsor} already, under another address. Nothing changes.")
        raise Refusal("already-there", text.format(sponsor=contact.sponsor))
    contact.person, contact.joined_at = by, at
    contact.save(update_fields=["person", "joined_at"])
    _tell(contact, JOINED, to=contact.invited_by, who=by.name, at=at)
    return contact


@transaction.atomic
def decline(*, contact_id: int, by, at: datetime | None = None) -> None:
    """Say no to an invitation; the one who invited is told. Raises DoesNotExist as ``accept`` does."""
    at = at or timezone.now()
    contact = _answered(contact_id, by)
    if contact.person_id:
        raise Refusal(
            "came",
            _("You accepted already. To stop acting for {sponsor}, end it on its page.").format(
                sponsor=contact.sponsor
            ),
        )
    _end(contact, at=at)
    _tell(contact, DECLINED, to=contact.invited_by, who=by.name, at=at)


@transaction.atomic
def set_role(*, contact_id: int, role: ContactRole, by, at: datetime | None = None) -> Contact:
    """Change what a contact may do, and tell them; raises Refusal where no manager would be left."""
    at = at or timezone.now()
    contact = _held(contact_id, by)
    if contact.role == role:
        return contact
    if role != ContactRole.MANAGER:
        _leave_a_manager(contact)
    contact.role = role
    contact.save(update_fields=["role"])
    if contact.person_id and contact.person_id != by.pk:
        _tell(contact, CHANGED, to=contact.person, who=by.name, at=at)
    return contact


@transaction.atomic
def end(*, contact_id: int, by, at: datetime | None = None) -> None:
    """End what a contact may do for the sponsor, or take an invitation back.

    The managers are told of one who leaves by themselves. Raises Refusal where no manager would be left; ended twice
    is ended once.
    """
    at = at or timezone.now()
    own = Contact.objects.filter(pk=contact_id, person=by).exists()
    contact = _locked(contact_id) if own else _held(contact_id, by)
    if contact.left_at:
        return
    _leave_a_manager(contact)
    _end(contact, at=at)
    if own:
        for manager in contact.sponsor.contacts.managing().select_related("person"):
            _tell(contact, LEFT, to=manager.person, who=by.name, at=at)
    elif contact.person_id:
        _tell(contact, ENDED, to=contact.person, who=by.name, at=at)


def _kept(sponsor_id: int, by) -> Sponsor:
    """Return the sponsor, held until the end of the transaction; raises Refusal where ``by`` may not say who acts."""
    sponsor = Sponsor.objects.select_for_update(no_key=True).get(pk=sponsor_id)
    if not can_keep_contacts(by, sponsor):
        text = _("Only who manages {sponsor} says who acts for it, and that is no longer you. Ask one of its managers.")
        raise Refusal("no-manager", text.format(sponsor=sponsor))
    return sponsor


def _held(contact_id: int, by) -> Contact:
    """Return a contact whom ``by`` may change, its sponsor held; raises Refusal otherwise."""
    _kept(Contact.objects.values_list("sponsor", flat=True).get(pk=contact_id), by)
    contact = Contact.objects.select_related("sponsor", "person").get(pk=contact_id)
    if contact.left_at:
        text = _("{email} no longer acts for {sponsor}. Invite them anew if they should.")
        raise Refusal("ended", text.format(email=contact.email, sponsor=contact.sponsor))
    return contact


def _locked(contact_id: int) -> Contact:
    Sponsor.objects.select_for_update(no_key=True).get(contacts=contact_id)
    return Contact.objects.select_related("sponsor", "person").get(pk=contact_id)


def _answered(contact_id: int, by) -> Contact:
    """Return the invitation to ``by``, its sponsor held; raises DoesNotExist for one that is not theirs or is over."""
    _locked(contact_id)
    theirs = Contact.objects.current().filter(Q(person=by) | Q(pk__in=Contact.objects.invited(by).values("pk")))
    return theirs.select_related("sponsor", "invited_by", "person").get(pk=contact_id)


def _invited_since(sponsor: Sponsor, moment: datetime) -> int:
    """Return how many were invited, whether they came or not; who brought the sponsor in invited nobody."""
    return sponsor.contacts.filter(invited_at__gt=moment).exclude(person=F("invited_by")).count()


def _leave_a_manager(contact: Contact) -> None:
    managers = contact.sponsor.contacts.managing()
    if managers.filter(pk=contact.pk).exists() and managers.count() == 1:
        text = _("{who} is the only manager of {sponsor}. Let somebody else manage it first.")
        raise Refusal("last-manager", text.format(who=contact.person.name, sponsor=contact.sponsor))


def _end(contact: Contact, *, at: datetime) -> None:
    contact.left_at = at
    contact.save(update_fields=["left_at"])
    outbox.cancel(template=INVITED, key__startswith=f"{INVITED}:{contact.pk}:", at=at)


def _owe_invitation(contact: Contact, *, at: datetime) -> None:
    outbox.owe(
        key=f"{INVITED}:{contact.pk}:{programme_day(at)}",
        template=INVITED,
        to=contact.email,
        at=at,
        context={
            "sponsor": contact.sponsor.name,
            "who": contact.invited_by.name,
            "may": str(MAY[ContactRole(contact.role)]),
            "link": settings.SITE_URL + reverse("preapprovals:join", args=[contact.sponsor_id]),
        },
    )


def _tell(contact: Contact, template: str, *, to, who: str, at: datetime) -> None:
    """Tell a person about a contact: what ``who`` did, or what was done to them."""
    outbox.owe(
        key=f"{template}:{contact.pk}:{to.pk}:{at.isoformat()}",
        template=template,
        person=to,
        at=at,
        context={
            "name": to.get_short_name(),
            "sponsor": contact.sponsor.name,
            "who": who,
            "may": str(MAY[ContactRole(contact.role)]),
            "link": settings.SITE_URL + reverse("preapprovals:sponsor", args=[contact.sponsor_id]),
        },
    )

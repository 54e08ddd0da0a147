"""Two sponsors that are one: what would move is shown, then moved, once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from preapprovals.models import Contact, Draft, Notice, Offering, PreapprovalRequest, Sponsor
from preapprovals.services.offerings import search_text
from preapprovals.services.sponsors import take_turn
from preapprovals.states import Act, ContactRole
from serportal.ui.refusal import Refusal

NEAR = 0.5
STRENGTH = {role: place for place, role in enumerate((ContactRole.READER, ContactRole.EDITOR, ContactRole.MANAGER))}


@dataclass(frozen=True)
class Joining:
    """What joining ``gone`` to ``kept`` moves: the contacts that move, those that both have and so end."""

    kept: Sponsor
    gone: Sponsor
    moved: list[Contact]
    ended: list[tuple[Contact, Contact]]

    @property
    def key(self) -> str:
        """Name what was shown, so that nothing else is done when it is confirmed."""
        people = sorted((one.pk, one.role) for one in [*self.moved, *(pair[0] for pair in self.ended)])
        shown = (self.kept.pk, self.kept.name, self.gone.pk, self.gone.name, people)
        return hashlib.sha256(repr(shown).encode()).hexdigest()


def alike(sponsor: Sponsor, *, by):
    """Return sponsors that may be the same: of the same name, or nearly, the closest first."""
    others = Sponsor.objects.coordinated_by(by).exclude(pk=sponsor.pk)
    near = others.annotate(likeness=TrigramSimilarity("name", sponsor.name))
    return near.filter(Q(name_key=sponsor.name_key) | Q(likeness__gte=NEAR)).order_by("-likeness", "pk")


def namesakes(sponsor: Sponsor, *, by):
    """Return other sponsors of the same name, however it is spelt."""
    return Sponsor.objects.coordinated_by(by).filter(name_key=sponsor.name_key).exclude(pk=sponsor.pk).order_by("pk")


def plan_joining(kept: Sponsor, gone: Sponsor) -> Joining:
    """Return what joining would move. Raises Refusal for one and the same."""
    if kept.pk == gone.pk:
        raise Refusal("same", _("This is one and the same sponsor. Choose another to join with it."))
    here = list(kept.contacts.current().select_related("person"))
    emails = {one.email.casefold(): one for one in here}
    people = {one.person_id: one for one in here if one.person_id}
    moved, ended = [], []
    for one in gone.contacts.current().select_related("person"):
        twin = emails.get(one.email.casefold()) or people.get(one.person_id)
        if twin is None:
            moved.append(one)
        else:
            ended.append((one, twin))
    return Joining(kept, gone, moved, ended)


@transaction.atomic
def join_sponsors(*, kept_id: int, gone_id: int, key: str, by, at: datetime | None = None) -> Sponsor:
    """Move all that one sponsor has to another, and drop its empty name. Raises Refusal where it is not what was shown.

    A contact of both keeps the stronger role. Each offering keeps under which name it was until now.
    """
    at = at or timezone.now()
    take_turn()
    rows = Sponsor.objects.select_for_update().filter(pk__in=Sponsor.objects.coordinated_by(by).values("pk"))
    found = {one.pk: one for one in rows.filter(pk__in=[kept_id, gone_id]).order_by("pk")}
    if kept_id not in found or gone_id not in found:
        raise Refusal("gone", _("One of the two is not here any more. It may be joined already."))
    plan = plan_joining(found[kept_id], found[gone_id])
    if plan.key != key:
        raise Refusal("changed", _("Their contacts changed since it was shown, and nothing was done. Show it again."))
    for one, twin in plan.ended:
        if STRENGTH[one.role] > STRENGTH[twin.role]:
            twin.role = one.role
            twin.save(update_fields=["role"])
        one.left_at = at
        one.save(update_fields=["left_at"])
    for model in (Contact, PreapprovalRequest, Draft):
        model.objects.filter(sponsor=plan.gone).update(sponsor=plan.kept)
    _move_offerings(plan, by, at)
    plan.gone.delete()
    return plan.kept


def _move_offerings(plan: Joining, by, at: datetime) -> None:
    offerings = list(Offering.objects.select_for_update(of=("self",)).filter(sponsor=plan.gone))
    reason = _("Its sponsor was: {before}").format(before=plan.gone.name)
    for one in offerings:
        one.sponsor = plan.kept
        one.search = search_text(one)
    Offering.objects.bulk_update(offerings, ["sponsor", "search"])
    Notice.objects.bulk_create(Notice(offering=one, act=Act.CHANGED, reason=reason, at=at, by=by) for one in offerings)

"""What the coordinator keeps of the list: what stands beside an approval, and what is listed without one (R-SPO-7)."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals.rules import fold
from preapprovals.models import Notice, Occurrence, Offering, Sponsor
from preapprovals.services.offerings import add_occurrence, list_offering, search_text
from preapprovals.services.sponsors import take_turn
from preapprovals.services.telling import tell_contacts
from preapprovals.states import STANDING, Act, OfferingState, SponsorKind
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day

WITHDRAWN = "offering-withdrawn"
# What may change while an offering stands. Its code, credits and days are what was decided, and never do.
CHANGEABLE = {
    "description": gettext_lazy("Description"),
    "objectives": gettext_lazy("Objectives"),
    "language": gettext_lazy("Language"),
    "registration_name": gettext_lazy("Registration contact"),
    "registration_email": gettext_lazy("Registration e-mail"),
    "url": gettext_lazy("Web page"),
    "price": gettext_lazy("Price"),
}
LONG = {"description", "objectives"}


def held(offering_id: int, *, by) -> Offering:
    """Return an offering that ``by`` may work on, locked until this transaction ends."""
    rows = Offering.objects.coordinated_by(by).filter(pk=offering_id).values("pk")
    return Offering.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk__in=rows)


def check_standing(offering: Offering) -> None:
    if offering.state not in STANDING:
        sentence = _("“{title}” is {state} and no longer on the list. Nothing about it can be changed.")
        raise Refusal("not-listed", sentence.format(title=offering.title, state=offering.get_state_display()))


@transaction.atomic
def change_listing(*, offering_id: int, by, at: datetime | None = None, **said: str) -> Offering:
    """Change what the list says beside the approval; what stood before is kept as an act.

    Raises Refusal for an offering that left the list, and where nothing is changed.
    """
    offering = held(offering_id, by=by)
    check_standing(offering)
    changed = {name: text for name, text in said.items() if name in CHANGEABLE and getattr(offering, name) != text}
    if not changed:
        raise Refusal("nothing", _("Everything reads as before, so nothing was changed. Change a field, then press."))
    reason = "\n".join(_change(offering, name, text) for name, text in changed.items())
    for name, text in changed.items():
        setattr(offering, name, text)
    offering.search = search_text(offering)
    offering.save(update_fields=[*changed, "search"])
    Notice.objects.create(offering=offering, act=Act.CHANGED, reason=reason, at=at or timezone.now(), by=by)
    return offering


def _change(offering: Offering, name: str, text: str) -> str:
    before, label = getattr(offering, name), CHANGEABLE[name]
    if not before:
        return _("{field} was empty.").format(field=label)
    return _("{field} was: {before}").format(field=label, before=before)


@transaction.atomic
def withdraw_listing(*, offering_id: int, reason: str, by, at: datetime | None = None) -> Offering:
    """Take an offering off the list, its code with it; credits for what took place before stand.

    A pre-approval is withdrawn where its sponsor asks for it; one that falls short is terminated (R-SPO-6).
    """
    at = at or timezone.now()
    offering = held(offering_id, by=by)
    check_standing(offering)
    offering.state = OfferingState.WITHDRAWN
    offering.save(update_fields=["state"])
    Notice.objects.create(offering=offering, act=Act.WITHDRAWN, reason=reason, at=at, by=by)
    tell_contacts(
        offering,
        key=f"{WITHDRAWN}:{offering.pk}",
        template=WITHDRAWN,
        context={"title": offering.title, "reason": reason},
        at=at,
    )
    return offering


def sponsor_called(name: str, *, kind: str, at: datetime) -> Sponsor:
    """Return the sponsor of this name, however it is spelled; a new one has no contacts yet.

    Two who ask for a new one at the same time get the same. Raises Refusal where two have the name: nobody can tell
    which is meant.
    """
    take_turn()
    key = fold(name)[:200]
    found = list(Sponsor.objects.filter(name_key=key)[:2])
    if len(found) > 1:
        raise Refusal("two-sponsors", _("Two sponsors are called {name}. Join them first.").format(name=name))
    return found[0] if found else Sponsor.objects.create(name=name, name_key=key, kind=kind, made_at=at)


@transaction.atomic
def list_event(
    *,
    sponsor: str,
    title: str,
    category: str,
    delivery: str,
    first_day: date,
    last_day: date,
    zone: str,
    by,
    starts: time | None = None,
    ends: time | None = None,
    place: str = "",
    country: str = "",
    at: datetime | None = None,
    **more,
) -> Offering:
    """List an event of SER or a chapter that is not pre-approved: no code, no credits, and the list says so (R-SPO-7).

    Raises Refusal for a name that belongs to another kind of sponsor, for days that are over, and for what is listed
    already.
    """
    at = at or timezone.now()
    today = programme_day(at)
    if last_day < today:
        raise Refusal("over", _("The last day is over. List what is still to come."))
    whose = sponsor_called(sponsor, kind=SponsorKind.SER, at=at)
    if whose.kind != SponsorKind.SER:
        sentence = _("{name} is no chapter of SER. Only events of SER and its chapters are listed without approval.")
        raise Refusal("not-ser", sentence.format(name=whose.name))
    listed = Occurrence.objects.held().filter(first_day=first_day, offering__title=title, offering__sponsor=whose)
    if listed.filter(offering__code=None, offering__state__in=STANDING).exists():
        sentence = _("“{title}” of {sponsor} on {day} is on the list already.")
        raise Refusal("listed", sentence.format(title=title, sponsor=whose, day=day_text(first_day)))
    offering = list_offering(
        sponsor=whose,
        title=title,
        category=category,
        delivery=delivery,
        valid_from=min(today, first_day),
        valid_to=last_day,
        act=Act.LISTED,
        by=by,
        at=at,
        **more,
    )
    add_occurrence(
        offering_id=offering.pk,
        first_day=first_day,
        last_day=last_day,
        starts=starts,
        ends=ends,
        zone=zone,
        place=place,
        country=country,
        url=offering.url,
        by=by,
        at=at,
    )
    return offering

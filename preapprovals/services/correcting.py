"""What the coordinator corrects about a sponsor; what stood before, who and why are kept."""

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals.rules import fold
from preapprovals.models import Notice, Offering, Sponsor
from preapprovals.services.offerings import search_text
from preapprovals.services.sponsors import take_turn
from preapprovals.states import Act
from serportal.ui.refusal import Refusal

CORRECTED = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "website": gettext_lazy("Website"),
    "country": gettext_lazy("Country"),
}


@transaction.atomic
def correct_sponsor(*, sponsor_id: int, reason: str, by, at: datetime | None = None, **said: str) -> Sponsor:
    """Correct a sponsor’s name, kind, website or country. Under a new name, each of its offerings keeps the old one.

    Requests stay as they were filed. Raises Refusal where nothing is changed, and for the name of another sponsor: two
    that are one are joined.
    """
    take_turn()
    rows = Sponsor.objects.coordinated_by(by).filter(pk=sponsor_id).values("pk")
    sponsor = Sponsor.objects.select_for_update(no_key=True).get(pk__in=rows)
    before = {name: _told(sponsor, name) for name in CORRECTED}
    changed = [name for name in CORRECTED if name in said and str(getattr(sponsor, name)) != said[name]]
    if not changed:
        raise Refusal("nothing", _("Everything reads as before, so nothing was changed. Change a field, then press."))
    for name in changed:
        setattr(sponsor, name, said[name])
    if "name" in changed:
        _rename(sponsor, before["name"], by=by, at=at or timezone.now())
    sponsor.save(update_fields=[*changed, "name_key"])
    lines = [_change(name, before[name]) for name in changed]
    LogEntry.objects.log_actions(by.pk, [sponsor], CHANGE, "\n".join([reason, *lines]), single_object=True)
    return sponsor


def corrections_of(sponsor: Sponsor):
    """Return what was corrected about a sponsor, the latest first."""
    about = ContentType.objects.get_for_model(Sponsor)
    rows = LogEntry.objects.filter(content_type=about, object_id=str(sponsor.pk), action_flag=CHANGE)
    return rows.select_related("user").order_by("-action_time", "-pk")


def _rename(sponsor: Sponsor, before: str, *, by, at: datetime) -> None:
    """Give ``sponsor`` the key of its new name, and let the list find and tell its offerings by it."""
    key = fold(sponsor.name)[:200]
    if key != sponsor.name_key and Sponsor.objects.filter(name_key=key).exclude(pk=sponsor.pk).exists():
        sentence = _(
            "Another sponsor is called {name}. If the two are one, join them; else write what tells them apart."
        )
        raise Refusal("same-name", sentence.format(name=sponsor.name))
    sponsor.name_key = key
    offerings = list(Offering.objects.select_for_update(of=("self",)).filter(sponsor=sponsor).order_by("pk"))
    for one in offerings:
        one.sponsor = sponsor
        one.search = search_text(one)
    Offering.objects.bulk_update(offerings, ["search"])
    reason = _("Its sponsor was: {before}").format(before=before)
    Notice.objects.bulk_create(Notice(offering=one, act=Act.CHANGED, reason=reason, at=at, by=by) for one in offerings)


def _told(sponsor: Sponsor, name: str) -> str:
    """Return what a field says, as people read it."""
    if name == "country":
        return sponsor.country.name
    return str(sponsor.get_kind_display()) if name == "kind" else getattr(sponsor, name)


def _change(name: str, before: str) -> str:
    if not before:
        return _("{field} was empty.").format(field=CORRECTED[name])
    return _("{field} was: {before}").format(field=CORRECTED[name], before=before)

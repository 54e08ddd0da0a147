"""Who may apply for what, said in sentences (R-APP-8)."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from applications.models import Application
from applications.states import Kind
from serportal.certifications.models import Certification
from serportal.certifications.states import CURRENT, Level, Standing
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import ENDED
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text

# A certificant renews, upgrades or is reinstated; nobody applies anew for what they hold.
HELD = CURRENT | {Standing.GRACE}


class UnderWay(Refusal):
    """An application of the same kind waits for its decision; ``case`` is the one to be led to."""

    def __init__(self, case: ReviewCase):
        super().__init__(
            "under-way",
            _("Your application {reference} is still under way. A second one can follow once it is decided.").format(
                reference=case.reference
            ),
        )
        self.case = case


def check_may_apply(person, kind: str, *, today: date) -> Certification | None:
    """Return the CERPIT that an upgrade would close, None for any other kind.

    Raises Refusal for someone who holds what they ask for, UnderWay while an application of the kind is undecided.
    """
    under_way = undecided(person, kind)
    if under_way is not None:
        raise UnderWay(under_way)
    certifications = list(Certification.objects.with_period().filter(person=person).order_by("-certified_on", "-pk"))
    held = {one.level: one for one in reversed(certifications) if one.state_on(today) in HELD}
    if Level.CERP in held:
        raise _refused("holds-cerp", held[Level.CERP])
    cerpit = held.get(Level.CERPIT)
    if kind == Kind.UPGRADE:
        return _upgraded(cerpit, certifications, today)
    if cerpit is not None:
        raise _refused("cerpit-to-cerp" if kind == Kind.CERP else "holds-cerpit", cerpit)
    return None


def undecided(person, kind: str) -> ReviewCase | None:
    """Return the case of an application of ``kind`` by ``person`` that is neither decided nor withdrawn."""
    found = Application.objects.of(person).filter(kind=kind).exclude(case__state__in=ENDED).first()
    return found.case if found else None


def _upgraded(cerpit: Certification | None, certifications: list[Certification], today: date) -> Certification:
    if cerpit is not None and cerpit.state_on(today) in CURRENT:
        return cerpit
    if cerpit is not None:
        raise _refused("grace", cerpit)
    lapsed = next((one for one in certifications if one.level == Level.CERPIT and not one.ended_as), None)
    if lapsed is not None:
        raise _refused("lapsed", lapsed)
    raise _refused("no-cerpit", None)


def _refused(code: str, held: Certification | None) -> Refusal:
    sentences = {
        "holds-cerp": _("You hold CERP ({number}), so there is nothing to apply for. You keep it by renewing it."),
        "cerpit-to-cerp": _(
            "You hold CERPIT ({number}). Your way to CERP is the upgrade, at a lower fee; apply for that instead."
        ),
        "holds-cerpit": _(
            "You hold CERPIT ({number}), so there is nothing to apply for. You keep it by renewing it, or upgrade to "
            "CERP."
        ),
        "grace": _(
            "The period of your CERPIT ({number}) ended on {last} and its renewal is pending. Only a current CERPIT "
            "can be upgraded. Renew it first."
        ),
        "lapsed": _(
            "Your CERPIT ({number}) lapsed, and only a current one can be upgraded. Write to {contact} about its "
            "reinstatement, or apply for CERP."
        ),
        "no-cerpit": _(
            "The upgrade is for people who hold CERPIT, and this account holds none. Apply for CERP instead; if you "
            "are certified, write to {contact} so that we connect the two."
        ),
    }
    ended = held.period_end if held else None
    values = {"number": held.number if held else "", "last": day_text(ended) if ended else ""}
    return Refusal(code, sentences[code].format(contact=settings.CONTACT_EMAIL, **values))

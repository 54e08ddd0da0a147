"""The program logo: given to a sponsor that accepted its terms, while its offering stands and holds (R-SPO-3)."""

import re
from datetime import date, datetime
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from preapprovals.models import LogoMark, Offering
from preapprovals.permissions import can_edit_for
from preapprovals.rules.pictures import MOST_PIXELS, MOST_PNG, MOST_SVG, Looked, look_at_png, look_at_svg
from preapprovals.services.completion import MARK
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import Agreement, Signature
from serportal.accounts.states import Purpose
from serportal.documents import paper
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

PPI = 600
WRONG = {
    "no-png": gettext_lazy("The picture is no PNG. Save it as PNG and choose it again."),
    "broken-png": gettext_lazy("The picture (PNG) is not whole. Save it anew and choose it again."),
    "png-large": gettext_lazy("The picture (PNG) is larger than {most} kB, the most we take. Save a smaller one."),
    "png-wide": gettext_lazy("The picture (PNG) is wider or higher than {pixels} pixels. Save a smaller one."),
    "no-svg": gettext_lazy("The drawing is no SVG that can be read. Save it as plain SVG and choose it again."),
    "svg-large": gettext_lazy("The drawing (SVG) is larger than {drawn} kB or has too many shapes. Simplify it."),
    "element": gettext_lazy("The drawing (SVG) holds “{what}”. Only shapes and colours are taken. Turn letters into "
                            "outlines and save it as plain SVG."),
    "attribute": gettext_lazy("The drawing (SVG) uses “{what}”, which is not taken. Save it as plain SVG, its colours "
                              "as attributes."),
    "value": gettext_lazy("In the drawing (SVG), “{what}” names something outside of it, or cannot be read. Save it as "
                          "plain SVG."),
}  # fmt: skip


@transaction.atomic
def accept_terms(*, offering_id: int, agreement_id: int | None, by, at: datetime | None = None) -> Offering:
    """Sign the terms of the logo, as ``by`` read them, for one offering; signed twice, the first one stays.

    Raises Refusal, also where other terms are in force by now than those that were read.
    """
    at = at or timezone.now()
    offering = Offering.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=offering_id)
    if not can_edit_for(by, offering.sponsor):
        text = _("You may read the pages of {sponsor}. Its editors and managers accept terms for it; ask one of them.")
        raise Refusal("no-editor", text.format(sponsor=offering.sponsor))
    _refuse_unless_allowed(offering, at)
    terms = terms_on(programme_day(at))
    if terms.pk != agreement_id:
        raise Refusal("other-terms", _("The terms have changed since you opened this page. Read them and accept anew."))
    if offering.logo_agreed_at is None:
        offering.logo_agreed_at, offering.logo_agreed_by = at, by
        offering.save(update_fields=["logo_agreed_at", "logo_agreed_by"])
        Signature.objects.get_or_create(
            person=by, agreement=terms, about=offering.code, defaults={"typed_name": by.name, "signed_at": at}
        )
    return offering


def terms_on(day: date) -> Agreement:
    """Return the terms of the logo in force on ``day``."""
    return agreement_on(Purpose.LOGO, day)


def logo_for(offering: Offering, shape: str, *, at: datetime | None = None) -> bytes:
    """Return the logo in one of ``shapes``; raises Refusal until its terms are accepted, and once the approval ends."""
    _refuse_unless_allowed(offering, at or timezone.now())
    if offering.logo_agreed_at is None:
        raise Refusal("terms", _("The logo comes once its terms are accepted. Read them and press the button."))
    return shapes()[shape]


def shapes() -> dict[str, bytes]:
    """Return the logo in force by its ending: SER’s own, or the one that comes with the portal."""
    mark = LogoMark.objects.first()
    if mark is None:
        return _placeholder()
    return {"png": bytes(mark.png), **({"svg": bytes(mark.svg)} if mark.svg else {})}


@transaction.atomic
def put_logo(*, png: bytes, svg: bytes, by, at: datetime | None = None) -> LogoMark:
    """Put another logo in the place of the one in force; ``svg`` may be empty. Raises Refusal for what is not plain."""
    looked = [look_at_png(png), look_at_svg(svg) if svg else Looked()]
    for one in looked:
        if one.wrong:
            raise Refusal(one.wrong, told(one))
    return LogoMark.objects.create(png=looked[0].content, svg=looked[1].content, put_at=at or timezone.now(), put_by=by)


def told(looked: Looked) -> str:
    """Say what is wrong with a picture, and what to do."""
    sizes = {"most": MOST_PNG // 1000, "drawn": MOST_SVG // 1000, "pixels": MOST_PIXELS}
    return WRONG[looked.wrong].format(what=looked.what, **sizes)


def _refuse_unless_allowed(offering: Offering, at: datetime) -> None:
    if not offering.is_preapproved:
        text = _("“{title}” is listed and not pre-approved, so the logo is not for it.")
        raise Refusal("listed-only", text.format(title=offering.title))
    if not offering.holds_on(programme_day(at)):
        text = _("“{title}” is not approved today, so the logo may not be used. Take it off what you publish.")
        raise Refusal("not-holding", text.format(title=offering.title))


@cache
def _placeholder() -> dict[str, bytes]:
    mark = re.sub(r"<style>.*?</style>", "", MARK.read_text(encoding="utf-8")).replace("#1d5b45", "#ffffff")
    data = {
        "mark": mark,
        "by": "Society for Ecological Restoration",
        "says": "Pre-approved",
        "of": "Continuing education for certified practitioners",
    }
    return {"png": paper.png("logo", data, ppi=PPI), "svg": paper.svg("logo", data).encode()}

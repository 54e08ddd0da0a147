"""The sponsor’s page of one offering, its code, its logo and its completion kit (R-SPO-3, R-SPO-4)."""

from datetime import date

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from preapprovals.models import Appeal, Notice, Offering
from preapprovals.pages import OfferingSideView, picture_response
from preapprovals.querysets import ASKED_BEFORE
from preapprovals.services import completion
from preapprovals.services import logo as logos
from preapprovals.standing import standing_of
from preapprovals.states import STANDING, Act, OfferingState
from preapprovals.wording import category_text, hours_text
from serportal.documents import paper
from serportal.drafts.forms import StartForm
from serportal.ui import sheets
from serportal.ui.papers import paper_response
from serportal.ui.refusal import Refusal
from serportal.ui.text import as_key
from serportal.ui.words import programme_day

DATES_SHOWN = 12


class OfferingView(OfferingSideView):
    """What was approved, the code, what SER did about it, what is owed, and what comes next."""

    def get(self, request, pk):
        offering, today = self.one, programme_day()
        notices = list(offering.notices.select_related("appeal__case").order_by("at", "pk"))
        dates = list(offering.occurrences.order_by("-first_day", "-pk")[:DATES_SHOWN])
        counting = list(completion.counting(offering)[:DATES_SHOWN])
        ended = last_termination(notices, offering)
        context = {
            "offering": offering,
            "role": self.role,
            "standing": standing_of(offering, today, ended),
            "reason": told_reason(notices, offering),
            "notices": notices,
            "dates": [(one, one in counting) for one in dates],
            "duties": completion.duties_of(counting, today),
            "can_add_dates": self.can_edit and offering.state in STANDING and today <= offering.valid_to,
            "can_appeal": self.can_edit and can_be_appealed(ended, today),
            "appeal": self.appeal() if self.can_edit else None,
            "can_renew": self.can_edit and can_be_renewed(offering, today),
            "start": StartForm(),
            "contact_time": hours_text(offering.minutes),
            "category": category_text(offering.category),
            "qr": paper.qr(completion.code_address(offering)) if offering.is_preapproved else "",
        }
        return TemplateResponse(request, "preapprovals/offerings/offering.html", context)

    def appeal(self) -> Appeal | None:
        """Return the latest appeal about this offering that this person may read."""
        return Appeal.objects.of(self.request.user).filter(notice__offering=self.one).order_by("pk").last()


def last_termination(notices: list[Notice], offering: Offering) -> Notice | None:
    """Return the termination under which an offering stands; None for one that is not terminated."""
    if offering.state != OfferingState.TERMINATED:
        return None
    return next((one for one in reversed(notices) if one.act == Act.TERMINATED), None)


def can_be_appealed(ended: Notice | None, today: date) -> bool:
    return ended is not None and not hasattr(ended, "appeal") and today <= ended.appeal_until


def can_be_renewed(offering: Offering, today: date) -> bool:
    """Whether its sponsor may ask today that it be carried on."""
    near = offering.holds_on(today) and today >= offering.valid_to - ASKED_BEFORE
    return offering.is_preapproved and near and not hasattr(offering, "renewed_by")


def told_reason(notices: list[Notice], offering) -> str:
    """Return why an offering was warned, terminated or withdrawn, as its sponsor was told; "" if it was not."""
    return next((one.reason for one in reversed(notices) if one.act == offering.state), "")


class PreapprovedView(OfferingSideView):
    """Something that only a pre-approved offering has (R-SPO-7)."""

    def find(self, person, pk):
        found = super().find(person, pk)
        return found if found is not None and found.is_preapproved else None


@method_decorator(csp_update({"sandbox": True}), name="dispatch")
class CodeView(PreapprovedView):
    """The code as a picture for slides and posters."""

    def get(self, request, pk) -> HttpResponse:
        return picture_response(paper.qr_picture(completion.code_address(self.one)), "png", self.one.code)


class KitView(PreapprovedView):
    """Everything a sponsor gives to its participants, and what it owes, with the days."""

    def get(self, request, pk):
        offering, today = self.one, programme_day()
        context = {
            "offering": offering,
            "standing": standing_of(offering, today),
            "duties": completion.duties_of(completion.counting(offering)[:DATES_SHOWN], today),
            "kept_years": settings.FILE_RETENTION_YEARS,
            "web_text": completion.web_text(offering) if offering.holds_on(today) else "",
            "shapes": list(sheets.SHAPES),
        }
        return TemplateResponse(request, "preapprovals/offerings/kit.html", context)


class SampleView(PreapprovedView):
    """The Confirmation of Completion to fill in."""

    def get(self, request, pk) -> HttpResponse:
        return paper_response(completion.sample(self.one), f"confirmation-{self.one.code}")


class ListTemplateView(PreapprovedView):
    """An empty list of attendance for a spreadsheet; ``?date=`` names the occurrence whose days stand in it."""

    def get(self, request, pk, shape) -> HttpResponse:
        if shape not in sheets.SHAPES:
            raise Http404
        asked = request.GET.get("date", "")
        dates = self.one.occurrences.filter(pk=asked) if asked.isascii() and asked.isdigit() else []
        columns, rows = completion.list_template(next(iter(dates), None), self.one)
        return sheets.SHAPES[shape](columns, rows, f"attendance-{self.one.code}")


class LogoView(PreapprovedView):
    """The terms of the logo; once they are accepted, the logo."""

    def get(self, request, pk):
        return self.page()

    def post(self, request, pk):
        try:
            read = as_key(request.POST.get("agreement", ""))
            logos.accept_terms(offering_id=self.one.pk, agreement_id=read, by=request.user)
        except Refusal as refusal:
            return self.page(error=str(refusal), status=409)
        messages.success(request, _("The terms are accepted. Download the logo here."))
        return redirect("preapprovals:logo", pk)

    def page(self, *, error="", status=200):
        holds = self.one.holds_on(programme_day())
        context = {
            "offering": self.one,
            "holds": holds,
            "terms": logos.terms_on(programme_day()),
            "shapes": sorted(logos.shapes()) if holds and self.one.logo_agreed_at else [],
            "can_edit": self.can_edit,
            "error": error,
        }
        return TemplateResponse(self.request, "preapprovals/offerings/logo.html", context, status=status)


@method_decorator(csp_update({"sandbox": True}), name="dispatch")
class LogoFileView(PreapprovedView):
    def get(self, request, pk, shape) -> HttpResponse:
        if shape not in logos.shapes():
            raise Http404
        try:
            return picture_response(logos.logo_for(self.one, shape), shape, "ser-program-logo")
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("preapprovals:logo", pk)

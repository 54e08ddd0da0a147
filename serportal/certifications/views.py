"""The public directory, verification by number, and what a certificant sees and decides about their own."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from serportal.certifications import services
from serportal.certifications.forms import NUMBER, FindForm, ListingForm, NumberForm
from serportal.certifications.models import Certification
from serportal.certifications.states import LISTED
from serportal.certifications.wording import BRIEF, told
from serportal.ui.papers import paper_response
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

A_PAGE = 25
LAST_PAGE = 400


@method_decorator(login_not_required, name="dispatch")
class DirectoryView(TemplateView):
    """Who is certified and lets the public know; found by name, number, country and level."""

    template_name = "certifications/directory.html"

    def get_context_data(self, **kwargs):
        today, form = programme_day(), FindForm(self.request.GET)
        asked = form.asked()
        page = self.page_number()
        first = (page - 1) * A_PAGE
        found = list(self.found(asked, today).select_related("person__listing")[first : first + A_PAGE + 1])
        query = {name: value for name, value in asked.items() if value}
        return super().get_context_data(
            today=today,
            form=form,
            asked=any(query.values()),
            rows=[(one, one.state_on(today)) for one in found[:A_PAGE]],
            page=page,
            before=f"?{urlencode({**query, 'page': page - 1})}" if page > 1 else "",
            after=f"?{urlencode({**query, 'page': page + 1})}" if len(found) > A_PAGE and page < LAST_PAGE else "",
            **kwargs,
        )

    def page_number(self) -> int:
        text = self.request.GET.get("page", "1")
        return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1

    def found(self, asked: dict[str, str], today):
        rows = Certification.objects.in_directory(today)
        if asked["level"]:
            rows = rows.filter(level=asked["level"])
        if asked["country"]:
            rows = rows.filter(person__country=asked["country"], person__listing__show_country=True)
        number = asked["q"].upper()
        if NUMBER.fullmatch(number):
            return rows.filter(number=number)
        return rows.named_like(asked["q"]) if asked["q"] else rows.order_by("name_key", "pk")


@method_decorator(login_not_required, name="dispatch")
class VerifyView(View):
    """The number of a certificate, typed from paper."""

    def get(self, request):
        form = NumberForm(request.GET if "number" in request.GET else None)
        if form.is_valid():
            return redirect("certifications:certificate", form.cleaned_data["number"])
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "certifications/verify.html", {"form": form}, status=status)


@method_decorator(login_not_required, name="dispatch")
class CertificateView(View):
    """What is true of one certificate today; without its holder’s consent, that and nothing else."""

    def get(self, request, number):
        found = Certification.objects.with_period().filter(number=number.upper()).select_related("person__listing")
        held = found.select_related("succeeded_by").first()
        context = {"number": number.upper(), "held": held, "form": NumberForm()}
        if held is not None:
            today = programme_day()
            state = held.state_on(today)
            context |= {"today": today, "state": state, "brief": BRIEF[state]}
            context |= {"open": shown(held), "told": told(held, today)}
        status = 200 if held is not None else 404
        return TemplateResponse(request, "certifications/certificate.html", context, status=status)


def shown(held: Certification) -> bool:
    """Whether the holder lets the public know that the certificate is theirs."""
    listing = getattr(held.person, "listing", None)
    return held.person.is_active and listing is not None and listing.listed


class OwnView(View):
    """One’s own certifications on paper, and what of them the public may see."""

    def get(self, request):
        listing = services.listing_of(request.user)
        initial = {name: getattr(listing, name) for name in ListingForm.base_fields}
        return self.page(request, ListingForm(initial=initial))

    def post(self, request):
        form = ListingForm(request.POST)
        if not Certification.objects.filter(person=request.user).exists():
            raise Http404
        form.is_valid()
        made = services.set_listing(person=request.user, **form.cleaned_data)
        listed, hidden = _("You are in the public directory."), _("You are not in the public directory.")
        messages.success(request, listed if made.listed else hidden)
        return redirect("certifications:own")

    def page(self, request, form):
        today = programme_day()
        own = Certification.objects.with_period().filter(person=request.user).select_related("succeeded_by")
        rows = [(one, told(one, today), one.state_on(today) in LISTED) for one in own.order_by("-certified_on", "-pk")]
        return TemplateResponse(request, "certifications/own.html", {"rows": rows, "form": form if rows else None})


class PaperView(View):
    """One’s own certificate as PDF; somebody else’s does not exist here."""

    def get(self, request, number) -> HttpResponse:
        held = Certification.objects.with_period().filter(person=request.user, number=number).first()
        if held is None:
            raise Http404
        try:
            return paper_response(services.certificate(held), held.number)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("certifications:own")

"""What a college sees of its graduates, and nothing else of their applications (R-APP-7)."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from applications.forms.partner import MOST_TICKED, AnswerForm, TickedForm
from applications.models import Graduate, Partner
from applications.services import partners as services
from applications.states import Confirmed, Via
from serportal.ui.refusal import Refusal
from serportal.ui.text import one_line

ANSWERED_A_PAGE = 25
ROWS = ("programme__partner", "application__case")


class ContactView(View):
    """A page for whoever a partner names as its contact; for everyone else there is none."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.partners = list(Partner.objects.filter(contact=request.user))
            if not self.partners:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def graduates(self):
        return Graduate.objects.of_contact(self.request.user).select_related(*ROWS)


class PartnerView(ContactView):
    """Who waits for the college’s answer, by programme, and what it answered before."""

    def get(self, request):
        words = one_line(request.GET.get("q", ""))[:100]
        found = self.graduates.found(words)
        waiting = found.unanswered().order_by("programme__partner__name", "programme__name", "asked_at", "pk")
        waiting = list(waiting[: MOST_TICKED + 1])
        answered = found.exclude(state=Confirmed.PENDING).order_by("-answered_at", "-pk")
        page = Paginator(answered, ANSWERED_A_PAGE).get_page(request.GET.get("page"))
        context = {
            "partners": self.partners,
            "q": words,
            "count": len(waiting[:MOST_TICKED]),
            "more": len(waiting) > MOST_TICKED,
            "groups": [
                (programme, list(rows)) for programme, rows in groupby(waiting[:MOST_TICKED], lambda one: one.programme)
            ],
            "answered": page,
        }
        return TemplateResponse(request, "applications/partner/list.html", context)


class TogetherView(ContactView):
    """Confirm several ticked graduates: first what each answer would say, then exactly those, each its own answer."""

    def get(self, request):
        return redirect("applications:partner")

    def post(self, request):
        ticked = list(self.graduates.filter(pk__in=TickedForm(request.POST).keys).order_by("programme__name", "pk"))
        if not ticked:
            messages.error(
                request, _("Nobody is ticked. Tick the graduates that you want to confirm, then press again.")
            )
            return redirect("applications:partner")
        if "confirm" not in request.POST:
            lines = services.preview_list(ticked)
            context = {"lines": lines, "good": [line for line in lines if not line.why]}
            return TemplateResponse(request, "applications/partner/together.html", context)
        lines = services.answer_list(ticked, by=request.user)
        for line in lines:
            if line.why:
                messages.error(request, f"{line.graduate.application.name_on_certificate}: {line.why}")
        done = sum(not line.why for line in lines)
        if done:
            said = ngettext("One graduate is confirmed.", "{n} graduates are confirmed.", done)
            messages.success(request, said.format(n=done))
        return redirect("applications:partner")


class AnswerMixin:
    """One graduate and the two answers there are; ``via`` says by which way they come."""

    template_name = ""
    via: Via

    def take(self, request, graduate: Graduate, *, done: str, by=None):
        """Keep the answer that was sent, or show the page again with what keeps it from being kept."""
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.show(graduate, form=form, status=422)
        yes = form.cleaned_data["answer"] == Confirmed.YES
        note, seen = "" if yes else form.cleaned_data["note"], form.cleaned_data["seen"]
        try:
            services.answer(graduate_id=graduate.pk, yes=yes, note=note, via=self.via, by=by, seen=seen)
        except Refusal as refusal:
            fresh = Graduate.objects.select_related(*ROWS).get(pk=graduate.pk)
            return self.show(fresh, form=form, error=str(refusal), status=409)
        said = _("Thank you. {name} is confirmed.") if yes else _("Thank you. You do not confirm {name}.")
        messages.success(request, said.format(name=graduate.application.name_on_certificate))
        return redirect(done)

    def show(self, graduate: Graduate, *, form=None, error="", status=200):
        context = {
            "graduate": graduate,
            "answers": graduate.answers.select_related("by"),
            "closed": services.closed_because(graduate),
            "form": form or AnswerForm(initial={"note": graduate.note}),
            "error": error,
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)


class GraduateView(AnswerMixin, ContactView):
    """One graduate of the college, to confirm, deny or correct."""

    template_name = "applications/partner/graduate.html"
    via = Via.PAGE

    def one(self, pk) -> Graduate:
        found = self.graduates.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def get(self, request, pk):
        return self.show(self.one(pk))

    def post(self, request, pk):
        return self.take(request, self.one(pk), done="applications:partner", by=request.user)


def kept_private(view):
    """Let no search engine, cache or other site learn of a page whose address is a key."""

    def private(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(private)


# Who holds the link may answer, signed in or not: a forged request would find nothing to borrow. And a browser that
# is told to send no referrer sends no origin with its forms either, so the usual check would refuse them all.
@method_decorator([login_not_required, csrf_exempt, kept_private], name="dispatch")
class LinkView(AnswerMixin, View):
    """One graduate, by the link in a letter and without an account. Reading changes nothing: mail scanners do it."""

    template_name = "applications/partner/link.html"
    via = Via.LINK

    def get(self, request, token):
        graduate = services.found_by(token)
        return self.unusable(graduate) or self.show(graduate)

    def post(self, request, token):
        if "renew" in request.POST:
            services.renew_link(token)
            messages.success(request, _("If the link was ours, a new one is on its way to the college’s address."))
            return redirect("applications:partner-thanks")
        graduate = services.found_by(token)
        return self.unusable(graduate) or self.take(request, graduate, done="applications:partner-thanks")

    def unusable(self, graduate: Graduate | None):
        """Return the page for a link that is not ours or has run out; None for one that works."""
        if graduate is None:
            return TemplateResponse(self.request, "applications/partner/unknown.html", status=404)
        if services.has_run_out(graduate):
            return TemplateResponse(
                self.request, "applications/partner/run_out.html", {"graduate": graduate}, status=410
            )
        return None


@method_decorator([login_not_required, kept_private], name="dispatch")
class ThanksView(View):
    """Where an answer by link leads: an address that is no key."""

    def get(self, request):
        return TemplateResponse(request, "applications/partner/thanks.html")

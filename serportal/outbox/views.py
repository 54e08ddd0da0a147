"""What one is reminded of, put off or stopped: signed in, or by the link in a digest. Opening it changes nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from serportal.outbox import services
from serportal.outbox.forms import PutOffForm, WantedForm
from serportal.outbox.services import Ahead
from serportal.outbox.services.choosing import DAYS_AHEAD
from serportal.outbox.states import Family
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text


class OwnView(View):
    """Everything that a person is reminded of, and their choices."""

    by_link = False

    def get(self, request):
        return self.page(request, request.user)

    def post(self, request):
        return self.answer(request, request.user)

    def ahead(self, person) -> list[Ahead]:
        return services.ahead_of(person)

    def address(self) -> str:
        return reverse("reminders:own")

    def answer(self, request, person):
        """Do what the pressed button says; what cannot be done is said beside what was typed."""
        act = request.POST.get("act")
        if act == "later":
            return self.later(request, person)
        if act not in {"choose", "stop"}:
            messages.error(request, _("Nothing was changed: press one of the buttons of this page."))
            return redirect(self.address())
        form = WantedForm(request.POST if act == "choose" else {})
        if not form.is_valid():
            return self.page(request, person, form)
        services.choose(wanted=form.cleaned_data["wanted"], by=person)
        messages.success(request, told(form.cleaned_data["wanted"]))
        return redirect(self.address())

    def later(self, request, person):
        form = PutOffForm(request.POST)
        if not form.is_valid():
            return self.page(request, person, form)
        try:
            chosen = services.put_off(**form.cleaned_data, by=person)
        except Refusal as refusal:
            form.add_error("until", str(refusal))
            return self.page(request, person, form)
        messages.success(request, _("You are reminded of it again on {day}.").format(day=day_text(chosen.until)))
        return redirect(self.address())

    def page(self, request, person, typed=None):
        stopped = services.stopped_by(person)
        wanted = WantedForm(initial={"wanted": [one for one in Family.values if one not in stopped]})
        lines = [(one, put_off_form(n, one, typed)) for n, one in enumerate(self.ahead(person))]
        shown = isinstance(typed, WantedForm) or any(form is typed for _one, form in lines)
        context = {
            "reader": person,
            "by_link": self.by_link,
            "address": self.address(),
            "lines": lines,
            "days": DAYS_AHEAD,
            "wanted": typed if isinstance(typed, WantedForm) else wanted,
            "summary": [(anchor if shown else "", text) for anchor, text in typed.summary()] if typed else [],
        }
        return TemplateResponse(request, "outbox/reminders.html", context, status=422 if typed else 200)


def put_off_form(n: int, one: Ahead, typed) -> PutOffForm | None:
    """Return the form that puts ``one`` off: the one with what was ``typed`` where it is about it."""
    if isinstance(typed, PutOffForm) and typed["what"].value() == one.what and one.latest:
        return typed
    if one.latest is None:
        return None
    form = PutOffForm(initial={"what": one.what, "until": one.suggested}, auto_id=f"later_{n}_%s")
    form.fields["until"].widget.attrs |= {"max": one.latest.isoformat()}
    return form


def told(wanted: list[str]) -> str:
    if not wanted:
        return _("You get no reminders of these kinds any more. Decisions, questions and bills still reach you.")
    if len(wanted) == len(Family):
        return _("You get reminders of every kind.")
    return _("Saved. You are reminded of what is ticked, and of nothing else.")


@method_decorator([login_not_required, cache_control(private=True, no_store=True)], name="dispatch")
class ByLinkView(OwnView):
    """The same for whoever has the link in a digest: of its own lines alone, which they have read there."""

    by_link = True

    def dispatch(self, request, *args, token, **kwargs):
        found = services.reader_of(token)
        if found is None:
            raise Http404
        self.token, (self.person, self.day) = token, found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page(request, self.person)

    def post(self, request):
        return self.answer(request, self.person)

    def ahead(self, person) -> list[Ahead]:
        told = services.told_in(person, self.day)
        return [one for one in services.ahead_of(person) if (one.due.purpose, one.due.object) in told]

    def address(self) -> str:
        return reverse("reminders:by-link", args=[self.token])


@method_decorator([login_not_required, csrf_exempt, cache_control(private=True, no_store=True)], name="dispatch")
class StopView(View):
    """The one press in a mail program that stops all reminders (RFC 8058). Whoever opens it is led to the choices."""

    def get(self, request, token):
        return redirect("reminders:by-link", token=token)

    def post(self, request, token):
        found = services.reader_of(token)
        if found is None:
            raise Http404
        services.choose(wanted=[], by=found[0])
        return HttpResponse(told([]), content_type="text/plain; charset=utf-8")

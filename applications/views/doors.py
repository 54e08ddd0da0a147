"""The four ways to apply: what SER says first, the button that starts, and a list to print (R-APP)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from applications.models import Draft, Partner, Programme
from applications.services.criteria import criteria_on
from applications.services.drafts import start
from applications.services.eligibility import UnderWay, check_may_apply
from applications.services.windows import closing_moment, windows_on
from applications.states import Kind
from serportal.drafts.forms import StartForm
from serportal.fees.services.rows import fee_on
from serportal.fees.states import FeeKind
from serportal.reviews.kinds import kind_of
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

FEES = {Kind.CERP: FeeKind.CERP, Kind.CERPIT: FeeKind.CERPIT, Kind.UPGRADE: FeeKind.UPGRADE}


def partners_taking_part() -> list[Partner]:
    """Return the colleges whose graduates use the short form, each with its programmes as ``shown`` (R-APP-7)."""
    programmes = Prefetch("programmes", Programme.objects.filter(active=True), to_attr="shown")
    return list(Partner.objects.filter(active=True).prefetch_related(programmes))


class KindView(TemplateView):
    """A public page about one kind of application, from the rows in force."""

    def dispatch(self, request, *args, **kwargs):
        if kwargs["kind"] not in Kind.values:
            raise Http404
        self.kind = Kind(kwargs["kind"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        today = programme_day()
        shown = {"today": today, "gather": f"applications/_gather_{self.kind}.html"}
        if self.kind == Kind.PARTNER:
            return super().get_context_data(**shown, **kwargs)
        following = windows_on(today)
        return super().get_context_data(
            criteria=criteria_on(today),
            window=following[0],
            closes_at=closing_moment(following[0]),
            following=following,
            **shown,
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class DoorView(KindView):
    """What SER says to one kind of applicant; the button starts a draft, or leads to the one that is there."""

    def get_template_names(self):
        return [f"applications/{self.kind}.html"]

    def post(self, request, kind):
        if not request.user.is_authenticated:
            return redirect_to_login(request.path, reverse("account_login"))
        form = StartForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.summary()[0][1])
            return redirect("applications:new", kind)
        try:
            draft = start(owner=request.user, kind=self.kind, key=form.cleaned_data["submit_key"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("applications:new", kind)
        return redirect("applications:draft", pk=draft.pk)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context |= {"form": StartForm(), **self.standing_of(self.request.user, context["today"])}
        if self.kind == Kind.PARTNER:
            context["partners"] = partners_taking_part()
            pays = any(not partner.fee_covered for partner in context["partners"])
            context["fee"] = fee_on(FeeKind.CERPIT, context["today"]) if pays else None
        else:
            context["fee"] = fee_on(FEES[self.kind], context["today"])
        return context

    def standing_of(self, person, today) -> dict:
        """Return the draft or the case to go on with, or why this person cannot start; nothing for the public."""
        if not person.is_authenticated:
            return {}
        draft = Draft.objects.open_of(person).filter(kind=self.kind).first()
        if draft is not None:
            return {"draft": draft}
        try:
            check_may_apply(person, self.kind, today=today)
        except UnderWay as refusal:
            return {"refusal": str(refusal), "case_url": kind_of(refusal.case).url(refusal.case)}
        except Refusal as refusal:
            return {"refusal": str(refusal)}
        return {}


@method_decorator(login_not_required, name="dispatch")
class ChecklistView(KindView):
    """One sheet to print and tick."""

    template_name = "applications/checklist.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(label=self.kind.label, **kwargs)

"""The four ways to apply: what SER says before one starts, and a list to print (R-APP-1 to R-APP-8)."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from applications.models import Partner, Programme
from applications.services.criteria import criteria_on
from applications.services.windows import closing_moment, windows_on
from applications.states import Kind
from serportal.fees.services.rows import fee_on
from serportal.fees.states import FeeKind
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
    def get_template_names(self):
        return [f"applications/{self.kind}.html"]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.kind == Kind.PARTNER:
            context["partners"] = partners_taking_part()
            pays = any(not partner.fee_covered for partner in context["partners"])
            context["fee"] = fee_on(FeeKind.CERPIT, context["today"]) if pays else None
        else:
            context["fee"] = fee_on(FEES[self.kind], context["today"])
        return context


@method_decorator(login_not_required, name="dispatch")
class ChecklistView(KindView):
    """One sheet to print and tick."""

    template_name = "applications/checklist.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(label=self.kind.label, **kwargs)

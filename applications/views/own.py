"""A person’s applications: those being prepared, and those sent."""

from django.views.generic import ListView

from applications.models import Application, Draft
from serportal.reviews.kinds import kind_of
from serportal.reviews.wording import standing
from serportal.ui.words import programme_day


class ApplicationsView(ListView):
    """A person’s drafts and applications, the newest first."""

    template_name = "applications/form/list.html"
    paginate_by = 25
    context_object_name = "applications"

    def get_queryset(self):
        return Application.objects.of(self.request.user).order_by("-case__filed_at", "-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = programme_day()
        context["applications"] = [
            (one.case, standing(one.case, today), kind_of(one.case).url(one.case)) for one in context["applications"]
        ]
        context["drafts"] = Draft.objects.open_of(self.request.user)
        return context

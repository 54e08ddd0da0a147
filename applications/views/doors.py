"""The four application doors. Until their forms open they say what will be needed and whom to write to."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

KINDS = {"cerp", "cerpit", "partner", "upgrade"}


@method_decorator(login_not_required, name="dispatch")
class DoorView(TemplateView):
    """What SER asks of one kind of applicant (R-APP-1 to R-APP-8)."""

    def get_template_names(self):
        if self.kwargs["kind"] not in KINDS:
            raise Http404
        return [f"applications/{self.kwargs['kind']}.html"]

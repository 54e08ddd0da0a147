"""The sponsor’s door. Until its form opens it says what will be needed and whom to write to."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from journals.services import policy_on
from serportal.ui.words import programme_day


@method_decorator(login_not_required, name="dispatch")
class DoorView(TemplateView):
    """What SER asks of a sponsor (R-SPO)."""

    template_name = "preapprovals/door.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(policy=policy_on(programme_day()), **kwargs)

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import ListView

from serportal.outbox.models import Message


@method_decorator(login_not_required, name="dispatch")
class LettersView(ListView):
    """Every letter of the demonstration, as it would have reached its reader. Mounted in demo mode only."""

    template_name = "demo/letters.html"
    paginate_by = 20
    context_object_name = "letters"
    queryset = Message.objects.order_by("-owed_at", "-pk")

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import ListView

from serportal.outbox import services as outbox
from serportal.outbox.models import Message


@method_decorator(login_not_required, name="dispatch")
class LettersView(ListView):
    """Every letter of the demonstration, as its reader got it, secrets included. Mounted in demo mode only."""

    template_name = "demo/letters.html"
    paginate_by = 20
    context_object_name = "letters"
    queryset = Message.objects.order_by("-owed_at", "-pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for message in context["letters"]:
            message.text, message.html = (outbox.revealed(one, message.secret) for one in (message.text, message.html))
        return context

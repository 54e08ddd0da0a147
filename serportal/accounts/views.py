from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import UpdateView

from serportal.accounts.forms import ProfileForm
from serportal.accounts.models import User


class ProfileView(SuccessMessageMixin, UpdateView):
    """A person reads and changes their own particulars, nobody else's."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("accounts:profile")
    success_message = _("Your profile is saved.")

    def get_object(self, queryset=None):
        return User.objects.get(pk=self.request.user.pk)

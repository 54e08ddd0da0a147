"""What the portal does its own way in allauth: names, and links that never come from a request."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class PortalAdapter(DefaultAccountAdapter):
    def populate_username(self, request, user):
        """E-mail is the name."""

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data["name"]
        user.country = form.cleaned_data["country"]
        return super().save_user(request, user, form, commit)

    def get_from_email(self):
        return settings.DEFAULT_FROM_EMAIL

    def get_email_confirmation_url(self, request, emailconfirmation):
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key):
        uidb36, token = key.split("-", 1)
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uidb36, token])

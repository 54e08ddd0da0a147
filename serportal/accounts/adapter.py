"""What the portal does its own way in allauth: names, and links that never come from a request."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PortalAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Write to certification@ser.org if it should be open."),
        "cannot_remove_primary_email": _("Letters go to this address. Make another one the main address first."),
        "duplicate_email": _("This address already belongs to your account."),
        "email_password_mismatch": _(
            "This e-mail address and this password do not belong together. Check both, or ask for a new password."
        ),
        "enter_current_password": _("This is not your current password. Type the one you signed in with."),
        "incorrect_password": _("This is not your password. Type the one you signed in with."),
        "max_email_addresses": _("An account has at most %d addresses. Remove one first."),
        "rate_limited": _("That was too often in a short time. Wait a few minutes, then try again."),
        "too_many_login_attempts": _(
            "There were too many attempts to sign in. Wait a few minutes, then try again, or ask for a new password."
        ),
        "unverified_primary_email": _("This address is not confirmed yet. Open the link we sent to it first."),
    }

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

    def send_mail(self, template_prefix, email, context):
        """Replace the links that allauth makes from the request’s host, which whoever sends it may choose."""
        links = {"signup_url": "account_signup", "ask_reset_url": "account_reset_password"}
        ours = {name: settings.SITE_URL + reverse(view) for name, view in links.items()}
        ours["contact_email"] = settings.CONTACT_EMAIL
        super().send_mail(template_prefix, email, {**context, **ours})

"""Who someone is to the portal, and whether this very session is strong enough for that work."""

from datetime import date

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.mixins import AccessMixin
from django.shortcuts import redirect

from serportal.accounts.models import CommitteeTerm
from serportal.accounts.querysets import covering


def sits_on_a_committee(user, day: date) -> bool:
    """Whether a term of ``user``'s on any committee holds ``day``."""
    return user.is_active and CommitteeTerm.objects.filter(covering(day), member=user).exists()


def session_is_strong(request) -> bool:
    """Whether this session proved a second factor; only the demonstration and tests waive it (ARCHITECTURE 17)."""
    if not settings.MFA_REQUIRED:
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request))


class StrongSessionMixin(AccessMixin):
    """Lets signed-in people through whose session proved a second factor; others are led to set one up."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not session_is_strong(request):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

"""What the pages on a sponsor’s side share: who may open them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from preapprovals.models import Offering, Sponsor
from preapprovals.permissions import role_of
from preapprovals.querysets import EDITORS
from preapprovals.states import ContactRole
from serportal.accounts.permissions import session_is_strong

TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def picture_response(content: bytes, shape: str, name: str) -> HttpResponse:
    """Answer with a picture to keep, called ``name``; views that do so also shut it in (``csp_update``, “sandbox”)."""
    response = HttpResponse(content, content_type=TYPES[shape])
    response["Content-Disposition"] = f'attachment; filename="{name}.{shape}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class SponsorSideView(View):
    """A page for those who act for a sponsor, and for coordinators in a session that proved a second factor.

    ``find`` returns what the page is about, found among what this person may read; others get no page. ``role`` is what
    they may do for the sponsor, None for a coordinator.
    """

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.one = self.find(request.user, kwargs["pk"])
            if self.one is None:
                raise Http404
            self.role = role_of(request.user, self.sponsor)
            if self.role is None and not session_is_strong(request):
                return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def find(self, person, pk):
        raise NotImplementedError

    @property
    def sponsor(self) -> Sponsor:
        return self.one.sponsor

    @property
    def can_edit(self) -> bool:
        return self.role in EDITORS

    @property
    def can_keep_contacts(self) -> bool:
        return self.role == ContactRole.MANAGER or self.request.user.is_coordinator


class OfferingSideView(SponsorSideView):
    """A page about one offering."""

    def find(self, person, pk) -> Offering | None:
        return Offering.objects.readable_by(person).select_related("sponsor").filter(pk=pk).first()

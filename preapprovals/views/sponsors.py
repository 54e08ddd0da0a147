"""A sponsor’s own page: what it offers, what it asked for, and who acts for it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views import View

from preapprovals.forms.contacts import InviteForm, RoleForm
from preapprovals.models import Contact, Offering, Sponsor
from preapprovals.pages import SponsorSideView
from preapprovals.services import contacts as services
from preapprovals.services.duties import owed_by, records_kept_until
from preapprovals.standing import standing_of
from preapprovals.states import ContactRole
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

A_PAGE = 25


class SponsorView(SponsorSideView):
    def find(self, person, pk) -> Sponsor | None:
        return Sponsor.objects.readable_by(person).filter(pk=pk).first()

    @property
    def sponsor(self) -> Sponsor:
        return self.one

    def get(self, request, pk):
        return self.page(InviteForm(initial={"role": ContactRole.EDITOR}))

    def post(self, request, pk):
        """Invite somebody to act for the sponsor."""
        if not self.can_keep_contacts:
            raise Http404
        form = InviteForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            made = services.invite(sponsor_id=self.one.pk, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            return self.page(form, error=str(refusal), status=409)
        messages.success(request, _("An invitation is on its way to {email}.").format(email=made.email))
        return redirect("preapprovals:sponsor", pk)

    def page(self, form, *, error="", status=200):
        user, today = self.request.user, programme_day()
        offered = Offering.objects.readable_by(user).filter(sponsor=self.one).order_by("-listed_at", "-pk")
        page = Paginator(offered, A_PAGE).get_page(self.request.GET.get("page"))
        people = self.one.contacts.current().select_related("person", "invited_by").order_by("-joined_at", "pk")
        context = {
            "sponsor": self.one,
            "role": self.role,
            "can_edit": self.can_edit,
            "can_keep_contacts": self.can_keep_contacts,
            "page": page,
            "rows": [(one, standing_of(one, today)) for one in page],
            "requests": self.requests(),
            "owed": owed_by(self.one, today) if self.role else None,
            "kept_until": records_kept_until(self.one, today) if self.role else None,
            "contacts": list(people),
            "form": form,
            "error": error,
        }
        return TemplateResponse(self.request, "preapprovals/sponsors/sponsor.html", context, status=status)

    def requests(self):
        """The newest requests; what a conflict closes to a coordinator is not among them (R-REV-5)."""
        found = self.one.requests.select_related("case").order_by("-case__filed_at")
        if self.role is None:
            open_to = ReviewCase.objects.coordinated_by(self.request.user)
            found = found.filter(Exists(open_to.filter(pk=OuterRef("case"))))
        return found[:A_PAGE]


class ContactView(SponsorSideView):
    """One contact, to those who manage the sponsor; to the contact themselves, the way out."""

    def find(self, person, pk) -> Contact | None:
        seen = Contact.objects.current().filter(sponsor__in=Sponsor.objects.readable_by(person))
        return seen.select_related("sponsor", "person", "invited_by").filter(pk=pk).first()

    def get(self, request, pk):
        return self.page(RoleForm(initial={"role": self.one.role}))

    def post(self, request, pk):
        if not self.may_end():
            raise Http404
        try:
            said = self.act(request)
        except Refusal as refusal:
            self.one.refresh_from_db()
            return self.page(RoleForm(request.POST), error=str(refusal), status=409)
        if said is None:
            return self.page(RoleForm(request.POST), status=422)
        messages.success(request, said)
        still_in = Sponsor.objects.readable_by(request.user).filter(pk=self.one.sponsor_id).exists()
        return redirect("preapprovals:sponsor", self.one.sponsor_id) if still_in else redirect("home:dashboard")

    def act(self, request) -> str | None:
        """Do what was pressed and return what to say of it; None where what was sent cannot be read."""
        known = {"contact_id": self.one.pk, "by": request.user}
        if "end" in request.POST:
            services.end(**known)
            if self.is_own():
                return _("You no longer act for {sponsor}.").format(sponsor=self.sponsor)
            return _("{who} no longer acts for {sponsor}.").format(who=self.called(), sponsor=self.sponsor)
        if not self.can_keep_contacts:
            raise Http404
        if "again" in request.POST:
            services.invite_again(**known)
            return _("The invitation goes to {email}, at most once a day.").format(email=self.one.email)
        form = RoleForm(request.POST)
        if not form.is_valid():
            return None
        services.set_role(**known, role=ContactRole(form.cleaned_data["role"]))
        return _("What {who} may do is changed.").format(who=self.called())

    def is_own(self) -> bool:
        return self.one.person_id == self.request.user.pk

    def may_end(self) -> bool:
        return self.can_keep_contacts or self.is_own()

    def called(self) -> str:
        return self.one.person.name if self.one.person else self.one.email

    def page(self, form, *, error="", status=200):
        if not self.may_end():
            raise Http404
        context = {
            "contact": self.one,
            "called": self.called(),
            "own": self.is_own(),
            "can_keep_contacts": self.can_keep_contacts,
            "form": form,
            "error": error,
        }
        return TemplateResponse(self.request, "preapprovals/sponsors/contact.html", context, status=status)


class JoinView(View):
    """What the letter of an invitation leads to. Reading it changes nothing: mail scanners do it."""

    def get(self, request, pk):
        return self.page(pk)

    def post(self, request, pk):
        contact = self.invitation(pk)
        if contact is None:
            return self.page(pk)
        try:
            if "decline" in request.POST:
                services.decline(contact_id=contact.pk, by=request.user)
                messages.success(request, _("You do not act for {sponsor}.").format(sponsor=contact.sponsor))
                return redirect("home:dashboard")
            services.accept(contact_id=contact.pk, by=request.user)
        except Contact.DoesNotExist:
            return self.page(pk)
        except Refusal as refusal:
            return self.page(pk, error=str(refusal), status=409)
        messages.success(request, _("You now act for {sponsor}.").format(sponsor=contact.sponsor))
        return redirect("preapprovals:sponsor", pk)

    def invitation(self, pk) -> Contact | None:
        invited = Contact.objects.invited(self.request.user).filter(sponsor=pk)
        return invited.select_related("sponsor", "invited_by").first()

    def page(self, pk, *, error="", status=200):
        """Show the invitation; without one, lead those who act for the sponsor to its page and tell others nothing."""
        contact = self.invitation(pk)
        if contact is None and Sponsor.objects.of(self.request.user).filter(pk=pk).exists():
            return redirect("preapprovals:sponsor", pk)
        context = {"contact": contact, "may": contact and services.MAY[ContactRole(contact.role)], "error": error}
        context["addresses"] = [] if contact else self.request.user.emailaddress_set.filter(verified=True)
        status = status if contact else 404
        return TemplateResponse(self.request, "preapprovals/sponsors/join.html", context, status=status)

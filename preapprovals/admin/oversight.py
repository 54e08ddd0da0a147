"""What SER did about offerings, and what the coordinator can do: warn, take it back, terminate, let an appeal in."""

import hashlib

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from preapprovals.forms.oversight import AdmitForm, ReasonForm
from preapprovals.models import Notice, Offering
from preapprovals.services import appealing, oversight
from preapprovals.states import Act
from serportal.reviews.models import ReviewCase
from serportal.ui.lists import ReadOnlyAdmin
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

TITLES = {
    Act.WARNED: gettext_lazy("Warn the sponsor"),
    Act.CLEARED: gettext_lazy("Take the warning back"),
    Act.TERMINATED: gettext_lazy("Terminate the pre-approval"),
}
DONE = {
    Act.WARNED: gettext_lazy("The sponsor is warned by letter."),
    Act.CLEARED: gettext_lazy("The warning is taken back, and the sponsor is told."),
    Act.TERMINATED: gettext_lazy("It is terminated: off the list and the calendar, its code void for later days."),
}


def digest_of(letter: tuple[str, str]) -> str:
    """Return the name of exactly this letter, so that only what was read is sent."""
    return hashlib.sha256("\n".join(letter).encode()).hexdigest()


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Every act on an offering, the latest first; hidden from whoever the offering is hidden from (R-REV-5)."""

    list_display = ["offering", "act", "at", "by", "appeal_until", "possible"]
    list_display_links = None
    list_filter = ["act"]
    list_select_related = ["offering__sponsor", "by"]
    search_fields = ["offering__title", "offering__sponsor__name", "offering__code"]
    ordering = ["-at", "-pk"]
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).filter(offering__in=Offering.objects.coordinated_by(request.user))

    @admin.display(description=gettext_lazy("what can be done"))
    def possible(self, notice):
        acts = oversight.possible(notice.offering, programme_day())
        links = [
            (reverse("admin:preapprovals_notice_act", args=[notice.offering_id, act]), TITLES[act]) for act in acts
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', links)

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/admit/", view(self.admit_view), name="preapprovals_notice_admit"),
            path("<int:pk>/act/<slug:act>/", view(self.act_view), name="preapprovals_notice_act"),
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Acts have no page of their own; the list shows them."""
        return redirect("admin:preapprovals_notice_changelist")

    def act_view(self, request, pk, act):
        """Ask for the reason, show the letter with it, then do it with exactly that letter."""
        offering = Offering.objects.coordinated_by(request.user).select_related("sponsor").filter(pk=pk).first()
        if offering is None or act not in oversight.TEMPLATES:
            raise Http404
        if not request.user.has_perm("preapprovals.change_offering"):
            raise PermissionDenied
        act, form = Act(act), ReasonForm(request.POST if request.method == "POST" else None)
        letter, error, status = None, "", 200
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                letter = oversight.preview(offering, act, reason=reason)
                if request.POST.get("digest") == digest_of(letter) and "confirm" in request.POST:
                    oversight.act_on(offering.pk, act=act, reason=reason, by=request.user)
                    self.message_user(request, DONE[act], messages.SUCCESS)
                    return redirect("admin:preapprovals_notice_changelist")
            except Refusal as refusal:
                error, status = str(refusal), 409
        cases = ReviewCase.objects.coordinated_by(request.user).open()
        context = {
            **self.admin_site.each_context(request),
            "title": TITLES[act],
            "opts": self.opts,
            "offering": offering,
            "act": act,
            "form": form,
            "letter": letter,
            "digest": digest_of(letter) if letter else "",
            "error": error,
            "contacts": offering.sponsor.contacts.current().select_related("person"),
            "notices": offering.notices.select_related("by"),
            "open_claims": cases.filter(attendance__occurrence__offering=offering).count(),
        }
        return TemplateResponse(request, "admin/preapprovals/act.html", context, status=422 if form.errors else status)

    def admit_view(self, request, pk):
        """Let a late appeal in, with the reason; a refusal is said on the page of its case."""
        cases = ReviewCase.objects.coordinated_by(request.user).filter(kind="appeal")
        if not cases.filter(pk=pk).exists():
            raise Http404
        if not request.user.has_perm("reviews.change_reviewcase"):
            raise PermissionDenied
        page = redirect("admin:reviews_reviewcase_change", pk)
        if request.method != "POST":
            return page
        form = AdmitForm(request.POST)
        if not form.is_valid():
            self.message_user(request, form.summary()[0][1], messages.ERROR)
            return page
        try:
            appealing.admit(pk, reason=form.cleaned_data["reason"], by=request.user)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, _("The late appeal is let in."), messages.SUCCESS)
        return page

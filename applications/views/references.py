"""The applicant’s pages of references: whom they name, what is sent, and how far it came; never what was answered."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from applications.forms.references import NamedForm
from applications.models import Draft, Reference
from applications.services import reference_letters as letters
from applications.services import references
from applications.states import ReferenceState
from serportal.ui.refusal import Refusal


class OwnReferencesMixin:
    """Pages about the references of one draft of this person, before (``pk``) or after filing (``reference``)."""

    def dispatch(self, request, *args, **kwargs):
        reading = request.user.is_authenticated and request.method in {"GET", "HEAD"}
        if reading and "pk" in kwargs and self.draft.case_id:
            return redirect(self.back)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def draft(self) -> Draft:
        drafts = Draft.objects.filter(owner=self.request.user, request=None).exclude(kind__in=references.WITHOUT)
        wanted = {"pk": self.kwargs["pk"]} if "pk" in self.kwargs else {"case__reference": self.kwargs["reference"]}
        return get_object_or_404(drafts.select_related("case", "owner"), **wanted)

    @property
    def back(self) -> str:
        return letters.page_of(self.draft)

    def page_of(self, reference_id: int) -> str:
        if self.draft.case_id:
            return reverse("applications:filed-reference", args=[self.draft.case.reference, reference_id])
        return reverse("applications:reference", args=[self.draft.pk, reference_id])


class ReferencesView(OwnReferencesMixin, View):
    """Everyone named and how far it came; a form to name one more while more would count."""

    def get(self, request, **kwargs):
        return self.show(NamedForm())

    def show(self, form, *, error: str = "", status: int = 200):
        standing = references.standing_of(self.draft)
        criteria = references.criteria_of(self.draft)
        counting = sum(one.reference.counts for one in standing)
        context = {
            "draft": self.draft,
            "closed": references.is_closed(self.draft),
            "rows": [(one, self.page_of(one.reference.pk)) for one in standing],
            "flags": references.flags_of(self.draft),
            "criteria": criteria,
            "counting": counting,
            "in_hand": sum(one.reference.state == ReferenceState.RECEIVED for one in standing),
            "room": counting < criteria.references_most,
            "form": form,
            "summary": [("", error)] if error else form.summary() if form.is_bound else [],
        }
        return TemplateResponse(self.request, "applications/references.html", context, status=status)

    def post(self, request, **kwargs):
        form = NamedForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            made = references.name(draft_id=self.draft.pk, named=form.named(), by=request.user)
        except Refusal as refusal:
            return self.show(form, error=str(refusal), status=422)
        messages.success(request, _("{name} is named. Nothing was sent yet.").format(name=made.name))
        return redirect(self.page_of(made.pk))


class ReferenceView(OwnReferencesMixin, View):
    """One referee: what can be done now, and the letter that each button sends, word for word."""

    @cached_property
    def reference(self) -> Reference:
        rows = (
            Reference.objects.filter(draft=self.draft).defer("data", "declined_because").select_related("replaced_by")
        )
        found = get_object_or_404(rows, pk=self.kwargs["number"])
        found.draft = self.draft
        return found

    def get(self, request, **kwargs):
        return self.show(NamedForm.of(self.reference) if self.is_new else NamedForm())

    @property
    def is_new(self) -> bool:
        return self.reference.state == ReferenceState.NAMED

    def show(self, form, *, error: str = "", status: int = 200):
        standing = next(one for one in references.standing_of(self.draft) if one.reference == self.reference)
        closed = references.is_closed(self.draft)
        letter = letters.INVITATION if self.is_new else letters.LINK
        context = {
            "draft": self.draft,
            "back": self.back,
            "one": standing,
            "reference": standing.reference,
            "closed": closed,
            "is_new": self.is_new,
            "askable": standing.askable and not closed,
            "replaceable": standing.replaceable and not closed,
            "letter": self.letter(letters.preview, letter) if self.is_new or standing.askable else None,
            "flags": references.flags_of(self.draft, only=self.reference) if self.is_new else [],
            "farewell": self.letter(letters.preview_replaced) if standing.askable else None,
            "form": form,
            "summary": [("", error)] if error else form.summary() if form.is_bound else [],
        }
        return TemplateResponse(self.request, "applications/reference.html", context, status=status)

    def letter(self, preview, *which) -> dict[str, str]:
        subject, text = preview(self.reference, *which)
        return {"subject": subject, "text": text}

    def post(self, request, **kwargs):
        acts = {"invite", "resend", "remove", "save", "replace"}
        act = next((one for one in acts if one in request.POST), None)
        if act is None:
            raise Http404
        return getattr(self, act)({"draft_id": self.draft.pk, "by": request.user})

    def act(self, what, told: str, *, to: str, **given):
        """Do ``what`` and say so, or say why not."""
        name = self.reference.name
        try:
            what(reference_id=self.reference.pk, **given)
        except Refusal as refusal:
            messages.error(self.request, str(refusal))
            return redirect(self.page_of(self.reference.pk))
        messages.success(self.request, told.format(name=name))
        return redirect(to)

    def invite(self, given):
        return self.act(references.invite, _("The invitation to {name} is on its way."), to=self.back, **given)

    def resend(self, given):
        told = _("A new link is on its way to {name}. The one before works no more.")
        return self.act(references.resend, told, to=self.back, **given)

    def remove(self, given):
        return self.act(references.remove, _("{name} is no longer named."), to=self.back, **given)

    def save(self, given):
        told = _("Saved. Nothing was sent yet.")
        return self.write(references.change, {"reference_id": self.reference.pk}, told, given)

    def replace(self, given):
        told = _("{name} is named. Nothing was sent to them yet.")
        return self.write(references.name, {"replaces": self.reference.pk}, told, given)

    def write(self, what, which: dict, told: str, given: dict):
        form = NamedForm(self.request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            made = what(named=form.named(), **which, **given)
        except Refusal as refusal:
            return self.show(form, error=str(refusal), status=422)
        messages.success(self.request, told.format(name=made.name))
        return redirect(self.page_of(made.pk))

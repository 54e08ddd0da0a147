"""By what the coordinator narrows the list of applications."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from applications.models import Window
from applications.states import Gate
from serportal.reviews.states import CaseState, Step
from serportal.ui.lists import MemberFilter
from serportal.ui.text import as_key
from serportal.ui.words import day_text, programme_day

ALL, NOTHING, TO_READ = "something", "nothing", "read"
MISSING = {
    Gate.FEE: _("the fee"),
    Gate.REFERENCES: _("references"),
    Gate.AGREEMENT: _("the signed agreement"),
    Gate.DOCUMENTS: _("a document"),
    Gate.COURSE: _("the e-learning course"),
    Gate.PARTNER: _("the answer of the college"),
}


class WindowFilter(admin.SimpleListFilter):
    """Windows that hold any application of the list; another one, come from its page, is an empty list."""

    title = _("window")
    parameter_name = "window"

    def lookups(self, request, model_admin):
        filled = Window.objects.filter(pk__in=model_admin.get_queryset(request).values("window"))
        windows = [(str(one.pk), day_text(one.closes_on)) for one in filled.order_by("-closes_on")]
        return [("closed", _("closed already")), *windows, ("none", _("without one: of a partner"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(window=None)
        if self.value() == "closed":
            return queryset.filter(window__closes_on__lt=programme_day())
        key = as_key(self.value() or "")
        return queryset if key is None else queryset.filter(window=key)


class BlockFilter(admin.SimpleListFilter):
    """What still stands before the review (R-APP-11)."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        every = [(ALL, _("anything")), (NOTHING, _("nothing; the review may begin"))]
        gates = [(gate.value, name) for gate, name in MISSING.items()]
        return [*every, *gates, (TO_READ, _("a certificate of the course to read"))]

    def queryset(self, request, queryset):
        if self.value() == ALL:
            return queryset.held_up()
        if self.value() == NOTHING:
            return queryset.before_review().exclude(pk__in=queryset.model.objects.held_up().values("pk"))
        if self.value() == TO_READ:
            return queryset.with_a_course_to_read()
        return queryset.held_up_by(self.value()) if self.value() in Gate.values else queryset


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        unknown = {CaseState.IN_ADVANCE, CaseState.AWAITING_PROOF}
        return [(one.value, one.label) for one in CaseState if one not in unknown]

    def queryset(self, request, queryset):
        known = dict(self.lookup_choices)
        return queryset.filter(case__state=self.value()) if self.value() in known else queryset


class StepFilter(admin.SimpleListFilter):
    title = _("waits for")
    parameter_name = "step"

    def lookups(self, request, model_admin):
        unknown = {Step.PROOF, Step.CONFIRM, Step.POLL}
        return [(one.value, one.label) for one in Step if one not in unknown]

    def queryset(self, request, queryset):
        known = dict(self.lookup_choices)
        return queryset.filter(case__step=self.value()) if self.value() in known else queryset


class ApplicantFilter(MemberFilter):
    field = "case__filed_by"

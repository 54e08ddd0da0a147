"""By what the coordinator narrows the list of cases: whose turn, by when, whose case, of what kind (SPEC 4)."""

from datetime import timedelta

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from serportal.reviews import rules
from serportal.reviews.kinds import kinds, unread_with_code
from serportal.reviews.states import CaseState, Holder
from serportal.ui.lists import MemberFilter
from serportal.ui.words import programme_day

SOON, LATER = timedelta(days=7), timedelta(days=14)


class HolderFilter(admin.SimpleListFilter):
    title = _("whose turn")
    parameter_name = "holder"

    def lookups(self, request, model_admin):
        return [(one.value, one.label) for one in Holder]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(step__in=rules.steps_held_by(self.value()))


class DueFilter(admin.SimpleListFilter):
    """By when the letter is due; what owes none is in none of these."""

    title = _("letter due")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [
            ("late", _("late")),
            ("week", _("in the next 7 days")),
            ("fortnight", _("in 8 to 14 days")),
            ("later", _("after 14 days")),
        ]

    def queryset(self, request, queryset):
        today = programme_day()
        spans = {
            "late": {"due_on__lt": today},
            "week": {"due_on__gte": today, "due_on__lte": today + SOON},
            "fortnight": {"due_on__gt": today + SOON, "due_on__lte": today + LATER},
            "later": {"due_on__gt": today + LATER},
        }
        span = spans.get(self.value())
        return queryset if span is None else queryset.owing_a_letter().filter(**span)


class StateFilter(admin.SimpleListFilter):
    """By state, in the words of the kind that the list is narrowed to."""

    title = _("state")
    parameter_name = "state__exact"

    def lookups(self, request, model_admin):
        kind = kinds().get(request.GET.get(KindFilter.parameter_name))
        return [(one.value, kind.state_label(one) if kind else one.label) for one in CaseState]

    def queryset(self, request, queryset):
        return queryset if self.value() is None else queryset.filter(state=self.value())


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(key, kind.label) for key, kind in kinds().items()]

    def queryset(self, request, queryset):
        return queryset if self.value() is None else queryset.filter(kind=self.value())


class CodeFilter(admin.SimpleListFilter):
    """Open cases whose approval code names something, which the coordinator may decide alone (R-REV-7)."""

    title = _("approval code")
    parameter_name = "code"

    def lookups(self, request, model_admin):
        return [("open", _("counts, no panel yet"))]

    def queryset(self, request, queryset):
        return unread_with_code(queryset) if self.value() == "open" else queryset


class QuestionFilter(admin.SimpleListFilter):
    """Cases whose question to a whole committee waits for the coordinator (R-REV-10, R-SPO-6)."""

    title = _("committee question")
    parameter_name = "question"

    def lookups(self, request, model_admin):
        return [("stuck", _("late, or nobody is left to answer"))]

    def queryset(self, request, queryset):
        return queryset.with_a_stuck_question(programme_day()) if self.value() == "stuck" else queryset


class FiledByFilter(MemberFilter):
    field = "filed_by"

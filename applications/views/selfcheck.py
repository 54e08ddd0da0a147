"""The eligibility self-check: a form that is asked by address, judged by the rules in force, and stored nowhere."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from applications import rules, selfcheck
from applications.forms.selfcheck import JOBS, MOST_JOBS, SelfCheckForm
from applications.models import Criteria
from applications.services.criteria import criteria_on
from applications.wording import shortfall
from serportal.ui.text import as_key
from serportal.ui.words import programme_day


@method_decorator(login_not_required, name="dispatch")
class SelfCheckView(TemplateView):
    """Where somebody stands by the criteria in force (R-APP-1); anyone may ask, nobody is known."""

    template_name = "applications/self_check.html"

    def get_context_data(self, **kwargs):
        typed = self.request.GET
        growing = "more" in typed
        jobs = min(MOST_JOBS, max(JOBS, (as_key(typed.get("jobs", "")) or 0)) + growing)
        form = SelfCheckForm(typed if typed else None, jobs=jobs)
        criteria = criteria_on(programme_day())
        context = {"form": form, "criteria": criteria, "judged": False, "summary": []}
        if form.is_bound and not growing:
            if form.is_valid():
                context |= judged(form, criteria)
            context["summary"] = form.summary()
        return super().get_context_data(**context, **kwargs)


def judged(form: SelfCheckForm, criteria: Criteria) -> dict:
    """Return both sheets of what was entered, and the sentences about them."""
    data = form.cleaned_data
    standing = selfcheck.Standing(
        rules.sheet(criteria.least(), selfcheck.courses_of(form.unit_chosen(), form.credits())),
        rules.experience(
            criteria.demands(),
            selfcheck.jobs_of(form.spells()),
            selfcheck.projects_of(int(data["projects"] or 0), data["phases"]),
        ),
    )
    return {
        "judged": True,
        "standing": standing,
        "knowledge_lacks": shortfall(standing.knowledge, None),
        "experience_lacks": shortfall(None, standing.experience),
    }

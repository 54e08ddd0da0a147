"""The criteria: a new version is previewed, stored for a day, and announced on the rules page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from applications.forms.rows import CriteriaForm
from applications.models import Criteria
from applications.services.criteria import CRITERIA
from serportal.dated.pages import DatedAdmin
from serportal.ui.words import number


@admin.register(Criteria)
class CriteriaAdmin(DatedAdmin):
    rows = CRITERIA
    form_class = CriteriaForm
    list_display = ["effective_from", "knowledge", "experience", "references", "standing"]

    def first_to_follow(self):
        return Criteria.objects.latest("effective_from")

    @admin.display(description=_("knowledge, in semester credits"))
    def knowledge(self, row):
        return " + ".join(number(least.credits) for least in row.least().values())

    @admin.display(description=_("experience"))
    def experience(self, row):
        return _("{months} months, {projects} projects").format(months=row.months, projects=row.projects)

    @admin.display(description=_("references"))
    def references(self, row):
        return _("{least} to {most}").format(least=row.references_least, most=row.references_most)

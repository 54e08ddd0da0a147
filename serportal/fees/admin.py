from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from serportal.dated.pages import DatedAdmin
from serportal.fees.forms import FeeForm
from serportal.fees.models import FeeRow
from serportal.fees.services import FEES
from serportal.ui.words import money


@admin.register(FeeRow)
class FeeRowAdmin(DatedAdmin):
    rows = FEES
    form_class = FeeForm
    list_display = ["kind", "for_members", "for_others", "standing"]
    list_filter = ["kind"]

    @admin.display(description=_("members of SER"))
    def for_members(self, row):
        return money(row.member_amount)

    @admin.display(description=_("everyone else"))
    def for_others(self, row):
        return money(row.other_amount)

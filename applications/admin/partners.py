"""Academic partners and their programmes as rows to edit; their graduates to read, with the college’s answer."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applications.forms.partner import EnterForm, NewLinkForm
from applications.models import Graduate, Partner, Programme
from applications.services import partners as services
from applications.states import Confirmed
from serportal.accounts.models import User
from serportal.ui.acts import Act, ActedOnAdmin
from serportal.ui.lists import ExportedList, KeptAdmin
from serportal.ui.text import one_line
from serportal.ui.words import programme_day

AGES = {
    "7": _("asked 7 days ago or longer"),
    "14": _("asked 14 days ago or longer"),
    "28": _("asked 28 days ago or longer"),
}


def unanswered(user, outer: str):
    """Count the graduates of each row of ``outer`` who wait, as far as ``user`` may know of them (R-REV-5)."""
    waiting = Graduate.objects.coordinated_by(user).unanswered().filter(**{outer: OuterRef("pk")}).order_by()
    counted = waiting.values(outer).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class NamedForm(forms.ModelForm):
    """A row with a name that can be seen, on one line."""

    def clean_name(self):
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write the name. What stands there shows nothing."))
        return name


class PartnerForm(NamedForm):
    """The account of the contact is named by its e-mail address: it is found without a list of everyone."""

    contact = forms.EmailField(
        label=_("E-mail address of the contact’s account"),
        required=False,
        widget=forms.EmailInput(attrs={"class": "vTextField"}),
        help_text=_("May sign in and answer for all graduates of this partner. May stay empty."),
        error_messages={"invalid": _("This is no e-mail address. Write that of an account, or leave it empty.")},
    )

    class Meta:
        model = Partner
        fields = ["name", "contact_name", "contact_email", "contact", "fee_covered", "thanks", "active"]
        help_texts = {
            "contact_name": _("How our letters address the contact."),
            "contact_email": _("Our questions about graduates go here and nowhere else."),
            "active": _("Without it, no new graduate can name this partner. Everything asked before goes on."),
        }
        error_messages = {
            "name": {
                "required": _("Write the name of the college."),
                "unique": _("A partner of this name is here already. Open that one instead."),
            },
            "contact_name": {"required": _("Write whom our letters should address.")},
            "contact_email": {
                "required": _("Write the address to which our questions go."),
                "invalid": _("This is no e-mail address. Write it as registrar@college.example."),
            },
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["contact"] = self.instance.contact.email if self.instance.contact else ""

    def clean_contact(self):
        address = User.objects.normalize_email(self.cleaned_data["contact"])
        contact = User.objects.filter(email=address, is_active=True).first()
        if address and contact is None:
            raise forms.ValidationError(
                _("Nobody has an account with this address. Ask them to sign up first, or leave it empty.")
            )
        return contact


class ProgrammeForm(NamedForm):
    class Meta:
        model = Programme
        fields = ["name", "active"]
        help_texts = {"active": _("Without it, no new graduate can choose this programme.")}
        error_messages = {"name": {"required": _("Write the name of the programme.")}}


class ProgrammeInline(admin.StackedInline):
    model = Programme
    form = ProgrammeForm
    fields = ["name", "active"]
    extra = 1
    can_delete = False


@admin.register(Partner)
class PartnerAdmin(KeptAdmin):
    form = PartnerForm
    inlines = [ProgrammeInline]
    list_display = ["name", "contact_name", "contact_email", "fee_covered", "active", "waiting"]
    list_filter = ["active", "fee_covered"]
    search_fields = ["name", "contact_name", "contact_email"]
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(waiting=unanswered(request.user, "programme__partner"))

    @admin.display(description=_("wait for an answer"), ordering="waiting")
    def waiting(self, partner):
        return partner.waiting


@admin.register(Programme)
class ProgrammeAdmin(KeptAdmin):
    """Added on the page of their partner, with whom they stay."""

    form = ProgrammeForm
    fields = ["partner", "name", "active"]
    readonly_fields = ["partner"]
    list_display = ["name", "partner", "active", "waiting"]
    list_filter = ["active"]
    list_select_related = ["partner"]
    search_fields = ["name", "partner__name"]
    list_per_page = 25
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(waiting=unanswered(request.user, "programme"))

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("wait for an answer"), ordering="waiting")
    def waiting(self, programme):
        return programme.waiting


class AgeFilter(admin.SimpleListFilter):
    """How long a college has been silent."""

    title = _("unanswered")
    parameter_name = "unanswered"

    def lookups(self, request, model_admin):
        return [("yes", _("everyone who waits")), *AGES.items()]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.unanswered()
        if self.value() not in AGES:
            return queryset
        return queryset.unanswered().filter(asked_at__date__lte=programme_day() - timedelta(days=int(self.value())))


@admin.register(Graduate)
class GraduateAdmin(ExportedList, ActedOnAdmin):
    """Whom colleges were asked about. A conflict hides a graduate as it hides the case (R-REV-5)."""

    acts = {
        "answer": Act(EnterForm, services.enter_answer, _("The answer is kept, and the applicant is told.")),
        "link": Act(NewLinkForm, services.send_link, _("A new link is on its way to the college.")),
    }
    key = "graduate_id"
    page_template = "admin/applications/graduate.html"
    page_related = ("programme__partner", "application__case")
    list_display = ["graduate", "partner", "programme_name", "completed_on", "state", "asked_at", "answered_at"]
    list_display_links = ["graduate"]
    list_filter = ["state", AgeFilter, ("programme__partner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["programme__partner", "application__case"]
    search_fields = ["application__name_on_certificate", "application__case__reference", "student_number"]
    list_per_page = 25
    show_full_result_count = False
    export_name = "graduates"
    export_related = ("programme__partner", "application__case")
    export_columns = (
        *(("application", 16), ("name", 28), ("partner", 28), ("programme", 36), ("student number", 16)),
        *(("completed on", 12), ("asked on", 12), ("answer", 18), ("answered on", 12), ("how", 26), ("reason", 40)),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).coordinated_by(request.user)

    def export_row(self, one) -> tuple:
        return (
            *(one.application.case.reference, one.application.name_on_certificate),
            *(one.programme.partner.name, one.programme.name, one.student_number),
            *(one.completed_on, programme_day(one.asked_at), str(one.get_state_display())),
            programme_day(one.answered_at) if one.answered_at else None,
            *(str(one.get_via_display()), one.note),
        )

    @admin.display(description=_("graduate"), ordering="application__name_on_certificate")
    def graduate(self, one):
        return f"{one.application.name_on_certificate}, {one.application.case.reference}"

    @admin.display(description=_("partner"), ordering="programme__partner__name")
    def partner(self, one):
        return one.programme.partner.name

    @admin.display(description=_("programme"), ordering="programme__name")
    def programme_name(self, one):
        return one.programme.name

    def possible(self, user, one) -> list[str]:
        if services.closed_because(one) or not user.has_perm("applications.change_graduate"):
            return []
        return [name for name in self.acts if name == "answer" or one.state == Confirmed.PENDING]

    def papers(self, one) -> dict:
        return {}

    def page(self, request, one) -> dict:
        return {
            "title": f"{one.application.case.reference}: {one.application.name_on_certificate}",
            "graduate": one,
            "run_out": services.has_run_out(one),
            "closed": services.closed_because(one),
            "answers": one.answers.select_related("by"),
        }

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView, TemplateView

from journals import exports, papers, services, transcripts
from journals.forms import StatementMailForm
from journals.models import Statement
from journals.pages import page_of
from journals.pictures import fifty_bar, year_bars
from serportal.certifications.models import Period
from serportal.ui.papers import paper_response
from serportal.ui.sheets import sheet
from serportal.ui.words import programme_day


class JournalView(TemplateView):
    """The fifty, the five years, the caps, what is on its way, and every entry with its sentence and its proof."""

    template_name = "journals/journal.html"

    def get_context_data(self, **kwargs):
        today = programme_day()
        try:
            page = page_of(self.request.user, today, starts_on=self.asked_for())
        except Period.DoesNotExist as error:
            raise Http404 from error
        if page is None:
            return super().get_context_data(page=None, **kwargs)
        journal = page.journal
        return super().get_context_data(
            page=page,
            journal=journal,
            today=today,
            fifty=fifty_bar(journal),
            bars=year_bars(journal, today),
            **kwargs,
        )

    def asked_for(self) -> date | None:
        """Return the first day of the period that the address names; one nobody could hold does not exist."""
        text = self.request.GET.get("period")
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Http404 from error


class EntriesView(View):
    """The whole journal as a table, every period and every correction."""

    def get(self, request):
        return sheet(exports.own_rows(request.user), f"journal-{programme_day()}.csv")


class TranscriptView(View):
    """The whole journal on paper."""

    def get(self, request) -> HttpResponse:
        today = programme_day()
        try:
            document = transcripts.transcript_pdf(request.user, today)
        except Period.DoesNotExist as error:
            raise Http404 from error
        return paper_response(document, transcripts.transcript_name(today))


class StatementsView(ListView):
    """What each upload did for this member (R-UPL-5), and whether they get it by e-mail."""

    template_name = "journals/statements.html"
    paginate_by = 40

    def get_queryset(self):
        return own_statements(self.request.user).order_by("-pk")

    def get_context_data(self, **kwargs):
        form = StatementMailForm(initial={"wanted": services.wants_letters(self.request.user)})
        return super().get_context_data(form=form, **kwargs)

    def post(self, request):
        form = StatementMailForm(request.POST)
        form.is_valid()
        chosen = services.choose_letters(wanted=form.cleaned_data["wanted"], by=request.user)
        on = _("From the next upload on, you get each statement by e-mail.")
        messages.success(request, on if chosen.wanted else _("You get no statements by e-mail."))
        return redirect("journals:statements")


def own_statements(person):
    """Return the statements of ``person`` with all that names them."""
    return Statement.objects.filter(person=person).select_related("upload", "period__certification")


class StatementView(TemplateView):
    """One statement of one’s own; somebody else’s does not exist here."""

    template_name = "journals/statement.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(found=own_stated(self.request.user, self.kwargs["pk"]), **kwargs)


class StatementPaperView(View):
    def get(self, request, pk) -> HttpResponse:
        found = own_stated(request.user, pk)
        return paper_response(papers.statement_pdf(found), papers.statement_name(found))


def own_stated(person, pk: int) -> papers.Stated:
    statement = own_statements(person).select_related("person").filter(pk=pk).first()
    if statement is None:
        raise Http404
    return papers.stated(statement)

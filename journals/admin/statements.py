"""Statements one by one, as their members have them (R-UPL-5)."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from journals import papers
from journals.models import Statement, Upload
from serportal.ui.papers import paper_response


class StatementPages:
    """Pages of a run for each of its statements, but those with an entry hidden from this coordinator (R-REV-5)."""

    def get_urls(self):
        view, base = self.admin_site.admin_view, "<int:pk>/statements/<int:period>"
        own = [
            path(f"{base}/", view(self.statement_view), name="journals_upload_statement"),
            path(f"{base}.pdf", view(self.statement_paper_view), name="journals_upload_statement_paper"),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_safe)
    def statement_view(self, request, pk, period):
        upload = self._upload(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": str(upload),
            "opts": self.opts,
            "upload": upload,
            "found": self._stated(request, upload, period),
        }
        return TemplateResponse(request, "admin/journals/statement.html", context)

    @method_decorator(require_safe)
    def statement_paper_view(self, request, pk, period):
        found = self._stated(request, self._upload(request, pk), period)
        return paper_response(papers.statement_pdf(found), papers.statement_name(found))

    def _stated(self, request, upload: Upload, period: int) -> papers.Stated:
        known = Statement.objects.filter(upload=upload, period=period).known_to(request.user)
        statement = known.select_related("upload", "person", "period__certification").first()
        if statement is None:
            raise Http404
        return papers.stated(statement)

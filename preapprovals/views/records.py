"""Where a sponsor sends the records that SER asked for (R-SPO-5)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views import View

from preapprovals.forms.records import AnswerForm
from preapprovals.models import Offering, Visit
from preapprovals.querysets import EDITORS
from preapprovals.services import visiting
from serportal.drafts.services import files_in
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day


class RecordsView(View):
    """One request for records: what is asked, files and words so far, and the button that sends them."""

    def get(self, request, pk, visit):
        return self.show(self.asked(pk, visit))

    def post(self, request, pk, visit):
        """Keep what was added; then send it, if that was pressed. A refusal loses nothing that was typed or kept."""
        asked, form = self.asked(pk, visit), AnswerForm(request.POST)
        if not form.is_valid():
            return self.show(asked, form=form, status=422)
        text = form.cleaned_data["text"]
        try:
            visiting.keep_answer(visit_id=asked.pk, text=text, by=request.user)
            if files := request.FILES.getlist("files"):
                visiting.add_record_files(visit_id=asked.pk, files=files, by=request.user)
            if "send" in request.POST:
                visiting.answer_records(visit_id=asked.pk, text=text, by=request.user)
        except Refusal as refusal:
            return self.show(self.asked(pk, visit), form=form, error=str(refusal), status=409)
        if "send" in request.POST:
            messages.success(request, _("Thank you. SER has what you sent."))
        else:
            messages.success(request, _("It is kept. SER reads it once you send it."))
        return redirect("preapprovals:records", pk, visit)

    def asked(self, pk: int, visit: int) -> Visit:
        mine = Offering.objects.of(self.request.user, EDITORS).filter(pk=pk)
        rows = Visit.objects.asked().filter(offering__in=mine, pk=visit)
        found = rows.select_related("offering__sponsor", "folder", "answered_by").first()
        if found is None:
            raise Http404
        return found

    def show(self, asked: Visit, *, form=None, error="", status=200):
        context = {
            "visit": asked,
            "files": files_in(asked.folder),
            "late": asked.answered_at is None and asked.asked_until < programme_day(),
            "form": form or AnswerForm(initial={"text": asked.answer}),
            "error": error,
        }
        return TemplateResponse(self.request, "preapprovals/records/answer.html", context, status=status)

from django.views.generic import TemplateView

from journals.pictures import fifty_bar, year_bars
from journals.standing import journal_of
from serportal.ui.words import programme_day


class JournalView(TemplateView):
    """The fifty, the five years, what is on its way, and every entry with its sentence."""

    template_name = "journals/journal.html"

    def get_context_data(self, **kwargs):
        today = programme_day()
        journal = journal_of(self.request.user, today)
        pictures = {"fifty": fifty_bar(journal), "bars": year_bars(journal, today)} if journal else {}
        return super().get_context_data(journal=journal, today=today, **pictures, **kwargs)

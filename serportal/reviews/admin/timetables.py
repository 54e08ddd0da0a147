"""The days inside the promised time; a row in use is followed by a new one, never changed."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _

from serportal.reviews.kinds import kinds
from serportal.reviews.models import Timetable
from serportal.ui.words import programme_day


class TimetableForm(forms.ModelForm):
    kind = forms.ChoiceField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(key, kind.label) for key, kind in kinds().items()]

    def clean(self):
        data = super().clean()
        kind, days, first = kinds().get(data.get("kind")), data.get("answer_days"), data.get("effective_from")
        if kind and days and days > kind.promised_days:
            sentence = _("SER promises an answer within {most} days, so the letter cannot be due later than that.")
            self.add_error("answer_days", sentence.format(most=kind.promised_days))
        if first and first < programme_day():
            self.add_error(
                "effective_from", _("This day is over. A timetable holds for what is filed from its day on.")
            )
        return data


@admin.register(Timetable)
class TimetableAdmin(admin.ModelAdmin):
    """By when each step is due. Cases keep the row they were filed under, so a row in force is not changed."""

    form = TimetableForm
    list_display = ["kind", "effective_from", "screen_days", "ballot_days", "answer_days", "fills_itself"]
    list_filter = ["kind"]

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.effective_from > programme_day())

"""One section or one row as a form. It reads raw text, so that a field that is wrong keeps what was typed."""

from collections.abc import Sequence
from datetime import date

from crispy_forms.layout import Column, Field, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from applications import asks
from applications.answers import across
from serportal.ui.asks import Ask, field_for, part_helper
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField

# Fields that stand side by side where there is room.
PAIRS = (
    ("first_day", "last_day"),
    ("weekly_hours", "restoration"),
    ("code", "term"),
    ("unit", "credits"),
    *((f"area{number}", f"credits{number}") for number in asks.SHARES),
)


class AnswersForm(PortalForm):
    """The answers to one table of asks. Bound, it says what is missing; ``unjudged``, it only shows them."""

    def __init__(self, where: str, table: Sequence[Ask], data: dict, *, today: date, judged: bool):
        super().__init__(data if judged else None, initial=data)
        self.where, self.today = where, today
        for ask in table:
            self.fields[ask.name] = field_for(ask)
        self.layout = part_helper(*self._laid_out([ask.name for ask in table]))

    def _laid_out(self, names: list[str]) -> list:
        second = {pair[1]: pair[0] for pair in PAIRS if set(pair) <= set(names)}
        first = {one: two for two, one in second.items()}
        fields = []
        for name in names:
            if name in first:
                columns = [Column(Field(one), css_class="col-sm-6") for one in (name, first[name])]
                fields.append(Row(*columns))
            elif name not in second:
                fields.append(Field(name))
        return fields

    def clean(self):
        data = super().clean()
        for field, code, sentence in list(across(self.where, data, today=self.today)):
            if field not in self.errors:
                self.add_error(field, forms.ValidationError(sentence, code=code))
        return data


class CopyForm(PortalForm):
    """The button that copies a row; pressed twice, it is one new row."""

    submit_key = SubmitKeyField()


class ReplyForm(PortalForm):
    """What is written beside the answered parts."""

    answer = PlainTextField(
        label=_("Your answer to the coordinator"),
        help_text=_("What you changed or added, and why. The committee reads it too."),
        required=False,
        lines=4,
        max_length=4000,
    )

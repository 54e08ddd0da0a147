"""One section or one row as a form. It reads raw text, so that a field that is wrong keeps what was typed."""

from collections.abc import Sequence
from datetime import date

from crispy_forms.layout import Column, Field, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from serportal.drafts.answers import Check
from serportal.ui.asks import Ask, field_for, part_helper
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField


class AnswersForm(PortalForm):
    """The answers to one table of asks. Bound, it says what is missing; not ``judged``, it only shows them.

    ``pairs`` are fields that stand side by side where there is room.
    """

    def __init__(
        self,
        table: Sequence[Ask],
        data: dict,
        *,
        check: Check | None,
        today: date,
        judged: bool,
        pairs: Sequence[tuple[str, str]] = (),
    ):
        super().__init__(data if judged else None, initial=data)
        self.check, self.today = check, today
        for ask in table:
            self.fields[ask.name] = field_for(ask)
        self.layout = part_helper(*_laid_out({ask.name: ask.only_if for ask in table}, pairs))

    def clean(self):
        data = super().clean()
        for field, code, sentence in list(self.check(data, self.today)) if self.check else []:
            if field not in self.errors:
                self.add_error(field, forms.ValidationError(sentence, code=code))
        return data


def _laid_out(only_if: dict[str, str], pairs: Sequence[tuple[str, str]]) -> list:
    second = {pair[1]: pair[0] for pair in pairs if set(pair) <= set(only_if)}
    first = {one: two for two, one in second.items()}
    fields = []
    for name in only_if:
        if name in first:
            columns = [Column(Field(one), css_class="col-sm-6") for one in (name, first[name])]
            fields.append(Row(*columns))
        elif name not in second:
            fields.append(Field(name, wrapper_class=f"only-{only_if[name]}" if only_if[name] else ""))
    return fields


class StartForm(PortalForm):
    """A button that makes something, a draft or a copy; pressed twice, it is one."""

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

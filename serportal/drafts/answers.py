"""Raw answers judged: what each field lacks, and what several fields say against each other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from serportal.ui.asks import Ask, field_for

Found = tuple[str, str, str]  # field, code, sentence
# Yields what values that could be read say against each other, on a day; a missing one says nothing.
Check = Callable[[Mapping, date], Iterator[Found]]


@dataclass(frozen=True)
class Problem:
    """One thing that still needs the person: where it stands, and the sentence that says it."""

    section: TextChoices
    field: str
    code: str
    sentence: str
    row: str = ""


class Judge:
    """Judges answers to one table of asks; made once for any number of rows."""

    def __init__(self, table: Sequence[Ask], check: Check | None, *, today: date):
        self.check, self.today = check, today
        self.fields = [(ask, field_for(ask)) for ask in table]

    def found(self, raw: Mapping) -> list[Found]:
        """Return what is missing or unreadable in ``raw``, in the order of the form."""
        values, wrong = {}, []
        for ask, field in self.fields:
            text = raw.get(ask.name)
            if not text and not field.required:
                values[ask.name] = None
                continue
            try:
                values[ask.name] = field.clean(text)
            except ValidationError as error:
                wrong += [(ask.name, one.code or "wrong", one.messages[0]) for one in error.error_list]
        if self.check is not None:
            wrong += self.check(values, self.today)
        order = [ask.name for ask, _field in self.fields]
        return sorted(wrong, key=lambda one: order.index(one[0]))

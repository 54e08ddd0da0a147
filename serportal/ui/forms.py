"""What every form shares: one summary of what to fix, cleaned text, a key against double effects."""

import re
import uuid
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from serportal.ui.text import clean_text, one_line

HOURS = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?", re.ASCII)


class PortalForm(forms.Form):
    """A form whose errors are listed once, in the order of its fields, each with a link to its field."""

    use_required_attribute = False
    error_css_class = "is-invalid"

    def summary(self) -> list[tuple[str, str]]:
        """Return (id of the field, sentence) for everything that needs the person."""
        lines = [("", str(error)) for error in self.non_field_errors()]
        for name in self.fields:
            for error in self.errors.get(name, []):
                lines.append((self.anchor(name), str(error)))
        return lines

    def anchor(self, name: str) -> str:
        """Return the id that a link to the field must name; lists of choices are reached at their first one."""
        bound = self[name]
        listed = isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
        return f"{bound.id_for_label or bound.auto_id}{'_0' if listed and not bound.id_for_label else ''}"


class PlainTextField(forms.CharField):
    """Text in one Unicode form, without control characters; a field of only invisible signs is empty."""

    def __init__(self, *args, lines: int = 1, **kwargs):
        if lines > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        self.lines = lines
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return one_line(value) if self.lines == 1 else clean_text(value)


class SubmitKeyField(forms.UUIDField):
    """A key drawn when the form is shown: the row it makes carries it, so the same form sent twice has one effect."""

    def __init__(self):
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4, required=True)
        self.error_messages["required"] = self.error_messages["invalid"] = _(
            "This form was sent without its key. Send it once more from this page; what you typed is still here."
        )


def read_hours(text: str) -> Decimal | None:
    """Read hours as people type them (“6.5”, “6,5”); None for what is not a plain number with up to two decimals."""
    text = text.strip()
    return Decimal(text.replace(",", ".")) if HOURS.fullmatch(text) else None

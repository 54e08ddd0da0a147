"""What a form asks, as tables: one row tells a field, its words, and how it is read back to people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serportal.ui.forms import PlainTextField, read_hours

Text = str | Promise
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Ask:
    """One field: its label, the sentence when it is empty (None: it may be), and how it is typed.

    ``kind`` is text, day, choice, many (several of ``choices``), number or tick; ``refused`` is said of what cannot be
    read. ``earliest`` bounds a day, ``most`` a number.
    """

    name: str
    label: Text
    missing: Text | None = None
    help: Text = ""
    kind: str = "text"
    lines: int = 1
    length: int = 200
    choices: tuple = ()
    refused: Text = ""
    shown: Text = ""
    only_if: str = ""
    earliest: date = EARLIEST
    most: Decimal | None = None
    widget: str = ""
    autocomplete: str = ""

    @property
    def title(self) -> Text:
        """What a reader sees beside the answer."""
        return self.shown or self.label


def short_text(name: str, label: Text, missing: Text | None = None, **more) -> Ask:
    return Ask(name, label, missing, **more)


def long_text(name: str, label: Text, missing: Text | None = None, **more) -> Ask:
    return Ask(name, label, missing, **{"lines": 4, "length": 4000, **more})


def choice_of(name: str, label: Text, choices, missing: Text | None, refused: Text, **more) -> Ask:
    return Ask(name, label, missing, kind="choice", choices=tuple(choices), refused=refused, **more)


SIGNATURE = short_text(
    "typed_name",
    _("Your name, as signature"),
    _("Your signature is missing. Type your name."),
    shown=_("Signed"),
    autocomplete="name",
)


def parse_day(text, earliest: date = EARLIEST) -> date | None:
    """Read a day in ISO form; None for anything else, and outside the years that can be meant."""
    try:
        day = parse_date(str(text or "").strip())
    except ValueError:
        return None
    return day if day and earliest <= day <= LATEST else None


class DayField(forms.DateField):
    """A calendar day in ISO form, within the years in which it can lie."""

    def __init__(self, *, earliest: date = EARLIEST, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)
        self.earliest = earliest

    def to_python(self, value):
        if value not in self.empty_values and (not str(value).isascii() or parse_day(value, self.earliest) is None):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class NumberField(forms.CharField):
    """A plain number from 0 up to ``most``, with at most two decimals, as people type it (“6.5”, “6,5”)."""

    def __init__(self, *, most: Decimal, **kwargs):
        # A length of its own would be asked of the number; what is too long to be one is refused in reading it.
        attributes = {"inputmode": "decimal", "class": "num short", "maxlength": 10}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)
        self.most = most

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        number = read_hours(text)
        if number is None or number > self.most:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


def field_for(ask: Ask) -> forms.Field:
    """Return the field that reads the answer to ``ask``."""
    errors = {"required": ask.missing} if ask.missing else {}
    shared = {"label": ask.label, "help_text": ask.help, "required": bool(ask.missing)}
    if ask.kind == "day":
        return DayField(earliest=ask.earliest, error_messages={**errors, "invalid": ask.refused}, **shared)
    if ask.kind == "number":
        return NumberField(most=ask.most, error_messages={**errors, "invalid": ask.refused}, **shared)
    if ask.kind == "choice":
        errors["invalid_choice"] = ask.refused
        widget = forms.Select if ask.widget == "list" else forms.RadioSelect
        return forms.ChoiceField(choices=ask.choices, widget=widget, error_messages=errors, **shared)
    if ask.kind == "many":
        errors["invalid_choice"] = ask.refused
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=ask.choices, widget=widget, error_messages=errors, **shared)
    if ask.kind == "tick":
        return forms.BooleanField(error_messages=errors, **shared)
    field = PlainTextField(lines=ask.lines, max_length=ask.length, error_messages=errors, **shared)
    if ask.autocomplete:
        field.widget.attrs["autocomplete"] = ask.autocomplete
    return field


def part_helper(*fields) -> FormHelper:
    """Lay out one part of a form inside a page’s own form."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper

"""The values of a dated row, as they are typed."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from serportal.ui.forms import PlainTextField, PortalForm
from serportal.ui.words import number

FIGURE = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,4})?", re.ASCII)
QUARTER = Decimal("0.25")


class FigureField(PlainTextField):
    """A plain number between two others, in whole steps: quarters of a credit, unless another step is named."""

    def __init__(self, *, least, most, step=QUARTER, **kwargs):
        self.least, self.most, self.step = Decimal(least), Decimal(most), Decimal(step)
        attrs = {"inputmode": "decimal", "class": "vIntegerField"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value):
        text = self.to_python(value).replace(",", ".")
        figure = Decimal(text) if FIGURE.fullmatch(text) else None
        if figure is None or not self.least <= figure <= self.most or figure % self.step:
            text = _("{label}: write a number from {least} to {most}, in steps of {step}.")
            values = {"least": number(self.least), "most": number(self.most), "step": number(self.step)}
            raise ValidationError(text.format(label=self.label, **values))
        return int(figure) if self.step == 1 else figure

    def prepare_value(self, value):
        return number(value) if isinstance(value, Decimal) else value


class FromDayField(forms.DateField):
    def __init__(self, **kwargs):
        super().__init__(
            label=_("In force from"),
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
            help_text=_("Today or a later day. Everything before stays as it was."),
            error_messages={
                "required": _("In force from: choose a day."),
                "invalid": _("In force from: write a day as 2027-01-31."),
            },
            **kwargs,
        )


class RowForm(PortalForm):
    """The values of one dated row; the field that names its series stays as it is once it is stored."""

    model: type
    digest = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, series: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if series:
            self.fields[self.model.SERIES].disabled = True

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "digest"}

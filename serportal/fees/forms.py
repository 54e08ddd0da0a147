"""Fees and payments, as they are typed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from serportal.dated.forms import FigureField, FromDayField, RowForm
from serportal.fees.models import MOST, FeeRow
from serportal.fees.rules import read_amount
from serportal.fees.states import FeeKind
from serportal.ui.forms import PlainTextField, PortalForm
from serportal.ui.words import programme_day

CENT = "0.01"
MOST_LIST_BYTES = 1_000_000


class FeeForm(RowForm):
    model = FeeRow
    kind = forms.ChoiceField(label=_("What for"), choices=FeeKind.choices)
    member_amount = FigureField(label=_("Members of SER, in US dollars"), least=0, most=MOST, step=CENT)
    other_amount = FigureField(label=_("Everyone else, in US dollars"), least=0, most=MOST, step=CENT)
    effective_from = FromDayField()


class AmountField(PlainTextField):
    """US dollars as people write them: 250, 250.00, $1,250.00."""

    def __init__(self, **kwargs):
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value):
        amount = read_amount(super().clean(value))
        if amount is None or not 0 < amount <= MOST:
            raise ValidationError(_("Amount: write US dollars, such as 250.00."))
        return amount


class ReasonForm(PortalForm):
    reason = PlainTextField(
        label=_("Reason"),
        lines=3,
        max_length=1000,
        help_text=_("Whoever owes the fee reads it in the letter."),
        error_messages={"required": _("Give a reason. Whoever owes the fee reads it in the letter.")},
    )


class ReductionForm(ReasonForm):
    amount = AmountField(
        label=_("New amount, in US dollars"),
        error_messages={"required": _("Amount: write US dollars, such as 250.00.")},
    )
    field_order = ["amount", "reason"]


class PartnerForm(PortalForm):
    partner = PlainTextField(
        label=_("Partner"),
        max_length=200,
        error_messages={"required": _("Write the name of the partner who covers the fee.")},
    )


class PaymentForm(PortalForm):
    reference = PlainTextField(
        label=_("Reference of the payment"),
        max_length=80,
        help_text=_("As the bank or the office names it. The same reference is never recorded twice."),
        error_messages={
            "required": _("Write the reference of the payment; it keeps it from being recorded twice."),
        },
    )
    amount = AmountField(
        label=_("Amount, in US dollars"),
        error_messages={"required": _("Amount: write US dollars, such as 250.00.")},
    )
    paid_on = forms.DateField(
        label=_("Paid on"),
        initial=programme_day,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Paid on: choose a day."),
            "invalid": _("Paid on: write a day as 2026-11-25."),
        },
    )
    method = PlainTextField(
        label=_("How"), max_length=80, required=False, help_text=_("Such as “bank transfer”. May stay empty.")
    )


class AskForm(PortalForm):
    """A member asks for a smaller fee."""

    text = PlainTextField(
        label=_("Where do you live and work, and what can you pay?"),
        lines=3,
        max_length=1000,
        error_messages={"required": _("Say in which country you live and work, and what you can pay.")},
    )


class AddresseeForm(PortalForm):
    """Whom the invoice and the receipt are made out to."""

    billed_to = PlainTextField(
        label=_("Name and address on the invoice and the receipt"),
        lines=3,
        max_length=500,
        required=False,
        help_text=_("Such as your employer. Empty: your own name."),
    )


class ListForm(PortalForm):
    """Payments from a list, pasted or as a file."""

    rows = forms.CharField(
        label=_("Rows of reference, amount, date"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
    )
    file = forms.FileField(label=_("Or a CSV file of them"), required=False)

    def clean(self):
        """The rows of the file, if there is one, take the place of pasted ones."""
        data = super().clean()
        file = data.get("file")
        if file is None:
            return data
        if file.size > MOST_LIST_BYTES:
            self.add_error("file", _("The file is larger than 1 MB. Is it a list of payments? Save it as CSV."))
            return data
        try:
            data["rows"] = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("The file is no CSV in UTF-8. Save it so, or paste its rows."))
        return data

"""A list of attendees: given as a file or pasted, its columns named, one row mended, the whole taken in."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from preapprovals.models import Roster, RosterRow
from preapprovals.rules.cells import completed
from preapprovals.rules.columns import Meaning
from serportal.ui.forms import PlainTextField, PortalForm
from serportal.ui.tables import MOST_BYTES

LABELS = {
    Meaning.NAME: _("Full name"),
    Meaning.FIRST: _("First name"),
    Meaning.LAST: _("Last name"),
    Meaning.EMAIL: _("E-mail address"),
    Meaning.CERTIFICATE: _("Certificate number"),
    Meaning.HOURS: _("Hours attended"),
    Meaning.MINUTES: _("Minutes attended"),
    Meaning.COMPLETED: _("Completed, yes or no"),
    Meaning.GRADE: _("Grade"),
    Meaning.DAY: _("Day of completion"),
}


def laid_out(form, *fields) -> None:
    form.helper = FormHelper()
    form.helper.form_tag = False
    form.helper.disable_csrf = True
    form.helper.layout = Layout(*fields)


class GiveForm(PortalForm):
    """A file, or what was copied from one."""

    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,
        help_text=_("CSV or XLSX, its columns in any order, up to 5 MB and 5,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    text = forms.CharField(
        label=_("Or paste the rows"),
        required=False,
        strip=False,
        help_text=_("Copy them in your spreadsheet, headings too, and paste them here."),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        laid_out(self, "file", "text")

    def clean(self):
        data = super().clean()
        file, text = data.get("file"), (data.get("text") or "").strip()
        if not file and not text:
            self.add_error("file", _("There is no list yet. Choose a file, or paste its rows."))
        elif file and text:
            self.add_error("text", _("There is a file and a pasted list. Leave one of them out."))
        elif file and file.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 5 MB, the most we read. Send it in parts."))
        return data

    def given(self) -> dict:
        """Return the content and the name of what was given."""
        file = self.cleaned_data.get("file")
        if file:
            return {"content": file.read(), "name": file.name}
        return {"content": self.cleaned_data["text"].encode(errors="replace"), "name": "pasted.csv"}


class ColumnsForm(PortalForm):
    """What each column of a list holds."""

    def __init__(self, roster: Roster, sample: list[str], *args, **kwargs):
        super().__init__(*args, **kwargs)
        means = {place: meaning for meaning, place in roster.mapping.items()}
        for place, heading in enumerate(roster.columns):
            example = sample[place] if place < len(sample) else ""
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=heading,
                required=False,
                initial=means.get(place, ""),
                choices=[("", _("Not used")), *((one.value, label) for one, label in LABELS.items())],
                help_text=_("Such as “{0}”").format(example[:60]) if example else "",
                error_messages={"invalid_choice": _("Choose one from the list.")},
            )
        laid_out(self, *self.fields)

    def clean(self):
        data = super().clean()
        seen: dict[str, str] = {}
        for name, meaning in data.items():
            if meaning and meaning in seen:
                self.add_error(name, _("Another column is this already. Choose one of the two."))
            seen.setdefault(meaning, name)
        return data

    def mapping(self) -> dict[str, int]:
        return {meaning: int(name.split("-")[1]) for name, meaning in self.cleaned_data.items() if meaning}


class MendForm(PortalForm):
    """One row as it should read. What is wrong with it is told beside the fields, by the service that knows."""

    name = PlainTextField(label=LABELS[Meaning.NAME], required=False, max_length=500)
    email = PlainTextField(label=LABELS[Meaning.EMAIL], required=False, max_length=500)
    certificate = PlainTextField(
        label=LABELS[Meaning.CERTIFICATE], required=False, max_length=500, help_text=_("If you know it, as CERP-0042.")
    )
    hours = PlainTextField(
        label=LABELS[Meaning.HOURS],
        required=False,
        max_length=100,
        help_text=_("6, 6.5 or 390 min. Empty for all of the agenda."),
    )
    completed = forms.ChoiceField(
        label=_("Completed"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether this person completed it."),
            "invalid_choice": _("Say whether this person completed it."),
        },
    )
    grade = PlainTextField(label=_("Grade, if there is one"), required=False, max_length=20)
    day = PlainTextField(label=LABELS[Meaning.DAY], required=False, max_length=100, help_text=_("As 2026-12-14."))
    sure = forms.BooleanField(
        label=_("It is right as it stands: two people with like names, or somebody known to us under another name."),
        required=False,
    )

    def __init__(self, row: RosterRow, *args, own_days: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not own_days:
            del self.fields["day"]
        if not row.said.get("doubt") and not row.said.get("sure"):
            del self.fields["sure"]
        laid_out(self, *self.fields)

    @classmethod
    def about(cls, row: RosterRow, *, own_days: bool) -> "MendForm":
        """Return the form filled with a row as it stands, what is wrong with it beside each field."""
        said = {name: text for name, text in row.said.items() if isinstance(text, str)}
        done = completed(row.said["completed"])
        answer = "" if done is None and "completed" in row.problems else "no" if done is False else "yes"
        form = cls(row, {**said, "completed": answer, "sure": row.said.get("sure", False)}, own_days=own_days)
        form.errors.pop("completed", None)
        for name, sentence in row.problems.items():
            form.add_error(name if name in form.fields else None, sentence)
        return form

    def said(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if isinstance(text, str)}

    @classmethod
    def facts(cls, row: RosterRow) -> list[tuple[str, str]]:
        """Return what a row says under the labels of the form, without what is empty."""
        said = [(field.label, row.said.get(name, "")) for name, field in cls.base_fields.items() if name != "sure"]
        return [(label, text) for label, text in said if text]


class TakeForm(PortalForm):
    """The two words of the sponsor that go with a list."""

    told = forms.BooleanField(
        label=_("The attendees were told that their names and e-mail addresses go to SER."),
        error_messages={
            "required": _(
                "Attendees must know that their names and addresses go to SER. Tick that they were told, or tell them."
            )
        },
    )
    confirmations = forms.BooleanField(
        label=_(
            "Let our letters be their Confirmations of Completion, with the approval code; leave it unticked if you "
            "give your own."
        ),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        laid_out(self, "told", "confirmations")

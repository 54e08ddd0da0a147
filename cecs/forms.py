"""The claim form. It reads the raw text of a draft, so that a field that is wrong keeps what was typed."""

from datetime import date
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cecs import rules
from cecs.states import Delivery
from journals.states import Area
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField, read_hours
from serportal.ui.words import day_text


class DayField(forms.DateField):
    """A calendar day in ISO form, within the years in which a claim can lie."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **kwargs)

    def to_python(self, value):
        if value not in self.empty_values and (not str(value).isascii() or parse_day(value) is None):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def parse_day(text) -> date | None:
    try:
        day = parse_date(str(text or "").strip())
    except ValueError:
        return None
    return day if day and rules.EARLIEST <= day <= date(2100, 12, 31) else None


class StartForm(PortalForm):
    """The button that starts a draft; its key is the draft’s own."""

    submit_key = SubmitKeyField()


def required(sentence) -> dict:
    return {"required": sentence}


class ClaimForm(PortalForm):
    """A conference claim (category 3), bound to the text of a draft. Valid means: it may be filed."""

    title = PlainTextField(
        label=gettext_lazy("Name of the event"),
        max_length=200,
        error_messages=required(gettext_lazy("The event has no name yet. Copy it from the programme.")),
    )
    provider = PlainTextField(
        label=gettext_lazy("Who organised it"),
        max_length=200,
        error_messages=required(gettext_lazy("The organiser is missing. Name who held the event.")),
    )
    first_day = DayField(
        label=gettext_lazy("First day"),
        error_messages={
            "required": gettext_lazy("The first day is missing. Choose the day the event began."),
            "invalid": gettext_lazy("The first day is not a date we can use. Write it as 2026-10-12, from 1990 on."),
        },
    )
    last_day = DayField(
        label=gettext_lazy("Last day"),
        error_messages={
            "required": gettext_lazy("The last day is missing. For one day, repeat the first."),
            "invalid": gettext_lazy("The last day is not a date we can use. Write it as 2026-10-15, from 1990 on."),
        },
    )
    place = PlainTextField(
        label=gettext_lazy("City and country, or web address"),
        max_length=200,
        error_messages=required(gettext_lazy("The place is missing. Name the city and country, or the web address.")),
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("How you took part"),
        choices=Delivery,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Nothing is ticked for how you took part. Tick one of the three."),
            "invalid_choice": gettext_lazy("How you took part is none of the three choices. Tick one of them."),
        },
    )
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Which knowledge areas did it cover?"),
        choices=Area,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick all that apply."),
        error_messages={
            "required": gettext_lazy("No knowledge area is ticked. Tick at least one of the five."),
            "invalid_choice": gettext_lazy("A ticked knowledge area is none of the five. Tick from the list."),
        },
    )
    learned = PlainTextField(
        lines=5,
        label=gettext_lazy("What did you learn that your work can use?"),
        help_text=gettext_lazy("Two or three sentences are enough."),
        max_length=4000,
        error_messages=required(
            gettext_lazy("Nothing says what you learned. Two or three sentences are enough; the committee reads them.")
        ),
    )
    # Files are kept as they arrive; this field only carries what is to be said about them.
    files = forms.Field(required=False)
    attested = forms.BooleanField(
        label=gettext_lazy("What I report here is true, and I took part in it myself."),
        error_messages=required(gettext_lazy("Tick that what you report is true and that you took part yourself.")),
    )

    def __init__(self, data: dict, *, files: int, today: date, judged: bool = True):
        super().__init__(data if judged else None, initial=data)
        self.raw, self.proofs, self.today = data, files, today
        first, last = parse_day(data.get("first_day")), parse_day(data.get("last_day"))
        self.days = rules.days_between(first, last)
        self.rows = [self._row(number) for number in range(max(len(self.days), self._typed_rows(), 1))]
        for number in range(len(self.rows)):
            self.fields[f"what-{number}"] = PlainTextField(required=False, max_length=1000, lines=2)
            self.fields[f"hours-{number}"] = forms.CharField(required=False, max_length=20)
        self.where = where_helper()
        self.taught = part_helper("areas", "learned")
        self.send = part_helper("attested")

    def unjudged(self) -> "ClaimForm":
        """Return the same answers without a word about what is missing, for someone who is still typing."""
        return ClaimForm(self.raw, files=self.proofs, today=self.today, judged=False)

    def _typed_rows(self) -> int:
        """Return how many rows hold something typed, so that no row vanishes when the days change."""
        typed = [n for n in range(rules.MOST_DAYS) if self.raw.get(f"what-{n}") or self.raw.get(f"hours-{n}")]
        return max(typed, default=-1) + 1

    def _row(self, number: int) -> dict:
        label = day_text(self.days[number]) if number < len(self.days) else _("Day {n}").format(n=number + 1)
        return {
            "number": number,
            "label": label,
            "what": self.raw.get(f"what-{number}", ""),
            "hours": self.raw.get(f"hours-{number}", ""),
        }

    @property
    def rows_key(self) -> str:
        """Name the rows a page shows, so that only a change of days draws them anew while someone types."""
        return f"{self.days[0] if self.days else ''}+{len(self.rows)}"

    @property
    def shown_rows(self) -> list[dict]:
        """The rows of hours with the sentence that each one needs."""
        return [
            {
                **row,
                "what_errors": self.errors.get(f"what-{row['number']}", []),
                "hours_errors": self.errors.get(f"hours-{row['number']}", []),
            }
            for row in self.rows
        ]

    def readable_hours(self) -> tuple[Decimal, int, list[str]]:
        """Return (hours that can be read and counted, on how many days, labels of the days that cannot be read)."""
        total, count, unreadable = Decimal(0), 0, []
        for row in self.rows[: len(self.days) or None]:
            if not row["hours"].strip():
                continue
            hours = read_hours(row["hours"])
            if hours is None or not 0 < hours <= rules.DAY_HOURS:
                unreadable.append(row["label"])
            else:
                total, count = total + hours, count + 1
        return total, count, unreadable

    def clean(self):
        data = super().clean()
        self._clean_days(data.get("first_day"), data.get("last_day"))
        self._clean_rows()
        if not self.proofs:
            sentence = _("There is no proof yet. Add one file that shows you attended.")
            self.add_error("files", forms.ValidationError(sentence, code="no-proof"))
        return data

    def _clean_days(self, first: date | None, last: date | None) -> None:
        if not first or not last:
            return
        sentences = {
            "last-before-first": _("The last day, {last}, comes before the first day, {first}. Swap the two dates."),
            "too-many-days": _("From {first} to {last} is more than {most} days. File each event as its own claim."),
            "not-yet": _("The last day, {last}, has not come yet. Keep this draft and send it once the event is over."),
        }
        code = rules.last_day_problem(first, last, today=self.today)
        if code:
            sentence = sentences[code].format(first=day_text(first), last=day_text(last), most=rules.MOST_DAYS)
            self.add_error("last_day", forms.ValidationError(sentence, code=code))

    def _clean_rows(self) -> None:
        self.sessions: list[tuple[date, str, Decimal]] = []
        complete = True
        for row in self.rows:
            code, sentence = self._row_problem(row)
            if code:
                complete = False
                field = f"what-{row['number']}" if code == "no-sessions" else f"hours-{row['number']}"
                self.add_error(field, forms.ValidationError(sentence, code=code))
            elif row["hours"].strip() and self.days:
                self.sessions.append((self.days[row["number"]], row["what"], read_hours(row["hours"])))
        if complete and not any(row["hours"].strip() for row in self.rows):
            self.add_error(
                "hours-0",
                forms.ValidationError(_("No hours are typed yet. Count the sessions you sat in."), code="no-hours"),
            )

    def _row_problem(self, row: dict) -> tuple[str, str]:
        typed, what, label = row["hours"].strip(), row["what"].strip(), row["label"]
        if not typed and not what:
            return "", ""
        if self.days and row["number"] >= len(self.days):
            return "extra-day", _("{day} lies after the last day of the event. Empty it, or move the last day.").format(
                day=label
            )
        if not typed:
            return "no-hours-for-day", _("The hours on {day} are missing. Type them, or empty the sessions.").format(
                day=label
            )
        hours = read_hours(typed)
        if hours is None:
            return "unreadable", _(
                "The hours on {day}, “{typed}”, are not a number we can read. Write them like this: 6.5"
            ).format(day=label, typed=typed)
        if not 0 < hours <= rules.DAY_HOURS:
            return "no-such-day", _(
                "{day} has 24 hours; “{typed}” cannot be right. Type the hours you sat in sessions."
            ).format(day=label, typed=typed)
        if not what:
            return "no-sessions", _("The sessions on {day} are missing. Name the ones you sat in.").format(day=label)
        return "", ""

    def summary(self):
        """List what to fix in the order of the page."""
        lines = super().summary()
        order = [f"id_{name}" for name in ("title", "provider", "first_day", "last_day", "place", "delivery_0")]
        order += [f"id_{part}-{n}" for n in range(len(self.rows)) for part in ("what", "hours")]
        order += ["id_areas_0", "id_learned", "id_files", "id_attested"]
        return sorted(lines, key=lambda line: order.index(line[0]) if line[0] in order else -1)

    def steps(self) -> list[dict]:
        """Return the parts of the form with how many answers each still needs."""
        anchors = [anchor for anchor, _text in self.summary()]
        parts = [
            (
                "where",
                _("Where and when"),
                ("id_title", "id_provider", "id_first", "id_last", "id_place", "id_delivery"),
            ),
            ("hours", _("Hours"), ("id_what", "id_hours")),
            ("taught", _("What it taught you"), ("id_areas", "id_learned")),
            ("proof", _("Proof"), ("id_files",)),
            ("send", _("Check and send"), ("id_attested",)),
        ]
        return [
            {"id": key, "label": label, "open": sum(anchor.startswith(starts) for anchor in anchors)}
            for key, label, starts in parts
        ]


def part_helper(*fields) -> FormHelper:
    """Lay out one part of the form; the rows of hours and the files have templates of their own."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


def where_helper() -> FormHelper:
    days = Row(Column("first_day", css_class="col-sm-6 col-xl-4"), Column("last_day", css_class="col-sm-6 col-xl-4"))
    return part_helper("title", "provider", days, "place", "delivery")

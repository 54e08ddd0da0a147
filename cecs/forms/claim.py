"""The claim form. It reads the raw text of a draft, so that a field that is wrong keeps what was typed."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from crispy_forms.layout import Column, Field, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cecs import asks, rules
from cecs import services as cecs
from cecs.models import CecSubmission
from cecs.states import Answer
from journals.states import DISTANT, PUBLICATIONS, SERVICE, SHARED, Activity, Level, Ruling
from serportal.ui.asks import field_for, parse_day, part_helper
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField, read_hours
from serportal.ui.text import as_key
from serportal.ui.words import day_text

SER = gettext_lazy("Society for Ecological Restoration")


class StartForm(PortalForm):
    """What was done, and the button that starts a draft; its key is the draft’s own."""

    submit_key = SubmitKeyField()
    activity = forms.ChoiceField(
        choices=Activity,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Nothing is chosen yet. Choose what you did; the form asks only what that needs."),
            "invalid_choice": gettext_lazy("What you chose is not on the list. Choose one of the twelve."),
        },
    )


class CopyForm(PortalForm):
    """The button that copies a filed claim; pressed twice, it is one draft."""

    submit_key = SubmitKeyField()


class RulingForm(PortalForm):
    """What the coordinator decides otherwise about a claim, and why (R-ROLE, R-DUP)."""

    code = forms.ChoiceField(
        choices=Ruling,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Nothing is ticked. Tick what you decide.")},
    )
    holds = forms.TypedChoiceField(
        choices=[("yes", gettext_lazy("It holds")), ("no", gettext_lazy("It no longer holds"))],
        coerce=lambda value: value == "yes",
        error_messages={"required": gettext_lazy("Nothing says whether it holds or is taken back.")},
    )
    reason = PlainTextField(
        lines=3,
        max_length=2000,
        error_messages={"required": gettext_lazy("The reason is missing. It stays in the history of the case.")},
    )


class LinkForm(PortalForm):
    """Which event this claim’s event is the same as (R-CAP)."""

    link = forms.IntegerField(
        min_value=1,
        max_value=2**62,
        error_messages={"invalid": gettext_lazy("This event is not on the list. Choose one of it.")},
    )


class ActivityForm(PortalForm):
    """Another activity for a draft that exists."""

    activity = forms.ChoiceField(choices=Activity, widget=forms.RadioSelect)


@dataclass(frozen=True)
class Opened:
    """Which parts of a filed claim are open to its author again, and for what (R-REV-8, R-DATE)."""

    base: CecSubmission
    parts: frozenset[str]
    proof: bool

    def rows(self) -> tuple[cecs.Row, ...]:
        return tuple(cecs.Row(row.day, row.sessions, row.hours) for row in self.base.days.all())


class ClaimForm(PortalForm):
    """A claim about one activity, bound to the text of a draft. Valid means: it may be filed.

    ``areas`` are the knowledge areas in force, ``events`` the member’s own around the typed days. With ``opened`` it is
    an answer about a filed claim: it asks the open parts only, and the others stay as filed.
    """

    # Files are kept as they arrive; this field only carries what is to be said about them.
    files = forms.Field(required=False)

    def __init__(
        self,
        data: dict,
        *,
        files: int,
        today: date,
        areas: dict,
        events=(),
        opened: Opened | None = None,
        judged: bool = True,
    ):
        super().__init__(data if judged else None, initial=data)
        self.raw, self.proofs, self.today, self.areas, self.events = data, files, today, areas, list(events)
        self.opened = opened
        self.activity = data.get("activity") or Activity.CONFERENCE
        self.asks = asks.FORMS[self.activity]
        self._read_days(data)
        offered = tuple((key, area.name) for key, area in areas.items() if area.offered)
        for ask in self.asks.where * self.has("where") + self.asks.taught * self.has("taught"):
            self.fields[ask.name] = field_for(replace(ask, choices=offered) if ask.kind == "many" else ask)
        if self.has("where"):
            self._add_event_field()
        self.rows = [self._row(number) for number in range(self._row_count())]
        for number in range(len(self.rows)):
            self.fields[f"what-{number}"] = PlainTextField(required=False, max_length=1000, lines=2)
            self.fields[f"hours-{number}"] = forms.CharField(required=False, max_length=20)
        self._add_last_fields()
        self.where = part_helper(*(self._layout() if self.has("where") else ()))
        self.taught = part_helper(*(self.asks.names("taught") if self.has("taught") else ()))
        self.send = part_helper("answer" if opened else "asked", "attested")

    def has(self, part: str) -> bool:
        """Whether this form asks ``part``."""
        return self.asks.has_part(part) and (self.opened is None or part in self.opened.parts)

    def _read_days(self, data: dict) -> None:
        if self.has("where"):
            self.first, self.last = (parse_day(data.get(name), rules.EARLIEST) for name in ("first_day", "last_day"))
        else:
            self.first, self.last = self.opened.base.first_day, self.opened.base.last_day
        if self.activity in PUBLICATIONS:
            self.first = self.last
        self.days = rules.days_between(self.first, self.last) if self.asks.has_hours else []

    def _add_last_fields(self) -> None:
        if self.opened:
            self.fields["answer"] = PlainTextField(
                label=gettext_lazy("Your answer to the coordinator"),
                help_text=gettext_lazy("What you changed or added, and why. The committee reads it too."),
                required=False,
                lines=3,
                max_length=4000,
            )
        else:
            self.fields["asked"] = forms.CharField(
                label=gettext_lazy("Ask for fewer credits than the sum"),
                help_text=gettext_lazy("Optional, in steps of 0.25."),
                required=False,
                max_length=10,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num short"}),
            )
        self.fields["attested"] = forms.BooleanField(
            label=self._word_of_honour(),
            error_messages={
                "required": gettext_lazy("Tick that what you report is true and that you did it yourself.")
            },
        )

    def unjudged(self) -> "ClaimForm":
        """Return the same answers without a word about what is missing, for someone who is still typing."""
        more = {"files": self.proofs, "today": self.today, "areas": self.areas, "events": self.events}
        return ClaimForm(self.raw, judged=False, opened=self.opened, **more)

    def _word_of_honour(self):
        if self.in_advance and not (self.opened and self.opened.proof):
            return gettext_lazy("What I report here is true, and I mean to take part in it myself.")
        return gettext_lazy("What I report here is true, and I did it myself.")

    @property
    def in_advance(self) -> bool:
        """Whether the activity is not over yet, so that its proof comes later (R-DATE)."""
        return self.last is not None and self.last > self.today

    def _add_event_field(self) -> None:
        if self.activity not in SHARED or not self.events:
            return
        choices = [("", _("No, it is an event of its own")), *((str(one.pk), one.name) for one in self.events)]
        self.fields["part_of"] = forms.ChoiceField(
            label=_("Is it part of an event you reported before?"),
            help_text=_("A single event counts at most once up to its limit, attending and teaching together."),
            choices=choices,
            required=False,
            error_messages={"invalid_choice": _("This event is not one of yours on these days. Choose from the list.")},
        )

    def _layout(self) -> list:
        """Lay out the first part: the two days side by side, what only some need hidden where CSS can tell."""
        names = [ask.name for ask in self.asks.where]
        fields = [
            Field(ask.name, wrapper_class=f"only-{ask.only_if}" if ask.only_if else "") for ask in self.asks.where
        ]
        if {"first_day", "last_day"} <= set(names):
            place = names.index("first_day")
            days = Row(
                Column("first_day", css_class="col-sm-6 col-xl-4"), Column("last_day", css_class="col-sm-6 col-xl-4")
            )
            fields[place : place + 2] = [days]
        return [*fields, *(["part_of"] if "part_of" in self.fields else [])]

    # Rows of hours ---------------------------------------------------
    @property
    def in_parts(self) -> bool:
        """Whether the activity is longer than two weeks, so that its hours are told in parts, not by day."""
        return bool(self.first and self.last and self.first <= self.last and not self.days)

    def _row_count(self) -> int:
        if not self.has("hours"):
            return 0
        typed = [n for n in range(rules.MOST_DAYS) if self.raw.get(f"what-{n}") or self.raw.get(f"hours-{n}")]
        filled = max(typed, default=-1) + 1
        return min(rules.MOST_DAYS, max(len(self.days), filled + self.in_parts, 1))

    def _row(self, number: int) -> dict:
        if number < len(self.days):
            label = day_text(self.days[number])
        else:
            label = (_("Part {n}") if self.in_parts else _("Day {n}")).format(n=number + 1)
        return {
            "number": number,
            "label": label,
            "what": self.raw.get(f"what-{number}", ""),
            "hours": self.raw.get(f"hours-{number}", ""),
        }

    @property
    def rows_key(self) -> str:
        """Name the rows a page shows, so that only a change of days draws them anew while someone types."""
        if not self.has("hours"):
            return ""
        first = self.days[0] if self.days else "parts" if self.in_parts else ""
        return f"{first}+{len(self.rows)}"

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

    def _most_hours(self) -> Decimal:
        span = (self.last - self.first).days + 1 if self.in_parts else 1
        return min(rules.MOST_HOURS, rules.DAY_HOURS * span)

    def readable_rows(self) -> tuple[list[cecs.Row], list[str]]:
        """Return (the rows that can be read and counted, the labels of those that cannot)."""
        read, unreadable = [], []
        for row in self.rows[: len(self.days) or None]:
            if not row["hours"].strip():
                continue
            hours = read_hours(row["hours"])
            if hours is None or not 0 < hours <= self._most_hours():
                unreadable.append(row["label"])
            else:
                day = self.days[row["number"]] if row["number"] < len(self.days) else None
                read.append(cecs.Row(day, row["what"].strip(), hours))
        return read, unreadable

    # Answers ---------------------------------------------------------
    def answers(self) -> cecs.Answers:
        """Return a valid form as answers that may be filed."""
        return self._answers(self.cleaned_data, tuple(self.rows_read))

    def so_far(self) -> cecs.Answers | None:
        """Return what can be read of a half-typed form, or None where it is too little for a sum."""
        rows = list(self.readable_rows()[0] if self.has("hours") or not self.opened else self.opened.rows())
        days_ok = (
            self.first and self.last and not rules.days_problem(self.activity, self.first, self.last, today=self.today)
        )
        if not days_ok or (self.asks.has_hours and not rows):
            return None
        if self.activity in SERVICE and self.raw.get("level") not in Level.values:
            return None
        typed = {ask.name: self.raw.get(ask.name) or "" for ask in self.asks.asks() if ask.kind != "day"}
        typed |= {"first_taught_on": parse_day(self.raw.get("first_taught_on"))}
        typed["areas"], typed["asked"] = (), read_credits(self.raw.get("asked", ""))
        typed["part_of"] = self.raw.get("part_of") or ""
        return self._answers(typed, tuple(rows))

    def _answers(self, data: dict, rows: tuple[cecs.Row, ...]) -> cecs.Answers:
        names = {ask.name for ask in self.asks.asks()} - {"first_day", "last_day", "areas"}
        if self.opened:
            data = {**self._as_filed(), **data}
            rows = rows if self.has("hours") else self.opened.rows()
        given = {name: data[name] for name in names if data.get(name)}
        if self.activity not in {Activity.VOLUNTEERING} and "provider" not in names:
            given["provider"] = given.get("unit") or str(SER)
        if given.get("regular") != Answer.YES:
            given.pop("first_taught_on", None)
            if self.activity == Activity.INSTRUCTION:
                given.pop("course_no", None)
        if given.get("level") == Level.SER:
            given.pop("unit", None)
            given["provider"] = str(SER)
        part_of = data.get("part_of") or ""
        return cecs.Answers(
            activity=self.activity,
            title=given.pop("title", ""),
            provider=given.pop("provider", ""),
            first_day=self.first,
            last_day=self.last,
            rows=rows,
            areas=tuple(data.get("areas") or ()),
            asked=data.get("asked") or None,
            part_of=as_key(str(part_of)),
            **given,
        )

    def _as_filed(self) -> dict:
        """Return the answers of the parts that are not open, as the claim has them."""
        closed = [ask.name for part in ("where", "taught") if not self.has(part) for ask in getattr(self.asks, part)]
        filed = {name: getattr(self.opened.base, name) for name in closed}
        return {**filed, "asked": self.opened.base.asked}

    # Judging ---------------------------------------------------------
    def clean(self):
        data = super().clean()
        self._clean_days(data)
        self._clean_conditions(data)
        self._clean_rows()
        if self.opened is None:
            self._clean_asked(data)
        if not self.proofs and (self.opened is None or self.opened.proof):
            self.add_error("files", forms.ValidationError(str(self.asks.proof_missing), code="no-proof"))
        return data

    def _clean_days(self, data: dict) -> None:
        first = data.get("last_day") if self.activity in PUBLICATIONS else data.get("first_day")
        last = data.get("last_day")
        if not first or not last:
            return
        sentences = {
            "last-before-first": _("The last day, {last}, comes before the first day, {first}. Swap the two dates."),
            "too-many-days": _("From {first} to {last} is more than {most} days. File each event as its own claim."),
            "over-a-year": _(
                "From {first} to {last} is more than a year. One claim is one year of service: end it twelve months "
                "after it began, and file the next year as its own claim."
            ),
            "not-over": _("The last day, {last}, has not come yet. Send the proof once the activity is over."),
            "too-far-ahead": _(
                "The last day, {last}, lies more than {years} years ahead. Ask again when it has come closer."
            ),
        }
        code = rules.days_problem(self.activity, first, last, today=self.today)
        if not code and self.opened and self.opened.proof and last > self.today:
            code = "not-over"
        if code:
            values = {
                "first": day_text(first),
                "last": day_text(last),
                "most": rules.MOST_DAYS,
                "years": rules.FURTHEST,
            }
            self.add_error("last_day", forms.ValidationError(sentences[code].format(**values), code=code))

    def _clean_conditions(self, data: dict) -> None:
        """Judge the fields that only some answers need."""
        if "verification" in self.fields and data.get("delivery") in DISTANT and not data.get("verification"):
            self._missing("verification", _("Nothing says how your attendance was verified. Online, that is needed."))
        if "unit" in self.fields and data.get("level") in {Level.SECTION, Level.CHAPTER} and not data.get("unit"):
            self._missing("unit", _("The name of the section or chapter is missing."))
        if data.get("regular") == Answer.YES:
            first, taught = self.first, data.get("first_taught_on")
            if not taught and "first_taught_on" not in self.errors:
                self._missing(
                    "first_taught_on",
                    _("When you first taught this course is missing. A regular course counts only the first time."),
                )
            elif taught and first and taught > first:
                self._missing(
                    "first_taught_on",
                    _(
                        "You taught it from {first}, so the first time cannot be {taught}. Correct one of the two."
                    ).format(first=day_text(first), taught=day_text(taught)),
                )

    def _missing(self, field: str, sentence: str) -> None:
        self.add_error(field, forms.ValidationError(sentence, code="needed"))

    def _clean_asked(self, data: dict) -> None:
        typed = (data.get("asked") or "").strip()
        data["asked"] = read_credits(typed)
        if typed and data["asked"] is None:
            sentence = _("“{typed}” is not a number of credits in steps of 0.25. Write it like 4.5, or leave it empty.")
            self.add_error("asked", forms.ValidationError(sentence.format(typed=typed), code="unreadable"))

    def _clean_rows(self) -> None:
        self.rows_read: list[cecs.Row] = []
        complete = True
        for row in self.rows:
            code, sentence = self._row_problem(row)
            if code:
                complete = False
                field = f"what-{row['number']}" if code == "no-sessions" else f"hours-{row['number']}"
                self.add_error(field, forms.ValidationError(sentence, code=code))
        if complete:
            self.rows_read = self.readable_rows()[0]
            total = sum((row.hours for row in self.rows_read), Decimal(0))
            if self.rows and not self.rows_read:
                sentence = _("No hours are typed yet. {how}").format(how=self.asks.hours)
                self.add_error("hours-0", forms.ValidationError(sentence, code="no-hours"))
            elif self.in_parts and total > self._most_hours():
                self.add_error("hours-0", forms.ValidationError(self._too_many(str(total)), code="no-such-day"))

    def _too_many(self, typed: str) -> str:
        return _("From {first} to {last} at most {most} hours can be counted; {typed} cannot be right.").format(
            first=day_text(self.first), last=day_text(self.last), most=self._most_hours(), typed=typed
        )

    def _row_problem(self, row: dict) -> tuple[str, str]:
        typed, what, label = row["hours"].strip(), row["what"].strip(), row["label"]
        if not typed and not what:
            return "", ""
        if self.days and row["number"] >= len(self.days):
            return "extra-day", _("{day} lies after the last day. Empty it, or move the last day.").format(day=label)
        if not typed:
            return "no-hours-for-day", _("The hours of {day} are missing. Type them, or empty the line.").format(
                day=label
            )
        hours = read_hours(typed)
        if hours is None:
            return "unreadable", _(
                "The hours of {day}, “{typed}”, are not a number we can read. Write them like this: 6.5"
            ).format(day=label, typed=typed)
        if not 0 < hours <= self._most_hours():
            if self.in_parts:
                return "no-such-day", self._too_many(typed)
            return "no-such-day", _("{day} has 24 hours; “{typed}” cannot be right. Type the hours that count.").format(
                day=label, typed=typed
            )
        if not what:
            return "no-sessions", _("What the hours of {day} were is missing.").format(day=label)
        return "", ""

    # What still needs the person ---------------------------------------
    def summary(self):
        """List what to fix in the order of the page."""
        names = [*self.asks.names("where"), "part_of"]
        names += [f"{part}-{n}" for n in range(len(self.rows)) for part in ("what", "hours")]
        names += [*self.asks.names("taught"), "files", "asked", "answer", "attested"]
        order = [self.anchor(name) for name in names if name in self.fields]
        lines = super().summary()
        return sorted(lines, key=lambda line: order.index(line[0]) if line[0] in order else -1)

    def parts(self) -> list[str]:
        return [part for part in asks.PARTS if self.has(part) or part == "send"]

    def steps(self) -> list[dict]:
        """Return the parts of the form with how many answers each still needs."""
        wrong = [name for name in self.errors if name != "__all__"]
        return [
            {
                "id": part,
                "label": self.asks.titled(part),
                "open": sum(len(self.errors[name]) for name in wrong if self.part_of_field(name) == part),
            }
            for part in self.parts()
        ]

    def part_of_field(self, name: str) -> str:
        """Return the part of the form in which the field ``name`` stands."""
        if name.startswith(("what-", "hours-")):
            return "hours"
        if name == "files":
            return "proof"
        return next(
            (part for part in ("where", "taught") if name in self.asks.names(part)),
            "send" if name != "part_of" else "where",
        )


def read_credits(text: str) -> Decimal | None:
    """Read a number of credits as people type it, in steps of a quarter; None for anything else."""
    credits = read_hours(text or "")
    return credits if credits and credits <= 100 and not credits % Decimal("0.25") else None

"""The short form: which date, how much of it, and one's word of honour; the code says everything else."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cecs import rules
from cecs import services as cecs
from cecs.states import Grade
from journals.states import Activity
from preapprovals.models import AgendaSession, Occurrence
from serportal.ui.asks import DayField, NumberField, part_helper
from serportal.ui.forms import PortalForm
from serportal.ui.refusal import Refusal
from serportal.ui.words import number, span_text

HONOUR = gettext_lazy("What I report here is true, and I took part in it myself.")


class CodeForm(forms.Form):
    """An approval code, typed as people type it."""

    code = forms.CharField(
        label=gettext_lazy("Approval code"),
        help_text=gettext_lazy("It stands on your Confirmation of Completion, such as SER-7KQM-2WXA."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class CodedForm(PortalForm):
    """A claim about one date of what a code stands for, bound to the text of a draft. Valid means: it may be filed."""

    # Files are kept as they arrive; this field only carries what is to be said about them.
    files = forms.Field(required=False)

    def __init__(self, data: dict, *, of: cecs.Stands, files: int, today: date, judged: bool = True):
        super().__init__(data if judged else None, initial=data)
        self.raw, self.of, self.proofs, self.today = data, of, files, today
        if of.on_demand:
            self._ask_the_day()
        else:
            self._ask_the_date()
        self._ask_how_much()
        if of.offering.category == Activity.COURSE and self._is_graded():
            self.fields["grade"] = forms.ChoiceField(
                label=_("Was the course graded?"),
                choices=Grade.choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Nothing is ticked for grades. Tick whether the course was graded and you passed."),
                    "invalid_choice": _("The answer about grades is none of the three. Tick one of them."),
                },
            )
        self.fields["attested"] = forms.BooleanField(
            label=HONOUR,
            error_messages={"required": _("Tick that what you report is true and that you took part yourself.")},
        )
        self.when = part_helper("completed_on" if of.on_demand else "run")
        self.much = part_helper(*[name for name in ("sessions", "hours_attended", "grade") if name in self.fields])
        self.send = part_helper("attested")

    def _ask_the_day(self) -> None:
        self.fields["completed_on"] = DayField(
            label=_("The day you completed it"),
            earliest=rules.EARLIEST,
            error_messages={
                "required": _("The day you completed it is missing."),
                "invalid": _("The day you completed it is not a date we can use. Write it as 2026-10-12."),
            },
        )

    def _ask_the_date(self) -> None:
        self.runs = {str(one.pk): one for one in cecs.claimable(self.of, self.today)}
        self.fields["run"] = forms.ChoiceField(
            label=_("Which date did you attend?"),
            choices=[(key, label_of(one)) for key, one in self.runs.items()],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("No date is chosen. Choose the one you attended."),
                "invalid_choice": _("This date is not one that can be claimed now. Choose from the list."),
            },
        )

    def _ask_how_much(self) -> None:
        if len(self.sessions) > 1:
            self.fields["sessions"] = forms.MultipleChoiceField(
                label=_("What you took part in"),
                help_text=_("Leave ticked what you attended; of what ran at the same time, only one."),
                choices=[(str(one.number), session_label(one)) for one in self.sessions],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": _("Nothing is ticked. Tick what you took part in."),
                    "invalid_choice": _("A ticked session is not on the agenda. Tick from the list."),
                },
            )
        elif not self.of.on_demand:
            said = _("Type how many of the {hours} hours you were there; 0 or more than all of them cannot be.")
            self.fields["hours_attended"] = NumberField(
                label=_("Hours you attended"),
                help_text=_("All of it takes {hours}. Type fewer if you came late or left early.").format(
                    hours=number(self.whole_hours)
                ),
                most=self.whole_hours,
                error_messages={
                    "required": said.format(hours=number(self.whole_hours)),
                    "invalid": said.format(hours=number(self.whole_hours)),
                },
            )

    def _is_graded(self) -> bool:
        request = self.of.offering.request
        return request is None or request.content.get("offering", {}).get("graded") != "no"

    @cached_property
    def sessions(self) -> list[AgendaSession]:
        return [] if self.of.on_demand else list(self.of.offering.sessions.all())

    @cached_property
    def whole_hours(self) -> Decimal:
        return rules.in_hours([cecs.minutes_of(self.of.offering)])[0]

    def unjudged(self) -> "CodedForm":
        """Return the same answers without a word about what is missing, for someone who is still typing."""
        return CodedForm(self.raw, of=self.of, files=self.proofs, today=self.today, judged=False)

    # Answers ---------------------------------------------------------
    def clean_completed_on(self):
        day = self.cleaned_data["completed_on"]
        try:
            cecs.check_run(self.of, cecs.run_on_demand(self.of, day), today=self.today, day=day)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return day

    def clean_hours_attended(self):
        hours = self.cleaned_data["hours_attended"]
        if not hours:
            raise forms.ValidationError(self.fields["hours_attended"].error_messages["invalid"], code="invalid")
        return hours

    def clean_sessions(self):
        ticked = self._ticked(self.cleaned_data["sessions"])
        both = cecs.overlap(ticked)
        if both:
            sentence = _("“{one}” and “{other}” ran at the same time. Leave only the one you attended.")
            raise forms.ValidationError(sentence.format(one=both[0].title, other=both[1].title), code="side-by-side")
        return ticked

    def _ticked(self, numbers) -> list[AgendaSession]:
        return [one for one in self.sessions if str(one.number) in numbers]

    def clean(self):
        if not self.proofs:
            self.add_error("files", _("There is no proof yet. Add your Confirmation of Completion; a photo will do."))
        return super().clean()

    def occurrence(self) -> Occurrence | None:
        """Return the chosen date, as far as one can be read."""
        data = self.cleaned_data
        if self.of.on_demand:
            day = data.get("completed_on")
            return cecs.run_on_demand(self.of, day) if day else None
        return self.runs.get(data.get("run", ""))

    def answers(self) -> cecs.Answers | None:
        """Return the claim that was typed so far, or None where it is too little for one; call once it is judged."""
        occurrence, parts = self.occurrence(), self._parts()
        if occurrence is None or not parts:
            return None
        day = self.cleaned_data.get("completed_on")
        return cecs.answers_about(self.of, occurrence, parts, day=day, grade=self.cleaned_data.get("grade", ""))

    def _parts(self) -> tuple[cecs.Part, ...]:
        data, offering = self.cleaned_data, self.of.offering
        if "sessions" in self.fields:
            ticked = data.get("sessions") or []
            return cecs.parts_of(ticked)
        hours = data.get("hours_attended") if "hours_attended" in self.fields else self.whole_hours
        if not hours:
            return ()
        if hours == self.whole_hours:
            return cecs.whole(offering, self.sessions)
        return (cecs.Part(None, _("Part of it"), int(hours * rules.MINUTES)),)

    def summary(self):
        """List what to fix in the order of the page."""
        names = ["run", "completed_on", "sessions", "hours_attended", "grade", "files", "attested"]
        order = [self.anchor(name) for name in names if name in self.fields]
        lines = super().summary()
        return sorted(lines, key=lambda line: order.index(line[0]) if line[0] in order else -1)


def label_of(one: Occurrence) -> str:
    """“12 to 13 October 2026, Ithaca”."""
    days = span_text(one.first_day, one.last_day)
    return f"{days}, {one.place}" if one.place else days


def session_label(one: AgendaSession) -> str:
    """“Day 1, 09:00 to 10:30: Soil profiles (1.5 hours)”."""
    text = _("Day {day}, {starts} to {ends}: {title} ({minutes} minutes)")
    values = {"starts": f"{one.starts:%H:%M}", "ends": f"{one.ends:%H:%M}", "title": one.title, "minutes": one.minutes}
    return text.format(day=one.day, **values)

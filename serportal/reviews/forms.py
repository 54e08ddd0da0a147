"""What a committee member and the coordinator send back about a case."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.rules import QUARTER
from serportal.reviews.states import ALONE, NEEDS_REASON, Answer, Basis, Choice, Judgement
from serportal.ui.forms import PlainTextField, PortalForm, SubmitKeyField, read_hours

# How many cases are worked on together, each with a preview of its own; and how many are seated, a whole window’s.
MOST_AT_ONCE, MOST_SEATED = 25, 100


class ConflictForm(PortalForm):
    """The question before the content (R-REV-5)."""

    answer = forms.ChoiceField(
        choices=[("none", gettext_lazy("No conflict")), ("conflict", gettext_lazy("I have a conflict"))],
        error_messages={
            "required": gettext_lazy("Say whether you have a conflict of interest; the case opens after that."),
            "invalid_choice": gettext_lazy("Answer with one of the two buttons."),
        },
    )
    note = PlainTextField(lines=2, required=False, max_length=500)


class CreditsMixin:
    """A choice, the credits where fewer are granted, and the reason where one is needed (R-REV-4)."""

    reason_missing = gettext_lazy(
        "Your reason is missing. Denying or granting fewer credits needs one; the member reads it."
    )

    def clean(self):
        data = super().clean()
        choice = data.get("choice")
        data["credits"] = self._fewer(data.get("credits") or "") if choice == Choice.FEWER else None
        if choice in NEEDS_REASON and not data.get("reason"):
            self.add_error("reason", self.reason_missing)
        return data

    def _fewer(self, text: str) -> Decimal | None:
        credits = read_hours(text)
        if credits is None or credits < QUARTER or credits % QUARTER:
            self.add_error("credits", _("“{typed}” is not a number of credits in steps of 0.25.").format(typed=text))
            return None
        return credits


class BallotForm(CreditsMixin, PortalForm):
    """One ballot, with a judgement of each of ``criteria`` unless it abstains."""

    submit_key = SubmitKeyField()
    revision = forms.IntegerField(min_value=1, max_value=10_000, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        choices=Choice,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("No ballot is ticked yet. Tick one of the four."),
            "invalid_choice": gettext_lazy("This ballot is none of the four. Tick one of them."),
        },
    )
    credits = forms.CharField(required=False, max_length=10)
    reason = PlainTextField(lines=3, required=False, max_length=4000)

    def __init__(self, *args, kind=None, criteria=(), **kwargs):
        super().__init__(*args, **kwargs)
        if kind is not None and not kind.credits:
            self.reason_missing = _(
                "Your reason is missing. Denying or offering CERPIT needs one; the applicant reads it."
            )
        self.criteria = list(criteria)
        for one in self.criteria:
            self.fields[f"judged-{one.key}"] = forms.ChoiceField(
                label=one.label, choices=Judgement, widget=forms.RadioSelect, required=False
            )

    def clean(self):
        data = super().clean()
        if data.get("choice") not in {None, Choice.ABSTAIN}:
            for one in self.criteria:
                if not data.get(f"judged-{one.key}"):
                    text = _("Nothing is ticked for “{criterion}”. Say whether it is met.")
                    self.add_error(f"judged-{one.key}", text.format(criterion=one.label))
        return data

    def judgements(self) -> dict[str, str]:
        """Return what was ticked, by criterion."""
        ticked = {one.key: self.cleaned_data.get(f"judged-{one.key}") for one in self.criteria}
        return {key: value for key, value in ticked.items() if value}

    def judged(self):
        """Yield each criterion with its field."""
        return [(one, self[f"judged-{one.key}"]) for one in self.criteria]


class VoteForm(PortalForm):
    """One answer to a question to the whole committee; a no says why (R-REV-10, R-SPO-6)."""

    submit_key = SubmitKeyField()
    revision = forms.IntegerField(min_value=1, max_value=10_000, widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        choices=Answer,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("No answer is ticked yet. Tick one of the three."),
            "invalid_choice": gettext_lazy("This answer is none of the three. Tick one of them."),
        },
    )
    reason = PlainTextField(lines=3, required=False, max_length=4000)

    def clean(self):
        data = super().clean()
        if data.get("answer") == Answer.NO and not data.get("reason"):
            self.add_error("reason", _("Your reason is missing. A no needs one; it may stand in the letter."))
        return data


class DaysForm(PortalForm):
    """More days for the committee, and why (R-REV-10)."""

    until = forms.DateField(
        error_messages={
            "required": gettext_lazy("The new day is missing. Give the day by which the committee answers."),
            "invalid": gettext_lazy("This is not a day. Write it as year-month-day, for instance 2026-12-14."),
        }
    )
    reason = PlainTextField(
        lines=3,
        max_length=2000,
        error_messages={"required": gettext_lazy("The reason is missing. It stays in the history of the case.")},
    )


class TickedForm(PortalForm):
    """Several cases of one’s own desk, ticked."""

    cases = forms.MultipleChoiceField(
        error_messages={
            "required": gettext_lazy("No case is ticked. Tick the cases this is about, or open one of them."),
            "invalid_choice": gettext_lazy("A ticked case is no longer on your desk. Look at the list below again."),
        }
    )

    def __init__(self, *args, references, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cases"].choices = [(reference, reference) for reference in references]


class NoteForm(PortalForm):
    """Text that must not be empty: a note, a question, a reason."""

    text = PlainTextField(lines=3, max_length=4000)

    def __init__(self, *args, missing: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = missing or _("Nothing is written yet.")


class SeatsForm(PortalForm):
    """Whom to seat: exactly as many as there are open places, and which other cases of the member with them."""

    members = forms.ModelMultipleChoiceField(
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Nobody is ticked. Tick one person for each open place.")},
    )
    considered = forms.BooleanField(required=False)
    together = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args, people, others=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = people
        self.fields["together"].choices = [(pk, pk) for pk in others]


class QuestionForm(PortalForm):
    """What the member is asked, and which parts open to answer it (R-REV-8)."""

    parts = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("No part is ticked. Tick what the member may change to answer."),
            "invalid_choice": gettext_lazy("A ticked part is not one of this submission. Tick from the list."),
        },
    )
    question = PlainTextField(
        lines=4,
        max_length=4000,
        error_messages={"required": gettext_lazy("The question is empty. Write what the member should answer or add.")},
    )

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = parts


class ExtensionForm(PortalForm):
    """Until when the answer takes, and why (R-REV-3)."""

    until = forms.DateField(
        label=gettext_lazy("The answer goes out by"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("The new day is missing. Choose by when the member hears."),
            "invalid": gettext_lazy("The new day is not a date. Write it as 2026-12-21."),
        },
    )
    reason = PlainTextField(
        label=gettext_lazy("Why; the letter says so"),
        lines=3,
        max_length=2000,
        error_messages={"required": gettext_lazy("The reason is missing. The member reads it in the letter.")},
    )


class LetterForm(PortalForm):
    """The coordinator’s own paragraph, and the fingerprint of the letter that was read."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput, required=False)
    note = PlainTextField(lines=4, required=False, max_length=2000)
    steps = PlainTextField(lines=8, required=False, max_length=8000)

    def listed_steps(self) -> list[str] | None:
        """Return the next steps, one a line, or None where the page had none to write."""
        if "steps" not in self.data:
            return None
        return [line.strip()[:1000] for line in self.cleaned_data["steps"].splitlines() if line.strip()]


class AloneForm(CreditsMixin, LetterForm):
    """The coordinator’s own decision, with its ground (R-REV-7, R-DATE)."""

    basis = forms.ChoiceField(choices=[(basis, Basis(basis).label) for basis in ALONE], widget=forms.HiddenInput)
    precedent = forms.ModelChoiceField(queryset=Decision.objects.none(), required=False, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        choices=[(one, Choice(one).label) for one in (Choice.APPROVE, Choice.FEWER, Choice.DENY)],
        error_messages={
            "required": gettext_lazy("Nothing is ticked. Tick approve, approve fewer or deny."),
            "invalid_choice": gettext_lazy("This is none of the three. Tick approve, approve fewer or deny."),
        },
    )
    credits = forms.CharField(required=False, max_length=10)
    reason = PlainTextField(lines=3, required=False, max_length=4000)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        hidden = ReviewCase.objects.hidden_from(by).values("pk")
        self.fields["precedent"].queryset = Decision.objects.exclude(case__in=hidden)


class AwayForm(PortalForm):
    """Days on which a member takes no case."""

    first = forms.DateField(
        label=gettext_lazy("First day away"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("The first day away is missing."),
            "invalid": gettext_lazy("The first day away is not a date. Write it as 2026-12-21."),
        },
    )
    last = forms.DateField(
        label=gettext_lazy("Last day away"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("The last day away is missing. For one day, repeat the first."),
            "invalid": gettext_lazy("The last day away is not a date. Write it as 2026-12-21."),
        },
    )

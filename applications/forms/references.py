"""Forms about references: whom the applicant names, what the referee answers, and why one declines (R-APP-6)."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from applications import referee_asks as asks
from applications.models import Reference
from applications.services.references import Named
from serportal.ui.asks import field_for, part_helper
from serportal.ui.forms import PlainTextField, PortalForm


class NamedForm(PortalForm):
    """Whom an applicant names as a referee."""

    name = PlainTextField(
        label=_("Name of the referee"),
        max_length=200,
        error_messages={"required": _("The name of the referee is missing.")},
    )
    email = forms.EmailField(
        label=_("E-mail address of the referee"),
        max_length=254,
        help_text=_("The link goes to this address and nowhere else."),
        error_messages={
            "required": _("The e-mail address of the referee is missing."),
            "invalid": _("This is no e-mail address. It reads like name@organisation.example."),
        },
    )
    organisation = PlainTextField(label=_("Organisation (optional)"), max_length=200, required=False)
    relationship = PlainTextField(
        label=_("How you worked together"),
        max_length=300,
        error_messages={"required": _("How you worked together is missing, such as supervisor or client.")},
    )
    note = PlainTextField(
        lines=3,
        label=_("A few words to the referee (optional)"),
        help_text=_("They stand in the invitation, on one line and without web addresses."),
        max_length=1000,
        required=False,
    )

    helper = part_helper("name", "email", "organisation", "relationship", "note")

    @classmethod
    def of(cls, reference: Reference):
        return cls(initial={name: getattr(reference, name) for name in cls.base_fields})

    def named(self) -> Named:
        return Named(**self.cleaned_data)


class AnswerForm(PortalForm):
    """A reference as its referee types it. Valid means: it may be sent."""

    def __init__(self, data: dict, *, kind: str, judged: bool = True):
        super().__init__(data if judged else None, initial=data)
        self.raw, self.kind = data, kind
        for ask in asks.asked(kind):
            self.fields[ask.name] = field_for(ask)
        self.about_you = part_helper(*(ask.name for ask in asks.ABOUT_YOU))
        self.work = part_helper(asks.SEEN.name)
        self.rating = part_helper(Row(*(Column(ask.name, css_class="col-md-6 col-lg-4") for ask in asks.RATINGS)))
        self.last = part_helper("recommends", *(ask.name for ask in asks.LAST))

    def unjudged(self):
        """Return the same answers without a word about what is missing."""
        return AnswerForm(self.raw, kind=self.kind, judged=False)


class DeclineForm(PortalForm):
    """Why a referee gives no reference, and who may know."""

    because = PlainTextField(
        lines=3,
        label=_("Your reason"),
        max_length=2000,
        error_messages={"required": _("The reason is missing. A few words are enough, such as “too long ago”.")},
    )
    tell = forms.BooleanField(
        required=False,
        label=_("The applicant may read my reason"),
        help_text=_("Without this tick only the coordinators and reviewers read it."),
    )

    helper = part_helper("because", "tell")

"""What people look for on the list of courses and in the calendar."""

from decimal import Decimal
from operator import itemgetter
from urllib.parse import urlencode

from django import forms
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from journals.states import CATEGORIES
from preapprovals.rules import Asked
from preapprovals.states import OFFERED, Order, Reach
from serportal.ui.forms import PlainTextField, PortalForm
from serportal.ui.words import day_text, number

# The categories of the credit schedule by what may be asked for in each.
NAMES = dict(zip(OFFERED, (CATEGORIES[place] for place in (1, 2, 3, 4)), strict=True))
LEAST = [(least, format_lazy(gettext_lazy("{least} or more"), least=least)) for least in ("1", "2.5", "5", "10")]


def any_or(words, choices) -> list[tuple[str, str]]:
    return [("", words), *choices]


class FindForm(PortalForm):
    """What the list is narrowed to, all of it in the address; what cannot be read is left out, never an error.

    ``areas`` are the knowledge areas. ``facets`` are the countries and languages to choose from, those that can be
    found today; an address may name any other, since what it leads to comes and goes while somebody follows it.
    ``kept`` is what else the address of the page says.
    """

    q = PlainTextField(label=gettext_lazy("Search"), max_length=100, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=any_or(gettext_lazy("All four"), [(one.value, name) for one, name in NAMES.items()]),
        required=False,
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("How"), choices=any_or(gettext_lazy("Any way"), Reach.choices), required=False
    )
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    credits = forms.TypedChoiceField(
        label=gettext_lazy("Credits"), choices=any_or(gettext_lazy("Any number"), LEAST), coerce=Decimal, required=False
    )
    area = forms.ChoiceField(label=gettext_lazy("Knowledge area"), required=False)
    language = PlainTextField(label=gettext_lazy("Language"), max_length=40, required=False)
    approved = forms.BooleanField(label=gettext_lazy("Only what is pre-approved"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), choices=any_or("", Order.choices), required=False)

    def __init__(
        self,
        data,
        *,
        areas: dict,
        facets: dict[str, list[str]] | None = None,
        kept: dict[str, str] | None = None,
    ):
        super().__init__(data)
        self.facets, self.kept = facets or {"country": [], "language": []}, kept or {}
        self.fields["area"].choices = any_or(_("Any area"), [(key, area.name) for key, area in areas.items()])
        self.offered_areas = {key for key, area in areas.items() if area.offered}

    def clean_country(self) -> str:
        code = self.cleaned_data["country"]
        return code if code in countries.countries else ""

    def countries(self) -> list[tuple[str, str]]:
        """Return the countries to choose from, by name; the one that was asked for is always among them."""
        codes = {*self.facets["country"], self.asked.country} - {""}
        return any_or(_("Anywhere"), sorted(((code, countries.name(code)) for code in codes), key=itemgetter(1)))

    def languages(self) -> list[tuple[str, str]]:
        words = sorted({*self.facets["language"], self.asked.language} - {""})
        return any_or(_("Any language"), [(word, word) for word in words])

    def areas(self) -> list[tuple[str, str]]:
        shown = {"", *self.offered_areas, self.asked.area}
        return [choice for choice in self.fields["area"].choices if choice[0] in shown]

    @cached_property
    def asked(self) -> Asked:
        """What was asked and could be read; two days in the wrong order are put into the right one."""
        self.is_valid()
        read = {name: value for name, value in self.cleaned_data.items() if value}
        days = sorted(read[name] for name in ("first", "last") if name in read)
        if len(days) == 2:
            read["first"], read["last"] = days
        return Asked(**read)

    @cached_property
    def query(self) -> dict[str, str]:
        """What was asked, as the address carries it."""
        asked = {name: getattr(self.asked, name) for name in self.fields}
        return {name: self.as_sent(value) for name, value in asked.items() if value}

    @staticmethod
    def as_sent(value) -> str:
        if value is True:
            return "on"
        return number(value) if isinstance(value, Decimal) else str(value)

    def address(self, **changed) -> str:
        """Return what was asked as the query of an address, with something changed; None leaves it out."""
        query = {name: value for name, value in {**self.query, **changed}.items() if value is not None}
        return f"?{urlencode(query)}" if query else ""

    def here(self, **changed) -> str:
        """Return the same for this page, with what it keeps besides."""
        return self.address(**{**self.kept, **changed}) or "?"

    def cleared(self) -> str:
        """Return the query of this page with nothing asked."""
        return f"?{urlencode({name: value for name, value in self.kept.items() if value})}"

    def narrowed(self) -> list[tuple[str, str]]:
        """Return (what it is narrowed to, the query without it) for each thing asked but the order."""
        names = [name for name in self.query if name not in {"sort", *self.kept}]
        return [(self.said(name), self.here(**{name: None})) for name in names]

    def said(self, name: str) -> str:
        """Say one thing that was asked, in words."""
        value = getattr(self.asked, name)
        if name == "q":
            return _("“{words}”").format(words=value)
        if name == "approved":
            return _("pre-approved")
        if name in {"first", "last"}:
            return (_("from {day}") if name == "first" else _("until {day}")).format(day=day_text(value))
        if name == "language":
            return value
        if name == "country":
            return countries.name(value)
        label = dict(self.fields[name].choices)[self.query[name]]
        return _("{n} credits").format(n=label) if name == "credits" else str(label)

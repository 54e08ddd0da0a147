"""Who may see which request, offering and roster, and what is on the list."""

from datetime import date, timedelta

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import JSONObject

from journals.states import Delivery
from preapprovals.rules import Asked, as_searched, read_code, words_of
from preapprovals.states import REACHED, STANDING, Act, AttendanceState, ContactRole, Order, Reach

EDITORS = (ContactRole.MANAGER, ContactRole.EDITOR)


# How long a calendar program is told of what is over or cancelled.
REMEMBERED = timedelta(days=90)
# What ends or brings back all dates of an offering at once.
TURNS = (Act.TERMINATED, Act.OVERTURNED, Act.WITHDRAWN)


class SponsorQuerySet(models.QuerySet):
    def of(self, person, roles=tuple(ContactRole)):
        """Sponsors that ``person`` acts for in one of ``roles``."""
        contacts = self.model._meta.get_field("contacts").related_model.objects.current()
        return self.filter(Exists(contacts.filter(sponsor=OuterRef("pk"), person=person, role__in=roles)))


class ContactQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at__isnull=True)


class DraftQuerySet(models.QuerySet):
    def open_of(self, person):
        """Requests that ``person`` is preparing, the last one saved first; answers are not among them."""
        return self.filter(owner=person, sent_at__isnull=True, request__isnull=True).order_by("-saved_at")


class OfferingQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(state__in=STANDING)

    def public(self, day: date):
        """What anyone may see on ``day``: standing and not expired, pre-approved or only listed (R-SPO-3, R-SPO-7)."""
        return self.standing().filter(valid_to__gte=day)

    def about(self, asked: Asked):
        """Those of which everything is true that is asked of the offering itself, not of its dates."""
        found = self.filter(_said(asked.q)) if asked.q else self
        if asked.category:
            found = found.filter(category=asked.category)
        if asked.delivery:
            found = found.filter(delivery__in=REACHED[Reach(asked.delivery)])
        if asked.credits is not None:
            found = found.filter(credits__gte=asked.credits)
        if asked.area:
            found = found.filter(areas__contains=[asked.area])
        if asked.language:
            found = found.filter(language=asked.language)
        return found.filter(code__isnull=False) if asked.approved else found

    def found(self, asked: Asked, day: date):
        """What ``asked`` finds on the list of ``day``; what is on demand is there on any day of its approval."""
        rows = self.public(day).about(asked)
        if asked.country or asked.first or asked.last:
            rows = rows.filter(Exists(self._runs(asked, day)) | _on_demand(asked))
        return rows

    def listed(self, asked: Asked, day: date):
        """The same in the order asked for, each with the next date that fits; ``total`` counts all pages."""
        runs = self._runs(asked, day).order_by("first_day", "pk")
        return (
            self.found(asked, day)
            .annotate(
                next_day=Subquery(runs.values("first_day")[:1]),
                next_run=Subquery(runs.values(said=JSONObject(**{name: name for name in RUN}))[:1]),
                total=Window(Count("*")),
            )
            .select_related("sponsor", "request")
            .defer("objectives", "request__content", "request__reasons")
            .order_by(*_order(asked))
        )

    def count_each(self, several: dict[str, Asked], day: date) -> dict[str, int]:
        """Return how many each of ``several`` finds, asked at once."""
        parts = [
            self.found(asked, day).annotate(name=Value(name)).order_by().values("name").annotate(n=Count("pk"))
            for name, asked in several.items()
        ]
        if not parts:
            return {}
        rows = parts[0].union(*parts[1:], all=True).values_list("name", "n")
        return dict.fromkeys(several, 0) | dict(rows)

    def facets(self, day: date) -> dict[str, list[str]]:
        """Return the countries and the languages in which something is on the list of ``day``, asked at once."""
        runs = self._occurrences().held().public(day).filter(last_day__gte=day).exclude(country="")
        countries = runs.annotate(facet=Value("country")).order_by().values_list("facet", "country").distinct()
        spoken = self.public(day).exclude(language="").annotate(facet=Value("language")).order_by()
        found = {"country": [], "language": []}
        for facet, value in countries.union(spoken.values_list("facet", "language").distinct()):
            found[facet].append(value)
        return {facet: sorted(values) for facet, values in found.items()}

    def _runs(self, asked: Asked, day: date):
        """Dates from ``day`` on of the offering of the outer query, in the country and the days asked for."""
        runs = self._occurrences().held().filter(last_day__gte=day, offering=OuterRef("pk"))
        return runs.at(asked)

    def _occurrences(self):
        return self.model._meta.get_field("occurrences").related_model.objects

    def of(self, person, roles=tuple(ContactRole)):
        """Offerings of the sponsors that ``person`` acts for in one of ``roles``."""
        sponsors = self.model._meta.get_field("sponsor").related_model.objects.of(person, roles)
        return self.filter(sponsor__in=sponsors)


class OccurrenceQuerySet(models.QuerySet):
    def public(self, day: date):
        """Dates of offerings that anyone may see on ``day``; cancelled ones among them."""
        return self.filter(offering__state__in=STANDING, offering__valid_to__gte=day)

    def held(self):
        return self.filter(cancelled_at__isnull=True)

    def coming(self, day: date):
        """Dates on ``day`` or later of what anyone may see, with their offering, the soonest first."""
        rows = self.public(day).held().filter(last_day__gte=day)
        return rows.select_related("offering__sponsor").order_by("first_day", "pk")

    def at(self, asked: Asked):
        """Dates in the country and within the days that are asked for."""
        found = self.filter(country=asked.country) if asked.country else self
        if asked.first:
            found = found.filter(last_day__gte=asked.first)
        return found.filter(first_day__lte=asked.last) if asked.last else found

    def dated(self, asked: Asked):
        """Dates that a calendar shows, of offerings that ``asked`` finds; what is on demand has no day of its own."""
        offerings = self.model._meta.get_field("offering").related_model.objects.exclude(delivery=Delivery.ON_DEMAND)
        rows = self.at(asked).filter(offering__in=offerings.about(asked).values("pk"))
        return rows.select_related("offering__sponsor").order_by("first_day", "starts", "pk")

    def followed(self, asked: Asked, day: date):
        """What a calendar program is told on ``day``: what comes, and what was during the last ninety days.

        Whatever was cancelled or terminated is among it: a program that had it must hear that it is off (R-SPO-6).
        ``turns`` counts what ended or brought back the whole offering, last at ``turned_at``.
        """
        acts = self.model._meta.get_field("offering").related_model._meta.get_field("notices").related_model.objects
        turns = acts.filter(offering=OuterRef("offering"), act__in=TURNS).order_by().values("offering")
        return (
            self.dated(asked)
            .filter(last_day__gte=day - REMEMBERED)
            .select_related("offering__request")
            .defer(
                "offering__description",
                "offering__objectives",
                "offering__request__content",
                "offering__request__reasons",
            )
            .annotate(
                turns=Subquery(turns.annotate(n=Count("*")).values("n")),
                turned_at=Subquery(turns.annotate(last=models.Max("at")).values("last")),
            )
        )


class AttendanceQuerySet(models.QuerySet):
    def known(self):
        """Rows that count: not taken back with their roster."""
        return self.exclude(state=AttendanceState.UNDONE)

    def offered_to(self, person):
        """What a roster says of ``person`` and they have not answered yet."""
        return self.filter(person=person, state=AttendanceState.OFFERED)

    def addressed_to(self, email: str):
        return self.filter(Q(email__iexact=email), person__isnull=True)


# What a line of the list says of a date.
RUN = ("first_day", "last_day", "starts", "ends", "zone", "place", "country")


def _said(text: str) -> Q:
    """Every word of ``text`` or something like it, the whole of it nearly, or the approval code that it spells."""
    every = Q()
    for word in words_of(text):
        every &= Q(search__trigram_word_similar=word) | Q(search__contains=word)
    code = read_code(text)
    return every | Q(search__trigram_word_similar=as_searched(text)) | (Q(code=code) if code else Q(pk__in=[]))


def _on_demand(asked: Asked) -> Q:
    if asked.country:
        return Q(pk__in=[])
    days = Q(valid_to__gte=asked.first) if asked.first else Q()
    return Q(delivery=Delivery.ON_DEMAND) & days & (Q(valid_from__lte=asked.last) if asked.last else Q())


def _order(asked: Asked) -> list:
    """By the next date what has one, then the rest: hundreds of webinars on demand do not hide the next course."""
    if asked.sort == Order.NEWEST:
        return ["-listed_at", "-pk"]
    if asked.sort == Order.TITLE:
        return ["title", "pk"]
    last = Case(When(delivery=Delivery.ON_DEMAND, then=Value(1)), default=Value(0))
    soonest = [last, F("next_day").asc(nulls_last=True), "title", "pk"]
    if asked.q and not asked.sort:
        return [TrigramWordSimilarity(as_searched(asked.q), "search").desc(), *soonest]
    return soonest

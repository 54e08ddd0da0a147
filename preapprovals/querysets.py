"""Who may see which request, offering and roster, and what is on the list."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Abs, Coalesce, JSONObject, Lower, RowNumber

from journals.states import Activity, Delivery
from preapprovals.rules import Asked, as_searched, read_code, slips_of, words_of
from preapprovals.states import (
    REACHED,
    STANDING,
    Act,
    AttendanceState,
    ContactRole,
    OfferingState,
    Order,
    Reach,
    RosterState,
    Section,
)
from serportal.drafts import querysets as drafts
from serportal.reviews.states import ENDED

# The request of an offering, and those of the offerings it renews one after the other: a chain of eight years.
REQUESTS = ("request", "renews__request", "renews__renews__request", "renews__renews__renews__request")
EDITORS = (ContactRole.MANAGER, ContactRole.EDITOR)
# From when before its last day a sponsor may ask that an approval be carried on: a decision takes six weeks.
ASKED_BEFORE = timedelta(days=180)
# From when before its last day, and until when after it, the coordinator can renew it without asking.
RENEWED_BEFORE, RENEWED_AFTER = timedelta(days=90), timedelta(days=60)
CONFIRMED_WITHIN = timedelta(days=30)


# How long a calendar program is told of what is over or cancelled.
REMEMBERED = timedelta(days=90)
# What ends or brings back all dates of an offering at once.
TURNS = (Act.TERMINATED, Act.OVERTURNED, Act.WITHDRAWN)


class SponsorQuerySet(models.QuerySet):
    def of(self, person, roles=tuple(ContactRole)):
        """Sponsors that ``person`` acts for in one of ``roles``."""
        contacts = self.model._meta.get_field("contacts").related_model.objects.current()
        return self.filter(Exists(contacts.filter(sponsor=OuterRef("pk"), person=person, role__in=roles)))

    def with_role_of(self, person):
        """Sponsors that ``person`` acts for, each with the ``role`` in which they do."""
        contacts = self.model._meta.get_field("contacts").related_model.objects.current()
        held = contacts.filter(sponsor=OuterRef("pk"), person=person).values("role")
        return self.of(person).annotate(role=Subquery(held[:1]))

    def readable_by(self, person):
        """Sponsors that ``person`` acts for; every one for a coordinator."""
        return self.all() if person.is_coordinator else self.of(person)

    def coordinated_by(self, user):
        """Sponsors that ``user`` may work on as a coordinator: none that they act for themselves (R-REV-5)."""
        return self.exclude(pk__in=self.model.objects.of(user).values("pk")) if user.is_coordinator else self.none()


class ContactQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at__isnull=True)

    def managing(self):
        """Contacts who can act as managers today: they came, and their account is open."""
        return self.current().filter(role=ContactRole.MANAGER, person__is_active=True)

    def invited(self, person):
        """Invitations that ``person`` can answer: to an address they proved to be theirs."""
        own = person.emailaddress_set.filter(verified=True).annotate(low=Lower("email")).values("low")
        return self.current().filter(person__isnull=True, email__in=own)


class DraftQuerySet(drafts.DraftQuerySet):
    def with_title(self):
        """Each with the ``title`` that was typed so far; "" where none was."""
        sections = self.model._meta.get_field("sections").related_model.objects
        typed = sections.filter(draft=OuterRef("pk"), section=Section.OFFERING).values(title=KT("data__title"))
        return self.annotate(title=Coalesce(Subquery(typed), Value(""), output_field=models.TextField()))


class RequestQuerySet(models.QuerySet):
    def of(self, person):
        """Requests that ``person`` filed, or that were filed for a sponsor they act for, with their cases."""
        sponsors = self.model._meta.get_field("sponsor").related_model.objects.of(person)
        return self.filter(Q(case__filed_by=person) | Q(sponsor__in=sponsors)).select_related("case")

    def copied_by(self, person):
        """Requests that ``person`` may begin another one like: not for a sponsor that they only read for."""
        sponsors = self.model._meta.get_field("sponsor").related_model.objects.of(person, (ContactRole.READER,))
        return self.of(person).exclude(sponsor__in=sponsors)


class AppealQuerySet(models.QuerySet):
    def of(self, person):
        """Appeals that ``person`` filed, or that were filed for a sponsor they may act for, with their cases.

        A conflict that somebody declared, as a member of the committee, closes it to them (R-REV-5).
        """
        notice = self.model._meta.get_field("notice").related_model
        offerings = notice._meta.get_field("offering").related_model.objects.of(person, EDITORS)
        case = self.model._meta.get_field("case").related_model
        closed = case._meta.get_field("conflicts").related_model.objects.filter(case=OuterRef("pk"), member=person)
        acts = Q(notice__offering__in=offerings) & ~Exists(closed)
        return self.filter(Q(case__filed_by=person) | acts).select_related("case")


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
        """The same in the order asked for, each with the next date that fits."""
        return self._ordered(asked, day)._told(asked, day)

    def page_of(self, asked: Asked, day: date, *, first: int, count: int) -> tuple[list, int]:
        """Return ``count`` of what is listed, from place ``first`` on, and how many there are in all.

        Which ones is found out by what they are ordered by alone: a long list is not carried along to show a page.
        """
        places = self._ordered(asked, day).annotate(total=Window(Count("*"))).values_list("pk", "total")
        chosen = list(places[first : first + count])
        rows = self.public(day)._told(asked, day).in_bulk([key for key, _total in chosen])
        return [rows[key] for key, _total in chosen if key in rows], chosen[0][1] if chosen else 0

    def _ordered(self, asked: Asked, day: date):
        next_day = self._runs(asked, day).order_by("first_day").values("first_day")[:1]
        return self.found(asked, day).annotate(next_day=Subquery(next_day)).order_by(*_order(asked))

    def _told(self, asked: Asked, day: date):
        runs = self._runs(asked, day).order_by("first_day", "pk")
        return (
            self.annotate(next_run=Subquery(runs.values(said=JSONObject(**{name: name for name in RUN}))[:1]))
            .select_related("sponsor", "request")
            .defer("objectives", "request__content", "request__reasons")
        )

    def on_demand(self, day: date, until: date, *, language: str, gap: Decimal):
        """What is pre-approved, taken on demand and can be taken by ``until``, the nearest first.

        In the ``language`` asked for, then what closes the ``gap`` by itself, then the closest to it in credits.
        """
        enough = Case(When(credits__gte=gap, then=Value(0)), default=Value(1))
        return (
            self.public(day)
            .filter(code__isnull=False, delivery=Delivery.ON_DEMAND, valid_from__lte=until)
            .exclude(category=Activity.INSTRUCTION)
            .select_related("sponsor")
            .defer(*LONG)
            .order_by(_unless(language=language), enough, Abs(F("credits") - gap), "title", "pk")
        )

    def with_changed_at(self):
        """Each with when what the list says of it was changed last; None while nothing was."""
        acts = self.model._meta.get_field("notices").related_model.objects
        changes = acts.filter(offering=OuterRef("pk"), act=Act.CHANGED).order_by("-at")
        return self.annotate(changed_at=Subquery(changes.values("at")[:1]))

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

    def readable_by(self, person):
        """Offerings of a person’s sponsors, and those they may work on as a coordinator."""
        sponsors = self.model._meta.get_field("sponsor").related_model.objects.of(person)
        theirs = self.model.objects.coordinated_by(person).values("pk")
        return self.filter(Q(sponsor__in=sponsors) | Q(pk__in=theirs))

    def coordinated_by(self, user):
        """Offerings that ``user`` may work on as a coordinator: without any conflict (R-REV-5).

        Hidden is what came from a case that is closed to them, what renews that, and what they offer themselves.
        """
        if not user.is_coordinator:
            return self.none()
        request = self.model._meta.get_field("request").related_model
        closed = request._meta.get_field("case").related_model.objects.closed_to(user)
        hidden = self.model.objects.of(user).values("pk")
        clear = [~Exists(closed.filter(pk=OuterRef(f"{name}_id"))) for name in REQUESTS]
        return self.filter(*clear).exclude(pk__in=hidden)

    def expiring(self, day: date, *, within: int):
        """Standing offerings whose last day is ``day`` or one of the ``within`` days after it."""
        return self.standing().filter(valid_to__gte=day, valid_to__lte=day + timedelta(days=within))

    def renewable(self, day: date):
        """Recurring pre-approvals near their last day that are neither warned nor carried on already (R-SPO-2)."""
        return self.filter(
            state=OfferingState.ACTIVE,
            code__isnull=False,
            recurring=True,
            renewed_by__isnull=True,
            valid_to__gte=day - RENEWED_AFTER,
            valid_to__lte=day + RENEWED_BEFORE,
        )


class OccurrenceQuerySet(models.QuerySet):
    def public(self, day: date):
        """Dates of offerings that anyone may see on ``day``; cancelled ones among them."""
        return self.filter(offering__state__in=STANDING, offering__valid_to__gte=day)

    def held(self):
        return self.filter(cancelled_at__isnull=True)

    def of(self, person, roles=tuple(ContactRole)):
        """Dates of the sponsors that ``person`` acts for in one of ``roles``."""
        offerings = self.model._meta.get_field("offering").related_model.objects.of(person, roles)
        return self.filter(offering__in=offerings)

    def readable_by(self, person):
        """Dates of a person’s sponsors, and of offerings that they may work on as a coordinator."""
        offerings = self.model._meta.get_field("offering").related_model.objects.readable_by(person)
        return self.filter(offering__in=offerings)

    def to_confirm(self, day: date):
        """Pre-approved dates over by ``day`` whose sponsor has not confirmed completion yet (R-SPO-4).

        What is taken on demand ends for each person alone, so nothing is counted from its last day.
        """
        over = self.held().filter(offering__code__isnull=False, last_day__lte=day, confirmed_at__isnull=True)
        return over.exclude(offering__delivery=Delivery.ON_DEMAND).order_by("last_day", "pk")

    def overdue(self, day: date):
        """Held dates that should have been confirmed before ``day``: the 30th day counts."""
        return self.to_confirm(day).filter(last_day__lt=day - CONFIRMED_WITHIN)

    def coming(self, day: date):
        """Dates on ``day`` or later of what anyone may see, with their offering, the soonest first."""
        rows = self.public(day).held().filter(last_day__gte=day)
        return rows.select_related("offering__sponsor").order_by("first_day", "pk")

    def attendable(self, day: date, until: date):
        """Dates that begin on ``day`` or later and are over by ``until``, of what is pre-approved on all their days.

        Without what is taken on demand, and without what only brings credits to whoever teaches it.
        """
        runs = self.public(day).held().filter(first_day__gte=day, last_day__lte=until, offering__code__isnull=False)
        runs = runs.filter(first_day__gte=F("offering__valid_from"), last_day__lte=F("offering__valid_to"))
        return runs.exclude(Q(offering__delivery=Delivery.ON_DEMAND) | Q(offering__category=Activity.INSTRUCTION))

    def nearest(self, most: int, *, in_time: date, country: str, zones: Collection[str], language: str):
        """The nearest date of each offering, at most so many, the nearest first: over ``in_time``, in the country,
        in one of the time zones, in the language, online, soonest.

        Of all dates only what orders them is read; the rest of a row, of those that are left.
        """
        online = {"offering__delivery__in": REACHED[Reach.ONLINE]}
        near = [{"last_day__lte": in_time}, {"country": country}, {"zone__in": zones}]
        steps = [_unless(**one) for one in [*near, {"offering__language": language}, online]]
        order = [*steps, F("first_day"), F("pk")]
        first = Window(RowNumber(), partition_by=F("offering"), order_by=order)
        best = self.annotate(turn=first).filter(turn=1).order_by(*order).values("pk")[:most]
        rows = self.model.objects.filter(pk__in=best).select_related("offering__sponsor", "event")
        return rows.defer(*(f"offering__{name}" for name in LONG)).order_by(*order)

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


class VisitQuerySet(models.QuerySet):
    def coordinated_by(self, user):
        """Visits and requests for records about offerings that ``user`` may work on (R-REV-5)."""
        offerings = self.model._meta.get_field("offering").related_model.objects.coordinated_by(user)
        return self.filter(offering__in=offerings)

    def asked(self):
        """Requests for a sponsor’s records; the others are visits."""
        return self.filter(asked_until__isnull=False)

    def unanswered(self):
        return self.asked().filter(answered_at__isnull=True)


class RosterQuerySet(models.QuerySet):
    def readable_by(self, person):
        """Lists of the sponsors for which ``person`` keeps attendance; to coordinators only what was taken in.

        A list that is still being checked is its sponsor’s, as is a draft.
        """
        runs = self.model._meta.get_field("occurrence").related_model.objects
        offerings = runs.model._meta.get_field("offering").related_model.objects.coordinated_by(person)
        taken = Q(occurrence__offering__in=offerings) & ~Q(state=RosterState.PREVIEW)
        return self.filter(Q(occurrence__in=runs.of(person, EDITORS)) | taken)


class AttendanceQuerySet(models.QuerySet):
    def known(self):
        """Rows that count: not taken back with their roster."""
        return self.exclude(state=AttendanceState.UNDONE)

    def offered_to(self, person):
        """What a roster says of ``person``, or of an address that is theirs, and they have not answered yet."""
        own = person.emailaddress_set.filter(verified=True).annotate(low=Lower("email")).values("low")
        theirs = Q(person=person) | Q(person=None, email__in=own)
        return self.filter(theirs, state=AttendanceState.OFFERED)

    def addressed_to(self, email: str):
        return self.filter(Q(email__iexact=email), person__isnull=True)

    def mismatches(self):
        """Where list and claim differ while the claim can still be decided: more hours claimed than told, or not told.

        A claim is not told of where a list of its date is taken in and does not have the person. Coordinators see
        those of the cases they coordinate: narrow it by them (R-REV-5).
        """
        rosters = self.model._meta.get_field("occurrence").related_model._meta.get_field("rosters").related_model
        told = rosters.objects.filter(occurrence=OuterRef("occurrence"), state=RosterState.TAKEN)
        open_claims = self.filter(state=AttendanceState.CLAIMED).exclude(case__state__in=ENDED)
        return open_claims.annotate(claimed_minutes=F("case__cecs_cecsubmission__hours") * 60).filter(
            Q(claimed_minutes__gt=F("minutes")) | Q(Exists(told), minutes__isnull=True)
        )


# What a line of the list says of a date.
RUN = ("first_day", "last_day", "starts", "ends", "zone", "place", "country")


# What a short line about an offering does not read.
LONG = ("description", "objectives", "search", "instructors")


def _unless(**true) -> Case:
    """Return an order in which rows of which this is ``true`` come first."""
    return Case(When(**true, then=Value(0)), default=Value(1))


def _said(text: str) -> Q:
    """Every word of ``text`` or something like it, the whole of it nearly, or the approval code that it spells."""
    every = Q()
    for word in words_of(text):
        like = Q(search__trigram_word_similar=word) | Q(search__contains=word)
        slips = slips_of(word)
        every &= like | Q(search__regex=slips) if slips else like
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

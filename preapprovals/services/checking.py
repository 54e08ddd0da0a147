"""A request seen whole before it is sent: what it holds, what it adds up to, and what still needs its sponsor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals import services as journals
from journals import wording as credit_words
from journals.rules import fold
from preapprovals import asks, rules
from preapprovals import wording as words
from preapprovals.answers import CHECKS
from preapprovals.models import Draft, Sponsor
from preapprovals.querysets import EDITORS
from preapprovals.rules.agenda import MOST_MINUTES
from preapprovals.services.drafts import PARTS
from preapprovals.services.sponsors import who_lets_ask
from preapprovals.services.worth import Worth, worth_of
from preapprovals.states import OFFERED, Document, Listed, Section
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import Agreement
from serportal.accounts.states import Purpose
from serportal.drafts import whole
from serportal.drafts.answers import Problem
from serportal.drafts.parts import content_of as typed_in
from serportal.drafts.parts import files_of, purpose_of
from serportal.drafts.services import files_in
from serportal.fees.models import FeeRow
from serportal.fees.services import fee_on
from serportal.fees.states import FeeKind
from serportal.ui.asks import parse_day
from serportal.ui.forms import read_hours
from serportal.ui.text import as_key
from serportal.ui.words import day_text, programme_day, span_text

S = Section


@dataclass(frozen=True)
class Whole(whole.Whole):
    """A request with all that bears on it; its sum is worked out when asked for."""

    sponsors: Sequence[Sponsor]
    read_only: Sequence[Sponsor]
    areas: dict

    listed = asks.LISTED
    checks = CHECKS
    salt = "preapprovals.shown"

    @property
    def offering(self) -> dict:
        return self.content.get(S.OFFERING, {})

    @property
    def on_demand(self) -> bool:
        return asks.is_on_demand(self.offering)

    @property
    def is_webinar(self) -> bool:
        """Whether one number stands for the agenda."""
        return self.content.get(S.AGENDA, {}).get("style") == asks.WEBINAR

    @cached_property
    def agenda(self) -> rules.Agenda:
        """The lines of the agenda; none where one number stands for them, or where it is on demand."""
        typed = {} if self.on_demand or self.is_webinar else self.content.get(S.AGENDA, {})
        return rules.read_agenda(typed)

    @cached_property
    def minutes(self) -> int:
        """Contact time: of the agenda, of a webinar, or as estimated (R-MIN, R-QUAL)."""
        if self.on_demand:
            hours = read_hours(str(self.offering.get("estimated_hours", ""))) or Decimal(0)
            hours = min(hours, asks.MOST_HOURS)
            return int((hours * 60).to_integral_value(rounding=ROUND_FLOOR))
        if self.is_webinar:
            typed = as_key(self.content[S.AGENDA].get("minutes", "")) or 0
            return typed if typed <= MOST_MINUTES else 0
        return self.agenda.minutes

    @cached_property
    def worth(self) -> Worth | None:
        """What the contact time brings in its category; None before both are known."""
        category = self.offering.get("category")
        if category not in OFFERED or not self.minutes:
            return None
        return worth_of(category, self.minutes, self.today)

    @property
    def sentence(self) -> str:
        """The sum in the words that the committee and the letter use; "" before it is known."""
        return credit_words.sentence(self.worth.credit.reasons) if self.worth else ""

    @cached_property
    def planned(self) -> list[tuple[dict, date, date]]:
        """The dates that can be read, each as (row, first day, last day)."""
        found = []
        for row in self.content.get(Listed.DATE, []):
            first = parse_day(row.get("first_day"))
            last = parse_day(row.get("last_day") or row.get("first_day"))
            if first and last and first <= last:
                found.append((row, first, last))
        return found

    @cached_property
    def agreement(self) -> Agreement:
        """The sponsor terms in force, which must be those that were signed."""
        return agreement_on(Purpose.SPONSORS, self.today)

    @cached_property
    def fee(self) -> FeeRow | None:
        """The fee in force, where one is asked at all; an answer to a question owes nothing."""
        row = fee_on(FeeKind.PREAPPROVAL, self.today)
        return row if row.other_amount and not self.draft.request_id else None

    def table(self, where):
        if where == S.AGENDA:
            return ()
        return asks.asked_of(
            where,
            sponsors=[(str(one.pk), one.name) for one in self.sponsors],
            areas=[(key, area.name) for key, area in self.areas.items() if area.offered],
        )

    @cached_property
    def problems(self):
        found = super().problems
        return found or ([] if self.worth and self.worth.credit.amount else [self._worth_nothing()])

    def _worth_nothing(self) -> Problem:
        """Say that what an answer changes would leave no credits, where the part that could mend it is not open."""
        text = _("With these answers it would bring no credits, and what could mend it is not open here. Change them "
                 "back, or ask the coordinator to open the agenda too.")  # fmt: skip
        return Problem(self.sections[0], "", "worth-nothing", text)

    def problems_in(self, section):
        return self._problems_of_agenda() if section == S.AGENDA else super().problems_in(section)

    def _problems_of_agenda(self) -> list[Problem]:
        if self.is_webinar:
            found = [] if self.minutes else [("minutes", "no-minutes", self._no_minutes())]
        else:
            found = [(one.field, one.code, words.wrong_text(one)) for one in self.agenda.wrong]
            if not self.agenda.rows and not found:
                sentence = _("The agenda is empty. Type what happens when, breaks and meals among it.")
                found = [("from-0", "no-rows", sentence)]
        if not found and self.worth and not self.worth.credit.amount:
            text = _("It would bring no credits: {why}").format(why=self.sentence)
            found = [("minutes" if self.is_webinar else "from-0", "worth-nothing", text)]
        return [Problem(S.AGENDA, *one) for one in found]

    def _no_minutes(self) -> str:
        typed = self.content[S.AGENDA].get("minutes", "")
        if not typed:
            return _("The minutes are missing. Type how long the instruction is, without breaks.")
        sentence = _("“{typed}” is not a number of minutes from 1 to {most}. Write it like this: 90")
        return sentence.format(typed=typed, most=MOST_MINUTES)

    def is_begun(self, section):
        return bool(self.files) if section == S.DOCUMENTS and not self.content[section] else super().is_begun(section)

    def beside(self, section):
        match section:
            case S.SPONSOR if (there := self._only_read_by_that_name()) is not None:
                return [Problem(section, "name", "only-reads", who_lets_ask(there))]
            case S.OFFERING if self.on_demand and self.worth and not self.worth.credit.amount:
                text = _("It would bring no credits: {why}").format(why=self.sentence)
                return [Problem(section, "estimated_hours", "worth-nothing", text)]
            case S.INSTRUCTORS:
                text = _("No instructor is named. Add everyone who teaches, with a résumé.")
                return [Problem(section, "", "no-rows", text)]
            case S.DATES:
                text = _("No date is planned. Add the first one; more can follow once it is approved.")
                return [Problem(section, "", "no-rows", text)]
            case S.DOCUMENTS if not any(file.purpose == Document.SYLLABUS for file in self.files):
                text = _("The syllabus is missing. Add it, or other information that says what people learn.")
                return [Problem(section, Document.SYLLABUS, "no-file", text)]
            case S.TERMS if self.content[section].get("agreement", str(self.agreement.pk)) != str(self.agreement.pk):
                text = _("The terms have changed since you signed them here. Read them again, then save this part.")
                return [Problem(section, "agreed", "another-agreement", text)]
        return []

    def _only_read_by_that_name(self) -> Sponsor | None:
        """Return the sponsor that its reader would bring in a second time."""
        typed = self.content[S.SPONSOR]
        key = fold(typed.get("name", ""))[:200] if typed.get("sponsor") == asks.NEW else ""
        known = {one.name_key for one in self.sponsors}
        return next((one for one in self.read_only if one.name_key == key and key not in known), None)

    def beside_row(self, section, row):
        if section == S.INSTRUCTORS:
            return self._without_resume(section, row)
        return [Problem(section, field, code, text, row["id"]) for field, code, text in self._impossible_date(row)]

    def _without_resume(self, section: Section, row: dict) -> list[Problem]:
        if any(file.purpose == purpose_of(Listed.INSTRUCTOR, row["id"]) for file in self.files):
            return []
        return [Problem(section, "files", "no-file", no_resume(), row["id"])]

    def _impossible_date(self, row: dict):
        """Yield what a date says against the rest: beyond the approval, shorter than the agenda, one too many."""
        span = next(((first, last) for one, first, last in self.planned if one is row), None)
        if span is None:
            return
        first, last = span
        starts = rules.valid_from(self.today, min(first for _row, first, _last in self.planned))
        end = rules.last_valid_day(starts, recurring=True, last_planned=None)
        if last > end:
            text = _("An approval holds for at most two years, to {day}. Choose an earlier date, or remove this one.")
            yield "last_day", "too-late", text.format(day=day_text(end))
        days = max((line.day for line in self.agenda.rows), default=1)
        if days > (last - first) / timedelta(days=1) + 1:
            text = ngettext(
                "The agenda has {n} day, and {span} is shorter. Correct the date or the agenda.",
                "The agenda has {n} days, and {span} is shorter. Correct the date or the agenda.",
                days,
            )
            yield "last_day", "shorter-than-agenda", text.format(n=days, span=span_text(first, last))
        if self.offering.get("recurring") == asks.NO and row is not self.planned[0][0]:
            text = _("It is offered once, and this is a second date. Remove it, or say that it is offered again.")
            yield "first_day", "second-date", text

    def fingerprint(self, fee: FeeRow | None) -> str:
        """Return what stands for all that the check page showed, the terms, the sum and the ``fee`` among it."""
        rows = [self.worth.schedule_row.pk, self.worth.policy_row.pk] if self.worth else []
        return self.shown([self.agreement.pk, fee.pk if fee else 0, *rows])


def no_resume() -> str:
    return _("The résumé of this instructor is missing. Add it as a file.")


def look(draft: Draft, *, at: datetime | None = None) -> Whole:
    """Return ``draft`` seen whole at one instant; the same number of queries however long it is."""
    today = programme_day(at or timezone.now())
    files = files_of(draft)
    acting = list(Sponsor.objects.with_role_of(draft.owner).order_by("name", "pk"))
    if draft.request_id:
        files += files_in(draft.case.folder)
    return Whole(
        draft=draft,
        sections=PARTS.sections_of(draft),
        content=content_of(draft),
        files=files,
        today=today,
        sponsors=[one for one in acting if one.role in EDITORS],
        read_only=[one for one in acting if one.role not in EDITORS],
        areas=journals.areas_on(today),
    )


def content_of(draft: Draft) -> dict:
    """Return what is typed in every part that is asked, as it would be filed.

    An answer to a question is what was filed, with the questioned parts as they are typed now (R-REV-8).
    """
    asked = PARTS.asked_of(draft)
    sections = [section for section in asked if section not in asks.LISTED]
    typed = typed_in(draft, sections, [asks.LISTED[section] for section in asked if section in asks.LISTED])
    if draft.request_id is None:
        return typed
    opened = {asks.LISTED.get(part, part) for part in draft.request.parts}
    filed = draft.case.preapprovals_preapprovalrequest.content
    return {name: typed[name] if name in opened else filed.get(name, typed[name]) for name in typed}

"""A draft seen whole: what it holds, what still needs the applicant, and exactly what the check page shows of it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import asks, rules
from applications.answers import CHECKS
from applications.models import Criteria, Draft, Programme, Reference, Window
from applications.services import sheets
from applications.services.content import content_of
from applications.services.drafts import sections_of
from applications.states import Document, Kind, Listed, Ready, Section, Side
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import Agreement
from serportal.accounts.states import Purpose
from serportal.drafts import services as drafts
from serportal.drafts import whole
from serportal.drafts.answers import Problem
from serportal.drafts.parts import files_of, purpose_of
from serportal.fees import services as fees
from serportal.fees.models import FeeRow
from serportal.fees.states import FeeKind
from serportal.ui.words import programme_day

S = Section
FEES = {
    Kind.CERP: FeeKind.CERP,
    Kind.CERPIT: FeeKind.CERPIT,
    Kind.PARTNER: FeeKind.CERPIT,
    Kind.UPGRADE: FeeKind.UPGRADE,
}


@dataclass(frozen=True)
class Whole(whole.Whole):
    """An application with all that bears on it; its figures are worked out when asked for."""

    references: list[Reference]
    criteria: Criteria
    programmes: tuple[tuple[str, str], ...]
    pays: bool

    listed = asks.LISTED
    checks = CHECKS
    salt = "applications.shown"

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement in force, which must be the one that was signed."""
        return agreement_on(Purpose.APPLICANTS, self.today)

    @cached_property
    def fee(self) -> FeeRow | None:
        """The fee in force; None where nothing is owed."""
        return fees.fee_on(FEES[Kind(self.draft.kind)], self.today) if self.pays else None

    @cached_property
    def window(self) -> Window | None:
        """The window in which it would be reviewed if it were sent now (R-APP-2); None for a partner’s graduate."""
        if self.draft.kind == Kind.PARTNER or self.draft.request_id:
            return None
        return Window.objects.open_on(self.today).first()

    @cached_property
    def sides(self) -> frozenset[Side]:
        """The sides that must be complete (R-APP-1)."""
        chosen = [side for side in self.content["person"].get("sides", ()) if side in Side.values]
        return rules.sides_asked(Kind(self.draft.kind), [Side(side) for side in chosen])

    @cached_property
    def knowledge(self) -> rules.Sheet | None:
        return sheets.knowledge_of(self.content, self.criteria) if S.COURSES in self.asked else None

    @cached_property
    def experience(self) -> rules.Experience | None:
        return sheets.experience_of(self.content, self.criteria, self.today) if S.JOBS in self.asked else None

    @cached_property
    def asked(self) -> frozenset[str]:
        """The sections of the application, whether or not a question opened them."""
        return frozenset(section for section in Section if asks.is_asked(section, self.draft.kind))

    @property
    def by_steps(self) -> bool:
        """Whether this is an upgrade that a written list of next steps guides (R-APP-8)."""
        return bool(self.content.get(Listed.STEP))

    @property
    def ready(self) -> Ready | str:
        """What the figures speak for; "" where a written list guides instead: they lack what CERPIT was given for."""
        if self.by_steps or self.knowledge is None:
            return ""
        return rules.ready_as(self.knowledge, self.experience)

    def speaks(self, side: Side) -> bool:
        """Whether the sheet of ``side`` says something: the side was chosen, or something was typed for it."""
        chosen = side in self.sides and not self.by_steps
        return chosen or any(self.is_begun(one) for one, of in asks.SIDE_OF.items() if of == side and one in self.asked)

    @property
    def asks_like(self) -> Kind:
        """The kind whose form this is: an upgrade without a written list asks what CERP asks (R-APP-8)."""
        return Kind.CERP if self.draft.kind == Kind.UPGRADE and not self.by_steps else Kind(self.draft.kind)

    def needs(self, section: Section) -> bool:
        """Whether ``section`` must be complete: what is only offered, or speaks for a side not chosen, need not."""
        side = asks.SIDE_OF.get(section)
        return side is None or (side in self.sides and not self.by_steps)

    def falls_short(self, section):
        """Whether what ``section`` adds up to is less than the criteria ask; it may be sent all the same (R-APP-9)."""
        if not self.needs(section):
            return False
        match section:
            case S.COURSES:
                return not self.knowledge.met
            case S.JOBS:
                return bool(self.experience.months_missing)
            case S.PROJECTS:
                return bool(self.experience.projects_missing or self.experience.phases_missing)
        return False

    def problems_in(self, section):
        if section == S.REFERENCES:
            return self._too_few_references()
        return super().problems_in(section)

    def table(self, where):
        return asks.asked_of(where, self.draft.kind, programmes=self.programmes)

    def is_begun(self, section):
        if section == S.REFERENCES:
            return bool(self.references)
        if section == S.STEPS:
            return any(row.get("evidence") for row in self.rows(section))
        return super().is_begun(section)

    def problems_of_rows(self, section):
        if asks.SIDE_OF.get(section, None) not in {*self.sides, None}:
            return []
        return super().problems_of_rows(section)

    def beside(self, section):
        if section in asks.LISTED:
            return self._empty(section) if self.needs(section) else []
        if section == S.DOCUMENTS:
            return self._missing_documents()
        return self._another_agreement() if section == S.AGREEMENT else []

    def beside_row(self, section, row):
        if section != S.PRIOR or self._with_files[purpose_of(Listed.PRIOR, row["id"])]:
            return []
        sentence = _("There is no proof of this prior learning. Add at least one file.")
        return [Problem(section, "files", "no-proof", sentence, row["id"])]

    @cached_property
    def _with_files(self) -> Counter:
        return Counter(file.purpose for file in self.files)

    def _empty(self, section: Section) -> list[Problem]:
        sentences = {
            S.COURSES: _("No course is listed. Add the courses that speak for your knowledge."),
            S.JOBS: _("No employment is listed. Add the jobs in which you did restoration work."),
            S.PROJECTS: _("No project is listed. Add the projects in which you had a part."),
        }
        if section == S.COURSES and self.content.get(Listed.PRIOR):
            return []
        return [Problem(section, "", "no-rows", sentences[section])] if section in sentences else []

    def _missing_documents(self) -> list[Problem]:
        sentences = {
            Document.RESUME: _("Your résumé is missing. Add it as a file."),
            Document.TRANSCRIPT: _("No transcript is here. Add one of every college or university."),
        }
        there = {file.purpose for file in self.files}
        return [
            Problem(S.DOCUMENTS, one, "no-file", sentences[one])
            for one in rules.documents_of(self.asks_like, self.sides)
            if one not in there
        ]

    def _another_agreement(self) -> list[Problem]:
        signed = self.content[S.AGREEMENT].get("agreement")
        if not signed or signed == str(self.agreement.pk):
            return []
        sentence = _("The agreement has changed since you signed it here. Read it again, then save this part.")
        return [Problem(S.AGREEMENT, "agreed", "another-agreement", sentence)]

    def _too_few_references(self) -> list[Problem]:
        missing = self.criteria.references_least - len(self.references)
        if missing <= 0:
            return []
        sentence = ngettext(
            "{n} more reference is needed: at least {least} must be named before you send the application.",
            "{n} more references are needed: at least {least} must be named before you send the application.",
            missing,
        )
        return [Problem(S.REFERENCES, "", "too-few", sentence.format(n=missing, least=self.criteria.references_least))]

    def fingerprint(self, fee: FeeRow | None) -> str:
        """Return what stands for all that the check page showed, with the referees and ``fee`` as it was shown."""
        rows = [self.criteria.pk, self.agreement.pk, fee.pk if fee else 0]
        return self.shown(sorted([one.name, one.email] for one in self.references), rows)


def look(draft: Draft, *, at: datetime | None = None) -> Whole:
    """Return ``draft`` seen whole at one instant; the same number of queries however long it is.

    An answer to a question is judged by the criteria it was filed under, and owes nothing.
    """
    today = programme_day(at or timezone.now())
    files = files_of(draft)
    filed = draft.case.applications_application if draft.request_id else None
    if filed is not None:
        files += drafts.files_in(draft.case.folder)
    sections = sections_of(draft)
    pays = Section.FEE in sections and filed is None
    return Whole(
        draft=draft,
        sections=sections,
        content=content_of(draft),
        files=files,
        references=list(_references(draft)),
        criteria=filed.criteria if filed else Criteria.objects.in_force(today)[0],
        programmes=_programmes(draft),
        pays=pays,
        today=today,
    )


def _references(draft: Draft):
    """References belong to the draft that was filed, also while a question about it is answered."""
    asked_with = draft if draft.request_id is None else draft.case.application_drafts.get(request__isnull=True)
    return asked_with.references.counting()


def _programmes(draft: Draft) -> tuple[tuple[str, str], ...]:
    if draft.kind != Kind.PARTNER:
        return ()
    offered = Programme.objects.filter(active=True, partner__active=True).select_related("partner")
    return tuple((str(one.pk), str(one)) for one in offered.order_by("partner__name", "name"))

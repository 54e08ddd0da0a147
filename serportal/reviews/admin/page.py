"""What the coordinator sees of one case: everything on one page, and only what its step needs."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from serportal.files.models import StoredFile
from serportal.reviews import rules, services, wording
from serportal.reviews.forms import AloneForm, ExtensionForm, LetterForm, NoteForm, QuestionForm
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import CaseEvent, CaseNote, Decision, Party, ReviewCase, Seat
from serportal.reviews.services.ballots import deciding_ballots
from serportal.reviews.services.deciding import promised
from serportal.reviews.states import (
    AHEAD,
    DECIDED,
    ENDED,
    WAITING,
    Basis,
    CaseState,
    Choice,
    Judgement,
    Move,
    PartyRole,
    SeatState,
    Step,
)
from serportal.reviews.trail import ENDING
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day

ALIKE = 3
# Filed, and never with a panel so far.
UNREAD = frozenset({CaseState.SUBMITTED, CaseState.SCREENING, CaseState.READY})
# Where approving is what the coordinator most likely does.
CONFIRMING = frozenset({Step.CONFIRM, Step.ALONE})
BEFORE_THE_PANEL = frozenset({Step.SCREEN, Step.GATES, Step.HELD, Step.SEAT, Step.ALONE})


def whole(cases):
    """Return ``cases`` with the person, the timetable, the parties and the files of each, in one query."""
    parties = Party.objects.filter(case=OuterRef("pk")).order_by("pk")
    files = StoredFile.objects.filter(folder=OuterRef("folder"), removed_at__isnull=True).order_by("received_at", "id")
    told = JSONObject(
        pk="id",
        kind="kind",
        purpose="purpose",
        size="size",
        sha256="sha256",
        received_at="received_at",
        received_from="received_from",
    )
    return cases.select_related("filed_by", "folder", "timetable").annotate(
        those_involved=ArraySubquery(parties.values(told=JSONObject(role="role", name="name"))),
        file_rows=ArraySubquery(files.values(told=told)),
    )


class CasePage:
    """The context of the page of one case; built once for a request, with what was sent and refused."""

    def __init__(self, case: ReviewCase, user, *, forms: dict | None = None, error: str = ""):
        self.case, self.user, self.error = case, user, error
        self.forms = forms or {}
        self.now = timezone.now()
        self.kind = kind_of(case)
        self.reading = self.kind.read(case)
        self.closed: tuple | None = None
        self.again = False

    def context(self) -> dict:
        case = self.case
        return {
            "case": case,
            "error": self.error,
            "kind": self.kind,
            "content_template": self.kind.content_template,
            "tools_template": getattr(self.kind, "tools_template", ""),
            "worth": self.reading.worth,
            "over_on": self.reading.over_on,
            "flags": self.kind.flags(self.reading, by=self.user),
            "clock": rules.clock(filed_on=case.clock_on, due_on=case.due_on, today=programme_day(self.now)),
            "todo": wording.todo(case.step, case.ballots_in),
            "ended": case.state in ENDED,
            "decided": case.state in DECIDED,
            "ahead": case.state in AHEAD,
            "parties": [(PartyRole(one["role"]).label, one["name"]) for one in case.those_involved],
            "files": [as_file(one) for one in case.file_rows],
            "called": self.kind.state_label(case.state),
            "timeline": timeline(case),
            "note_form": self.forms.get("note") or NoteForm(),
            "forms": self.forms,
            **self.reading.content,
            "questions": self.questions(),
            **self.panel(),
            **self.step(),
            **self.versions(),
        }

    def questions(self) -> list:
        """Return what the whole committee is asked, and how far it is; votes only once the answer is certain."""
        return services.standings(self.case) if self.kind.questions(self.case) else []

    def panel(self) -> dict:
        """Return the newest panel with its seats, and its ballots once all are in."""
        if self.case.step in BEFORE_THE_PANEL and self.case.state in UNREAD:
            return {"seats": [], "panel": None}
        seats = list(
            Seat.objects.filter(panel__case=self.case)
            .select_related("member", "panel")
            .order_by("-panel__round", "place", "invited_at")
        )
        panel = seats[0].panel if seats and self.case.step != Step.SEAT else None
        for seat in seats:
            seat.panel.case = self.case
        self.again = bool(seats) and (seats[0].panel.round > 1 or self.case.step == Step.SEAT)
        closed = panel is not None and panel.closed_at is not None
        self.closed = (panel, deciding_ballots(panel, self.case.revision)) if closed else None
        return {
            "panel": panel,
            "seats": [
                {
                    "seat": seat,
                    "current": seat.panel == panel,
                    "waiting": seat.state in WAITING and seat.counts,
                    "hint": services.new_hint(seat) if seat.state in WAITING else "",
                }
                for seat in seats
            ],
            "ballots": self.closed[1] if self.closed else [],
            "judged": self.judged(),
            "two_in": self.case.ballots_in == 2 and not closed,
            "abstained": SeatState.VOTED,
        }

    def judged(self) -> list[tuple]:
        """Return each criterion with what each ballot said about it, once all are in."""
        if not self.closed or not self.kind.judges:
            return []
        said = [{key: Judgement(value).label for key, value in one.judgements.items()} for one in self.closed[1]]
        return [(one, [each.get(one.key, "") for each in said]) for one in self.kind.criteria(self.reading)]

    def step(self) -> dict:
        """Return what can be done at this step, with the forms as they were sent if one was refused."""
        case, context = self.case, {}
        if case.state not in ENDED:
            if parts := self.kind.parts(case):
                context["question_form"] = self.forms.get("question") or QuestionForm(parts=parts)
            context["extension_form"] = self.forms.get("extension") or ExtensionForm()
        if case.step in {Step.SEAT, Step.FILL}:
            context |= self.seating()
        if case.step == Step.ALONE:
            context |= self.alone(Basis.PARTNER)
        if case.step in {Step.SCREEN, Step.GATES, Step.HELD}:
            context["blocks"] = self.kind.blocks(case)
            context["may_close"] = case.step != Step.SCREEN and self.kind.may_close(case)
        if case.step == Step.DECIDE:
            context |= self.deciding()
        if case.step == Step.CONFIRM or (case.step == Step.PROOF and case.state == CaseState.AWAITING_PROOF):
            context |= self.alone(Basis.PROOF)
        if case.state == CaseState.SUBMITTED and case.step in BEFORE_THE_PANEL:
            context |= self.lanes()
        if case.step in {Step.SCREEN, Step.SEAT, Step.DECIDE} and self.kind.compares:
            hidden = ReviewCase.objects.hidden_from(self.user)
            context["alike"] = list(ReviewCase.objects.like(case).exclude(pk__in=hidden.values("pk"))[:ALIKE])
        if case.state in ENDED or case.state in AHEAD or self.again:
            context["decisions"] = list(Decision.objects.filter(case=case).select_related("decided_by"))
        if case.step in {Step.ANSWER, Step.PROOF}:
            context["request_open"] = services.open_request(case)
        return context

    def seating(self) -> dict:
        """Return who may sit, best first, with the proposal (or what was ticked before) ticked."""
        case, form = self.case, self.forms.get("seats")
        places = len(services.open_places(services.current_panel(case)))
        found = services.candidates(case, self.now, by=self.user)
        if len(found) < places:
            found = services.candidates(case, self.now, elsewhere=True, by=self.user)
        ticked = set(form.data.getlist("members")) if form is not None else None
        others = ReviewCase.objects.filter(filed_by=case.filed_by_id, kind=case.kind, step=Step.SEAT)
        others = others.exclude(pk=case.pk).coordinated_by(self.user)[:10] if case.step == Step.SEAT else ()
        return {
            "places": places,
            "candidates": [
                {
                    "person": person,
                    "facts": facts,
                    "ticked": n < places if ticked is None else str(person.pk) in ticked,
                }
                for n, (person, facts) in enumerate(found)
            ],
            "blocked": len(found) < places,
            "hinted": any(facts.hint for _person, facts in found),
            "together": list(others),
        }

    def deciding(self) -> dict:
        form = self.forms.get("letter")
        typed = form.cleaned_data if form is not None and form.is_valid() else {}
        steps = form.listed_steps() if typed else None
        try:
            made = services.preview(
                self.case, note=typed.get("note", ""), steps=steps, reading=self.reading, closed=self.closed
            )
        except Refusal as refusal:
            return {"preview": None, "error": self.error or str(refusal)}
        called = self.kind.state_label(CaseState.APPROVED if made.outcome.approved else CaseState.DENIED)
        return {"preview": made, "becomes": called, "letter_form": form or LetterForm()}

    def lanes(self) -> dict:
        """Return on what ground the coordinator may decide alone (R-REV-7), and the decision as typed so far."""
        case = self.case
        context = {}
        if case.timetable.precedent_lane:
            hidden = ReviewCase.objects.hidden_from(self.user).values("pk")
            precedents = self.kind.precedents(case).exclude(case__in=hidden).select_related("case")
            context["precedents"] = list(precedents[:ALIKE])
        if case.timetable.code_lane:
            context |= {"code": self.reading.code, "checked": self.reading.checked, "by_code": self.reading.by_code}
        form = self.forms.get("alone")
        if form is not None:
            context |= self.alone(None)
        return context

    def alone(self, basis: Basis | None) -> dict:
        """Return the coordinator’s own decision: the form, and its letter once what is typed makes one."""
        form = self.forms.get("alone")
        if form is None:
            form = AloneForm(by=self.user, data={"basis": basis, "choice": self.likely(basis)})
        context = {"alone_form": form, "alone_basis": basis or form.data.get("basis")}
        if self.case.state in AHEAD:
            context["promised"] = promised(self.case)
        if form.is_valid():
            try:
                context["alone_preview"] = services.preview(
                    self.case,
                    note=form.cleaned_data["note"],
                    steps=form.listed_steps(),
                    alone=as_alone(form),
                    reading=self.reading,
                )
            except Refusal as refusal:
                context["error"] = self.error or str(refusal)
        return context

    def likely(self, basis: Basis | None) -> str:
        """Return what the coordinator most likely decides here."""
        if self.case.step == Step.ALONE and not self.kind.may_decide_alone(self.case, basis, Choice.APPROVE):
            return Choice.DENY
        return Choice.APPROVE if self.case.step in CONFIRMING else ""

    def versions(self) -> dict:
        """Return what changed between the last two versions (R-REV-6)."""
        if self.case.revision == 1:
            return {"changes": []}
        two = list(self.case.revisions.order_by("-number")[:2])
        return {"changes": rules.changes(two[1].content, two[0].content) if len(two) == 2 else []}


def as_alone(form: AloneForm) -> services.Alone:
    data = form.cleaned_data
    return services.Alone(
        basis=Basis(data["basis"]),
        choice=Choice(data["choice"]),
        credits=data["credits"],
        reason=data["reason"],
        precedent=data["precedent"],
    )


def as_file(row: dict) -> StoredFile:
    """Return the file of a row that came with its case."""
    received = timezone.datetime.fromisoformat(row["received_at"])
    return StoredFile(
        id=row["pk"],
        kind=row["kind"],
        purpose=row["purpose"],
        size=row["size"],
        sha256=row["sha256"],
        received_at=received,
        received_from_id=row["received_from"],
    )


def timeline(case: ReviewCase) -> list[dict]:
    """Return what happened and what was noted, in order, in one query."""
    columns = ("at", "pk", "what", "name", "text")
    events = (
        CaseEvent.objects.filter(case=case).order_by().values("at", what=F("move"), name=F("by__name"), text=F("note"))
    )
    notes = CaseNote.objects.filter(case=case).order_by().values("at", "text", what=Value(""), name=F("by__name"))
    rows = events.values(*columns).union(notes.values(*columns), all=True).order_by("at", "pk")
    return [{**row, "label": _label(case, row["what"]), "note": not row["what"]} for row in rows]


def _label(case: ReviewCase, what: str) -> str:
    """Say what a move was; one that ended the case in the words of its kind."""
    if what in ENDING:
        return kind_of(case).state_label(ENDING[what])
    return str(Move(what).label) if what else ""

"""An application on paper: what was computed, every answer, what it waits for, and for whom it is, the references."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from applications import wording
from applications.models import Application
from applications.services import gates, references, sheets
from applications.services.content import chapters_of
from applications.states import WATCHED
from serportal.documents import paper
from serportal.ui.words import day_text

# What the paper of one application needs beside its row.
ROWS = (
    *("case__filed_by", "criteria", "window", "bill", "certification", "graduate__programme__partner"),
    "case__folder",
)


def application_paper(application: Application, *, referees: bool = False) -> bytes:
    """Return ``application`` as PDF; with ``referees`` what they answered, which the applicant never reads."""
    case = application.case
    facts = [
        [_("Reference"), case.reference],
        [_("Applicant"), case.filed_by.name],
        [_("Filed on"), day_text(case.filed_on)],
        [_("Where it stands"), str(case.get_state_display())],
    ]
    if application.window:
        facts.append([_("Window"), _("closes on {day}").format(day=day_text(application.window.closes_on))])
    computed = wording.sheet_lines(sheets.restored(application.knowledge), sheets.restored(application.experience))
    chapters = [*_waits(application), *_answers(application)]
    return paper.pdf(
        "application",
        {
            "title": _("Application {reference}").format(reference=case.reference),
            "day": case.filed_on.isoformat(),
            "from": _("Society for Ecological Restoration, Certification Program"),
            "what": case.headline,
            "facts": facts,
            "computed": _("What was computed"),
            "headings": [_("Criterion"), _("Shown"), _("Needed"), _("In words")],
            "sheet": [[line.label, line.has, line.least, line.sentence] for line in computed],
            "chapters": chapters + (_references(application) if referees else []),
        },
    )


def papers(applications: Iterable[Application]) -> Iterator[tuple[str, bytes]]:
    """Yield (name, PDF) of each of ``applications``, one at a time, with what the referees answered."""
    for one in applications:
        yield f"{one.case.reference}.pdf", application_paper(one, referees=True)


def _waits(application: Application) -> list[dict]:
    """Return what stands before the review, as long as it has not begun (R-APP-11)."""
    if application.case.state not in WATCHED:
        return []
    told = [
        [str(gate.label), f"{block.sentence} ({block.holder})" if block else _("yes")]
        for gate, block in gates.look_over(application)
    ]
    return [{"title": _("Before the review"), "blocks": [{"name": "", "facts": told}]}]


def _answers(application: Application) -> list[dict]:
    return [
        {
            "title": chapter.label,
            "blocks": [
                {"name": block.name, "facts": [[fact.label, fact.text] for fact in block.facts]}
                for block in chapter.blocks
                if block.facts
            ],
        }
        for chapter in chapters_of(application)
    ]


def _references(application: Application) -> list[dict]:
    draft = application.case.application_drafts.get(request__isnull=True)
    blocks = []
    for one in references.answers_of(draft):
        said = [[label, str(text)] for label, text in (*one.told, *one.ratings)]
        state = [[_("Where it stands"), str(one.reference.get_state_display())]]
        name = ", ".join(filter(None, [one.reference.name, one.reference.organisation]))
        blocks.append({"name": name, "facts": [[str(label), text] for label, text in said] or state})
    return [{"title": _("References"), "blocks": blocks}] if blocks else []

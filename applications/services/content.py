"""The content of an application: what was typed, as text, section by section and row by row."""

from applications import asks
from applications.models import Draft
from applications.states import Listed, Section

SECTIONED = (Section.PERSON, Section.DOCUMENTS, Section.PROGRAMME, Section.AGREEMENT, Section.FEE)


def has_steps(draft: Draft) -> bool:
    """Whether the CERPIT that ``draft`` would close came with a written list of next steps (R-APP-8)."""
    return bool(draft.certification_id) and draft.certification.next_steps.exists()


def content_of(draft: Draft) -> dict:
    """Return {section: {field: text}, list: [{"id", field: text}]} of all that ``draft`` asks; two queries.

    What its kind does not ask is left out, however it came there. An answer to a question is what was filed, with the
    questioned parts as they are typed now (R-REV-8).
    """
    typed = typed_in(draft)
    if draft.request_id is None:
        return typed
    opened = {asks.LISTED.get(part, part) for part in draft.request.parts}
    return {**draft.case.applications_application.content, **{name: typed[name] for name in typed if name in opened}}


def typed_in(draft: Draft) -> dict:
    rows = {str(listed): [] for listed in Listed if asks.is_asked(listed, draft.kind)}
    for row in draft.rows.all():
        if row.listed in rows:
            rows[row.listed].append({"id": str(row.pk), **row.data})
    sections = {str(name): {} for name in SECTIONED if asks.is_asked(name, draft.kind)}
    for section in draft.sections.all():
        if section.section in sections:
            sections[section.section] = section.data
    return {**sections, **rows}

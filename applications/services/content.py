"""The content of an application: what was typed, as text, section by section and row by row."""

from applications import asks, reading
from applications.models import Application, Draft, NextStep, Programme
from applications.states import Listed, Section
from serportal.drafts import parts
from serportal.drafts.reading import Chapter
from serportal.ui.text import as_key

SECTIONED = (Section.PERSON, Section.DOCUMENTS, Section.PROGRAMME, Section.AGREEMENT, Section.FEE)


def has_steps(made: Draft | Application) -> bool:
    """Whether the CERPIT that ``made`` would close came with a written list of next steps (R-APP-8)."""
    return bool(made.certification_id) and made.certification.next_steps.exists()


def next_steps_of(made: Draft | Application) -> list[NextStep]:
    """Return the written list of next steps that an upgrade answers; nothing where there is none (R-APP-8)."""
    return list(made.certification.next_steps.all()) if made.certification_id else []


def chapters_of(application: Application) -> list[Chapter]:
    """Return what was filed as it is read, with the texts and names behind the keys that it holds."""
    return reading.chapters(
        application.kind,
        application.content,
        steps=next_steps_of(application),
        programmes=_programmes(application),
    )


def _programmes(application: Application) -> list[tuple[str, str]]:
    """Return (key, name) of the programme that was chosen, where the form asked for one."""
    key = as_key(str(application.content.get(Section.PROGRAMME, {}).get("programme", "")))
    if key is None:
        return []
    graduate = getattr(application, "graduate", None)
    asked = graduate is not None and graduate.programme_id == key
    found = graduate.programme if asked else Programme.objects.select_related("partner").filter(pk=key).first()
    return [(str(key), str(found))] if found else []


def content_of(draft: Draft) -> dict:
    """Return {section: {field: text}, list: [{"id", field: text}]} of all that ``draft`` asks; two queries.

    What its kind does not ask is left out, however it came there. An answer to a question is what was filed, with the
    questioned parts as they are typed now (R-REV-8).
    """
    lists = [listed for listed in Listed if asks.is_asked(listed, draft.kind)]
    typed = parts.content_of(draft, [name for name in SECTIONED if asks.is_asked(name, draft.kind)], lists)
    if draft.request_id is None:
        return typed
    opened = {asks.LISTED.get(part, part) for part in draft.request.parts}
    return {**draft.case.applications_application.content, **{name: typed[name] for name in typed if name in opened}}

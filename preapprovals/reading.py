"""A request as its readers see it: part by part, each answer beside what was asked."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from preapprovals import asks
from preapprovals.models import PreapprovalRequest
from preapprovals.rules import Agenda, read_agenda, read_time
from preapprovals.states import Listed, Section
from serportal.drafts.reading import Block, Chapter, Fact, facts_of, said_of
from serportal.ui.asks import Ask

# The agenda is a table of its own, the files are listed, and who signed the terms is kept with the signature.
UNREAD = frozenset({Section.AGENDA, Section.DOCUMENTS, Section.TERMS})


def chapters(request: PreapprovalRequest) -> list[Chapter]:
    """Return the parts of a filed request that say something; its agenda and its files are read apart."""
    return chapters_of(request.content, request.area_names)


def chapters_of(content: Mapping, area_names: str) -> list[Chapter]:
    """Return the parts of ``content`` that say something, with the knowledge areas as they are called."""
    found = [(section, _blocks(section, content, area_names)) for section in Section if section not in UNREAD]
    return [Chapter(section, blocks) for section, blocks in found if blocks]


def _blocks(section: Section, content: Mapping, area_names: str) -> tuple[Block, ...]:
    listed = asks.LISTED.get(section)
    if listed is not None:
        table = asks.asked_of(listed)
        rows = content.get(listed, [])
        lines = [line_of(listed, row) if listed == Listed.DATE else "" for row in rows]
        return tuple(
            Block(tuple(facts_of(table, row)), title_of(listed, row), row.get("id", ""), line)
            for row, line in zip(rows, lines, strict=True)
        )
    typed = content.get(section, {})
    facts = [fact for ask in asks.asked_of(section) for fact in _answer(ask, typed, area_names)]
    return (Block(tuple(facts)),) if facts else ()


def _answer(ask: Ask, typed: Mapping, area_names: str) -> Iterable[Fact]:
    if ask.name == "areas":
        return [Fact(str(ask.title), area_names)] if area_names else []
    return facts_of([ask], typed)


def title_of(listed: str, row: Mapping) -> str:
    """Return what one row is called in its list."""
    if listed == Listed.INSTRUCTOR:
        return row.get("name") or _("Not named yet")
    said = said_of(asks.asked_of(listed), row)
    if "first_day" not in said:
        return _("No day yet")
    if said.get("last_day", said["first_day"]) == said["first_day"]:
        return said["first_day"]
    return _("{first} to {last}").format(first=said["first_day"], last=said["last_day"])


def line_of(listed: str, row: Mapping) -> str:
    """Return what else one row says, in few words."""
    said = said_of(asks.asked_of(listed), row)
    times = [f"{read:%H:%M}" for name in ("starts", "ends") if (read := read_time(said.get(name, "")))]
    said["times"] = " ".join(["–".join(times), said.get("zone", "")]).strip()
    names = {Listed.INSTRUCTOR: ("qualification", "employer"), Listed.DATE: ("times", "place", "country", "url")}
    return "; ".join(said[name] for name in names[Listed(listed)] if said.get(name))


def agenda_of(request: PreapprovalRequest) -> Agenda | None:
    """Return the agenda of a request; None of a webinar or of what is on demand, which have none."""
    typed = request.content.get("agenda", {})
    agenda = read_agenda({} if typed.get("style") == asks.WEBINAR else typed)
    return agenda if agenda.rows else None


def told_agenda(request: PreapprovalRequest) -> list[list[str]]:
    """Return the lines of the agenda as [section, when, what], kept with each version of a request (R-REV-6)."""
    agenda = agenda_of(request)
    if agenda is None:
        return [[str(Section.AGENDA), _("Contact time in minutes"), str(request.minutes)]]
    when = _("Day {day}, {starts} to {ends}")
    return [
        [
            str(Section.AGENDA),
            when.format(day=row.day, starts=f"{row.starts:%H:%M}", ends=f"{row.ends:%H:%M}"),
            "; ".join(text for text in (row.what, str(row.item.label), row.track) if text),
        ]
        for row in agenda.rows
    ]


def rows_with_files(found: Sequence[Chapter]) -> dict[str, str]:
    """Return whose résumé a file is, by its purpose."""
    return {
        f"{Listed.INSTRUCTOR}:{block.key}": _("Résumé: {name}").format(name=block.name)
        for chapter in found
        if chapter.section == Section.INSTRUCTORS
        for block in chapter.blocks
    }

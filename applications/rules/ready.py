"""What an application shows so far, and what still stands before its review (R-APP-1, R-APP-8, R-APP-11)."""

from collections.abc import Iterable

from applications.rules.experience import Experience
from applications.rules.knowledge import Sheet
from applications.states import Document, Gate, Kind, Ready, Side

SIDES = {
    Kind.CERP: frozenset(Side),
    Kind.UPGRADE: frozenset(Side),
    Kind.CERPIT: frozenset(),
    Kind.PARTNER: frozenset(),
}
GATES = {
    Kind.CERP: (Gate.FEE, Gate.REFERENCES, Gate.AGREEMENT, Gate.DOCUMENTS, Gate.COURSE),
    Kind.CERPIT: (Gate.FEE, Gate.REFERENCES, Gate.AGREEMENT, Gate.DOCUMENTS, Gate.COURSE),
    Kind.PARTNER: (Gate.FEE, Gate.PARTNER, Gate.AGREEMENT, Gate.COURSE),
    Kind.UPGRADE: (Gate.FEE, Gate.AGREEMENT, Gate.DOCUMENTS),
}
PRIOR_LEARNING = frozenset({Kind.CERP, Kind.UPGRADE})


def ready_as(knowledge: Sheet | None, experience: Experience | None) -> Ready:
    """Return what the figures alone speak for; a side that was not filled in is not met.

    Both sides are CERP-ready, one of them CERPIT-ready (R-APP-1). Reviewers judge the rest.
    """
    met = [side is not None and side.met for side in (knowledge, experience)]
    if all(met):
        return Ready.CERP
    return Ready.CERPIT if any(met) else Ready.NEITHER


def sides_asked(kind: Kind, chosen: Iterable[Side]) -> frozenset[Side]:
    """Return the sides that must be complete: both for CERP and an upgrade, for CERPIT what the applicant chose."""
    return SIDES[kind] or (frozenset(chosen) if kind == Kind.CERPIT else frozenset())


def documents_of(kind: Kind, sides: Iterable[Side]) -> tuple[Document, ...]:
    """Return the documents without which nothing is reviewed: transcripts speak for knowledge (R-APP-3, R-APP-11).

    An upgrade brings its evidence with each step, a partner’s graduate the answer of the college.
    """
    if kind in {Kind.UPGRADE, Kind.PARTNER}:
        return ()
    return (Document.RESUME, Document.TRANSCRIPT) if Side.KNOWLEDGE in sides_asked(kind, sides) else (Document.RESUME,)


def open_gates(kind: Kind, settled: Iterable[Gate]) -> list[Gate]:
    """Return what still stands before the review of an application, in the order it is told (R-APP-11)."""
    done = frozenset(settled)
    return [gate for gate in GATES[kind] if gate not in done]

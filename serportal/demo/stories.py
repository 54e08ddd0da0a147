"""The applications of the demonstration, as a table: whose, when filed, what came in, what each reviewer did.

``refs`` has one letter for each referee: ``r`` answered, ``o`` opened the link, ``i`` is silent. ``marks`` has one for
each member of ``panel`` (numbers of committee accounts): ``i`` invited, ``d`` declared no conflict, ``a`` approves,
``c`` would offer CERPIT, ``n`` denies.
"""

from dataclasses import dataclass

from applications.states import Kind


@dataclass(frozen=True)
class Story:
    """One application. Days are counted back from today; ``filed`` of what is in review from the close of its window.

    ``who`` is the name of its applicant, or the key of an account; ``fee`` is paid, due, or asked to be smaller.
    ``college`` is what a partner said about its graduate. ``then`` names what happens last (a method of ``Steps``).
    """

    who: str
    filed: float
    dossier: str = ""
    kind: Kind = Kind.CERP
    country: str = ""
    refs: str = "rr"
    fee: str = "paid"
    member: bool = False
    course: bool = True
    screened: bool = True
    college: str = ""
    panel: str = ""
    marks: str = ""
    decided: float | None = None
    steps: tuple[str, ...] = ()
    then: str = ""


STORIES = [
    # to screen, incomplete, asked, complete and waiting for the window
    Story("Chidi Nwachukwu", 1.3, "sahel", country="NG", refs="ri", fee="due", course=False, screened=False),
    Story("Tomás Cevallos Andrade", 12.2, "paramo", country="EC", refs="ri", fee="due"),
    Story("Grace Nakimuli", 9.6, "papyrus", country="UG", refs="ro", fee="smaller"),
    Story("Putri Anggraini", 15.4, "peat swamp", country="ID", then="asked"),
    Story("Rewi Paraone", 17.5, "kauri", country="NZ", member=True),
    # with the committee: two of three ballots in, none yet, an upgrade; split; ready to decide
    Story("İpek Sarıgöl", 6.2, "sweetgum", country="TR", panel="235", marks="aad"),
    Story("Ananya Lyngdoh", 3.1, "monsoon forest", Kind.CERPIT, "IN", panel="345", marks="dii"),
    Story("upgrading", 4.4, "tallgrass", Kind.UPGRADE, member=True, panel="245", marks="ida"),
    Story("Benoît Essomba", 9.3, "mangrove", country="CM", panel="234", marks="acn"),
    Story("Marília Teixeira Prado", 7.7, "atlantic forest", Kind.CERPIT, "BR", panel="235", marks="aaa"),
    # decided: an offer that is open, a CERP, a denial
    Story("Shōta Hayakawa", 8.1, "satoyama", country="JP", panel="245", marks="cca", decided=4.1,
          steps=("Lead or help to lead a third project, and keep its monitoring for a year.",
                 "Three more semester credits in soils, hydrology or climate.")),
    Story("Litia Naikelekele", 5.8, "reef flat", country="FJ", panel="345", marks="aaa", decided=3.3, then="listed"),
    Story("Callum Ferriby", 2.6, "chalk grassland", country="GB", panel="234", marks="nnn", decided=2.4),
    # graduates of Niagara College: two of whom it has said nothing, one confirmed, one denied
    Story("Owen Kettleby", 8.4, kind=Kind.PARTNER, country="CA"),
    Story("Mathilde Archambault", 2.7, kind=Kind.PARTNER, country="CA", course=False),
    Story("Harriet Osawa", 11.5, kind=Kind.PARTNER, country="CA", college="yes"),
    Story("Rubén Tzul Ajú", 10.9, kind=Kind.PARTNER, country="CA", college="no"),
]  # fmt: skip

# How Diego Quispe Mamani became a CERPIT, told from that day.
CERPIT = Story(
    "cerpit", 66, "bofedal", Kind.CERPIT, panel="345", marks="aaa", decided=0,
    steps=("Two more years of full-time work, at least half of it restoration.",
           "Two more projects; have a part in the monitoring of one for a whole year.",
           "A reference from someone who supervised your planning, not only your field work."),
)  # fmt: skip

REFEREES = [
    ("Head of works", "I supervised them for two years.", 4,
     "They planned the work we did together and changed the plan when the water told us to."),
    ("Programme director", "We are partners in one catchment.", 6,
     "I saw them in the field with landowners who had said no twice. They listened, drew it again and got a yes."),
    ("Professor of restoration ecology", "I supervised the thesis, and we publish together.", 5,
     "Careful with evidence: the plots were measured the same way each year, and what failed was written down too."),
    ("County ecologist", "I inspected two of the projects named.", 3,
     "Both sites were as described. Records were complete and the crew knew why they did what they did."),
]  # fmt: skip
OFFERED = "Knowledge and projects speak for a practitioner in training; monitoring is yet to be shown."
DENIED = "The projects named are landscaping contracts. None restores an ecosystem; the applicant’s part was pricing."
# What is said against an application, where it is not what is said of most that are denied.
AGAINST = {
    "Benoît Essomba": (
        "Four of nine credits in quantitative science, and no project begins with an inventory. "
        "With both, a good application."
    ),
}
QUESTION = (
    "Your transcript ends with the sixth semester. Please add the last page, and say when the two courses in hydrology "
    "were taken."
)
NOT_CONFIRMED = "Two courses of the certificate are still open; we expect them to be completed in April."

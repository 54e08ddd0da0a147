"""The claims of the demonstration, as a table: whose, when filed, what each reviewer did, when decided.

``marks`` has one letter for each reviewer in the order of seating; a fourth fills the seat of one who stepped out:
``i`` invited, ``d`` declared no conflict, ``a`` approves, ``f`` approves fewer credits, ``n`` denies, ``o`` abstains,
``g`` gives the seat back, ``x`` steps out for a conflict.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """One claim. Days are counted back from today; ``decided`` counts from filing, None leaves the case open.

    ``about`` is its activity. ``ahead`` says how many days from today the activity ends, for a claim filed before it.
    ``then`` names what happens after all that (a method of ``cases.Steps``). ``shared`` claims are about one event.
    """

    filed: float
    marks: str = ""
    about: str = "conference"
    ahead: int | None = None
    then: str = ""
    shared: bool = False
    code: str = ""
    who: str = ""
    hours: int = 0
    screened: bool = True
    decided: int | None = None
    waiting: bool = False
    title: str = ""
    provider: str = ""


OPEN = [
    # to screen: just in, in time, with a code that nobody issued, about an event a panel has decided, past everything
    Scene(0.2, screened=False, about="volunteering", hours=12),
    Scene(0.3, screened=False, hours=22),
    Scene(1.4, screened=False, who="cerpit", about="training", hours=6),
    Scene(1.8, screened=False, about="training", hours=8, code="SER-7KQM-2WXA"),
    Scene(2.5, screened=False, hours=17, shared=True),
    Scene(6.2, screened=False, about="paper"),
    Scene(28.6, screened=False, hours=9),
    # to seat; the first comes from someone who works where a member of the committee does
    Scene(3.4, who="neighbour", hours=16),
    Scene(4.3, about="board"),
    Scene(5.6, about="course", hours=36, then="noted"),
    # asked: before the panel, and from the panel, answered by now
    Scene(6.5, about="instruction", hours=5, then="asked"),
    Scene(10.8, "aai", about="event", then="answered"),
    # with the committee
    Scene(5.3, "iii", about="committee"),
    Scene(7.4, "dii", hours=14),
    Scene(8.5, "did", about="chapter"),
    Scene(
        9.4, "iad", who="cerp", hours=12, title="Delta Restoration Forum {year}", provider="Delta Practitioners’ Circle"
    ),
    Scene(10.3, "adi", about="instruction", hours=8),
    Scene(11.6, "aid", about="volunteering", hours=8),
    Scene(12.4, "aai", hours=22, ahead=25),
    Scene(13.3, "fad"),
    Scene(16.5, "iaa", hours=11, then="extended"),
    # an alternate seated by the portal: after a recusal, after an abstention; and a seat nobody is left to fill
    Scene(8.2, "xaii", hours=7),
    Scene(12.7, "aodi", about="training", hours=10),
    Scene(9.2, "agii", about="conference", hours=9),
    Scene(10.1, "dai", hours=12, then="replaced"),
    Scene(11.3, "xxd", hours=20),
    # split: the panel looks at its ballots once more
    Scene(3.9, "afn", hours=13),
    # ready to decide: unanimous, with fewer credits, against, and one overdue for its letter
    Scene(14.5, "aaa", about="book"),
    Scene(17.3, "aff", hours=13),
    Scene(19.6, "nxnn", hours=9),
    Scene(31.4, "aaa", hours=22),
    # approved in advance; over, waiting for proof; its proof here
    Scene(24.2, "aaa", hours=14, ahead=18, decided=15),
    Scene(26.6, "aaa", about="training", hours=7, ahead=-3, decided=16, then="over"),
    Scene(33.1, "aaa", hours=12, ahead=-6, decided=20, then="proved"),
    # opened again, and withdrawn
    Scene(44.2, "aaa", hours=10, decided=17, then="reopened"),
    Scene(12.1, "dii", about="material", then="withdrawn"),
]

# Decided since the last upload, on any day the demonstration is made: approved, waiting for the next one.
WAITING = [
    Scene(20.4, "aaa", who="cerp", hours=8, waiting=True, title="Tidal Creek Design Days {year}",
          provider="Wadden Coast Research Network"),
    Scene(15.3, "aaf", hours=12, waiting=True),
    Scene(9.5, "aff", hours=18, waiting=True),
    Scene(6.4, "aaa", hours=22, waiting=True),
]  # fmt: skip

OUTCOMES = ["aaa", "aaa", "aaf", "aaa", "aff", "aaa", "nna", "xaaa", "aaa", "oaaa", "nnn", "aaa", "fnf", "aaa"]
# Filed this many days ago, a little more in spring and after the summer, and decided.
DECIDED_DAYS = [
    36, 43, 47, 52, 58, 63, 66, 71, 78, 85, 92, 99, 108, 117, 126, 131, 138, 146, 155, 163, 171, 180, 188, 197, 203,
    209, 214, 220, 226, 233, 241, 249, 256, 262, 271, 280, 288, 297, 305, 316, 327, 338, 349, 358, 366, 374, 381,
]  # fmt: skip
WAITS = [17, 14, 21, 19, 12, 24, 16, 20, 15, 26, 18, 22]
ABOUT = ["conference", "training", "conference", "instruction", "conference", "volunteering", "training", "paper",
         "conference", "course", "material", "conference", "committee", "event"]  # fmt: skip
PAST = [
    Scene(days + 0.4, OUTCOMES[n % len(OUTCOMES)], decided=WAITS[n % len(WAITS)], about=ABOUT[n % len(ABOUT)])
    for n, days in enumerate(reversed(DECIDED_DAYS))
] + [Scene(40.7, "aaa", hours=15, decided=18, shared=True)]
HOURS = [6, 22, 9, 16, 12, 20, 4, 14, 24, 7, 18, 10, 2, 13, 15, 3]

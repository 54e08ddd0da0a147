"""The claims of the demonstration, as a table: whose, when filed, what each reviewer did, when decided.

``marks`` has one letter for each reviewer in the order of seating; a fourth fills the seat of one who stepped out:
``i`` invited, ``d`` declared no conflict, ``a`` approves, ``f`` approves fewer credits, ``n`` denies, ``o`` abstains,
``x`` steps out for a conflict.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """One claim. Days are counted back from today; ``decided`` counts from filing, None leaves the case open."""

    filed: float
    marks: str = ""
    who: str = ""
    hours: int = 0
    screened: bool = True
    decided: int | None = None
    waiting: bool = False
    title: str = ""
    provider: str = ""


OPEN = [
    # to screen: just in, in time, past day 4, past everything
    Scene(0.2, screened=False),
    Scene(0.3, screened=False, hours=22),
    Scene(1.4, screened=False, who="cerpit", hours=6),
    Scene(2.5, screened=False, hours=17),
    Scene(6.2, screened=False),
    Scene(28.6, screened=False, hours=9),
    # to seat; the first comes from someone who works where a member of the committee does
    Scene(3.4, who="neighbour", hours=16),
    Scene(4.3),
    Scene(5.6, hours=5),
    # with the committee
    Scene(5.3, "iii"),
    Scene(7.4, "dii", hours=14),
    Scene(8.5, "did", hours=24),
    Scene(
        9.4, "iad", who="cerp", hours=12, title="Delta Restoration Forum {year}", provider="Delta Practitioners’ Circle"
    ),
    Scene(10.3, "adi", hours=18),
    Scene(11.6, "aid", hours=8),
    Scene(12.4, "aai", hours=22),
    Scene(13.3, "fad"),
    Scene(16.5, "iaa", hours=11),
    # a seat to fill: after a recusal, after one more, after an abstention
    Scene(8.2, "xai", hours=7),
    Scene(11.3, "dxi", hours=20),
    Scene(12.7, "aod", hours=10),
    # ready to decide: unanimous, divided with fewer credits, against, and one overdue for its letter
    Scene(14.5, "aaa", hours=15),
    Scene(17.3, "afn", hours=13),
    Scene(19.6, "nxan", hours=9),
    Scene(31.4, "aaa", hours=22),
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
PAST = [
    Scene(days + 0.4, OUTCOMES[n % len(OUTCOMES)], decided=WAITS[n % len(WAITS)])
    for n, days in enumerate(reversed(DECIDED_DAYS))
]
HOURS = [6, 22, 9, 16, 12, 20, 4, 14, 24, 7, 18, 10, 2, 13, 15, 3]

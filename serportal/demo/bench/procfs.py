"""CPU time and memory of processes, from ``/proc``; nothing is asked of the measured processes themselves."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Stat:
    """One process: its name, its parent, the seconds it ran, and those of its children that have ended."""

    pid: int
    name: str
    parent: int
    seconds: float
    children_seconds: float


def parse_stat(line: str) -> Stat:
    """Read a line of ``/proc/<pid>/stat``. The name stands in parentheses and may hold more of them, and spaces."""
    pid, _, rest = line.partition(" (")
    name, _, rest = rest.rpartition(") ")
    fields = rest.split()
    own, children = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return Stat(int(pid), name, int(fields[1]), own / TICK, children / TICK)


def parse_memory(status: str) -> tuple[float, float]:
    """Return (resident MB now, most resident MB so far) from the text of ``/proc/<pid>/status``."""
    found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    now, most = (int(found[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


def stat_of(pid: int) -> Stat:
    return parse_stat((PROC / str(pid) / "stat").read_text())


def memory_of(pid: int) -> tuple[float, float]:
    return parse_memory((PROC / str(pid) / "status").read_text())


def children_of(parent: int) -> list[Stat]:
    found = []
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                one = stat_of(int(folder.name))
            except OSError:
                continue  # it ended while we looked
            if one.parent == parent:
                found.append(one)
    return found


def cluster_seconds(postmaster: int | None) -> float | None:
    """Return the CPU seconds of a whole PostgreSQL, ended backends included; None where it runs elsewhere."""
    if postmaster is None:
        return None
    head = stat_of(postmaster)
    return head.seconds + head.children_seconds + sum(one.seconds for one in children_of(postmaster))


def postmaster_of(backend: int) -> int | None:
    """Return the process that owns ``backend``, or None where PostgreSQL is not on this machine."""
    try:
        head = stat_of(stat_of(backend).parent)
    except OSError:
        return None
    return head.pid if head.name.startswith("postgres") else None

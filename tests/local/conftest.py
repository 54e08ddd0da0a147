"""These tests start real programs in folders of their own; none touches the checkout's `.venv` or `.run`."""

import os
import shutil
import time
from pathlib import Path

import pytest

from serportal.local.servers import private_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own_environment(monkeypatch):
    """Without the servers that the test run itself uses."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def place():
    """A folder that the database's user can reach, also when we are root."""
    folder = private_folder("serportal-test-", "/var/tmp")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def gone(pid: int) -> bool:
    """Whether a process has ended, or does within five seconds. One that waits for its parent's attention has."""
    deadline = time.monotonic() + 5
    while not ended(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ended(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def without_servers() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}

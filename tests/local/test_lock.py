"""The locks install the same versions everywhere, and name no machine's index."""

import re
import tomllib

import pytest

from serportal.local.lock import LOCKS, addresses_in
from tests.local.conftest import ROOT


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    found = {}
    for line in filter(None, text.splitlines()):
        match = re.match(r"([a-z0-9-]+)==([^ ;]+)( ;[^\\]*?)?( +--hash=sha256:[0-9a-f]{64})+\s*$", line)
        assert match, f"{name}: not a pinned and hashed requirement: {line[:90]}"
        found[match[1]] = match[2]
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(name):
    assert len(pins(name)) > 30
    assert addresses_in((ROOT / name).read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://index.example.org/web",
        "--find-links /srv/wheels",
        "-f wheels",
        "django @ file:///srv/django.whl",
        "django==5.2 # from https://index.example.org",
    ],
)
def test_an_address_in_a_lock_is_found(line):
    assert addresses_in(f"django==5.2 \\\n    --hash=sha256:00\n{line}\n") == [line]


def test_development_runs_what_production_runs():
    production, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert production.items() <= development.items()
    assert "pytest" not in production


def test_everything_that_is_asked_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = [re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in project["project"]["dependencies"]]
    assert set(names) <= pins("requirements.lock").keys()
    groups = project["dependency-groups"]
    names = [re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in groups["local"] + groups["test"]]
    assert set(names) <= pins("requirements-dev.lock").keys()

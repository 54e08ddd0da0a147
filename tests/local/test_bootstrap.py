"""The first command on a new machine answers in a sentence, and the second start costs nothing."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from serportal.local import bootstrap
from tests.local.conftest import ROOT


@pytest.fixture
def checkout(tmp_path):
    """A copy of what the bootstrap needs, so that the real environment stays as it is."""
    (tmp_path / "serportal" / "local").mkdir(parents=True)
    shutil.copy(ROOT / "serportal" / "local" / "bootstrap.py", tmp_path / "serportal" / "local")
    shutil.copy(ROOT / "requirements-dev.lock", tmp_path)
    return tmp_path


def run(checkout, **environment):
    return subprocess.run(
        [sys.executable, "-E", checkout / "serportal" / "local" / "bootstrap.py"],
        env={"PATH": "/nonexistent", "HOME": str(checkout), **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def refused(done) -> str:
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("minor", [9, 10, 14])
def test_an_unsupported_python_is_refused_in_a_sentence(checkout, minor):
    old = program(checkout / "bin" / "python3", f"echo 3 {minor}")
    said = refused(run(checkout, PYTHON=str(old)))
    assert f"only Python 3.{minor}." in said
    assert "needs Python 3.11, 3.12 or 3.13" in said
    assert not (checkout / ".venv").exists()


def test_a_shim_that_fails_is_not_a_python(checkout):
    broken = program(checkout / "bin" / "python3", "echo 'command not found' >&2; exit 127")
    assert "none that runs" in refused(run(checkout, PYTHON=str(broken)))


def test_the_next_python_is_used_when_the_first_fails(checkout, monkeypatch):
    program(checkout / "bin" / "python3", "exit 127")
    program(checkout / "bin" / "python3.12", "echo 3 12")
    monkeypatch.setenv("PATH", str(checkout / "bin"))
    monkeypatch.delenv("PYTHON", raising=False)
    assert str(checkout / "bin" / "python3.12") in bootstrap.pythons()


def test_a_full_disk_is_told_before_anything_is_made(checkout, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "ROOT", checkout)
    monkeypatch.setattr(bootstrap, "STAMP", checkout / "stamp")
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: SimpleNamespace(free=5 * 2**20))
    monkeypatch.setattr(bootstrap, "make_venv", lambda python: pytest.fail("went on with a full disk"))
    assert bootstrap.main() == 1
    assert capsys.readouterr().err.startswith("The disk is full: the environment needs ")


def test_a_warm_start_does_nothing_until_the_lock_changes(checkout):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    old = program(checkout / "bin" / "python3", "echo 3 9")
    stamp = subprocess.run(
        [sys.executable, "-c", "import bootstrap; bootstrap.STAMP.write_text(bootstrap.fingerprint())"],
        cwd=checkout / "serportal" / "local",
        check=True,
    )
    assert stamp.returncode == 0
    started = time.monotonic()
    assert run(checkout, PYTHON=str(old)).returncode == 0
    assert time.monotonic() - started < 1
    with (checkout / "requirements-dev.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "only Python 3.9" in refused(run(checkout, PYTHON=str(old)))


def test_the_installer_itself_is_pinned_with_hashes():
    assert re.fullmatch(r"uv==[0-9.]+( --hash=sha256:[0-9a-f]{64})+\n", bootstrap.uv_pin())

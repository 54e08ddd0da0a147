"""Children end with us, and a folder is held by one process at a time."""

import signal
import subprocess
import sys
import time

import pytest

from serportal.local.errors import Refused
from serportal.local.processes import Child, Hold, sweep
from tests.local.conftest import gone


def test_stopping_a_child_ends_what_it_started(tmp_path):
    script = "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"
    child = Child("stubborn", ["sh", "-c", script], log=tmp_path / "log")
    while not child.tail():
        time.sleep(0.01)
    grandchild = int(child.tail())
    started = time.monotonic()
    child.stop(started + 0.3)
    assert time.monotonic() - started < 30, "It waited for the child instead of ending it."
    assert gone(child.process.pid)
    assert gone(grandchild)


def test_a_child_that_ends_by_itself_says_how(tmp_path):
    child = Child("web", ["sh", "-c", "echo no such setting; exit 3"], log=tmp_path / "web.log")
    while child.alive:
        time.sleep(0.01)
    assert child.obituary() == f"web ended with status 3. The end of {tmp_path / 'web.log'}:\nno such setting"
    child.stop(0)


def test_a_hold_ends_with_its_process_even_when_killed(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from serportal.local.processes import Hold;"
        "hold = Hold(Path(sys.argv[1]), ''); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Refused, match=r"^taken$"):
            Hold(tmp_path, "taken")
        holder.send_signal(signal.SIGKILL)
    Hold(tmp_path, "taken").release()


def test_sweeping_leaves_what_is_held_or_young_or_not_ours(tmp_path, monkeypatch):
    for name in ("x-held", "x-dead", "x-kept", "y-dead"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lock").touch()
    (tmp_path / "x-no-lock").mkdir()
    hold = Hold(tmp_path / "x-held", "")
    sweep(tmp_path, "x-")
    assert (tmp_path / "x-dead").exists()
    later = time.time() + 3600
    monkeypatch.setattr("serportal.local.processes.time.time", lambda: later)
    sweep(tmp_path, "x-", keep=lambda folder: folder.name == "x-kept")
    hold.release()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-held", "x-kept", "x-no-lock", "y-dead"]

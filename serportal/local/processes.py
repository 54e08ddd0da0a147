"""Children that cannot outlive us, and folders that only one of us uses.

A supervisor that is killed with -9 cannot stop anything, and its orphans would answer the next start's readiness check.
So the kernel ends each child when its parent goes, and a folder is held by a lock that goes with its process.
"""

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from serportal.local.errors import Refused

PR_SET_PDEATHSIG = 1
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Loaded before any fork: the child of a fork may not import.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@contextlib.contextmanager
def undisturbed():
    """Hold back the signals that end us, so that none comes between the start of a child and its entry in our books."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent(with_signal: int, *, interruptible: bool = False):
    """What a child does before its program starts, so that the kernel sends it ``with_signal`` when we are gone.

    ``interruptible`` undoes an inherited "ignore SIGINT", which background jobs of a shell hand down.
    """
    parent = os.getpid()

    def before_exec():
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
        if os.getppid() != parent:  # the parent went between fork and prctl
            os._exit(1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        if interruptible:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    return before_exec


class Child:
    """One program in a session of its own, so that Ctrl-C reaches only the supervisor, which stops in good order."""

    def __init__(self, name: str, command: list, *, log: Path, stop_with=signal.SIGTERM, **options):
        self.name, self.log, self.stop_with = name, log, stop_with
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(stop_with, interruptible=True),
                **options,
            )

    def _end(self):
        """How it ended, or None. It stays a zombie until ``stop``, so that its number does not pass to a stranger."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)

    @property
    def alive(self) -> bool:
        return self.process.returncode is None and self._end() is None

    @property
    def succeeded(self) -> bool:
        end = self._end()
        return end is not None and (end.si_code, end.si_status) == (os.CLD_EXITED, 0)

    def tail(self, lines: int = 15) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").strip().splitlines()[-lines:])
        return ""

    def obituary(self) -> str:
        end = self._end()
        how = f"with status {end.si_status}" if end.si_code == os.CLD_EXITED else f"by signal {end.si_status}"
        return f"{self.name} ended {how}. The end of {self.log}:\n{self.tail()}"

    def ask_to_stop(self) -> None:
        if self.alive:
            os.kill(self.process.pid, self.stop_with)

    def stop(self, deadline: float) -> None:
        """Wait until ``deadline`` (monotonic), then end it and whatever is left of its session."""
        if self.process.returncode is not None:
            return
        self.ask_to_stop()
        while self.alive and time.monotonic() < deadline:
            time.sleep(0.02)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Hold:
    """An exclusive hold on a folder for as long as this process lives; the kernel gives it back even after -9."""

    def __init__(self, folder: Path, refusal: str):
        folder.mkdir(parents=True, exist_ok=True)
        self.file = (folder / "lock").open("a")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.file.close()
            raise Refused(refusal) from None

    def release(self) -> None:
        self.file.close()


def sweep(parent: Path, prefix: str, *, keep=lambda folder: False) -> None:
    """Remove what predecessors left in ``parent``: folders of ours that nobody holds and ``keep`` does not claim."""
    for folder in parent.glob(f"{prefix}*"):
        with contextlib.suppress(OSError, Refused):
            about = folder.lstat()
            settled = time.time() - about.st_ctime > 60  # younger ones may be about to be held
            if (
                folder.is_dir()
                and not folder.is_symlink()
                and settled
                and (folder / "lock").stat().st_uid == os.getuid()
                and not keep(folder)
            ):
                hold = Hold(folder, "in use")
                shutil.rmtree(folder, ignore_errors=True)
                hold.release()

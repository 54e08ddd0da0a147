"""The server that is measured: gunicorn as in production, in a process group of its own that always ends with us."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from serportal.demo.bench.client import HOST
from serportal.demo.bench.procfs import children_of, memory_of

WORKERS = 2
PATIENCE = 30
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Have the kernel end the server when the bench is killed in a way that it cannot answer."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class ServerFailed(Exception):
    """The server did not come up, or lost a worker; the text holds the end of its log."""


class Server:
    """Used as a context manager. ``cold_start`` is the time from its start to its first answer, in seconds."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.log, self.environment = folder / "server.log", environment
        self.process: subprocess.Popen | None = None
        self.port, self.cold_start = 0, 0.0

    def __enter__(self) -> "Server":
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error) -> None:
        self.stop()

    def _start(self) -> None:
        with socket.create_server((HOST, 0), backlog=128) as door, self.log.open("wb") as log:
            self.port = door.getsockname()[1]
            command = [sys.executable, "-m", "gunicorn", "serportal.demo.bench.wsgi", "--workers", str(WORKERS)]
            command += ["--worker-class", "sync", "--no-control-socket", "--graceful-timeout", "2"]
            command += ["--bind", f"fd://{door.fileno()}"]
            began = time.monotonic()
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[door.fileno()],
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        # The door is open already, so that the first question waits until a worker takes it.
        self._first_answer()
        self.cold_start = time.monotonic() - began
        self._all_workers()

    def _first_answer(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=PATIENCE).close()
                return
            time.sleep(0.02)
        raise ServerFailed(f"The server did not answer. The end of its log:\n{self.tail()}")

    def _all_workers(self) -> None:
        """Wait until every worker has loaded the portal, so that none does so while it is measured."""
        before = None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            now = self.python_seconds()
            if now == before and len(self.workers()) == WORKERS:
                return
            before = now
            time.sleep(0.3)

    def workers(self) -> list[int]:
        return sorted(one.pid for one in children_of(self.process.pid))

    def python_seconds(self) -> float:
        """Return the CPU seconds of the workers. The master is left out: it only looks after them."""
        return sum(one.seconds for one in children_of(self.process.pid))

    def memory(self) -> tuple[float, float]:
        """Return the largest worker's resident MB, now and at its most."""
        both = [memory_of(pid) for pid in self.workers()]
        return max(now for now, _most in both), max(most for _now, most in both)

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

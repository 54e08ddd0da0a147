"""The whole portal with demonstration data, in one tree of processes that ends when this one does.

Its data, logs and letters live in ``.run/demo`` and are kept until ``make demo-reset``.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from serportal.local.door import answers, open_door
from serportal.local.errors import Refused, sentence
from serportal.local.place import remove_place, take_place
from serportal.local.processes import ENDING, Child, Hold, undisturbed
from serportal.local.servers import Servers
from serportal.local.welcome import welcome

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".run" / "demo"


class Stopped(BaseException):
    """Ctrl-C, or a polite request to end."""


def stop_once(*_) -> None:
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


class Demo:
    def __init__(self):
        address = ""
        with contextlib.suppress(OSError):
            address = (RUN / "address").read_text().strip()
        where = f"at {address}. Open it there" if address else "and is still starting. Wait for it"
        self.hold = Hold(
            RUN, f"A demonstration already runs in this folder {where}, or stop it with Ctrl-C where it runs."
        )
        self.children: list[Child] = []
        self.servers: Servers | None = None

    def start(self) -> str:
        """Start everything, in order; give back the address once it answers."""
        (RUN / "address").unlink(missing_ok=True)
        door, remark = open_door()
        address = "http://{}:{}".format(*door.getsockname())
        if remark:
            print(remark, flush=True)
        print("Starting the demonstration …", flush=True)
        place, self.place_hold = take_place(RUN)
        self.servers = Servers(place, RUN)
        self.servers.start()
        self.environment = {
            "FILES_ROOT": str(RUN / "files"),
            "STATIC_ROOT": str(RUN / "static"),
            "EMAIL_FILE_PATH": str(RUN / "letters"),
            **os.environ,
            **self.servers.environment,
            "PORTAL_MODE": "demo",
            "SITE_URL": address,
            "SECRET_KEY": self._secret_key(),
            "PYTHONUNBUFFERED": "1",
        }
        self._prepare()
        self._serve(door, address)
        self._work()
        (RUN / "address").write_text(address)
        return address

    def _secret_key(self) -> str:
        path = RUN / "secret-key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(64))
        return path.read_text()

    def _child(self, name: str, *arguments: object, **options) -> Child:
        command = [sys.executable, "-m", *arguments]
        with undisturbed():
            child = Child(name, command, log=RUN / f"{name}.log", cwd=ROOT, env=self.environment, **options)
            self.children.append(child)
        return child

    def _prepare(self) -> None:
        """Tables, static files, data; the first time takes longest."""
        child = self._child("prepare", "serportal.local.prepare")
        started, told = time.monotonic(), False
        while child.alive:
            if not told and time.monotonic() - started > 3:
                told = True
                print("Making the tables and the demonstration data (only the first time) …", flush=True)
            time.sleep(0.05)
        if not child.succeeded:
            raise Refused(child.obituary())
        self.children.remove(child)
        child.stop(0)

    def _serve(self, door, address: str) -> None:
        web = ("gunicorn", "serportal.wsgi", "--workers", "2", "--worker-class", "gthread", "--threads", "4")
        web += ("--no-control-socket", "--graceful-timeout", "2", "--bind", f"fd://{door.fileno()}")
        self._child("web", *web, pass_fds=[door.fileno()])
        door.close()
        deadline = time.monotonic() + 60
        while not answers(address, seconds=0.5):
            self.look_after()
            if time.monotonic() > deadline:
                raise Refused(f"The portal did not answer within 60 s. Its log is {RUN / 'web.log'}.")

    def _work(self) -> None:
        """Last, since nobody waits for them: what is owed is rows."""
        celery = ("celery", "--app", "serportal.celery")
        # prefork, as in production: only a child process can be held to a hard time limit.
        self._child("worker", *celery, "worker", "--pool", "prefork", "--concurrency", "1", "--loglevel", "INFO")
        self._child("beat", *celery, "beat", "--schedule", RUN / "beat-schedule", "--pidfile", "")

    def look_after(self) -> None:
        for child in [*self.servers.children, *self.children]:
            if not child.alive:
                raise Refused(child.obituary())

    def stop(self) -> None:
        (RUN / "address").unlink(missing_ok=True)
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + 3
        for child in self.children:
            child.stop(deadline)
        if self.servers:
            self.servers.stop(seconds=1.5)


def run() -> int:
    for number in ENDING:
        signal.signal(number, stop_once)
    demo = None
    try:
        demo = Demo()
        print(welcome(demo.start()), flush=True)
        while True:
            demo.look_after()
            time.sleep(0.2)
    except Stopped:
        print("\nStopping …", flush=True)
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        if demo:
            demo.stop()
    print("Stopped. `make demo` continues with the same data, `make demo-reset` starts over.")
    return 0


def reset() -> int:
    if not RUN.exists():
        print("There is no demonstration data.")
        return 0
    hold = Hold(RUN, "The demonstration runs. Stop it with Ctrl-C in its terminal, then run `make demo-reset` again.")
    remove_place(RUN)
    shutil.rmtree(RUN)
    hold.release()
    print("The demonstration's data is removed. `make demo` starts over.")
    return 0


def main() -> int:
    try:
        return reset() if "--reset" in sys.argv[1:] else run()
    except Refused as refusal:
        print(refusal, file=sys.stderr)
    except OSError as error:
        print(sentence(error), file=sys.stderr)
    except subprocess.SubprocessError as error:
        print(f"A program could not be started: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

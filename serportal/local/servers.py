"""PostgreSQL and Valkey together, for one folder; whichever the environment already names is left out."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from serportal.local.errors import Refused
from serportal.local.postgres import Postgres
from serportal.local.processes import Child
from serportal.local.valkey import Valkey

NEEDED_MB = 200
# A socket's path is limited to 107 bytes; its name and a folder come after this.
LONGEST = 75


def private_folder(prefix: str, parent: str) -> Path:
    """A new folder of our own. As root, others may pass through it to the part that belongs to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent if os.access(parent, os.W_OK) else None))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    return folder


class Servers:
    """Start what is missing, tell its addresses in ``environment``, stop it again."""

    def __init__(self, place: Path, logs: Path, *, careless: bool = False):
        """``place`` keeps the data; ``careless`` servers do not wait for the disk (tests)."""
        self.place, self.logs, self.careless = place, logs, careless
        self.environment: dict[str, str] = {}
        self.sockets: Path | None = None
        self.started: list = []

    @property
    def children(self) -> list[Child]:
        return [server.child for server in self.started if server.child]

    def start(self) -> None:
        wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
        if not wanted:
            return
        free = shutil.disk_usage(self.place).free // 2**20
        if free < NEEDED_MB:
            raise Refused(
                f"The disk is full: {free} MB are free in {self.place}, and the servers need {NEEDED_MB}. "
                "Free some space and run the same command again."
            )
        self.sockets = self._new_sockets()
        for name, server in (
            ("DATABASE_URL", Postgres(self.place, self.sockets, self.logs, careless=self.careless)),
            ("REDIS_URL", Valkey(self.place, self.sockets, self.logs)),
        ):
            if name in wanted:
                self.started.append(server)
                server.start()
                self.environment[name] = server.url

    def _new_sockets(self) -> Path:
        """An empty folder at each start: no server of another start can answer from it."""
        sockets = self.place / "sockets"
        if len(str(sockets)) > LONGEST:
            return private_folder("serportal-sockets-", "/tmp")
        shutil.rmtree(sockets, ignore_errors=True)
        sockets.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
        return sockets

    def stop(self, seconds: float = 5.0) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + seconds
        for child in self.children:
            child.stop(deadline)
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

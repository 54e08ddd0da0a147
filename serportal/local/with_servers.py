"""Run one command on servers made for it and thrown away: ``python -m serportal.local.with_servers pytest``.

Each run has a folder of its own, so any number of them run side by side and beside a demonstration. A command that
finds ``DATABASE_URL`` and ``REDIS_URL`` in its environment runs on those instead.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from serportal.local.errors import Refused, sentence
from serportal.local.processes import Hold, die_with_parent, sweep, undisturbed
from serportal.local.servers import Servers, private_folder

PREFIX = "serportal-test-"


def run(command: list[str], *, durable: bool = False) -> int:
    parent = "/var/tmp" if os.access("/var/tmp", os.W_OK) else tempfile.gettempdir()
    sweep(Path(parent), PREFIX)
    place = private_folder(PREFIX, parent)
    hold = Hold(place, "in use")
    servers = Servers(place, place, careless=not durable)
    child = None

    def pass_on(number, _frame):
        if child is None:
            raise SystemExit(128 + number)
        child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGHUP, pass_on)
    try:
        servers.start()
        environment = {
            "PORTAL_MODE": "test",
            "FILES_ROOT": str(place / "files"),
            "EMAIL_FILE_PATH": str(place / "letters"),
            **os.environ,
            **servers.environment,
        }
        # Ctrl-C reaches the command itself, which may have much to say; it decides when this ends.
        signal.signal(signal.SIGINT, lambda *_: None)
        with undisturbed():
            child = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent(signal.SIGTERM))
        return child.wait()
    finally:
        if child and child.poll() is None:
            child.terminate()
            child.wait()
        servers.stop()
        shutil.rmtree(place, ignore_errors=True)
        hold.release()


def main() -> int:
    command = sys.argv[1:]
    # Servers that wait for the disk, as in production: for measuring.
    durable = command[:1] == ["--durable"]
    command = command[durable:]
    if not command:
        print("Name the command to run: python -m serportal.local.with_servers python -m pytest", file=sys.stderr)
        return 2
    try:
        code = run(command, durable=durable)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())

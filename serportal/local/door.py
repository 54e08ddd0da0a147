"""The one TCP port: taken by the supervisor itself and handed to the web server, so nobody can take it in between."""

import os
import socket
import time
import urllib.error
import urllib.request

from serportal.local.errors import Refused

HOST = "127.0.0.1"
FIRST, LAST = 8000, 8019


def _listen(port: int) -> socket.socket | None:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
        # Listening is what makes a second taker fail; two may bind with SO_REUSEADDR.
        door.listen(512)
    except OSError:
        door.close()
        return None
    return door


def open_door() -> tuple[socket.socket, str]:
    """A listening socket and a word about it: the port of ``PORT``, or the first free one from 8000."""
    asked = os.environ.get("PORT", "")
    if asked:
        if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked) <= 65535:
            raise Refused(f"PORT is {asked!r}, which is no port. Give a number, such as PORT=8001 make demo")
        door = _listen(int(asked))
        if door is None:
            raise Refused(
                f"Port {asked} is taken by another program, or this user may not open it. "
                f"Choose another, such as PORT={_free_after(int(asked))} make demo"
            )
        return door, ""
    for port in range(FIRST, LAST + 1):
        door = _listen(port)
        if door:
            return door, "" if port == FIRST else f"Port {FIRST} is taken by another program, so this one uses {port}."
    raise Refused(f"Ports {FIRST} to {LAST} are all taken. Choose another, such as PORT=9000 make demo")


def _free_after(port: int) -> int:
    for other in range(max(port, 1024) + 1, 65536):
        door = _listen(other)
        if door:
            door.close()
            return other
    return FIRST


def answers(address: str, seconds: float) -> bool:
    """Whether the portal says it is well within ``seconds``."""
    deadline = time.monotonic() + seconds
    # Straight to the address: a proxy from the environment has no business here.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        try:
            with opener.open(f"{address}/healthz", timeout=max(0.1, deadline - time.monotonic())) as response:
                return response.status == 200
        except urllib.error.HTTPError:
            return False
        except OSError:
            time.sleep(0.05)
    return False

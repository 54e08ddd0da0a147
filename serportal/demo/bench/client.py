"""A small HTTP/1.1 client: keep-alive where the server offers it, one request at a time on one connection.

A synchronous gunicorn worker closes each connection after its answer, so both ends of a connection are handled here.
It talks to this machine only.
"""

import asyncio
import gzip
from dataclasses import dataclass, field

HOST = "127.0.0.1"
LONGEST = 20.0
LIMIT = 2**20


class BadAnswer(Exception):
    """What came back is not the page that was to be measured."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def as_bytes(self) -> bytes:
        headers = {"Host": HOST, "Accept-Encoding": "gzip", **self.headers}
        if self.method != "GET":
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def compressed(self) -> bool:
        return self.headers.get("content-encoding") == "gzip"

    @property
    def text(self) -> str:
        """The page, and where it sends the visitor: both may hold the words that prove what it is."""
        body = gzip.decompress(self.body) if self.compressed else self.body
        return f"{self.headers.get('location', '')}\n{body.decode('utf-8', 'replace')}"


def check(answer: Answer, *, status: int, key: str) -> None:
    """Raise BadAnswer unless ``answer`` is the page meant: an error page is fast, and would look like a success."""
    if answer.status != status:
        where = answer.headers.get("location", "")
        raise BadAnswer(f"status {answer.status} instead of {status}{f', to {where}' if where else ''}")
    if key not in answer.text:
        raise BadAnswer(f"status {answer.status} without “{key}”")


class Connection:
    """One connection to the server, opened when it is first needed and again whenever the server has closed it."""

    def __init__(self, port: int):
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, request: Request) -> Answer:
        async with asyncio.timeout(LONGEST):
            kept = self.writer is not None
            try:
                return await self._ask(request)
            except (ConnectionError, asyncio.IncompleteReadError):
                # A kept connection may end between two requests; a new one may not.
                self.close()
                if not kept:
                    raise
                return await self._ask(request)

    async def _ask(self, request: Request) -> Answer:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port, limit=LIMIT)
        self.writer.write(request.as_bytes())
        status, headers = parse_head(await self.reader.readuntil(b"\r\n\r\n"))
        body = await self._body(request.method, status, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    async def _body(self, method: str, status: int, headers: dict[str, str]) -> bytes:
        if method == "HEAD" or status in {204, 304}:
            return b""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return await self._chunks()
        if "content-length" in headers:
            return await self.reader.readexactly(int(headers["content-length"]))
        headers["connection"] = "close"
        return await self.reader.read(-1)

    async def _chunks(self) -> bytes:
        parts = []
        while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
            parts.append((await self.reader.readexactly(size + 2))[:-2])
        while await self.reader.readuntil(b"\r\n") != b"\r\n":
            pass
        return b"".join(parts)

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


def parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    """Return (status, headers in lower case) of an answer's first lines."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return int(first.split(" ", 2)[1]), headers

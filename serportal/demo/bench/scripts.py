"""What a visitor of the load client sends, again and again: one script for each connection, with its own memory.

A form is sent with a real change each time, since a save that changes nothing is cheaper than the one that matters.
"""

import re
import uuid
from abc import ABC, abstractmethod
from urllib.parse import urlencode

from django.conf import settings

from serportal.demo.bench.client import Answer, BadAnswer, Request, check

# Any value serves, as long as the cookie and the form agree.
CSRF = "b" * 32


class Get:
    """One page, told by a text that only it holds."""

    def __init__(self, path: str, *, key: str, session: str = "", status: int = 200, headers: dict | None = None):
        self.path, self.key, self.status = path, key, status
        self.headers = dict(headers or {})
        if session:
            self.headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={session}"

    def request(self) -> Request:
        return Request("GET", self.path, self.headers)

    def check(self, answer: Answer) -> None:
        check(answer, status=self.status, key=self.key)


class Post(ABC):
    """A form; ``fields`` says what is typed the next time."""

    def __init__(self, path: str, *, session: str, key: str, status: int = 302, headers: dict | None = None):
        self.path, self.key, self.status, self.count = path, key, status, 0
        cookies = {settings.CSRF_COOKIE_NAME: CSRF} | ({settings.SESSION_COOKIE_NAME: session} if session else {})
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            **(headers or {}),
        }

    @abstractmethod
    def fields(self) -> dict:
        """Return what is typed this time, by the names of the form."""

    def request(self) -> Request:
        self.count += 1
        body = urlencode({"csrfmiddlewaretoken": CSRF, **self.fields()}, doseq=True)
        return Request("POST", self.path, self.headers, body.encode())

    def check(self, answer: Answer) -> None:
        check(answer, status=self.status, key=self.key)


class Autosave(Post):
    """Someone types on in the field ``typed``: saved in the background, each time on top of the version saved last."""

    def __init__(self, path: str, *, session: str, data: dict, version: int, typed: str = "learned"):
        super().__init__(path, session=session, key='id="saved"', status=200, headers={"HX-Request": "true"})
        self.data, self.version, self.typed = data, version, typed

    def fields(self) -> dict:
        return {**self.data, self.typed: f"{self.data[self.typed]} {self.count}", "version": self.version}

    def check(self, answer: Answer) -> None:
        super().check(answer)
        found = re.search(r'name="version"[^>]* value="([0-9]+)"', answer.text)
        if found is None or int(found[1]) <= self.version:
            raise BadAnswer("nothing was saved: the version of the draft did not grow")
        self.version = int(found[1])


class Recast(Post):
    """A member changes a ballot whose panel stays open: a new ballot each time, under a key of its own."""

    def __init__(self, path: str, *, session: str, revision: int):
        super().__init__(path, session=session, key="/reviews/")
        self.revision = revision

    def fields(self) -> dict:
        reason = f"The programme lists every session. Read {self.count} times."
        return {"submit_key": uuid.uuid4(), "revision": self.revision, "choice": "approve", "reason": reason}


class SignIn(Post):
    def __init__(self, path: str, *, email: str, password: str):
        super().__init__(path, session="", key=settings.LOGIN_REDIRECT_URL)
        self.email, self.password = email, password

    def fields(self) -> dict:
        return {"login": self.email, "password": self.password}

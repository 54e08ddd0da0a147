"""Owing a message: a row with a unique key, written in the transaction that causes it."""

from collections.abc import Iterable
from datetime import datetime

from serportal import bell
from serportal.outbox import twin
from serportal.outbox.models import Message
from serportal.outbox.services.wording import all_words

DRAIN = "serportal.outbox.tasks.drain"


def owe(
    *,
    key: str,
    template: str,
    context: dict[str, str],
    person=None,
    to: str = "",
    about: str = "",
    secret: str = "",
    at: datetime | None = None,
) -> Message:
    """Owe ``person``, or whoever reads the mail of ``to``, the letter ``template`` once for ``key``.

    It is rendered by the worker that sends it. ``at`` is the moment of what causes it. ``secret`` stands in the mail
    wherever the letter says ``rules.HIDDEN``; nobody but its reader ever sees it, and it is forgotten once it went.
    """
    letter = {"to": to or person.email, "person": person, "template": template, "context": context, "about": about}
    letter["secret"] = secret
    message, _created = Message.objects.get_or_create(key=key, defaults=letter | _moment(at))
    bell.ring(DRAIN)
    return message


def owe_all(letters: Iterable[dict], *, at: datetime | None = None) -> None:
    """Owe many letters at once, each given by the arguments of ``owe``; a key that is owed already is passed over."""
    Message.objects.bulk_create(
        [Message(**{"to": one["person"].email if one.get("person") else "", **one, **_moment(at)}) for one in letters],
        batch_size=500,
        ignore_conflicts=True,
    )
    bell.ring(DRAIN)


def owe_ready(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    words: str = "",
    person=None,
    about: str = "",
    at: datetime | None = None,
) -> Message:
    """Owe a text that is already rendered (a decision letter as previewed, a sign-in mail) once for ``key``.

    Addresses in it are links where the portal or a template in force, or ``words`` of one not saved yet, has them.
    """
    message, _created = Message.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "person": person,
            "subject": subject,
            "text": text,
            "html": lambda: twin.document(subject, text, words=f"{all_words()}\n{words}"),
            "about": about,
            **_moment(at),
        },
    )
    bell.ring(DRAIN)
    return message


def _moment(at: datetime | None) -> dict:
    return {"owed_at": at, "next_try_at": at} if at else {}

"""The words of letters: templates, what becomes of them when they are filled, and where they come from."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from serportal.outbox import rules, twin
from serportal.outbox.models import LetterTemplate

GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Written:
    """One letter as it goes out."""

    subject: str
    text: str
    html: str


def filled(row: LetterTemplate, context: dict[str, str]) -> tuple[str, str]:
    """Return (subject, text) that ``row`` makes of ``context``; raises KeyError for a placeholder without a value.

    A paragraph whose placeholder has nothing to say leaves no gap.
    """
    subject, text = rules.fill(row.subject, context), rules.fill(row.body, context)
    return " ".join(subject.split()), GAP.sub("\n\n", text)


def written(row: LetterTemplate, context: dict[str, str]) -> Written:
    """Return the whole letter that ``row`` makes of ``context``; raises KeyError as ``filled`` does."""
    subject, text = filled(row, context)
    return Written(subject, text, twin.document(subject, text, words=row.body))


def revealed(words: str, secret: str) -> str:
    """Return ``words`` as the reader of a message gets them."""
    return words.replace(rules.HIDDEN, secret) if secret else words


def render(template: str, context: dict[str, str]) -> tuple[str, str]:
    """Return (subject, text) of ``template``; raises KeyError for a placeholder without a value."""
    return filled(LetterTemplate.objects.get(key=template), context)


def all_words() -> str:
    """Return what coordinators wrote into all templates: an address in it is theirs, in whichever letter it stands."""
    return "\n".join(LetterTemplate.objects.values_list("body", flat=True))


def seed_templates(**kwargs) -> None:
    """Bring in the letters of ``templates/letters``; a row that the coordinator edited keeps its words.

    A file is: the line “When: …”, the line “Subject: …”, an empty line, the body.
    """
    rows = {row.key: row for row in LetterTemplate.objects.all()}
    for path in sorted((Path(settings.BASE_DIR) / "templates" / "letters").glob("*.txt")):
        head, body = path.read_text(encoding="utf-8").split("\n\n", 1)
        when, subject = (line.split(":", 1)[1].strip() for line in head.splitlines())
        body = body.strip()
        came = {
            "sent_when": when,
            "known": sorted(rules.placeholders(subject + body)),
            "original_subject": subject,
            "original_body": body,
        }
        row = rows.get(path.stem)
        if row is None:
            LetterTemplate.objects.get_or_create(key=path.stem, defaults={**came, "subject": subject, "body": body})
        elif any(getattr(row, name) != value for name, value in came.items()):
            words = {} if row.is_edited else {"subject": subject, "body": body}
            LetterTemplate.objects.filter(pk=row.pk).update(**came, **words)

"""A draft seen whole: what it holds, what still needs the person, and exactly what the check page shows of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

from django.db.models import Model, TextChoices
from django.utils.crypto import salted_hmac

from serportal.drafts.answers import Check, Judge, Problem
from serportal.files.models import StoredFile
from serportal.ui.asks import Ask


@dataclass(frozen=True)
class Whole:
    """A draft with all that bears on it, read at one instant; problems are worked out when asked for."""

    draft: Model
    sections: tuple[TextChoices, ...]
    content: dict
    files: list[StoredFile]
    today: date

    # The list that a section is made of, and what answers can say against each other, by section or list.
    listed: ClassVar[Mapping[str, str]] = {}
    checks: ClassVar[Mapping[str, Check]] = {}
    salt: ClassVar[str] = ""

    def table(self, where: str) -> Sequence[Ask]:
        """Return what ``where``, a section or a list, asks."""
        raise NotImplementedError

    def rows(self, section: str) -> list[dict]:
        return self.content.get(self.listed[section], [])

    def is_begun(self, section: str) -> bool:
        return bool(self.content.get(self.listed.get(section, section)))

    def falls_short(self, section: str) -> bool:
        """Whether ``section`` adds up to less than is asked, and may be sent all the same."""
        return False

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that still needs the person, in the order of the form."""
        return [problem for section in self.sections for problem in self.problems_in(section)]

    def problems_in(self, section: TextChoices) -> list[Problem]:
        if section in self.listed:
            return self.problems_of_rows(section)
        judge = Judge(self.table(section), self.checks.get(section), today=self.today)
        return [Problem(section, *one) for one in judge.found(self.content[section])] + self.beside(section)

    def problems_of_rows(self, section: TextChoices) -> list[Problem]:
        listed, rows = self.listed[section], self.rows(section)
        if not rows:
            return self.beside(section)
        judge = Judge(self.table(listed), self.checks.get(listed), today=self.today)
        found = []
        for row in rows:
            found += [Problem(section, *one, row=row["id"]) for one in judge.found(row)]
            found += self.beside_row(section, row)
        return found

    def beside(self, section: TextChoices) -> list[Problem]:
        """Return what ``section`` needs beside its own answers: files, or the first of its rows."""
        return []

    def beside_row(self, section: TextChoices, row: dict) -> list[Problem]:
        """Return what one row needs beside its own answers."""
        return []

    def shown(self, *more) -> str:
        """Return what stands for exactly this content, these files and ``more`` as the check page showed them.

        Keyed with the portal’s secret, so that nothing can be sent that was never shown.
        """
        parts = [str(self.draft.pk), self.content, sorted(str(file.pk) for file in self.files), *more]
        return salted_hmac(self.salt, json.dumps(parts, sort_keys=True), algorithm="sha256").hexdigest()

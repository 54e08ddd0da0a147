"""The lines of a journal as HTML. A page has fifty of them; as template includes they would cost more than the rest.

Everything a person typed passes ``escape`` here, once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from serportal.ui.words import day_text, programme_day, signed

COLUMNS = (
    *("pk", "earned_on", "credits", "activity", "description", "sentence", "approved_at", "upload", "reverses"),
    *("decision__case__reference", "decision__case__folder", "event", "event__same_as", "event__name"),
)


class Proof(NamedTuple):
    """One file behind an entry, by the name under which its owner downloads it."""

    pk: UUID
    name: str


class Writer:
    """Writes the lines of one page: knows its corrections, its files and the days of its uploads."""

    def __init__(self, rows: Sequence, proofs: Mapping[UUID, Sequence[Proof]], uploads: Mapping[int, date]):
        self.corrections = {row.reverses: row for row in rows if row.reverses}
        self.proofs, self.uploads = proofs, uploads
        self.case_address = _address("cecs:case", "CEC-0")
        self.file_address = _address("home:file", "00000000-0000-0000-0000-000000000000")
        self.correction, self.proof, self.up_to = _("Correction"), _("Proof:"), _("up to")
        self.waits, self.counted = _("Approved, uploads on {day}"), _("Counts already, uploads on {day}")
        self.hear = _("You will hear by {day}.")

    def line(self, row) -> SafeString:
        """Return one entry, or one correction, with its sentence, its proof and the line that belongs to it."""
        title = escape(row.description)
        if row.decision__case__reference:
            title = f'<a href="{self.case_address.format(escape(row.decision__case__reference))}">{title}</a>'
        elif row.reverses:
            title = f"{self.correction}: {title}"
        return mark_safe(  # noqa: S308
            f'<li id="entry-{row.pk}"><p class="when">{_time(row.earned_on)}</p><div class="what"><h4>{title}</h4>'
            f'<p class="said mb-2">{escape(row.sentence)}</p>{"".join(self._notes(row))}</div>'
            f'<p class="num"><b>{signed(row.credits)}</b></p></li>'
        )

    def soon(self, row) -> SafeString:
        """Return one line that waits for its upload; it leads to where it stands in its year."""
        title = f"{self.correction}: {row.description}" if row.reverses else row.description
        return _soon(row.earned_on, f"#entry-{row.pk}", title, "", f"<b>{signed(row.credits)}</b>")

    def asked(self, case) -> SafeString:
        """Return one claim that is being reviewed."""
        note = f"<p>{self.hear.format(day=day_text(case.due_on))}</p>"
        link = self.case_address.format(escape(case.reference))
        return _soon(case.filed_on, link, case.headline, note, f"{self.up_to} <b>{signed(case.amount)}</b>")

    def _notes(self, row) -> Iterator[str]:
        if row.upload is None:
            text = (self.counted if row.reverses else self.waits).format(day=day_text(self.uploads[row.pk]))
            yield f'<p><span class="tag">{text}</span></p>'
        back = self.corrections.get(row.pk)
        if back is not None:
            text = _("Taken back on {day}.").format(day=day_text(programme_day(back.approved_at)))
            yield f'<p>{text} <a href="#entry-{back.pk}">{_("See the correction")}</a></p>'
        if row.reverses:
            text = _("It takes back the line “{title}”.").format(title=row.description)
            yield f'<p><a href="#entry-{row.reverses}">{escape(text)}</a></p>'
        files = self.proofs.get(row.decision__case__folder)
        if files:
            links = (f'<a href="{self.file_address.format(one.pk)}">{escape(one.name)}</a>' for one in files)
            yield f'<p class="note">{self.proof} {", ".join(links)}</p>'


def joined(lines: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(lines))  # noqa: S308


def _soon(day: date, link: str, title: str, note: str, credits: str) -> SafeString:
    return mark_safe(  # noqa: S308
        f'<li><p class="when">{_time(day)}</p><div class="what"><h4><a href="{link}">{escape(title)}</a></h4>'
        f'{note}</div><p class="num">{credits}</p></li>'
    )


def _time(day: date) -> str:
    return f'<time datetime="{day}">{day_text(day)}</time>'


def _address(view: str, part: str) -> str:
    """Return the address of ``view`` with a gap where ``part`` stands; looked up once, since a page holds many."""
    return reverse(view, args=[part]).replace(part, "{}")

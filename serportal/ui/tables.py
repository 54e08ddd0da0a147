"""Lists that people send: comma-separated values, a workbook, or cells pasted from one, read as plain text."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serportal.ui.refusal import Refusal
from serportal.ui.text import one_line
from serportal.ui.workbooks import MOST_COLUMNS, MOST_SECONDS, MOST_SIGNS

MOST_BYTES = 5 * 1024 * 1024
HERE = Path(__file__).resolve().parents[2]
MOST_NAMED = 6
SEPARATORS = "\t;,|"
NAMED_SEPARATOR = re.compile(r"sep=(.)\s*")
# Control characters that no list holds, and a picture or a program does.
BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Source:
    """Where in a workbook rows come from, the longest ``sheet``, and what of it was not read.

    ``unread`` are visible sheets that hold something, ``hidden`` sheets that nobody sees.
    """

    sheet: str = ""
    unread: Sequence[str] = ()
    hidden: Sequence[str] = ()
    hidden_rows: int = 0

    def sentences(self) -> list[str]:
        """Say what was read, and what was not; nothing of a list that is no workbook."""
        said = []
        if self.sheet and self.unread:
            words = ngettext(
                "Read from the sheet “{sheet}”; the other sheet ({others}) was not read.",
                "Read from the sheet “{sheet}”; the other sheets ({others}) were not read.",
                len(self.unread),
            )
            said.append(words.format(sheet=self.sheet, others=_named(self.unread)))
        elif self.sheet:
            said.append(_("Read from the sheet “{sheet}”.").format(sheet=self.sheet))
        if self.hidden:
            words = ngettext(
                "A hidden sheet ({names}) was not read.", "Hidden sheets ({names}) were not read.", len(self.hidden)
            )
            said.append(words.format(names=_named(self.hidden)))
        if self.hidden_rows:
            words = ngettext(
                "One hidden row was not read. If it belongs to the list, show it there and send the list again.",
                "{n} hidden rows were not read. If they belong to the list, show them there and send the list again.",
                self.hidden_rows,
            )
            said.append(words.format(n=self.hidden_rows))
        return said


def _named(titles: Sequence[str]) -> str:
    """Return the first names of several; a workbook can have hundreds of sheets."""
    shown = ", ".join(titles[:MOST_NAMED])
    return f"{shown} …" if len(titles) > MOST_NAMED else shown


@dataclass(frozen=True)
class Table:
    """Rows as (number in the list, cells), those that are empty left out, and where they come from."""

    rows: list[tuple[int, list[str]]]
    source: Source = Source()


def read_table(content: bytes, *, most_rows: int) -> Table:
    """Read ``content`` by what it holds, whatever it is called. Raises Refusal for what is no list, or too long."""
    if not content.strip(b"\x00\r\n\t "):
        raise Refusal("empty", _("The list is empty. Open it to see whether it holds anything, then send it again."))
    if len(content) > MOST_BYTES:
        raise Refusal(
            "too-large",
            _("The list is larger than {most} MB, the most we read. Leave out pictures, or send it in parts.").format(
                most=MOST_BYTES // (1024 * 1024)
            ),
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(
            "old-workbook",
            _("This is a workbook of an old kind, or one with a password. Save it as XLSX without one, or as CSV."),
        )
    if content.startswith(b"PK\x03\x04"):
        return _of_workbook(content, most_rows)
    return _of_text(decoded(content), most_rows)


def read_pasted(text: str, *, most_rows: int) -> Table:
    """Read cells that were copied from a spreadsheet into a box. Raises Refusal as ``read_table`` does."""
    return _of_text(text, most_rows)


def as_text(rows: Sequence[tuple[int, Sequence[str]]]) -> str:
    """Return the rows of a file as text for ``read_pasted``, each on the line of its number."""
    written, line = io.StringIO(), 1
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    width = max(len(cells) for _place, cells in rows) if rows else 0
    for place, cells in rows:
        written.write("\n" * max(0, place - line))
        writer.writerow([*cells, *[""] * (width - len(cells))])
        line = max(line, place) + 1
    return written.getvalue()


def decoded(content: bytes) -> str:
    """Return ``content`` as text: by its mark if it has one, else as UTF-16, UTF-8 or what Windows wrote before."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    head = content[:2000]
    if head.count(0) > len(head) // 4:
        return content.decode("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def separator_of(text: str) -> str:
    """Return the sign that parts the first lines of ``text`` into the same number of cells most often.

    Of several that do, a tab is meant, or a semicolon: commas stand in names and hours as well.
    """
    lines = [line for line in islice(io.StringIO(text), 40) if line.strip()][:20]

    def evenness(sign: str) -> int:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        width, times = max(counts.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
        return times if width > 1 else 0

    return max(SEPARATORS, key=evenness)


def _of_text(text: str, most_rows: int) -> Table:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if BINARY.search(text[:20_000]):
        raise Refusal(
            "no-list", _("This is no list that we can read. Send a CSV or XLSX file, or paste the cells from it.")
        )
    named = NAMED_SEPARATOR.match(text)
    separator = named[1] if named else ""
    text = text[named.end() :] if named else text
    rows = []
    try:
        reader = csv.reader(io.StringIO(text), delimiter=separator or separator_of(text))
        for number, row in enumerate(reader, start=2 if named else 1):
            cells = [one_line(cell[:MOST_SIGNS]) for cell in row[:MOST_COLUMNS]]
            if not any(cells):
                continue
            if len(rows) == most_rows:
                raise too_long(most_rows)
            rows.append((number, cells))
    except csv.Error:
        raise Refusal(
            "broken",
            _("A quotation mark is opened in this list and never closed, so its rows run together. Mend it first."),
        ) from None
    return Table(rows)


def _of_workbook(content: bytes, most_rows: int) -> Table:
    command = [sys.executable, "-m", "serportal.ui.workbooks", str(most_rows)]
    try:
        # Nothing in the command comes from outside; the file itself goes in by a pipe.
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, cwd=HERE, timeout=2 * MOST_SECONDS, check=False
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else {"refused": "too-large"}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {"refused": "too-large"}
    if "refused" in answer:
        raise _unread(answer["refused"])
    if answer["more"]:
        raise too_long(most_rows)
    rows = [(number, [one_line(cell) for cell in cells]) for number, cells in answer["rows"]]
    unread, hidden = ([one_line(title) for title in answer[name]] for name in ("unread", "hidden"))
    return Table(rows, Source(one_line(answer["sheet"]), unread, hidden, answer["hidden_rows"]))


def too_long(most_rows: int) -> Refusal:
    return Refusal(
        "too-many-rows",
        _("The list has more than {most} rows with its headings, the most we read at once. Send it in parts.").format(
            most=f"{most_rows:,}"
        ),
    )


def _unread(code: str) -> Refusal:
    sentence = {
        "too-large": _("Unpacked, this workbook is larger than we read. Keep the list alone in it, or save it as CSV."),
        "opendocument": _("We do not read this kind of spreadsheet. Save it as XLSX or as CSV and send that."),
        "no-workbook": _("This is no workbook. Send a CSV or XLSX file, or paste the cells from it."),
        "hostile": _("This workbook holds parts that no list needs, so we do not open it. Save the list as CSV."),
    }.get(code) or _("This workbook cannot be read; it may be damaged. Open it, save it anew and send that.")
    return Refusal(code, sentence)

"""Reads one workbook in a process of its own, which a hostile file can bring down without harm (RELIABILITY C12).

    python -m serportal.ui.workbooks MOST_ROWS < book.xlsx

Answers in JSON: ``rows`` of the visible sheet that holds most of them, each with its number and its cells as text,
and what was passed over: ``unread`` sheets that hold something, ``hidden`` sheets, how many ``hidden_rows``; or
``refused`` with a code. What is read is what a person sees who opens the workbook, and copies from it. Needs no
settings and no Django, so it starts soon and knows no secret.
"""

import io
import json
import re
import resource
import sys
import warnings
import zipfile
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

MOST_ENTRIES = 500
MOST_UNPACKED = 48 * 1024 * 1024
MOST_MEMORY = 150 * 1024 * 1024
MOST_SECONDS = 20
MOST_COLUMNS, MOST_SIGNS = 60, 4000
# So many empty rows end a sheet: some programs write the last one of a million, because it has a style.
MOST_BLANK = 1000
PIECE = 1 << 20
# What makes XML grow or reach outside; no spreadsheet program writes it.
SIGNS, CODINGS = ("<!DOCTYPE", "<!ENTITY"), ("utf-8", "utf-16-le", "utf-16-be")
FORBIDDEN = [sign.encode(coding) for sign in SIGNS for coding in CODINGS]


# As many rows as a sheet can have. A row that is filtered out, or folded away, is hidden as well.
MOST_NUMBERED = 1 << 20
HIDDEN = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])[^>]*\br=[\"'](\d{1,7})[\"']")


class Refused(Exception):
    """Why a workbook is not read, as a code."""


def bound_ourselves() -> None:
    """Let the system end this process before it takes more than it may."""
    # Some systems do not know one of the limits; the sizes that the archive states are checked everywhere.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def check(archive: zipfile.ZipFile) -> None:
    """Refuse an archive by its directory, before anything is unpacked; then its parts, piece by piece."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise Refused("opendocument" if "content.xml" in names else "no-workbook")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused("too-large")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            check_part(archive, entry)


def check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as part:
        before = b""
        while piece := part.read(PIECE):
            if any(sign in before + piece for sign in FORBIDDEN):
                raise Refused("hostile")
            before = piece[-32:]


def text_of(value) -> str:
    """Return what a cell shows, as plain text: days in ISO form, times as 6:30, numbers without needless digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.10g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)[:MOST_SIGNS].strip()


def cells(values: tuple, formulas: tuple) -> list[str]:
    """Return one row as text; a formula whose value is not in the file is shown as it is written."""
    found = []
    for value, formula in zip_longest(values, formulas):
        computed = isinstance(formula, str) and formula.startswith("=") and value is None
        found.append(text_of(formula if computed else value))
    while found and not found[-1]:
        found.pop()
    return found


def read(content: bytes, most: int) -> dict:
    from openpyxl import load_workbook  # noqa: PLC0415  (after the limits are set, so that they bound its own weight)

    given = {"read_only": True, "keep_links": False}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check(archive)
        values = load_workbook(io.BytesIO(content), data_only=True, **given)
        formulas = load_workbook(io.BytesIO(content), **given)
        seen = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
        found = [(one.title, *rows_of(one, formulas[one.title], most, hidden_in(archive, one))) for one in seen]
    held = [one for one in found if one[1] or one[3]]
    told = {"hidden": [one.title[:100] for one in values.worksheets if one not in seen]}
    if not held:
        return {"rows": [], "more": False, "sheet": "", "unread": [], "hidden_rows": 0, **told}
    # A list is longer than the notes beside it; of two sheets as long, the first is meant.
    main = max(held, key=lambda one: (one[2], len(one[1])))
    title, rows, more, hidden_rows = main
    told["unread"] = [one[0][:100] for one in held if one is not main]
    return {"rows": rows, "more": more, "sheet": title[:100], "hidden_rows": hidden_rows, **told}


def hidden_in(archive: zipfile.ZipFile, sheet) -> bytearray:
    """Return a 1 at the number of each row that is hidden in a sheet; the library reads over that."""
    found, before = bytearray(MOST_NUMBERED + 1), b""
    with archive.open(sheet._worksheet_path) as part:
        while piece := part.read(PIECE):
            whole, _cut, before = (before + piece).rpartition(b">")
            for number in HIDDEN.findall(whole):
                if int(number) <= MOST_NUMBERED:
                    found[int(number)] = 1
    return found


def rows_of(sheet, twin, most: int, hidden: bytearray) -> tuple[list, bool, int]:
    """Return (the first ``most`` rows of a sheet that hold something, whether there are more, how many are hidden)."""
    passed = 0
    for one in (sheet, twin):
        # What a file says of its own size may be wrong by a million rows.
        one.reset_dimensions()
    pairs = zip(*(one.iter_rows(max_col=MOST_COLUMNS, values_only=True) for one in (sheet, twin)), strict=False)
    rows, last = [], 0
    for number, (row, written) in enumerate(pairs, start=1):
        if found := (any(written) or any(row)) and cells(row, written):
            last = number
            if number <= MOST_NUMBERED and hidden[number]:
                passed += 1
                continue
            if len(rows) == most:
                return rows, True, passed
            rows.append([number, found])
        elif number - last > MOST_BLANK:
            break
    return rows, False, passed


def main() -> int:
    bound_ourselves()
    warnings.simplefilter("ignore")
    try:
        answer = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "too-large"}
    except Exception:
        # Whatever a broken file makes of the reader, it is a broken file.
        answer = {"refused": "broken"}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())

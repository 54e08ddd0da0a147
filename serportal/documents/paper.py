"""Documents on paper: PDF by Typst, tagged and with its fonts inside, and codes that a telephone reads.

A template (``templates/documents/*.typ``) is layout; every word reaches it as data, through JSON, and what people typed
is never read as markup. The same data makes the same bytes.
"""

import importlib.util
import io
import json
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path

import segno
import typst
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "documents"
# Wheels that hold nothing but font files. Typst brings a serif with Hebrew and a monospaced face with Georgian and Lao.
FONTS = ["fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "fontpkg_noto_sans_thai", "manimgx_fonts_cjk"]
ACCESSIBLE = ["ua-1"]
NO_FONT = "could not be displayed"
# The clock of a document is the day it names; this only keeps the time of making out of the file.
STILL = datetime(2000, 1, 1, tzinfo=UTC)


@cache
def fonts() -> typst.Fonts:
    """Return the fonts that come with the portal, and none of the machine’s: every machine makes the same bytes."""
    folders = []
    for name in FONTS:
        spec = importlib.util.find_spec(name)
        if spec is None:
            raise RuntimeError(f"The fonts of “{name}” are missing. Install what requirements.lock names.")
        folders += spec.submodule_search_locations
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def pdf(template: str, data: dict) -> bytes:
    """Return the PDF that ``template`` makes of ``data``; ``title`` and ``day`` (ISO) are in the data of every one.

    It conforms to PDF/UA-1 unless a sign in ``data`` is in none of our fonts: that sign is then an empty box, and the
    document still comes.
    """
    try:
        return _compiled(f"{template}.typ", data, ACCESSIBLE)
    except typst.TypstError as error:
        if NO_FONT not in error.message:
            raise
        return _compiled(f"{template}.typ", data, [])


def can_print(text: str) -> bool:
    """Whether our fonts have every sign of ``text``."""
    try:
        _compiled("_words.typ", {"title": text, "day": STILL.date().isoformat()}, ACCESSIBLE)
    except typst.TypstError as error:
        if NO_FONT not in error.message:
            raise
        return False
    return True


@lru_cache(maxsize=100)
def qr(address: str) -> str:
    """Return the code of ``address`` as SVG; it is still read with a quarter of it smudged.

    Kept for a while: the papers of all participants of a course bear the same, and drawing it is half their cost.
    """
    drawing = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawing, kind="svg", xmldecl=False, border=4, omitsize=True)
    return drawing.getvalue().decode()


def qr_picture(address: str) -> bytes:
    """Return the same code as PNG, large enough for a poster."""
    drawing = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawing, kind="png", border=4, scale=24)
    return drawing.getvalue()


def svg(template: str, data: dict) -> str:
    """Return the drawing that ``template`` makes of ``data`` as SVG: its letters are outlines, so it needs no font."""
    return _made(f"{template}.typ", data, format="svg").decode()


def png(template: str, data: dict, *, ppi: int) -> bytes:
    """Return the same drawing as PNG, with nothing behind it."""
    return _made(f"{template}.typ", data, format="png", ppi=ppi)


def _compiled(name: str, data: dict, standards: list[str]) -> bytes:
    return _made(name, data, format="pdf", pdf_standards=standards, timestamp=STILL)


def _made(name: str, data: dict, **how) -> bytes:
    return typst.compile(
        TEMPLATES / name,
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **how,
    )

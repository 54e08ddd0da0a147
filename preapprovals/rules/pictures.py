"""Pictures that others will download under SER’s name: nothing gets out but what was looked at and is known.

A PNG is put together anew from the chunks that draw it; a drawing (SVG) from the shapes and colours it names.
"""

import re
import zlib
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

MOST_SVG, MOST_PNG, MOST_PIXELS = 200_000, 1_000_000, 4000
MOST_SHAPES, DEEPEST = 5000, 30

SIGNATURE = b"\x89PNG\r\n\x1a\n"
DRAWN = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND"})

SVG = "http://www.w3.org/2000/svg"
SHAPE_NAMES = (
    "svg g defs title desc path rect circle ellipse line polyline polygon clipPath linearGradient radialGradient stop"
)
TRAIT_NAMES = (
    "id version viewBox width height preserveAspectRatio x y x1 y1 x2 y2 d points r cx cy rx ry fx fy transform "
    "fill fill-rule fill-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset stroke-opacity opacity clip-path clip-rule clipPathUnits gradientUnits gradientTransform "
    "spreadMethod offset stop-color stop-opacity role aria-label overflow"
)
SHAPES, TRAITS, WORDS = frozenset(SHAPE_NAMES.split()), frozenset(TRAIT_NAMES.split()), frozenset({"title", "desc"})
# Colours, numbers and paths; or what stands elsewhere in the same drawing, and nothing outside it.
PLAIN = re.compile(r"[\w\s.,#%+()/-]*", re.ASCII)
INSIDE = re.compile(r"url\(#[\w.-]{1,100}\)", re.ASCII)


@dataclass(frozen=True)
class Looked:
    """What was found of a picture: ``content`` is what may be given away; else ``wrong`` says why, with ``what``."""

    content: bytes = b""
    wrong: str = ""
    what: str = ""


def look_at_png(data: bytes) -> Looked:
    """Return a PNG with nothing in it but its picture."""
    if len(data) > MOST_PNG:
        return Looked(wrong="png-large")
    if not data.startswith(SIGNATURE):
        return Looked(wrong="no-png")
    kept, at, ended, drawn = [SIGNATURE], len(SIGNATURE), False, False
    while at + 12 <= len(data) and not ended:
        length = int.from_bytes(data[at : at + 4])
        chunk, kind = data[at : at + length + 12], data[at + 4 : at + 8]
        if len(chunk) < length + 12 or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            return Looked(wrong="broken-png")
        if (at == len(SIGNATURE)) != (kind == b"IHDR"):
            return Looked(wrong="broken-png")
        if kind == b"IHDR" and not 1 <= max(_sides(chunk)) <= MOST_PIXELS:
            return Looked(wrong="png-wide")
        if kind in DRAWN:
            kept.append(chunk)
        ended, drawn = kind == b"IEND", drawn or kind == b"IDAT"
        at += length + 12
    return Looked(b"".join(kept)) if ended and drawn else Looked(wrong="broken-png")


def _sides(header: bytes) -> tuple[int, int]:
    return int.from_bytes(header[8:12]), int.from_bytes(header[12:16])


def look_at_svg(data: bytes) -> Looked:
    """Return a drawing written anew from its shapes; one that holds anything else is refused, and what it is told."""
    if len(data) > MOST_SVG:
        return Looked(wrong="svg-large")
    return _Reader().read(data)


def _is_plain(value: str) -> bool:
    return bool(INSIDE.fullmatch(value) or (PLAIN.fullmatch(value) and "url" not in value.lower()))


class _Refused(Exception):
    """Found while reading: ends it."""


class _Reader:
    """Reads a drawing and writes down what is known, sign by sign; what is not known ends the reading."""

    def __init__(self):
        self.written: list[str] = []
        self.open: list[str] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.ProcessingInstructionHandler = self._refuse_instruction

    def read(self, data: bytes) -> Looked:
        try:
            self.parser.Parse(data, True)
        except _Refused as refused:
            return Looked(wrong=refused.args[0], what=refused.args[1])
        except (expat.ExpatError, ValueError, LookupError):
            return Looked(wrong="no-svg")
        return Looked("".join(self.written).encode())

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _space, shape = name.rpartition(" ")
        self.count += 1
        if not self.open and (space, shape) != (SVG, "svg"):
            raise _Refused("no-svg", "")
        if space != SVG or shape not in SHAPES:
            raise _Refused("element", f"<{shape[:40]}>")
        if self.count > MOST_SHAPES or len(self.open) >= DEEPEST:
            raise _Refused("svg-large", "")
        for trait, value in attributes.items():
            if trait not in TRAITS:
                raise _Refused("attribute", trait.rpartition(" ")[2][:40])
            if trait != "aria-label" and not _is_plain(value):
                raise _Refused("value", trait)
        said = "".join(f" {trait}={quoteattr(value)}" for trait, value in attributes.items())
        self.written.append(f"<{shape}{'' if self.open else f' xmlns={quoteattr(SVG)}'}{said}>")
        self.open.append(shape)

    def _end(self, name: str) -> None:
        self.written.append(f"</{self.open.pop()}>")

    def _text(self, text: str) -> None:
        if text.strip() and self.open[-1] not in WORDS:
            raise _Refused("element", text.strip()[:40])
        self.written.append(escape(text))

    def _refuse_doctype(self, *args) -> None:
        raise _Refused("element", "<!DOCTYPE>")

    def _refuse_instruction(self, target: str, data: str) -> None:
        raise _Refused("element", f"<?{target[:40]}?>")

"""Pictures that are given away under SER’s name hold a picture and nothing else."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preapprovals.rules.pictures import MOST_PNG, MOST_SVG, look_at_png, look_at_svg


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width=2, height=2, extra=b"", after=b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x01\x02" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body) + chunk(b"IEND") + after


def svg(inside: str = "", traits: str = "", before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg"{traits}>{inside}</svg>'.encode()


def test_a_png_loses_what_is_no_picture():
    told = chunk(b"tEXt", b"Author\x00Somebody") + chunk(b"eXIf", b"where it was taken")
    assert look_at_png(png(extra=told, after=b"<script>alert(1)</script>")).content == png()


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", "no-png"),
        (b"<svg/>", "no-png"),
        (b"\xff\xd8\xff\xe0", "no-png"),
        (png()[:-4], "broken-png"),
        (png()[:40], "broken-png"),
        (png().replace(b"IDAT", b"IDAU"), "broken-png"),
        (png()[:8] + chunk(b"IDAT") + png()[8:], "broken-png"),
        (png()[:8] + chunk(b"IEND"), "broken-png"),
        (png(width=4001), "png-wide"),
        (png(height=2**31), "png-wide"),
        (png(width=0, height=0), "png-wide"),
        (png(after=b"\x00" * MOST_PNG), "png-large"),
    ],
)
def test_a_png_that_is_none_is_told(data, wrong):
    assert (look_at_png(data).content, look_at_png(data).wrong) == (b"", wrong)


def test_a_plain_drawing_comes_through():
    drawing = svg(
        "<title>A &amp; B</title><defs><linearGradient id='a'><stop offset='0' stop-color='#1d5b45'/></linearGradient>"
        "</defs><g transform='translate(1,2)'><path d='M0 0L1 1' fill='url(#a)'/></g>",
        " viewBox='0 0 10 10'",
        "<?xml version='1.0' encoding='UTF-8'?><!-- made by a program -->",
    )
    content = look_at_svg(drawing).content
    assert b"<title>A &amp; B</title>" in content and b'fill="url(#a)"' in content and b"made by" not in content
    assert look_at_svg(content).content == content


@pytest.mark.parametrize(
    ("data", "wrong", "what"),
    [
        (svg("<script>alert(1)</script>"), "element", "<script>"),
        (svg("<foreignObject/>"), "element", "<foreignObject>"),
        (svg("<a/>"), "element", "<a>"),
        (svg("<image/>"), "element", "<image>"),
        (svg("<use href='#a'/>"), "element", "<use>"),
        (svg("<style>*{}</style>"), "element", "<style>"),
        (svg("<animate/>"), "element", "<animate>"),
        (svg("<text>SER</text>"), "element", "<text>"),
        (svg("SER"), "element", "SER"),
        (svg('<x:path xmlns:x="http://www.w3.org/1999/xhtml"/>'), "element", "<path>"),
        (svg(traits=" onload='alert(1)'"), "attribute", "onload"),
        (svg(traits=" style='fill:red'"), "attribute", "style"),
        (svg("<path xmlns:x='http://www.w3.org/1999/xlink' x:href='#a'/>"), "attribute", "href"),
        (svg("<path fill='url(http://evil.example/a)'/>"), "value", "fill"),
        (svg("<path fill='URL(//evil.example)'/>"), "value", "fill"),
        (svg("<path fill='javascript:alert(1)'/>"), "value", "fill"),
        (svg("<path d='&#x22;><script>'/>"), "no-svg", ""),
        (svg("<path d='M0 0&#x22;&gt;'/>"), "value", "d"),
        (svg("&a;", before="<!DOCTYPE svg [<!ENTITY a 'b'>]>"), "element", "<!DOCTYPE>"),
        (svg(before="<!DOCTYPE svg SYSTEM 'http://evil.example/a.dtd'>"), "element", "<!DOCTYPE>"),
        (svg(before="<?xml-stylesheet href='http://evil.example/'?>"), "element", "<?xml-stylesheet?>"),
        (svg("<g>" * 40 + "</g>" * 40), "svg-large", ""),
        (svg("<g/>" * 5001), "svg-large", ""),
        (svg(" " * MOST_SVG), "svg-large", ""),
        (b"<html/>", "no-svg", ""),
        (b"<svg/>", "no-svg", ""),
        (svg()[:-3], "no-svg", ""),
        (b"\x00\xff", "no-svg", ""),
        (b"", "no-svg", ""),
    ],
)
def test_a_drawing_that_holds_more_is_told(data, wrong, what):
    found = look_at_svg(data)
    assert (found.content, found.wrong, found.what) == (b"", wrong, what)


@given(st.text(max_size=60), st.sampled_from(["fill", "d", "aria-label", "transform"]))
def test_no_value_leaves_its_quotes(value, trait):
    """Whatever comes through is read again as the same single shape."""
    quoted = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    found = look_at_svg(svg(f'<path {trait}="{quoted}"/>'))
    if found.content:
        assert found.content.count(b"<") == 4
        assert look_at_svg(found.content).content == found.content


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(data):
    assert look_at_png(data).wrong and look_at_svg(data).wrong

"""Evidence one can open: a page of PDF and a picture, a few hundred bytes each, made when they are needed."""

import struct
import unicodedata
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

from serportal.demo.topics import Event


def certificate(event: Event, days: str, hours: str) -> SimpleUploadedFile:
    """Return a certificate of attendance as a PDF of one page."""
    lines = ["Certificate of attendance", event.title, days, f"{hours} hours of sessions", event.provider]
    return SimpleUploadedFile("Certificate of attendance.pdf", pdf(lines), "application/pdf")


def programme(shade: int) -> SimpleUploadedFile:
    """Return a “photographed” programme: a small picture, of one ``shade`` of 256."""
    return SimpleUploadedFile("Programme, my sessions marked.png", png(shade), "image/png")


def pdf(lines: list[str]) -> bytes:
    """Return a valid PDF of one page with ``lines`` of text; letters its font lacks lose their accents."""
    text = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
    stream = f"BT /F1 16 Tf 24 TL 72 720 Td {text} ET".encode("latin-1")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
    ]
    file, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return file + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)


def _escaped(line: str) -> str:
    plain = unicodedata.normalize("NFKD", line.replace("\xa0", " ").replace("’", "'"))
    plain = "".join(sign for sign in plain if sign.isascii())
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def png(shade: int, width: int = 96, height: int = 128) -> bytes:
    """Return a valid grey PNG: a page of ``shade`` with darker lines of “text” on it."""
    rows = []
    for y in range(height):
        written = y % 12 in {4, 5} and 10 < y < height - 10
        rows.append(b"\0" + bytes(60 if written and 10 < x < width - 10 else shade for x in range(width)))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )

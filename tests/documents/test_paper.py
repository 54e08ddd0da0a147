"""Documents: accessible, the same bytes for the same data, and never a program made of what people typed."""

import io
import json
import re
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import typst
import zxingcpp

from serportal.documents import paper

ADDRESS = "https://certification.example.org/verify/CERPIT-0042/"
NAMES = [
    "Nguyễn Thị Minh Khai",
    "李小龙",
    "山田太郎",
    "김철수",
    "สมชาย ใจดี",
    "अमिता शर्मा",
    "Ольга Œuvre-Ðorđević",
    "Μαρία Παπαδοπούλου",
    "ქართული",
    "O’Neil \"the\" O'Neil",
    "Zoë \\ back\\slash",
    "#eval(\"1+1\") $x^2$ @ref <label> *bold* _it_ `raw` = // /* */ [b] {c} ~ --- -? \\u{41}",
    "#import \"/etc/passwd\"",
    "A" * 200,
]  # fmt: skip


def words_of(document: bytes) -> str:
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document)]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


@pytest.fixture
def sheet(tmp_path, monkeypatch):
    """A template of its own beside the house’s, with a list of names and a code."""
    for shared in paper.TEMPLATES.glob("_*.typ"):
        shutil.copy(shared, tmp_path)
    (tmp_path / "sheet.typ").write_text(
        '#import "_house.typ": *\n#show: house\n#title()\n#for name in data.names [#par[#name]]\n'
        '#if "qr" in data { image(bytes(data.qr), format: "svg", width: 4cm, alt: data.address) }\n'
    )
    monkeypatch.setattr(paper, "TEMPLATES", tmp_path)


def made(*names: str, **data) -> bytes:
    return paper.pdf("sheet", {"title": "A list of names", "day": "2026-11-25", "names": names, **data})


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_out_as_it_was_typed(sheet, name):
    assert name.replace(" ", "") in words_of(made(name)).replace(" ", "")


def test_an_arabic_name_is_shaped_and_whole(sheet):
    """Its letters join, so that a reader of the file meets them in another order; none is lost."""
    name = "محمد بن عبد الله"
    assert set(name) <= set(words_of(made(name)))


def test_a_document_is_tagged_titled_and_carries_its_fonts(sheet):
    with pikepdf.open(io.BytesIO(made("Zoë", "李小龙"))) as document:
        root = document.Root
        assert root.MarkInfo.Marked is True and str(root.Lang) == "en" and root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in root
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "A list of names" and metadata["pdfuaid:part"] == "1"
        fonts = document.pages[0].Resources.Font.values()
        described = [font.DescendantFonts[0].FontDescriptor for font in fonts]
        assert described and all("/FontFile2" in one or "/FontFile3" in one for one in described)
        assert str(document.docinfo["/CreationDate"]).startswith("D:20261125000000")


def test_the_same_data_makes_the_same_bytes(sheet):
    assert made("Zoë", "李小龙") == made("Zoë", "李小龙") != made("Zoe", "李小龙")


def test_a_sign_without_a_font_is_an_empty_box_and_the_document_comes(sheet):
    document = made("አበበ Abebe")
    assert "Abebe" in words_of(document)
    with pikepdf.open(io.BytesIO(document)) as opened, opened.open_metadata() as metadata:
        assert "pdfuaid:part" not in metadata
    assert not paper.can_print("አበበ") and not paper.can_print("🌱")
    assert all(paper.can_print(name) for name in NAMES)


def test_a_template_that_is_wrong_is_no_document(sheet):
    with pytest.raises(typst.TypstError):
        paper.pdf("sheet", {"title": "No names", "day": "2026-11-25"})


def test_a_code_is_read_from_paper(sheet):
    document = made(qr=paper.qr(ADDRESS), address=ADDRESS)
    picture = pypdfium2.PdfDocument(document)[0].render(scale=2).to_pil()
    [found] = zxingcpp.read_barcodes(picture)
    assert found.text == ADDRESS


def test_no_template_runs_or_reads_what_it_is_given():
    """``eval``, files and packages are for programs; a template draws."""
    for template in Path("templates/documents").glob("*.typ"):
        code = re.sub(r"//.*", "", template.read_text())
        assert not re.search(r"\beval\b|\bread\(|\bplugin\(|@preview|@local|\bcbor\(|\byaml\(|\btoml\(", code), template
        assert code.count("json(") == (template.name == "_house.typ"), template


def test_what_cannot_be_json_is_refused():
    with pytest.raises(TypeError):
        paper.pdf("_words", {"title": json, "day": "2026-11-25"})

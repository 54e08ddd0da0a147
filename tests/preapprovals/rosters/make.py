# ruff: noqa: E501 (lines of XML are as long as programs write them)
"""Makes the lists of this folder, in the shapes that spreadsheet programs write.

    python tests/preapprovals/rosters/make.py

Excel’s are made by openpyxl, and given the computed values that Excel stores beside its formulas. LibreOffice’s are
written part by part as it writes them: attributes of its own, styles down to the last row, strings in one part.
"""

import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HERE = Path(__file__).parent
HEADINGS = ["Hours", "E-mail address", "Surname", "First name", "Completed"]
PEOPLE = [
    [6, "amara@marsh.example", "Okafor", "Amara", "yes"],
    [4.5, "jan@dike.example", "de Boer", "Jan", "yes"],
    [6, "wanjiru@reed.example", "Kamau", "Wanjiru", "no"],
]
STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164"
formatCode="General"/></numFmts><fonts count="1"><font><sz val="10"/><name val="Liberation Sans"/></font></fonts><fills
count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders
count="1"><border diagonalUp="false" diagonalDown="false"><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="164" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf
numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>"""
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def changed(content: bytes, change) -> bytes:
    """Return a workbook whose parts went through ``change`` (name, text)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry).decode()).encode())
    return made.getvalue()


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def shared(content: bytes) -> bytes:
    """Return a workbook with its words in one part, as Excel keeps them; openpyxl writes them into the cells."""
    strings: list[str] = []

    def moved(match: re.Match) -> str:
        if match[2] not in strings:
            strings.append(match[2])
        return f'<c r="{match[1]}" t="s"><v>{strings.index(match[2])}</v></c>'

    def without(name: str, text: str) -> str:
        if not name.startswith("xl/worksheets/"):
            return text
        return re.sub(r'<c r="(\w+)" t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>', moved, text)

    content = changed(content, without)
    table = "".join(f"<si><t>{text}</t></si>" for text in strings)
    table = f'{HEAD}<sst {MAIN} count="{len(strings)}" uniqueCount="{len(strings)}">{table}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"

    def named(name: str, text: str) -> str:
        if name == "[Content_Types].xml":
            return text.replace(
                "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            )
        if name == "xl/_rels/workbook.xml.rels":
            link = f'<Relationship Id="rId99" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            return text.replace("</Relationships>", f"{link}</Relationships>")
        return text

    made = io.BytesIO(changed(content, named))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", table)
    return made.getvalue()


def excel() -> bytes:
    """A title over merged cells, a hidden sheet before the list, and names that stand in two columns."""
    book = Workbook()
    book.active.title = "Lookup"
    book.active.append(["Name", "E-mail"])
    book.active.append(["Nobody", "nobody@hidden.example"])
    book.active.sheet_state = "hidden"
    page = book.create_sheet("Attendees")
    page.append(["Wetland soils in the field"])
    page.merge_cells("A1:E1")
    page.append([])
    for row in [HEADINGS, *PEOPLE]:
        page.append(row)
    book.create_sheet("Notes", 0).append(["Bring boots"])
    return saved(book)


def excel_1904() -> bytes:
    """Days counted from 1904, as Excel did on a Macintosh, and one that is text; times as times."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.append(["Participant", "Email", "Completed on", "Duration"])
    page.append(["Amara Okafor", "amara@marsh.example", date(2026, 3, 4), timedelta(hours=6, minutes=30)])
    page.append(["Jan de Boer", "jan@dike.example", "4 March 2026", timedelta(hours=30)])
    return saved(book)


def excel_formulas() -> bytes:
    """Hours that are computed: one with the value that Excel stored, one that no program has computed yet."""
    book = Workbook()
    page = book.active
    page.append(["Name", "Email", "Hours"])
    page.append(["Amara Okafor", "amara@marsh.example", "=2*3"])
    page.append(["Jan de Boer", "jan@dike.example", "=4*1"])
    page.append(["Li Na", "li@reed.example", "=1/0"])

    def stored(name: str, text: str) -> str:
        text = text.replace("<f>2*3</f><v></v>", "<f>2*3</f><v>6</v>")
        return text.replace('<c r="C4"><f>1/0</f><v></v>', '<c r="C4" t="e"><f>1/0</f><v>#DIV/0!</v>')

    return changed(saved(book), stored)


def libreoffice() -> bytes:
    """As LibreOffice Calc writes XLSX: a size of the whole sheet, styled rows to its end, computed text as “str”."""
    strings = ["Name", "E-mail", "Hours", "Okafor, Amara", "amara@marsh.example", "Jan de Boer", "jan@dike.example"]
    shared = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in strings)
    rows = (
        '<row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false">'
        + "".join(f'<c r="{place}1" s="0" t="s"><v>{n}</v></c>' for n, place in enumerate("ABC"))
        + '</row><row r="2" customFormat="false" ht="12.8"><c r="A2" s="0" t="s"><v>3</v></c><c r="B2" s="0" t="s">'
        '<v>4</v></c><c r="C2" s="0" t="str"><f aca="false">"6,5 h"</f><v>6,5 h</v></c></row>'
        '<row r="3" customFormat="false" ht="12.8"><c r="A3" s="0" t="s"><v>5</v></c><c r="B3" s="0" t="s"><v>6</v></c>'
        '<c r="C3" s="0" t="n"><v>4.5</v></c></row><row r="1048576" customFormat="false" ht="12.8"><c r="A1048576" s="0"/>'
        "</row>"
    )
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override '
        'PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override '
        'PartName="/xl/sharedStrings.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook {MAIN} xmlns:r="{OFFICE}"><fileVersion appName="Calc"/><workbookPr '
        'backupFile="false" showObjects="all" date1904="false"/><sheets><sheet name="Sheet1" sheetId="1" state="visible" '
        'r:id="rId2"/></sheets><calcPr iterateCount="100" refMode="A1" iterate="false" iterateDelta="0.001"/></workbook>',
        "xl/_rels/workbook.xml.rels": f"{HEAD}<Relationships "
        'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId2" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId3" Type="{OFFICE}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{HEAD}<sst {MAIN} count="7" uniqueCount="7">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet {MAIN}><sheetPr filterMode="false"><pageSetUpPr fitToPage="false"/>'
        '</sheetPr><dimension ref="A1:AMJ1048576"/><sheetViews><sheetView showFormulas="false" workbookViewId="0"/>'
        '</sheetViews><sheetFormatPr defaultColWidth="11.53" defaultRowHeight="12.8" zeroHeight="false"/><cols><col '
        f'collapsed="false" customWidth="false" hidden="false" min="1" max="1024" style="0" width="11.53"/></cols>'
        f"<sheetData>{rows}</sheetData></worksheet>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def main() -> None:
    rows = "\r\n".join(";".join(str(cell).replace(".", ",") if n == 0 else str(cell) for n, cell in enumerate(row))
                       for row in [HEADINGS, *PEOPLE])  # fmt: skip
    made = {
        "excel.xlsx": shared(excel()),
        "excel-1904.xlsx": shared(excel_1904()),
        "excel-formulas.xlsx": shared(excel_formulas()),
        "libreoffice.xlsx": libreoffice(),
        "excel-windows.csv": f"{rows}\r\n6;zoe@dike.example;Müller;Zoë;yes\r\n".encode("cp1252"),
        "excel-unicode.txt": rows.replace(";", "\t").encode("utf-16"),
        "numbers.csv": f"sep=;\r\n{rows}\r\n".encode("utf-8-sig"),
    }
    for name, content in made.items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()

"""Forms on paper that can be typed into: a page made by Typst, with fields laid over the lines it drew."""

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String

POINTS = 72 / 2.54
PRINTED = 4  # the flag of an annotation that stands on paper too
LETTERS = String("/Helv 11 Tf 0 g")


@dataclass(frozen=True)
class Field:
    """One line to fill: its name in the file, what a reader hears of it, and where it is, in cm from the top left."""

    name: str
    label: str
    x: float
    y: float
    width: float
    height: float


def fillable(document: bytes, fields: list[Field]) -> bytes:
    """Return ``document`` with ``fields`` on its first page, each known to readers by ear; same data, same bytes."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        page, tree = pdf.pages[0], pdf.Root.StructTreeRoot
        top = float(page.mediabox[3])
        whole = tree.K[0] if isinstance(tree.K, Array) else tree.K
        if not isinstance(whole.K, Array):
            whole.K = Array([whole.K])
        numbers = tree.ParentTree.Nums
        following = int(numbers[-2]) + 1 if len(numbers) else 0
        widgets = []
        for place, field in enumerate(fields, start=following):
            widget = pdf.make_indirect(_widget(field, page, top, place))
            element = pdf.make_indirect(
                Dictionary(
                    Type=Name.StructElem,
                    S=Name.Form,
                    P=whole,
                    Alt=String(field.label),
                    K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page.obj),
                )
            )
            whole.K.append(element)
            numbers.append(place)
            numbers.append(element)
            widgets.append(widget)
        tree.ParentTreeNextKey = following + len(fields)
        page.obj.Annots = Array([*page.obj.get("/Annots", []), *widgets])
        page.obj.Tabs = Name.S
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        pdf.Root.AcroForm = Dictionary(
            Fields=Array(widgets),
            NeedAppearances=True,
            DA=LETTERS,
            DR=Dictionary(Font=Dictionary(Helv=pdf.make_indirect(font))),
        )
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
        return made.getvalue()


def _widget(field: Field, page, top: float, place: int) -> Dictionary:
    left, upper = field.x * POINTS, top - field.y * POINTS
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String(field.name),
        TU=String(field.label),
        Rect=Array(
            [round(one, 2) for one in (left, upper - field.height * POINTS, left + field.width * POINTS, upper)]
        ),
        F=PRINTED,
        DA=LETTERS,
        P=page.obj,
        StructParent=place,
    )

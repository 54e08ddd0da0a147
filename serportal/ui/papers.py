from django.http import HttpResponse


def paper_response(document: bytes, name: str) -> HttpResponse:
    """Answer with a PDF to keep, called ``name``, which no cache keeps."""
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response

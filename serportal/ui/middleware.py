"""What every request passes through; nothing here may touch the database."""

from django.core.exceptions import BadRequest


class PlainInput:
    """Answer 400 to an address that carries a NUL byte: no page of ours has one, and PostgreSQL refuses it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if "\x00" in request.path or any("\x00" in value for values in request.GET.lists() for value in values[1]):
            raise BadRequest("The address holds a character that no address of this portal has.")
        return None

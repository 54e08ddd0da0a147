from zoneinfo import ZoneInfo

from django.utils import timezone


class OwnTimeZone:
    """Make the signed-in person's own zone current, so that pages can say “where you are”."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            with timezone.override(ZoneInfo(request.user.time_zone)):
                return self.get_response(request)
        return self.get_response(request)

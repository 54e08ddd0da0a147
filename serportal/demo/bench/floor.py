"""The page that every page is measured against: a session, one SELECT, 25 rows, one small template."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template import Context, Engine

from serportal.accounts.models import User

ROWS = 25
PAGE = Engine().from_string(
    """<!DOCTYPE html><html lang="en"><head><title>Floor</title></head><body><h1>The floor</h1><table>
{% for one in people %}<tr><td>{{ one.pk }}</td><td>{{ one.name }}</td><td>{{ one.email }}</td>
<td>{{ one.joined_at|date:"Y-m-d" }}</td></tr>
{% endfor %}</table></body></html>"""
)


@login_required
def page(request):
    return HttpResponse(PAGE.render(Context({"people": User.objects.order_by("pk")[:ROWS]})))


def plain(request):
    return HttpResponse("plain", content_type="text/plain")

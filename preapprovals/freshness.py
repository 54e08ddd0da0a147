"""Whether what a visitor has of the list is still what it says: told by one query, without making the page again."""

from collections.abc import Callable
from datetime import datetime, time
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as store
from django.db import connection
from django.views.decorators.http import condition

from serportal.ui.words import programme_day, programme_zone

# Whatever the list, the calendar or a feed can show counts its changes itself (see ListChange).
CHANGES = """
SELECT coalesce(max(id) FILTER (WHERE folded), 0) || ':' || count(*)
    || ':' || coalesce(max(at)::text, '') || ':' || (SELECT coalesce(max(id), 0) FROM journals_knowledgearea), max(at)
FROM preapprovals_listchange
"""

A_DAY = 86400


def etag(request, **kwargs) -> str | None:
    """Return the validator of a public page: of what it shows, its day, its address and the release that makes it.

    A page for somebody signed in has none, nor has one that tells something just once.
    """
    if request.user.is_authenticated or "messages" in request.COOKIES:
        return None
    changes, _changed_at = _state_of_the_list(request)
    said = "\n".join([changes, programme_day().isoformat(), request.build_absolute_uri(), release()])
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def last_modified(request, **kwargs) -> datetime:
    """Return when the list changed last; what expires leaves it at the day’s beginning."""
    _changes, changed_at = _state_of_the_list(request)
    began = datetime.combine(programme_day(), time(), tzinfo=programme_zone())
    return max(began, changed_at or began)


revalidated = condition(etag_func=etag)
followed = condition(etag_func=etag, last_modified_func=last_modified)


def _state_of_the_list(request) -> tuple[str, datetime | None]:
    """Return a text for every state of the list, and when it changed last; asked once for a request."""
    if not hasattr(request, "state_of_the_list"):
        with connection.cursor() as cursor:
            cursor.execute(CHANGES)
            request.state_of_the_list = cursor.fetchone()
    return request.state_of_the_list


def kept_while_unchanged(request, name: str, make: Callable):
    """Return what ``make`` tells of the whole list, made once for each of its states and days."""
    changes, _changed_at = _state_of_the_list(request)
    state = sha256("\n".join([changes, programme_day().isoformat(), release()]).encode()).hexdigest()
    return store.get_or_set(f"list:{name}:{state[:32]}", make, A_DAY)


@cache
def release() -> str:
    """Return a name of the code and templates that make the pages, and of the styles they ask for."""
    here = Path(__file__).parent
    files = [settings.BASE_DIR / "templates" / "base.html", settings.BASE_DIR / "static" / "css" / "portal.css"]
    files += [*here.rglob("*.py"), *(settings.BASE_DIR / "templates" / "preapprovals").rglob("*.html")]
    whole = sha256()
    for path in sorted(files):
        whole.update(path.read_bytes())
    return whole.hexdigest()

"""Every write to a case: keyword-only verbs, each one transaction, ``by=`` the person who acts."""

from serportal.reviews.services.deciding import decide, preview
from serportal.reviews.services.moving import file_case, screen
from serportal.reviews.services.panel import candidates, cast, declare, seat

__all__ = ["candidates", "cast", "decide", "declare", "file_case", "preview", "screen", "seat"]

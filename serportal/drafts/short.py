"""Short forms: one page that is saved whole, with a folder of files (SPEC 6). Longer ones are made of ``parts``."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serportal.drafts import services as drafts
from serportal.drafts.models import Typed
from serportal.drafts.services import Seen
from serportal.files import services as files
from serportal.ui.refusal import Refusal


class ShortForm:
    """What is done to the drafts of one table, each with ``owner`` and ``folder``; ``sent`` is set once it is sent."""

    def __init__(self, table: type[Typed], *, sent: str = "sent_at"):
        self.table, self.sent = table, sent

    def unsent(self, draft_id: int, by) -> Typed:
        """Return the draft of ``by`` under its lock. Raises Refusal once it is sent."""
        draft = self.table.objects.select_for_update(of=("self",)).select_related("folder").get(pk=draft_id, owner=by)
        if getattr(draft, self.sent):
            raise Refusal("filed", _("This is already sent; it can no longer be changed here."))
        return draft

    @transaction.atomic
    def save(self, *, draft_id: int, by, data: dict, seen: Seen, at: datetime | None = None) -> Typed:
        """Keep what was typed. Raises StaleDraft where another page saved in between."""
        draft = self.unsent(draft_id, by)
        drafts.keep(draft, data, seen=seen, at=at or timezone.now())
        return draft

    @transaction.atomic
    def add_files(self, *, draft: Typed, uploads, by) -> list[Refusal]:
        """Keep each of ``uploads``; return a refusal for each that was not taken."""
        return drafts.receive_all(self.unsent(draft.pk, by).folder, uploads, by=by) if uploads else []

    @transaction.atomic
    def remove_file(self, *, draft: Typed, key: str, by) -> None:
        """Take the file ``key`` out; one that is not there changes nothing."""
        for stored in drafts.files_in(self.unsent(draft.pk, by).folder):
            if str(stored.pk) == key:
                files.remove(file=stored, by=by)

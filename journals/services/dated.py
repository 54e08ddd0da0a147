"""Schedule, policy and knowledge areas as dated rows: what they change, and what they leave alone."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journals import announcements
from journals.announcements import DatedRow
from journals.models import Entry, ScheduleRow
from journals.permissions import can_change_rules
from journals.services import examples
from serportal.dated.services import DatedRows, held_by
from serportal.reviews.models import ReviewCase


class Rules(DatedRows):
    turn = "journals dated rows"

    def may_change(self, user) -> bool:
        return can_change_rules(user)

    def draft(self, model: type[DatedRow], values: Mapping, *, stored: DatedRow | None = None) -> DatedRow:
        """Return a row of ``values``, not stored; ``stored`` is the one it would change.

        A line of the schedule keeps the category and the measure of the one it follows: the claim form asks for them.
        """
        row = super().draft(model, values, stored=stored)
        if isinstance(row, ScheduleRow):
            held = stored or ScheduleRow.objects.filter(activity=row.activity).latest("effective_from")
            row.category, row.measure = held.category, held.measure
        return row

    def changes(self, before, after) -> list[str]:
        return announcements.changes(before, after)

    def examples(self, before, after):
        return examples.examples(before, after)

    def stays(self, before, row, by) -> list[str]:
        entries = Entry.objects.known_to(by) if by else Entry.objects.all()
        hidden = ReviewCase.objects.hidden_from(by).values("pk") if by else None
        if isinstance(row, ScheduleRow):
            entries = entries.filter(activity=row.activity)
        filed, credited = held_by(before, hidden=hidden), entries.count()
        return [
            ngettext(
                "One filed claim was worked out by the row that holds until then, and keeps it.",
                "{n} filed claims were worked out by the row that holds until then, and keep it.",
                filed,
            ).format(n=filed),
            ngettext(
                "There is one journal entry that this is about, and it does not change.",
                "There are {n} journal entries that this is about, and none of them changes.",
                credited,
            ).format(n=credited),
            _(
                "Drafts that nobody has filed are reckoned anew when they are opened, by the rows of the day their "
                "activity was complete. How many that touches cannot be told."
            ),
        ]

    def in_use(self, count: int) -> str:
        return ngettext(
            "{n} claim filed in advance was worked out by this row, so it stays. Store a row that follows it.",
            "{n} claims filed in advance were worked out by this row, so it stays. Store a row that follows it.",
            count,
        ).format(n=count)


RULES = Rules()

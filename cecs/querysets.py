from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from journals.models import Entry, PolicyRow
from preapprovals.models import Roster
from preapprovals.states import RosterState


class DraftQuerySet(models.QuerySet):
    def of(self, person):
        """Drafts of ``person``; nobody else ever sees one."""
        return self.filter(owner=person)

    def unsent(self):
        return self.filter(sent_at__isnull=True)

    def claims(self):
        """Drafts that become claims, not answers about filed ones."""
        return self.filter(request__isnull=True)


class SubmissionQuerySet(models.QuerySet):
    def about(self, root: int):
        """Claims about the event ``root`` or one linked to it (R-CAP)."""
        return self.filter(models.Q(event=root) | models.Q(event__same_as=root))

    def with_rosters(self):
        """Annotate ``rostered``: whether the sponsor gave the attendance of the claim’s date."""
        given = Roster.objects.filter(occurrence=OuterRef("occurrence"), state=RosterState.TAKEN)
        return self.annotate(rostered=Exists(given))

    def with_journal(self, day: date):
        """Annotate what a letter of ``day`` says of the journal, so that a page need not ask for it.

        ``standing`` are the credits that an earlier decision on the claim brought and that stand, or None;
        ``standing_as_it_is`` says whether their entry lies on the claim’s days, in its period and at its event;
        ``uploads_a_year`` is the policy of the day.
        """
        entries = Entry.objects.standing().filter(decision__case=OuterRef("pk")).order_by("-pk")
        alike = entries.filter(
            models.Q(event=OuterRef("event")) | models.Q(event__isnull=True),
            models.Q(served_from=OuterRef("first_day")) | models.Q(served_from__isnull=True),
            period=OuterRef("period"),
            earned_on=OuterRef("last_day"),
            course_key=OuterRef("course_key"),
        )
        policy = PolicyRow.objects.in_force(day)
        return self.annotate(
            standing=Subquery(entries.values("credits")[:1]),
            standing_as_it_is=Exists(alike),
            uploads_a_year=Subquery(policy.values("uploads_a_year")[:1]),
        )

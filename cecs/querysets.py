from django.db import models


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

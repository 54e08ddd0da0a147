from django.db import models


class DraftQuerySet(models.QuerySet):
    def of(self, person):
        """Drafts of ``person``; nobody else ever sees one."""
        return self.filter(owner=person)

    def unfiled(self):
        return self.filter(case__isnull=True)

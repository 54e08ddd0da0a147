"""Evidence: kept once received, told by content, served only through a permission check."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# What files can be for, by the word before any colon of their purpose.
PURPOSES = {
    "resume": _("Résumé"),
    "transcript": _("Transcript"),
    "course": _("E-learning certificate"),
    "prior": _("Prior learning"),
    "step": _("Next step"),
    "syllabus": _("Syllabus"),
}


class Folder(models.Model):
    """The files of one draft, and of the case that comes from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return str(self.id)


def random_name(stored_file, name: str) -> str:
    """Return a storage name that says nothing about the person or the file."""
    identifier = str(stored_file.id)
    return f"{identifier[:2]}/{identifier}"


class StoredFile(models.Model):
    """One file as received. Removing it hides it; its bytes go when its retention ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="files")
    purpose = models.CharField(
        max_length=60, blank=True, help_text=_("What the file is for, in the words of the form it came with.")
    )
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=5)
    size = models.PositiveIntegerField(_("size"), help_text=_("Bytes."))
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.FileField(upload_to=random_name, max_length=60)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    received_from = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    keep_until = models.DateField(_("kept until"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["folder", "purpose", "sha256"],
                condition=models.Q(removed_at__isnull=True),
                name="files_once_in_a_folder",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0, size__lte=1 << 30), name="files_size_sane"),
        ]

    def __str__(self):
        return self.name

    @property
    def purpose_label(self) -> str:
        """What the file is for, in words; empty where its folder has one purpose only."""
        return str(PURPOSES.get(self.purpose.split(":")[0], ""))

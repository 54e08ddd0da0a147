"""The program logo (R-SPO-3), once SER has put its own in the place of the one that comes with the portal."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from serportal.reviews.models.cases import append_only


class LogoMark(models.Model):
    """The logo from a moment on; the latest one counts, earlier ones stay. ``svg`` may be empty."""

    png = models.BinaryField(_("picture (PNG)"))
    svg = models.BinaryField(_("drawing (SVG)"), default=b"")
    put_at = models.DateTimeField(_("put in place"))
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("program logo")
        verbose_name_plural = _("program logo")
        ordering = ["-put_at", "-pk"]
        triggers = [append_only("logos_stay")]

    def __str__(self):
        return f"{self.put_at:%Y-%m-%d %H:%M}"

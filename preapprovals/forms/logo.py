"""Another program logo, as the coordinator puts it in place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from preapprovals.models import LogoMark
from preapprovals.rules.pictures import look_at_png, look_at_svg
from preapprovals.services.logo import told


class LogoForm(forms.ModelForm):
    """The same logo as a picture and, if there is one, as a drawing; what is not plain is refused beside its field."""

    picture = forms.FileField(
        label=_("Picture (PNG)"),
        help_text=_("At most 1 MB and 4,000 pixels a side, with nothing behind it if you can."),
        error_messages={"required": _("Choose the logo as PNG."), "empty": _("The file is empty. Choose another.")},
    )
    drawing = forms.FileField(
        label=_("Drawing (SVG)"),
        required=False,
        help_text=_(
            "Plain SVG, at most 200 kB: shapes and colours, letters as outlines. Without it, only PNG is given."
        ),
        error_messages={"empty": _("The file is empty. Choose another, or none.")},
    )

    class Meta:
        model = LogoMark
        fields: list[str] = []

    def clean_picture(self):
        return self._looked(self.cleaned_data["picture"], look_at_png)

    def clean_drawing(self):
        given = self.cleaned_data["drawing"]
        return self._looked(given, look_at_svg) if given else b""

    def _looked(self, upload, look) -> bytes:
        found = look(upload.read())
        if found.wrong:
            raise forms.ValidationError(told(found), code=found.wrong)
        return found.content

"""What a sponsor sends when SER asks for its records, and what a coordinator brings from a visit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serportal.ui.forms import PlainTextField, PortalForm


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what each of them holds is judged where it is kept."""

    widget = ManyFiles

    def __init__(self, **kwargs):
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data, initial=None):
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return given


class FilesForm(PortalForm):
    files = FilesField(label=_("Files"), error_messages={"required": _("Choose at least one file first.")})


class AnswerForm(PortalForm):
    """The words of the answer; its files are kept as soon as they arrive."""

    text = PlainTextField(label=_("Your answer"), lines=8, max_length=8000, required=False)

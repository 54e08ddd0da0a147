"""What people type about claims."""

from cecs.forms.claim import (
    ActivityForm,
    ClaimForm,
    CopyForm,
    LinkForm,
    Opened,
    RulingForm,
    StartForm,
    read_credits,
)
from cecs.forms.coded import CodedForm, CodeForm, label_of

__all__ = [
    "ActivityForm",
    "ClaimForm",
    "CodeForm",
    "CodedForm",
    "CopyForm",
    "LinkForm",
    "Opened",
    "RulingForm",
    "StartForm",
    "label_of",
    "read_credits",
]

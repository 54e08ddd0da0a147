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

__all__ = [
    "ActivityForm",
    "ClaimForm",
    "CopyForm",
    "LinkForm",
    "Opened",
    "RulingForm",
    "StartForm",
    "read_credits",
]

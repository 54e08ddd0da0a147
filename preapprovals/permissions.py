"""What a person may do for a sponsor."""

from preapprovals.models import Sponsor
from preapprovals.querysets import EDITORS
from preapprovals.states import ContactRole


def can_edit_for(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may ask for pre-approval for ``sponsor`` and keep its dates and attendance."""
    return Sponsor.objects.of(user, EDITORS).filter(pk=sponsor.pk).exists()


def can_manage(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may say who acts for ``sponsor``."""
    return Sponsor.objects.of(user, (ContactRole.MANAGER,)).filter(pk=sponsor.pk).exists()

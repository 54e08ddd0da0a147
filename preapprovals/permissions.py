"""What a person may do for a sponsor."""

from preapprovals.models import PreapprovalRequest, Sponsor
from preapprovals.querysets import EDITORS
from preapprovals.states import ContactRole
from serportal.files.models import StoredFile


def can_edit_for(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may ask for pre-approval for ``sponsor`` and keep its dates and attendance."""
    return Sponsor.objects.of(user, EDITORS).filter(pk=sponsor.pk).exists()


def can_manage(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may say who acts for ``sponsor``."""
    return Sponsor.objects.of(user, (ContactRole.MANAGER,)).filter(pk=sponsor.pk).exists()


def files_visible_to(user):
    """Files of requests that were filed for a sponsor ``user`` acts for."""
    requests = PreapprovalRequest.objects.of(user).values("pk")
    return StoredFile.objects.filter(folder__case__in=requests, removed_at__isnull=True)

"""What a person may do for a sponsor."""

from django.db.models import Q

from preapprovals.models import Draft, PreapprovalRequest, Sponsor
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
    """Files of ``user``’s own drafts, and of requests that were filed for a sponsor they act for."""
    drafts = Draft.objects.filter(owner=user, sent_at__isnull=True).values("pk")
    requests = PreapprovalRequest.objects.of(user).values("pk")
    seen = Q(folder__preapproval_draft__in=drafts) | Q(folder__case__in=requests)
    return StoredFile.objects.filter(seen, removed_at__isnull=True)

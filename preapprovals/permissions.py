"""What a person may do for a sponsor."""

from django.db.models import Q

from preapprovals.models import AppealDraft, Contact, PreapprovalRequest, Sponsor
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
    """Files of requests that were filed for a sponsor ``user`` acts for, and of appeals they are writing."""
    requests = PreapprovalRequest.objects.of(user).values("pk")
    writing = AppealDraft.objects.filter(owner=user, case__isnull=True).values("folder")
    return StoredFile.objects.filter(Q(folder__case__in=requests) | Q(folder__in=writing), removed_at__isnull=True)


def role_of(user, sponsor: Sponsor) -> ContactRole | None:
    """Return what ``user`` may do for ``sponsor``; None for somebody who does not act for it."""
    role = Contact.objects.current().filter(sponsor=sponsor, person=user).values_list("role", flat=True).first()
    return ContactRole(role) if role else None


def can_keep_contacts(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may invite contacts and end them: its managers, and SER where none of them is left."""
    return user.is_coordinator or can_manage(user, sponsor)

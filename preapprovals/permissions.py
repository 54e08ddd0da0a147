"""What a person may do for a sponsor."""

from django.db.models import Q

from preapprovals.models import (
    Appeal,
    AppealDraft,
    Contact,
    Draft,
    Occurrence,
    Offering,
    PreapprovalRequest,
    Roster,
    Sponsor,
    Visit,
)
from preapprovals.querysets import EDITORS
from preapprovals.states import ContactRole, RosterState
from serportal.files.models import StoredFile


def can_edit_for(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may ask for pre-approval for ``sponsor`` and keep its dates and attendance."""
    return Sponsor.objects.of(user, EDITORS).filter(pk=sponsor.pk).exists()


def can_manage(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may say who acts for ``sponsor``."""
    return Sponsor.objects.of(user, (ContactRole.MANAGER,)).filter(pk=sponsor.pk).exists()


def files_visible_to(user):
    """Files of what ``user`` prepares, a request or an appeal, and of those filed for the sponsors they act for."""
    drafts = Draft.objects.filter(owner=user, sent_at__isnull=True).values("folder")
    writing = AppealDraft.objects.filter(owner=user, case__isnull=True).values("folder")
    requests = PreapprovalRequest.objects.of(user).values("pk")
    filed = Q(folder__case__in=requests) | Q(folder__case__in=Appeal.objects.of(user).values("pk"))
    seen = filed | Q(folder__in=drafts) | Q(folder__in=writing)
    return StoredFile.objects.filter(seen, removed_at__isnull=True)


def role_of(user, sponsor: Sponsor) -> ContactRole | None:
    """Return what ``user`` may do for ``sponsor``; None for somebody who does not act for it."""
    role = Contact.objects.current().filter(sponsor=sponsor, person=user).values_list("role", flat=True).first()
    return ContactRole(role) if role else None


def can_keep_contacts(user, sponsor: Sponsor) -> bool:
    """Whether ``user`` may invite contacts and end them: its managers, and SER where none of them is left."""
    return user.is_coordinator or can_manage(user, sponsor)


def records_visible_to(user):
    """Files of visits and of records sent to SER: the coordinators’, and those of a sponsor its own contacts’.

    What a sponsor has not sent yet only its contacts open; what was brought from a visit only coordinators (R-SPO-5).
    """
    theirs = Visit.objects.asked().filter(offering__in=Offering.objects.of(user, EDITORS))
    ours = Visit.objects.coordinated_by(user).filter(Q(asked_until__isnull=True) | Q(answered_at__isnull=False))
    seen = Q(folder__visit__in=theirs.values("pk")) | Q(folder__visit__in=ours.values("pk"))
    return StoredFile.objects.filter(seen, removed_at__isnull=True)


def lists_visible_to(user):
    """Lists of attendees as they were given: those of a sponsor its own contacts’, once taken in the coordinators’.

    They stay to be opened for the six years in which SER may ask what somebody’s credit rests on (R-SPO-5).
    """
    theirs = Roster.objects.filter(occurrence__in=Occurrence.objects.of(user, EDITORS))
    offerings = Offering.objects.coordinated_by(user)
    ours = Roster.objects.exclude(state=RosterState.PREVIEW).filter(occurrence__offering__in=offerings)
    seen = Q(folder__roster__in=theirs.values("pk")) | Q(folder__roster__in=ours.values("pk"))
    return StoredFile.objects.filter(seen, removed_at__isnull=True)

"""Who may correct a journal, who may change what counts, and whose files of an arrangement or a renewal are whose."""

from django.db.models import Q

from journals.models import ArrangementDraft, Entry, RenewalDraft
from serportal.files.models import StoredFile
from serportal.reviews.models import ReviewCase


def can_correct(user, entry: Entry) -> bool:
    """Whether ``user`` may take ``entry`` back: a coordinator, on a journal and a case in which they have no part."""
    if not user.is_coordinator or entry.person_id == user.pk:
        return False
    case = ReviewCase.objects.filter(decisions__entry=entry).first()
    return case is None or ReviewCase.objects.coordinated_by(user).filter(pk=case.pk).exists()


def can_change_rules(user) -> bool:
    """Whether ``user`` may store dated rows: schedule, policy, knowledge areas."""
    return user.is_coordinator


def files_visible_to(user):
    """Files of what ``user`` is writing about an arrangement or a renewal; once filed, ``reviews`` decides."""
    arranging, renewing = (
        drafts.objects.filter(owner=user, sent_at__isnull=True).values("folder")
        for drafts in (ArrangementDraft, RenewalDraft)
    )
    return StoredFile.objects.filter(Q(folder__in=arranging) | Q(folder__in=renewing), removed_at__isnull=True)

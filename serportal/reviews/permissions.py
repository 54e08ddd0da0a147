"""The object-shaped twins of the querysets, and what may be done to a case one may see."""

from serportal.files.models import StoredFile
from serportal.reviews.models import ReviewCase


def can_view(user, case: ReviewCase) -> bool:
    return ReviewCase.objects.visible_to(user).filter(pk=case.pk).exists()


def can_read(user, case: ReviewCase) -> bool:
    return ReviewCase.objects.readable_by(user).filter(pk=case.pk).exists()


def can_coordinate(user, case: ReviewCase) -> bool:
    return ReviewCase.objects.coordinated_by(user).filter(pk=case.pk).exists()


def files_visible_to(user):
    """Files of the cases ``user`` may read, as long as they are not removed."""
    return StoredFile.objects.filter(
        removed_at__isnull=True, folder__case__in=ReviewCase.objects.readable_by(user).values("pk")
    )

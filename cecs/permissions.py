from cecs.models import Draft
from serportal.files.models import StoredFile


def files_visible_to(user):
    """Files of ``user``’s own drafts; once filed, ``reviews`` decides."""
    return StoredFile.objects.filter(
        removed_at__isnull=True, folder__cec_draft__in=Draft.objects.of(user).unsent().values("pk")
    )

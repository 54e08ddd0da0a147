from applications.models import Draft
from serportal.files.models import StoredFile


def files_visible_to(user):
    """Files of ``user``’s own drafts; once sent, ``reviews`` decides."""
    drafts = Draft.objects.filter(owner=user, sent_at__isnull=True)
    return StoredFile.objects.filter(removed_at__isnull=True, folder__application_draft__in=drafts.values("pk"))

"""Where evidence lies: a private folder or a private bucket, under random names, never overwritten."""

from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage


class PrivateFolder(FileSystemStorage):
    """A folder outside everything that is served; files leave it only through the door in ``home``."""

    def __init__(self, location):
        super().__init__(
            location=location, base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def url(self, name):
        raise ValueError("Files are served through /files/ only.")


class PrivateBucket(S3Storage):
    """A private bucket; what the browser declared about a file is never what is stored about it."""

    def get_object_parameters(self, name):
        return {
            **super().get_object_parameters(name),
            "ContentType": "application/octet-stream",
            "ContentDisposition": "attachment",
        }

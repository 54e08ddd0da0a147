"""Static files for the measured server: as many as in production, but quickly compressed.

The server lists them all when it starts, so the compressed twins must be there; how well they are compressed shows in
no page. What a visitor's browser would load is weighed from the originals.
"""

import gzip
import re
from functools import cache
from pathlib import Path

import brotli
from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LINKED = re.compile(r"""(?:src|href)="(/static/[^"?#]+)""")


class QuickCompressor(Compressor):
    @staticmethod
    def compress_gzip(data):
        return gzip.compress(data, 1)

    @staticmethod
    def compress_brotli(data):
        return brotli.compress(data, quality=1)


class QuickStorage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **kwargs):
        return QuickCompressor(**kwargs)


def quick_storage() -> dict:
    return {**settings.STORAGES, "staticfiles": {"BACKEND": f"{__name__}.{QuickStorage.__name__}"}}


def linked(html: str) -> set[str]:
    """Return the addresses of the static files that a page links."""
    return set(LINKED.findall(html))


@cache
def weight(address: str) -> int:
    """Return the bytes of a static file as the server sends it: compressed with brotli where that helps."""
    path = Path(settings.STATIC_ROOT) / address.removeprefix(settings.STATIC_URL)
    content = path.read_bytes()
    return min(len(content), len(brotli.compress(content)))

"""SPEC 7: told by content, limited, kept once, named safely."""

import io
import time
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from serportal.files import rules, services
from serportal.files.models import Folder, StoredFile
from serportal.files.storage import PrivateBucket
from serportal.home.views import signed_address
from tests import factories

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 20


def archive(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return file.getvalue()


def docx(**more) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<w/>")
        for name, content in more.items():
            made.writestr(f"word/{name}.bin", content)
    return file.getvalue()


ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (factories.PDF, "pdf"),
        (PNG, "png"),
        (JPEG, "jpg"),
        (HEIC, "heic"),
        (docx(), "docx"),
        (ODT, "odt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, "doc"),
        (docx(vbaProject=b"macro"), None),
        (archive(readme=b"text"), None),
        (b"<html><script>" + factories.PDF, None),
        (b"<svg onload=alert(1)>", None),
        (b"MZ\x90\0", None),
        (b"PK\x03\x04 broken", None),
        (b"%PD", None),
        (b"", None),
    ],
)
def test_the_first_bytes_decide(content, kind):
    assert rules.kind_of(io.BytesIO(content)) == kind


def test_an_archive_that_unpacks_to_too_much_is_refused_unread():
    assert rules.kind_of(io.BytesIO(archive(word__document_xml=b"\0" * (101 * 1024 * 1024)))) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\scan.PDF", "scan.PDF"),
        ('a"\r\nX: y.pdf', "a X y.pdf"),
        ("cv\u202efdp.pdf", "cvfdp.pdf"),
        ("证书.pdf", "证书.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
        ("...", "file"),
        ("\u200b", "file"),
    ],
)
def test_names_are_kept_as_far_as_they_are_safe(given, kept):
    assert services.display_name(given) == kept


@pytest.fixture
def folder(db):
    return Folder.objects.create()


def receive(folder, content=factories.PDF, name="scan.pdf", declared="application/pdf"):
    upload = SimpleUploadedFile("x", content, content_type=declared)
    upload._name = name
    return services.receive(folder=folder, upload=upload, by=factories.PersonFactory())


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "scan.pdf", "empty"),
        (b"MZ\x90\0", "scan.pdf", "unknown-kind"),
        (b"<html>", "page.html", "unknown-kind"),
        (factories.PDF, "scan.exe", "wrong-ending"),
        (factories.PDF, "scan.pdf.exe", "wrong-ending"),
        (factories.PDF, "scan", "wrong-ending"),
        (PNG, "photo.jpg", "wrong-ending"),
    ],
)
def test_what_is_refused_says_which_file_and_what_to_do(folder, content, name, code):
    with pytest.raises(services.FileRefused) as info:
        receive(folder, content, name)
    assert info.value.code == code
    assert name in str(info.value) and str(info.value).endswith(".")
    assert not StoredFile.objects.exists()


def test_a_file_over_the_limit_is_refused(folder, settings):
    settings.FILE_MAX_BYTES = 50
    with pytest.raises(services.FileRefused, match="larger than"):
        receive(folder)


def test_what_the_browser_declared_does_not_matter(folder):
    stored = receive(folder, declared="text/html")
    assert stored.kind == "pdf"
    assert stored.content.name == f"{str(stored.pk)[:2]}/{stored.pk}"
    with stored.content.open() as content:
        assert content.read() == factories.PDF


def test_the_same_content_is_kept_once_until_it_is_removed(folder):
    first = receive(folder)
    assert receive(folder, name="again.pdf") == first
    services.remove(file=first, by=first.received_from)
    services.remove(file=first, by=first.received_from)
    second = receive(folder)
    assert second != first
    assert StoredFile.objects.filter(removed_at__isnull=True).count() == 1


def test_files_have_no_address_of_their_own(folder):
    with pytest.raises(ValueError, match="/files/"):
        _ = receive(folder).content.url


def test_a_file_in_a_bucket_leaves_by_a_signed_link_that_dies_within_a_minute(folder, settings, client):
    """Signing needs no server: what matters is what the link allows, and that ours decides name and type."""
    stored = receive(folder, name="Zeugnis für Amara.pdf", declared="text/html")
    settings.FILES_BUCKET = "evidence"
    bucket = PrivateBucket(
        bucket_name="evidence",
        endpoint_url="http://127.0.0.1:9",
        region_name="us-east-1",
        access_key="key",
        secret_key="secret",
        querystring_auth=True,
        querystring_expire=60,
        file_overwrite=False,
        default_acl=None,
    )
    stored.content.storage = bucket
    link = signed_address(stored, stored.received_from)
    query = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path == f"/evidence/{stored.content.name}"
    assert query["response-content-type"] == ["application/pdf"]
    assert query["response-content-disposition"] == ["attachment; filename*=utf-8''Zeugnis%20f%C3%BCr%20Amara.pdf"]
    lifetime = query.get("X-Amz-Expires") or [str(int(query["Expires"][0]) - int(time.time()))]
    assert 0 < int(lifetime[0]) <= 60
    assert bucket.get_object_parameters("x")["ContentDisposition"] == "attachment"

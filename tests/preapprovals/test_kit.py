"""The page of one offering and its completion kit (R-SPO-2 to R-SPO-5, R-SPO-7)."""

import io
import re
import unicodedata
import zipfile
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from journals.states import Activity, Delivery
from preapprovals.models import Attendance, Draft, LogoMark, Notice, Offering
from preapprovals.services import completion, contacts, logo, rosters
from preapprovals.states import Act, AttendanceState, ContactRole, OfferingState
from serportal.accounts.models import Signature
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day, span_text
from tests import factories
from tests.documents.test_paper import words_of
from tests.preapprovals.test_pictures import png, svg

pytestmark = pytest.mark.django_db


@pytest.fixture
def marisol():
    return factories.PersonFactory(name="Marisol Quispe")


@pytest.fixture
def delta(marisol):
    return factories.sponsor(marisol)


@pytest.fixture
def offering(delta):
    return factories.offering(delta)


@pytest.fixture
def reader(delta, marisol):
    person = factories.PersonFactory()
    made = contacts.invite(sponsor_id=delta.pk, email=person.email, role=ContactRole.READER, by=marisol)
    contacts.accept(contact_id=made.pk, by=person)
    return person


def address(name: str, *args) -> str:
    return reverse(f"preapprovals:{name}", args=args)


def body(client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def page(client, name: str, *args) -> str:
    return body(client, address(name, *args)).decode()


def terminated(offering: Offering, *, days: int = 30) -> None:
    Offering.objects.filter(pk=offering.pk).update(state=OfferingState.TERMINATED)
    until = programme_day() + timedelta(days=days)
    Notice.objects.create(
        offering=offering, act=Act.TERMINATED, reason="No instructor came.", at=timezone.now(), appeal_until=until
    )


def attended(of, minutes: int | None = 360, name="Amara Okafor", **columns) -> Attendance:
    given = {"email": f"{name.split()[0].lower()}@restorers.example", "told_at": timezone.now(), **columns}
    return Attendance.objects.create(occurrence=of, name=name, minutes=minutes, **given)


def test_the_page_says_what_is_approved_and_what_is_owed(client, marisol, offering):
    run = factories.occurrence(offering, days=-10)
    client.force_login(marisol)
    said = page(client, "offering", offering.pk)
    assert offering.code in said and "6 for all of it" in said and "6 hours of contact time" in said
    assert str(day_text(offering.valid_to)) in said
    assert f'Confirm completion by <time datetime="{run.last_day + timedelta(days=30)}"' in said
    assert f'datetime="{run.last_day.replace(year=run.last_day.year + 6)}"' in said
    late = factories.occurrence(offering, days=-31 + 1)
    offering.valid_from -= timedelta(days=10)
    offering.save()
    late = factories.occurrence(offering, days=-31)
    said = page(client, "offering", offering.pk)
    assert f'Confirmations were due by <time datetime="{late.confirm_by}"' in said


def test_the_code_is_read_from_the_page_and_the_picture(client, marisol, offering):
    client.force_login(marisol)
    response = client.get(address("code", offering.pk))
    assert response["Content-Disposition"] == f'attachment; filename="{offering.code}.png"'
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(response.content)))
    assert found.text == f"{settings.SITE_URL}/claim/{offering.code}/"
    said = page(client, "offering", offering.pk)
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox' in said


@pytest.mark.parametrize(
    ("name", "args"),
    [("offering", 1), ("kit", 1), ("code", 1), ("sample", 1), ("logo", 1), ("logo-file", 2), ("list-template", 2)],
)
def test_a_stranger_finds_nothing(client, offering, name, args):
    client.force_login(factories.PersonFactory())
    assert client.get(address(name, *[offering.pk, "png"][:args])).status_code == 404


def test_what_is_only_listed_has_no_code_and_no_kit(client, marisol, delta):
    """R-SPO-7."""
    listed = factories.offering(delta, credits=None, minutes=0)
    client.force_login(marisol)
    said = page(client, "offering", listed.pk)
    assert "not pre-approved" in said and "Approval code" not in said and "What you owe" not in said
    for name in ("kit", "code", "sample", "logo"):
        assert client.get(address(name, listed.pk)).status_code == 404


def test_a_termination_tells_the_way_to_appeal_until_its_day(client, marisol, reader, offering):
    """R-SPO-6: the day itself counts."""
    terminated(offering, days=0)
    client.force_login(marisol)
    said = page(client, "offering", offering.pk)
    assert "SER has ended this approval" in said and "No instructor came." in said
    assert f'href="{address("offering", offering.pk)}appeal/"' in said
    client.force_login(reader)
    assert "appeal/" not in page(client, "offering", offering.pk)


def test_a_termination_leaves_what_took_place_before(client, marisol, offering):
    """R-SPO-8."""
    before, after = factories.occurrence(offering, days=-5), factories.occurrence(offering, days=5)
    kept, lost = attended(before), attended(after)
    terminated(offering)
    client.force_login(marisol)
    said = page(client, "offering", offering.pk)
    assert address("confirmations", before.pk) in said and address("confirmations", after.pk) not in said
    assert client.get(address("confirmations", before.pk)).status_code == 200
    assert client.get(address("confirmation", kept.pk)).status_code == 200
    for name, key in (("confirmations", after.pk), ("confirmations-archive", after.pk), ("confirmation", lost.pk)):
        assert client.get(address(name, key)).status_code == 404


def test_after_the_last_day_to_appeal_there_is_no_link(client, marisol, offering):
    terminated(offering, days=-1)
    client.force_login(marisol)
    said = page(client, "offering", offering.pk)
    assert "The days to appeal ended" in said and "appeal/" not in said


def test_a_warning_is_read_with_its_reason(client, marisol, offering):
    Offering.objects.filter(pk=offering.pk).update(state=OfferingState.WARNED)
    Notice.objects.create(offering=offering, act=Act.WARNED, reason="The agenda was shortened.", at=timezone.now())
    client.force_login(marisol)
    said = page(client, "offering", offering.pk)
    assert "SER has warned you" in said and "The agenda was shortened." in said


def test_an_approval_near_its_end_asks_for_the_renewal(client, marisol, reader, delta):
    today = programme_day()
    near = factories.offering(delta, valid_from=today - timedelta(days=700), valid_to=today + timedelta(days=60))
    client.force_login(marisol)
    said = page(client, "offering", near.pk)
    assert "ask for its renewal now" in said
    key = re.search(r'name="submit_key" value="([^"]+)"', said)[1]
    begun = client.post(reverse("preapprovals:new"), {"submit_key": key, "renews": near.pk})
    assert begun.status_code == 302 and Draft.objects.get().renews == near
    client.force_login(reader)
    assert "Prepare its renewal" not in page(client, "offering", near.pk)


def test_an_expired_approval_says_so(client, marisol, delta):
    today = programme_day()
    old = factories.offering(delta, valid_from=today - timedelta(days=60), valid_to=today - timedelta(days=1))
    client.force_login(marisol)
    assert "This approval expired on" in page(client, "offering", old.pk)
    assert "nothing you publish may call it pre-approved" in page(client, "kit", old.pk)


def test_the_words_for_the_web_say_what_is_approved_and_for_whom(client, marisol, delta):
    session = factories.offering(
        delta, title="Soils symposium", part_of="SER2027, Denver", category=Activity.CONFERENCE
    )
    text = completion.web_text(session)
    assert "“Soils symposium”, a session of SER2027, Denver, is pre-approved" in text
    assert "for up to 6 continuing education credits" in text and "(CERP)" in text and "(CERPIT)" in text
    assert span_text(session.valid_from, session.valid_to) in text
    assert session.code not in text
    client.force_login(marisol)
    assert "Soils symposium" in page(client, "kit", session.pk)


def test_the_sample_is_a_form_that_readers_by_ear_know(client, marisol, offering):
    client.force_login(marisol)
    document = body(client, address("sample", offering.pk))
    assert document == completion.sample(offering)
    with pikepdf.open(io.BytesIO(document)) as opened:
        fields = list(opened.Root.AcroForm.Fields)
        assert [str(one.T) for one in fields] == [name for name, *_place in completion.LINES]
        assert {str(one.FT) for one in fields} == {"/Tx"} and all(str(one.TU) for one in fields)
        numbers = list(opened.Root.StructTreeRoot.ParentTree.Nums)
        known = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        for one in fields:
            element = known[int(one.StructParent)]
            assert str(element.S) == "/Form" and element.K.Obj.objgen == one.objgen
        assert list(map(int, numbers[::2])) == sorted(map(int, numbers[::2]))
        assert opened.Root.MarkInfo.Marked is True and str(opened.docinfo["/Title"]) == "Confirmation of Completion"
        fields[0].V = "Amara Okafor"
        filled = io.BytesIO()
        opened.save(filled)
    with pikepdf.open(filled) as again:
        assert str(again.Root.AcroForm.Fields[0].V) == "Amara Okafor"
    said = words_of(document)
    assert offering.code in said and "Delta Restoration Institute" in said and "at most 6 credits" in said


@pytest.mark.parametrize("name", ["Łukasz Żółć", "Nguyễn Thị Ánh", "李娜", "ليلى حسن"])
def test_a_name_is_printed_in_the_letters_that_it_has(offering, name):
    """From our own fonts, all inside the file: nothing is left to the program that shows it."""
    run = factories.occurrence(offering)
    [one] = completion.completed(run, [attended(run, 360, name)])
    document = completion.confirmation(run, one)
    with pikepdf.open(io.BytesIO(document)) as opened:
        fonts = list(opened.pages[0].Resources.Font.values())
        inside = [font.DescendantFonts[0].FontDescriptor for font in fonts]
        assert fonts and all("/FontFile2" in one or "/FontFile3" in one for one in inside)
        # A file that left a sign as an empty box would not say that it is accessible.
        assert b"pdfuaid" in opened.Root.Metadata.read_bytes()
    shown = pypdfium2.PdfDocument(document)[0].get_textpage().get_text_bounded()
    assert set(name) <= set(unicodedata.normalize("NFKC", shown))


def test_the_fields_lie_over_the_lines(offering):
    """Above each field stands its own label, and on the field stands nothing."""
    text = pypdfium2.PdfDocument(completion.sample(offering))[0].get_textpage()
    top = text.page.get_height()
    labels = completion._labels()
    for name, x, y, width in completion.LINES:
        left, upper, points = x * 72 / 2.54, top - y * 72 / 2.54, 72 / 2.54
        box = {"left": left, "right": left + width * points}
        inside = text.get_text_bounded(**box, top=upper, bottom=upper - completion.HEIGHT * points)
        above = text.get_text_bounded(**box, top=upper + 0.6 * points, bottom=upper)
        assert (inside.strip(), above.strip()) == ("", str(labels[name]))


def test_each_participant_gets_what_they_attended(client, marisol, offering):
    """R-SPO-4; a part is counted by the schedule (R-CAT-2), less than an hour brings nothing (R-MIN)."""
    run = factories.occurrence(offering, days=-10)
    whole, part = attended(run), attended(run, 200, "Nguyễn Thị Minh Khai")
    short, claimed = attended(run, 45, "Sam Roy"), attended(run, None, "Chloé Tremblay")
    undone = attended(run, 360, "Li Na", state=AttendanceState.UNDONE)
    client.force_login(marisol)
    said = page(client, "confirmations", run.pk)
    assert "Amara Okafor" in said and "Too little of it" in said
    assert "Chloé Tremblay" not in said and "Li Na" not in said
    words = words_of(body(client, address("confirmation", part.pk)))
    assert "Nguyễn Thị Minh Khai" in words and "3.33" in words and "3.25" in words and offering.code in words
    assert day_text(run.last_day).replace("\xa0", " ") in words
    for one in (short, claimed, undone):
        assert client.get(address("confirmation", one.pk)).status_code == 404
    with zipfile.ZipFile(io.BytesIO(body(client, address("confirmations-archive", run.pk)))) as archive:
        assert archive.namelist() == ["0001-amara-okafor.pdf", "0002-nguyen-thi-minh-khai.pdf"]
        assert archive.read("0002-nguyen-thi-minh-khai.pdf") == body(client, address("confirmation", part.pk))
        picture = pypdfium2.PdfDocument(archive.read("0001-amara-okafor.pdf"))[0].render(scale=2).to_pil()
    assert zxingcpp.read_barcodes(picture)[0].text == completion.code_address(offering)
    assert "6" in words_of(body(client, address("confirmation", whole.pk))).split()


def test_more_minutes_than_approved_bring_no_more(offering):
    run = factories.occurrence(offering)
    [one] = completion.completed(run, [attended(run, 5000)])
    assert (one.credits, one.hours) == (Decimal(6), Decimal(6))


def test_confirmations_are_for_the_sponsor_alone(client, offering):
    run = factories.occurrence(offering)
    one = attended(run)
    for person in (factories.PersonFactory(), factories.PersonFactory(email=one.email)):
        client.force_login(person)
        for name, key in (("confirmations", run.pk), ("confirmations-archive", run.pk), ("confirmation", one.pk)):
            assert client.get(address(name, key)).status_code == 404


def test_the_list_comes_with_code_and_days(client, marisol, offering):
    run, other = factories.occurrence(offering), factories.occurrence()
    client.force_login(marisol)
    path = address("list-template", offering.pk, "csv")
    lines = body(client, f"{path}?date={run.pk}").decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "Name,E-mail,Certificate number,Minutes attended,Completed,Grade,Approval code,First day,Last day"
    )
    assert lines[1].endswith(f",CERP-0000,360,yes,,{offering.code},{run.first_day},{run.last_day}")
    book = openpyxl.load_workbook(io.BytesIO(body(client, address("list-template", offering.pk, "xlsx"))))
    head, example = book.active.iter_rows(values_only=True)
    assert head[:2] == ("Name", "E-mail") and example[6] == offering.code and example[7] is None
    for asked in (other.pk, "x", "²", "9" * 30, ""):
        lines = body(client, f"{path}?date={asked}").decode().splitlines()
        assert lines[1].endswith(f"{offering.code},,")
    assert client.get(address("list-template", offering.pk, "ods")).status_code == 404


@pytest.mark.parametrize("delivery", [Delivery.IN_PERSON, Delivery.ON_DEMAND])
def test_the_list_is_read_as_it_was_given_and_its_example_is_nobody(marisol, delta, delivery):
    run = factories.occurrence(factories.offering(delta, delivery=delivery))
    columns, [example] = completion.list_template(run, run.offering)
    book = openpyxl.Workbook()
    book.active.append([heading for heading, _width in columns])
    book.active.append(example)
    book.active.append(["Amara Okafor", "amara@okafor.example", *example[2:]])
    file = io.BytesIO()
    book.save(file)
    roster = rosters.give(occurrence_id=run.pk, content=file.getvalue(), name="list.xlsx", by=marisol)
    shown, real = roster.rows.all()
    assert "email" in shown.problems and real.said["email"] == "amara@okafor.example"
    assert not {"name", "email", "minutes", "completed", "day"} & set(real.problems)
    assert {"name", "email", "certificate", "minutes", "completed", "grade"} <= set(roster.mapping)


def test_a_conflict_closes_an_offering_and_its_request_to_a_coordinator(client, delta, marisol):
    """R-REV-5."""
    case = factories.preapproval(
        marisol,
        delta,
        offering={
            "category": "training",
            "title": "Hidden marshes",
            "areas": [],
            "delivery": "in person",
            "recurring": "no",
        },
    )
    made = factories.offering(delta, title="Hidden marshes", request=case.preapprovals_preapprovalrequest)
    factories.offering(delta, title="Open dunes")
    clear, conflicted = factories.coordinator(), factories.coordinator()
    case.parties.create(role="instructor", name=conflicted.name, person=conflicted)
    client.force_login(clear)
    assert page(client, "sponsor", delta.pk).count("Hidden marshes") == 2
    client.force_login(conflicted)
    said = page(client, "sponsor", delta.pk)
    assert "Hidden marshes" not in said and "Open dunes" in said
    assert client.get(address("offering", made.pk)).status_code == 404


def test_the_logo_comes_after_its_terms_and_while_the_approval_holds(client, marisol, reader, offering):
    """R-SPO-3."""
    path, file = address("logo", offering.pk), address("logo-file", offering.pk, "svg")
    client.force_login(marisol)
    assert client.get(file).url == path
    assert "Read them and press the button" in client.get(path).content.decode()
    client.force_login(reader)
    read = {"agreement": logo.terms_on(programme_day()).pk}
    assert client.post(path, read).status_code == 409
    client.force_login(marisol)
    assert "We accept these terms" in page(client, "logo", offering.pk)
    for older in ({}, {"agreement": "1" * 9}, {"agreement": "²"}):
        answer = client.post(path, older)
        assert answer.status_code == 409 and "The terms have changed" in answer.content.decode()
    assert client.post(path, read).status_code == client.post(path, read).status_code == 302
    signed = Signature.objects.get()
    assert (signed.person, signed.about, signed.agreement_id) == (marisol, offering.code, read["agreement"])
    offering.refresh_from_db()
    assert offering.logo_agreed_by == marisol
    client.force_login(reader)
    for shape, kind in (("svg", "image/svg+xml"), ("png", "image/png")):
        response = client.get(address("logo-file", offering.pk, shape))
        assert response["Content-Type"] == kind and response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"] == f'attachment; filename="ser-program-logo.{shape}"'
        assert "sandbox" in response["Content-Security-Policy"]
        assert "default-src 'none'" in response["Content-Security-Policy"]
    assert client.get(address("logo-file", offering.pk, "gif")).status_code == 404
    terminated(offering)
    assert client.get(file).url == path
    assert "may not be used" in page(client, "logo", offering.pk)


@pytest.mark.parametrize("days", [-1, 1])
def test_no_logo_outside_the_days_of_the_approval(marisol, delta, days):
    today = programme_day()
    first, last = sorted([today + timedelta(days=days), today + timedelta(days=days * 40)])
    made = factories.offering(delta, valid_from=first, valid_to=last)
    with pytest.raises(Refusal, match="is not approved today"):
        logo.accept_terms(offering_id=made.pk, agreement_id=logo.terms_on(today).pk, by=marisol)


def test_the_portals_own_logo_is_a_picture_and_a_drawing():
    made = logo.shapes()
    assert Image.open(io.BytesIO(made["png"])).width > 1500
    assert made["svg"].startswith(b"<svg") and b"<text" not in made["svg"] and b"<script" not in made["svg"]


def test_the_coordinator_puts_sers_logo_in_its_place(client, marisol, offering):
    terms = logo.terms_on(programme_day())
    logo.accept_terms(offering_id=offering.pk, agreement_id=terms.pk, by=marisol)
    ruth = factories.coordinator()
    client.force_login(ruth)
    path = reverse("admin:preapprovals_logomark_add")
    bad = client.post(path, {"picture": io.BytesIO(b"GIF89a"), "drawing": io.BytesIO(svg("<script/>"))})
    assert bad.status_code == 200 and not LogoMark.objects.exists()
    said = bad.content.decode()
    assert "The picture is no PNG" in said and "The drawing (SVG) holds “&lt;script&gt;”" in said
    assert client.post(path, {"picture": io.BytesIO(png())}).status_code == 302
    assert logo.shapes() == {"png": png()}
    assert client.get(reverse("admin:preapprovals_logomark_file", args=["png"])).content == png()
    assert client.get(reverse("admin:preapprovals_logomark_file", args=["svg"])).status_code == 404
    drawing = io.BytesIO(svg("<path d='M0 0'/>"))
    assert client.post(path, {"picture": io.BytesIO(png()), "drawing": drawing}).status_code == 302
    assert set(logo.shapes()) == {"png", "svg"} and LogoMark.objects.first().put_by == ruth
    listed = client.get(reverse("admin:preapprovals_logomark_changelist")).content.decode()
    assert listed.count("download it") == 1 and listed.count("no longer") == 1
    one = LogoMark.objects.first()
    assert client.get(reverse("admin:preapprovals_logomark_change", args=[one.pk])).status_code == 200
    client.force_login(marisol)
    assert body(client, address("logo-file", offering.pk, "svg")).count(b"<path") == 1

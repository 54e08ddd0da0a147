"""The coordinator’s tools: what an application waits for, the list, seats for a window, papers (R-APP-11, R-REV-5)."""

import csv
import io
import re
import zipfile
from collections import Counter
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from applications.services import gates
from applications.services.eligibility import check_may_apply
from applications.states import Confirmed, Gate
from serportal.accounts.states import Committee
from serportal.certifications.states import Level
from serportal.fees.states import FeeKind
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase, Seat
from serportal.ui.papers import zipped
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/applications/application/"


@pytest.fixture
def ruth(client):
    ruth = factories.coordinator(name="Ruth Okello")
    client.force_login(ruth)
    return ruth


def hide(made: Application, person) -> None:
    made.case.conflicts.create(member=person, declared_at=timezone.now())


def complete(kind: str, ruth, **given) -> Application:
    """An application of which nothing is missing, screened by ``ruth``."""
    made = factories.application(kind, paid=True, **given)
    if kind in {"cerp", "cerpit"}:
        factories.reference_in(made)
        factories.reference_in(made, "Ana Souza")
    if kind != "upgrade":
        gates.verify_course(application_id=made.pk, by=ruth)
    reviews.screen(made.pk, by=ruth)
    return Application.objects.select_related("case").get(pk=made.pk)


# What one application waits for ---------------------------------------------------------------------------------


def test_the_case_page_says_what_an_application_waits_for_and_who_holds_it(client, ruth):
    made = factories.application("cerp")
    factories.invited(made.case.application_drafts.get(), "Wanjiru Kamau")
    factories.reference_in(made, "Ana Souza")
    page = client.get(f"/admin/reviews/reviewcase/{made.pk}/change/").content.decode()
    assert f"is not paid yet ({made.bill.number})" in page and f"/admin/fees/bill/{made.bill_id}/change/" in page
    assert "Waits for the referees: Wanjiru Kamau." in page and "1 of 2 references are in." in page
    assert "Settled: the agreement is signed" in page
    assert "I would hire her again." in page
    assert "The window closes on" in page and "Day -" not in page
    assert f"{LIST}?window={made.window_id}" in page and f"{LIST}{made.pk}/change/" in page


def test_the_course_is_verified_from_the_page_of_the_application(client, ruth):
    made = factories.application("cerp")
    page = client.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "E-learning certificate" in page and "I read it: it is verified" in page
    answer = client.post(f"{LIST}{made.pk}/act/verify/", follow=True)
    assert "The e-learning certificate is verified." in answer.content.decode()
    made.refresh_from_db()
    assert (made.course_verified_by, made.course_waived) == (ruth, "")
    assert "Verified by Ruth Okello" in client.get(f"{LIST}{made.pk}/change/").content.decode()


def test_waiving_the_course_needs_a_reason_and_keeps_it(client, ruth):
    made = factories.application("cerpit")
    refused = client.post(f"{LIST}{made.pk}/act/waive/", {"waive-reason": " "})
    assert refused.status_code == 422 and "Waiving the course needs a reason." in refused.content.decode()
    client.post(f"{LIST}{made.pk}/act/waive/", {"waive-reason": "She teaches the course."})
    made.refresh_from_db()
    assert made.course_waived == "She teaches the course."
    assert "She teaches the course." in client.get(f"{LIST}{made.pk}/change/").content.decode()
    again = client.post(f"{LIST}{made.pk}/act/verify/", follow=True)
    assert again.status_code == 200
    made.refresh_from_db()
    assert made.course_waived == "She teaches the course."


def test_a_partner_s_course_cannot_be_waived_and_the_page_offers_no_way(client, ruth):
    """R-APP-7: of graduates SER always asks the course."""
    made = factories.application("partner")
    page = client.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "I read it: it is verified" in page and "Waive the course" not in page
    refused = client.post(f"{LIST}{made.pk}/act/waive/", {"waive-reason": "Known."})
    assert refused.status_code == 409 and "cannot be waived" in refused.content.decode()


def test_a_graduate_s_case_shows_no_sum_and_what_the_college_said(client, ruth):
    made = factories.application("partner")
    factories.graduate(made, state=Confirmed.YES)
    page = client.get(f"/admin/reviews/reviewcase/{made.pk}/change/").content.decode()
    assert 'class="sum"' not in page
    assert f"{made.graduate.programme.partner.name}: confirmed" in page


def test_a_conflict_closes_the_tools(client, ruth):
    """R-REV-5: neither the page nor the act exists, for whoever is named or applied."""
    made = factories.application("cerp")
    hide(made, ruth)
    for path in ("change/", "application.pdf"):
        assert client.get(f"{LIST}{made.pk}/{path}").status_code == 404
    assert client.post(f"{LIST}{made.pk}/act/verify/").status_code == 404
    made.refresh_from_db()
    assert made.course_verified_at is None


# The list -------------------------------------------------------------------------------------------------------


def settled_one_by_one(ruth):
    """Yield applications of every kind, each again after one more of its gates is settled or shut."""
    for kind in ("cerp", "cerpit", "partner", "upgrade"):
        made = factories.application(kind)
        if kind == "partner":
            about = {"person": made.case.filed_by, "about": made.case.reference, "kind": FeeKind.CERPIT}
            made.bill = factories.billed(**about)
            made.save(update_fields=["bill"])
        yield made
        if made.bill:
            type(made.bill).objects.filter(pk=made.bill_id).update(state="waived", settled_at=timezone.now())
            yield made
        if kind in {"cerp", "cerpit"}:
            factories.reference_in(made)
            yield made
            factories.reference_in(made, "Ana Souza")
            yield made
        if kind == "partner":
            graduate = factories.graduate(made)
            yield made
            type(graduate).objects.update(state=Confirmed.YES, answered_at=timezone.now(), via="page")
            yield made
        if kind != "upgrade":
            gates.verify_course(application_id=made.pk, by=ruth)
            yield made
        for purpose in ("transcript", "resume", "course"):
            made.case.folder.files.filter(purpose=purpose).update(removed_at=timezone.now())
            yield made
        Application.objects.filter(pk=made.pk).update(sides=["experience"])
        yield made


def test_the_list_finds_what_each_gate_holds_up(ruth):
    """R-APP-11: the filter and the sentence speak of the same applications, whatever is settled."""
    seen = set()
    for made in settled_one_by_one(ruth):
        one = Application.objects.select_related("case", "criteria", "bill", "graduate__programme__partner")
        one = one.get(pk=made.pk)
        told = {block.gate for block in gates.blocks_of(one)}
        found = {gate for gate in Gate if Application.objects.held_up_by(gate).filter(pk=made.pk).exists()}
        assert found == told, (made.kind, found, told)
        assert Application.objects.held_up().filter(pk=made.pk).exists() == bool(told)
        others = [block for block in gates.blocks_of(one) if not block.ours]
        assert Application.objects.held_up_by_others().filter(pk=made.pk).exists() == bool(others)
        reads = any(block.gate == Gate.COURSE and block.ours for block in gates.blocks_of(one))
        assert Application.objects.with_a_course_to_read().filter(pk=made.pk).exists() == reads
        seen |= {(made.kind, gate, gate in told) for gate in gates.rules.GATES[made.kind]}
    for kind, gate, _shut in list(seen):
        if gate != Gate.AGREEMENT and (kind, gate) != ("upgrade", Gate.DOCUMENTS):
            assert (kind, gate, True) in seen and (kind, gate, False) in seen, (kind, gate)


def test_an_application_that_nobody_signed_waits_for_it(ruth):
    made, _other = factories.application("cerp"), factories.application("cerp")
    ReviewCase.objects.filter(pk=made.pk).update(reference="APP-2020-0001")
    assert list(Application.objects.held_up_by(Gate.AGREEMENT)) == [made]
    assert Gate.AGREEMENT in {block.gate for block in gates.blocks_of(Application.objects.get(pk=made.pk))}


def names_in(response) -> list[str]:
    rows = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig")))
    return [row["reference"] for row in rows]


def test_the_list_and_its_table_hold_the_same_filtered_applications(client, ruth):
    waits = factories.application("cerp")
    reviews.screen(waits.pk, by=ruth)
    ReviewCase.objects.filter(pk=waits.pk).update(filed_on=waits.case.filed_on - timedelta(days=40))
    ready = complete("cerpit", ruth)
    partner = factories.application("partner")
    hidden = factories.application("cerp")
    hide(hidden, ruth)
    page = client.get(LIST).content.decode()
    assert hidden.case.reference not in page and ">40<" in page
    assert page.index(waits.case.reference) < page.index(ready.case.reference) < page.index(partner.case.reference)
    for query, expected in {
        "": [waits, ready, partner],
        f"?window={waits.window_id}": [waits, ready],
        "?window=none": [partner],
        "?window=closed": [],
        "?window=999999": [],
        "?missing=nothing": [ready],
        "?missing=something": [waits, partner],
        "?missing=course": [waits, partner],
        "?missing=partner": [partner],
        "?state=ready": [ready],
        "?step=gates": [waits],
        "?kind__exact=cerpit": [ready],
        f"?member={waits.case.filed_by_id}": [waits],
        f"?q={ready.case.reference}": [ready],
    }.items():
        told = [one.case.reference for one in expected]
        assert names_in(client.get(f"{LIST}export/csv/{query}")) == told, query
        page = client.get(f"{LIST}{query}").content.decode()
        assert [one for one in told if one not in page] == [], query
    assert client.get(f"{LIST}export/xlsx/").status_code == 200


def test_the_table_tells_the_figures_of_both_sheets(client, ruth):
    made = factories.application("cerp")
    factories.reference_in(made)
    rows = csv.DictReader(io.StringIO(client.get(f"{LIST}export/csv/").getvalue().decode("utf-8-sig")))
    [row] = rows
    assert (row["biological, shown"], row["biological, needed"]) == ("15", "15")
    assert (row["ecology, shown"], row["ecology, needed"]) == ("15", "9")
    assert (row["months, needed"], row["projects, shown"], row["phases"]) == ("60", "3", "4")
    assert row["references in"] == "1"
    assert "1 of 2 references are in." in row["what is missing"] and "the applicant" in row["who holds it"]


# On paper -------------------------------------------------------------------------------------------------------


def words_of(document: bytes) -> str:
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(document)]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def test_an_application_on_paper_holds_every_answer_and_for_coordinators_the_references(client, ruth):
    made = factories.application("cerp")
    factories.reference_in(made)
    told = client.get(f"{LIST}{made.pk}/application.pdf")
    assert told["Content-Disposition"] == f'attachment; filename="{made.case.reference}.pdf"'
    words = words_of(told.content)
    for said in (
        "Dollard Marsh Trust",
        "Restoration ecology",
        "15 credits in biological science; 15 are needed.",
        "Dug creeks.",
    ):
        assert said in words
    assert "is not paid yet" in words and "(the applicant)" in words
    assert "I would hire her again." in words and "Wanjiru Kamau, Dollard Marsh Trust" in words
    with pikepdf.open(io.BytesIO(told.content)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"] == f"Application {made.case.reference}"


@pytest.mark.parametrize("kind", ["cerp", "cerpit", "partner", "upgrade"])
def test_applicants_take_their_own_without_what_referees_said(client, kind):
    """R-APP-6: nobody reads a reference about themselves."""
    made = factories.application(kind)
    if kind in {"cerp", "cerpit"}:
        factories.reference_in(made)
    address = f"/applications/{made.case.reference}/application.pdf"
    client.force_login(made.case.filed_by)
    assert address in client.get(f"/applications/{made.case.reference}/").content.decode()
    words = words_of(client.get(address).content)
    assert made.case.reference in words and "hire her again" not in words and "sediment traps" not in words
    client.force_login(factories.PersonFactory())
    assert client.get(address).status_code == 404


def test_the_papers_of_a_window_come_as_one_zip_of_the_filtered_list(client, ruth):
    made = [factories.application("cerp"), factories.application("cerpit")]
    factories.reference_in(made[0])
    other, hidden = factories.application("partner"), factories.application("cerp")
    hide(hidden, ruth)
    answer = client.get(f"{LIST}papers.zip?window={made[0].window_id}")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{one.case.reference}.pdf" for one in made]
        assert "hire her again" in words_of(archive.read(f"{made[0].case.reference}.pdf"))
    with zipfile.ZipFile(io.BytesIO(client.get(f"{LIST}papers.zip").getvalue())) as archive:
        assert len(archive.namelist()) == 3 and f"{other.case.reference}.pdf" in archive.namelist()


def test_too_many_papers_for_one_zip_are_refused_before_any_is_made(client, ruth, monkeypatch):
    monkeypatch.setattr("applications.admin.applications.MOST_PAPERS", 1)
    for _n in range(2):
        factories.application("cerp")
    answer = client.get(f"{LIST}papers.zip?kind__exact=cerp", follow=True)
    assert "more than 1 applications, too many for one ZIP" in answer.content.decode()
    assert answer.request["QUERY_STRING"] == "kind__exact=cerp"


def test_a_zip_holds_no_more_than_one_paper_at_a_time():
    """Each is made only once the one before it was taken, so that a thousand need the memory of one."""
    made = []

    def documents():
        for n in range(3):
            made.append(n)
            yield f"{n}.pdf", b"x" * 1000

    pieces = zipped(documents())
    for n in range(3):
        assert 1000 < len(next(pieces)) < 1200
        assert made == list(range(n + 1))
    assert b"".join(pieces).count(b".pdf") == 3


# Seats for a window ---------------------------------------------------------------------------------------------


CASES = "/admin/reviews/reviewcase/"


def shown_keys(page: str) -> dict[int, list[int]]:
    """Return whom the preview would seat, by case."""
    keys = re.findall(r'name="key-(\d+)" value="([\d,]+)"', page)
    return {int(case): [int(one) for one in members.split(",")] for case, members in keys}


def previewed(client, query: str = "") -> str:
    """Press the button of the list, and return the preview it leads to."""
    page = client.get(f"{LIST}{query}").content.decode()
    form = page[page.index('class="seat-list"') :].partition("</form>")[0]
    chosen = re.findall(r'name="_selected_action" value="(\d+)"', form)
    answer = client.post(CASES, {"action": "seat_all", "_selected_action": chosen})
    assert answer.status_code == 200
    return answer.content.decode()


def confirmed(client, page: str):
    keys = shown_keys(page)
    sent = {f"key-{case}": ",".join(map(str, members)) for case, members in keys.items()}
    sent |= {"action": "seat_all", "_selected_action": list(keys), "confirmed": "1"}
    return client.post(CASES, sent, follow=True)


def test_the_ready_ones_of_a_list_get_balanced_panels_exactly_as_shown(client, ruth):
    """R-REV-3: the work is spread evenly, conflicts and hints are left out, and what was shown is what is seated."""
    committee = [factories.member(Committee.CERTIFICATION, name=f"Member {n}") for n in range(6)]
    ready = [complete("upgrade", ruth) for _n in range(4)]
    ready += [
        complete("upgrade", ruth, owner=factories.certificant(level=Level.CERPIT, employer=committee[0].employer))
    ]
    ready[0].case.conflicts.create(member=committee[1], declared_at=timezone.now())
    factories.application("upgrade")
    page = previewed(client, f"?window={ready[0].window_id}")
    shown = shown_keys(page)
    assert set(shown) == {one.pk for one in ready}
    assert committee[1].pk not in shown[ready[0].pk] and committee[0].pk not in shown[ready[4].pk]
    given = Counter(key for members in shown.values() for key in members)
    assert sorted(given.values()) == [2, 2, 2, 3, 3, 3]
    for one in committee:
        assert f"<dt>{one.name}</dt><dd>{given[one.pk]} new seats</dd>" in page
        assert page.count(one.name) == given[one.pk] + 1
    assert not Seat.objects.exists()
    assert "5 cases are seated, their members invited." in confirmed(client, page).content.decode()
    seated = {one.pk: sorted(Seat.objects.filter(panel__case=one.pk).values_list("member", flat=True)) for one in ready}
    assert seated == {case: sorted(members) for case, members in shown.items()}


def test_who_may_no_longer_sit_is_not_seated_and_the_case_says_why(client, ruth):
    committee = [factories.member(Committee.CERTIFICATION) for _n in range(4)]
    ready = [complete("upgrade", ruth) for _n in range(2)]
    page = previewed(client)
    shown = shown_keys(page)
    ready[0].case.conflicts.create(
        member=next(one for one in committee if one.pk in shown[ready[0].pk]), declared_at=timezone.now()
    )
    said = confirmed(client, page).content.decode()
    assert "1 case is seated" in said and f"{ready[0].case.reference}: 3 places are open. Choose exactly" in said
    assert set(Seat.objects.values_list("panel__case", flat=True)) == {ready[1].pk}


def test_a_list_without_a_ready_one_offers_no_seats(client, ruth):
    factories.application("cerp")
    assert "seat-list" not in client.get(LIST).content.decode()
    hide(complete("upgrade", ruth), ruth)
    assert "seat-list" not in client.get(LIST).content.decode()


# What ends before its review ---------------------------------------------
def test_what_stays_incomplete_is_closed_with_a_reason_its_applicant_reads(client, ruth):
    made = factories.application("cerp")
    address = reverse("admin:reviews_reviewcase_close", args=[made.pk])
    client.force_login(ruth)
    assert client.post(address, {"text": "Nothing came."}).status_code == 409
    reviews.screen(made.pk, by=ruth)
    assert (
        "Close it: what is missing does not come"
        in client.get(reverse("admin:reviews_reviewcase_change", args=[made.pk])).content.decode()
    )
    assert client.post(address, {"text": " "}).status_code == 422
    client.post(address, {"text": "No reference came in two years."})
    case = ReviewCase.objects.get(pk=made.pk)
    assert (case.state, case.step, case.events.last().note) == ("withdrawn", "done", "No reference came in two years.")
    letter = Message.objects.get(template="case-closed")
    assert letter.person == case.filed_by and letter.context["reason"] == "No reference came in two years."
    client.force_login(case.filed_by)
    page = client.get(f"/applications/{case.reference}/").content.decode()
    assert "We closed it without a decision" in page and "No reference came in two years." in page
    check_may_apply(case.filed_by, "cerp", today=programme_day())


@pytest.mark.parametrize(("paid", "state", "letters"), [(False, "waived", 1), (True, "paid", 0)])
def test_nobody_owes_a_fee_for_what_they_withdrew(ruth, paid, state, letters):
    made = factories.application("cerp")
    if paid:
        factories.paid(made.bill, ruth)
    for _twice in range(2):
        reviews.withdraw(made.pk, by=made.case.filed_by)
    made.bill.refresh_from_db()
    assert made.bill.state == state and Message.objects.filter(template="fee-waived").count() == letters

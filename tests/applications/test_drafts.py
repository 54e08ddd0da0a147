"""Starting a draft and saving it as typed: who may, two tabs, rows by the thousand, files, answers (SPEC 6)."""

import uuid
from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from applications.models import Application, Draft, NextStep, RowText
from applications.services import drafts
from applications.services.checking import look
from applications.services.replying import begin_reply, send_reply
from serportal.certifications.models import Certification
from serportal.certifications.states import Level
from serportal.files.models import StoredFile
from serportal.outbox.models import Message
from serportal.outbox.services import reminding
from serportal.reviews import services as reviews
from serportal.reviews.models import Decision
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day, programme_zone
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(client):
    person = factories.PersonFactory(name="Amara Okafor", employer="Reed Press", country="NL")
    client.force_login(person)
    return person


def start(owner, kind="cerp", **given) -> Draft:
    return drafts.start(owner=owner, kind=kind, key=uuid.uuid4(), **given)


def path(draft, *parts) -> str:
    return "/".join([reverse("applications:draft", args=[draft.pk]).rstrip("/"), *map(str, parts), ""])


# Who may start -----------------------------------------------------------
def holder(level, days_ago):
    return factories.certificant(level=level, since=programme_day() - timedelta(days=days_ago))


KINDS = ("cerp", "cerpit", "partner", "upgrade")
ACTIVE, DUE, GRACE, LAPSED = 365, 5 * 365 - 30, 5 * 366 + 20, 5 * 366 + 120


@pytest.mark.parametrize(
    ("level", "days_ago", "kind", "code"),
    [
        (None, 0, "cerp", ""),
        (None, 0, "cerpit", ""),
        (None, 0, "partner", ""),
        (None, 0, "upgrade", "no-cerpit"),
        *((Level.CERP, age, kind, "holds-cerp") for age in (ACTIVE, DUE, GRACE) for kind in KINDS),
        (Level.CERP, LAPSED, "cerp", ""),
        (Level.CERP, LAPSED, "upgrade", "no-cerpit"),
        (Level.CERPIT, ACTIVE, "upgrade", ""),
        (Level.CERPIT, DUE, "upgrade", ""),
        (Level.CERPIT, GRACE, "upgrade", "grace"),
        (Level.CERPIT, LAPSED, "upgrade", "lapsed"),
        (Level.CERPIT, ACTIVE, "cerp", "cerpit-to-cerp"),
        (Level.CERPIT, ACTIVE, "cerpit", "holds-cerpit"),
        (Level.CERPIT, GRACE, "partner", "holds-cerpit"),
        (Level.CERPIT, LAPSED, "cerp", ""),
        (Level.CERPIT, LAPSED, "cerpit", ""),
    ],
)  # fmt: skip
def test_who_may_start_what(level, days_ago, kind, code):
    """R-APP-8, R-PER-6: nobody applies for what they hold; only a current CERPIT is upgraded."""
    person = holder(level, days_ago) if level else factories.PersonFactory()
    if not code:
        assert start(person, kind).kind == kind
        return
    with pytest.raises(Refusal) as found:
        start(person, kind)
    assert found.value.code == code and not Draft.objects.exists()


def test_a_draft_begins_with_the_profile(amara):
    person = look(start(amara)).content["person"]
    assert person == {"name_on_certificate": "Amara Okafor", "country": "NL", "employer": "Reed Press"}


def test_a_second_start_leads_to_the_open_draft(amara):
    assert start(amara) == start(amara)
    assert start(amara, "cerpit") != start(amara)
    taken = start(factories.PersonFactory()).pk
    with pytest.raises(Refusal) as found:
        drafts.start(owner=amara, kind="partner", key=taken)
    assert found.value.code == "used-key"


def test_an_upgrade_takes_up_the_written_list():
    """R-APP-8: with a list of next steps it asks for those; without one, what CERP asks."""
    person = factories.certificant(level=Level.CERPIT)
    assert "steps" not in drafts.sections_of(start(person, "upgrade"))
    Draft.objects.all().delete()
    steps = next_steps(person)
    draft = start(person, "upgrade")
    assert drafts.sections_of(draft)[:2] == ("person", "steps")
    assert [row.data for row in draft.rows.all()] == [{"step": str(step.pk)} for step in steps]
    assert {(one.section, one.code) for one in look(draft).problems if one.row} == {("steps", "required")}
    for row in draft.rows.all():
        given = {"draft_id": draft.pk, "owner": person, "listed": "step", "row_id": row.pk}
        kept = drafts.save_row(**given, data={"evidence": "Done."}, seen=drafts.Seen(1))
        assert kept.data == {"evidence": "Done.", "step": row.data["step"]}
    whole = look(draft)
    assert {one.section for one in whole.problems} == {"agreement", "fee"}
    assert whole.ready == "" and not whole.speaks("knowledge")


def next_steps(person) -> list[NextStep]:
    """The list that came with a CERPIT, as the decision that granted it would have left it."""
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    decision = Decision.objects.get(case=factories.decided(ruth, committee, owner=person))
    held = Certification.objects.get(person=person)
    texts = ["Three more credits in soils.", "One project that shows monitoring."]
    return [
        NextStep.objects.create(certification=held, decision=decision, number=number, text=text)
        for number, text in enumerate(texts, start=1)
    ]


# Saving as typed -----------------------------------------------------------
def test_two_tabs_on_two_parts_never_clash(client, amara):
    draft, one, two = start(amara), uuid.uuid4(), uuid.uuid4()
    first = {"version": 0, "page": uuid.uuid4(), "turn": 1}
    for row, title in ((one, "Soils"), (two, "Sedges")):
        assert client.post(path(draft, "courses", row), {**first, "title": title}).status_code == 302
    person = {"version": 1, "name_on_certificate": "A. Okafor"}
    assert client.post(path(draft, "person"), person).status_code == 302
    assert [row.data["title"] for row in draft.rows.all()] == ["Soils", "Sedges"]


@pytest.mark.parametrize("where", ["person", "row"])
def test_a_stale_tab_is_told_and_keeps_its_text(client, amara, where):
    draft = start(amara)
    target = path(draft, "person") if where == "person" else path(draft, "jobs", uuid.uuid4())
    name, seen = ("address", 1) if where == "person" else ("employer", 0)
    assert client.post(target, {"version": seen, name: "first tab"}).status_code == 302
    answer = client.post(target, {"version": seen, name: "second tab"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "second tab" in page and "Another tab or device" in page
    assert client.post(target, {"version": answer.context["version"], name: "second tab"}).status_code == 302
    assert "second tab" in client.get(target).content.decode()


def test_a_save_in_the_background_answers_with_the_sheet(client, amara):
    draft, row = start(amara), uuid.uuid4()
    data = {
        "version": 0,
        "title": "Soils",
        "unit": "semester",
        "credits": "6",
        "passed": "yes",
        "area1": "physical.earth",
    }
    page = client.post(path(draft, "courses", row), data, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page and 'id="sheet" hx-swap-oob="true"' in page
    assert "6 of 15 credits in physical science; 9 more are needed." in page
    stale = client.post(path(draft, "courses", row), {**data, "title": "x"}, headers={"HX-Request": "true"})
    assert "Not saved" in stale.content.decode()


def test_a_row_is_copied_once_and_removed(client, amara):
    draft, row, key = start(amara), uuid.uuid4(), str(uuid.uuid4())
    client.post(path(draft, "courses", row), {"version": 0, "title": "Soils"})
    for _press in range(2):
        answer = client.post(path(draft, "courses"), {"copy": str(row), "submit_key": key})
        assert answer.url == path(draft, "courses", key)
    assert [one.data for one in draft.rows.all()] == [{"title": "Soils"}] * 2
    for _press in range(2):
        assert client.post(path(draft, "courses"), {"remove": str(row)}).status_code == 302
    assert [str(one.pk) for one in draft.rows.all()] == [key]


def test_nothing_typed_adds_no_row(client, amara):
    draft = start(amara)
    assert client.post(path(draft, "jobs", uuid.uuid4()), {"version": 0, "save": "1"}).status_code == 302
    assert not RowText.objects.exists()


@pytest.mark.parametrize("section", ["prior", "steps", "programme", "nonsense"])
def test_a_part_that_is_not_asked_does_not_exist(client, amara, section):
    draft = start(amara, "cerpit")
    for target in (path(draft, section), path(draft, section, uuid.uuid4())):
        assert client.get(target).status_code == client.post(target, {"area": "restoration"}).status_code == 404
    assert not RowText.objects.exists()


def test_foreign_drafts_and_rows_do_not_exist(client, amara):
    other = start(factories.PersonFactory())
    row = uuid.uuid4()
    drafts.save_row(
        draft_id=other.pk, owner=other.owner, listed="job", row_id=row, data={"title": "x"}, seen=drafts.Seen(0)
    )
    for target in (path(other), path(other, "jobs"), path(other, "jobs", row), path(other, "check")):
        assert client.get(target).status_code == client.post(target).status_code == 404
    own = start(amara)
    assert client.get(path(own, "jobs", row)).status_code == 404
    assert client.post(path(own, "jobs", row), {"version": 1, "title": "mine"}).status_code == 404
    assert RowText.objects.get(pk=row).data == {"title": "x"}


def test_files_are_kept_for_what_they_are(client, amara):
    draft, row = start(amara), uuid.uuid4()
    data = {"version": 1, "files-resume": factories.pdf("cv.pdf"), "files-transcript": factories.pdf("marks.pdf")}
    client.post(path(draft, "documents"), data)
    client.post(path(draft, "prior", row), {"version": 0, "files": factories.pdf("proof.pdf")})
    assert RowText.objects.get(pk=row).data == {}
    purposes = dict(StoredFile.objects.values_list("name", "purpose"))
    assert purposes == {"cv.pdf": "resume", "marks.pdf": "transcript", "proof.pdf": f"prior:{row}"}
    cv = StoredFile.objects.get(name="cv.pdf")
    assert b"".join(client.get(reverse("home:file", args=[cv.pk])).streaming_content) == factories.PDF
    client.post(path(draft, "documents"), {"version": 1, "remove": str(cv.pk)})
    client.post(path(draft, "prior"), {"remove": str(row)})
    assert list(StoredFile.objects.filter(removed_at=None).values_list("name", flat=True)) == ["marks.pdf"]


def test_a_file_that_is_not_taken_is_told_and_the_text_is_kept(client, amara):
    draft = start(amara)
    bad = factories.SimpleUploadedFile("cv.exe", b"MZ", content_type="application/pdf")
    data = {"version": 1, "course_completed_on": "2026-03-01", "files-resume": bad, "next": "1"}
    answer = client.post(path(draft, "documents"), data)
    assert answer.status_code == 422 and "cv.exe" in answer.content.decode()
    assert draft.sections.get(section="documents").data == {"course_completed_on": "2026-03-01"}


def test_a_thousand_courses(client, amara, django_assert_max_num_queries):
    draft = start(amara)
    row = {
        "title": "Soils",
        "unit": "semester",
        "credits": "1",
        "passed": "yes",
        "area1": "physical",
        "institution": "W",
    }
    RowText.objects.bulk_create(
        RowText(draft=draft, listed="course", number=number, data=row, saved_at=draft.saved_at)
        for number in range(1, 1001)
    )
    with django_assert_max_num_queries(20):
        page = client.get(path(draft, "courses"), {"page": 20}).content.decode()
    assert page.count("Soils, W</a>") == 50 and "Page 20 of 20" in page
    assert client.get(path(draft, "check")).status_code == 200
    with pytest.raises(Refusal) as found:
        drafts.save_row(
            draft_id=draft.pk, owner=amara, listed="course", row_id=uuid.uuid4(), data=row, seen=drafts.Seen(0)
        )
    assert found.value.code == "too-many-rows"


def test_a_discarded_draft_is_gone_with_everything(client, amara):
    draft = factories.prepared(owner=amara)
    factories.invited(draft)
    assert client.post(path(draft, "discard")).url == reverse("applications:list")
    assert not Draft.objects.exists() and not RowText.objects.exists() and not StoredFile.objects.exists()
    assert client.post(path(draft, "discard")).status_code == 404


def test_a_filed_draft_leads_to_its_case_and_stays(client, amara):
    draft = factories.prepared(owner=amara)
    case = factories.sent(draft)
    status = reverse("applications:case", args=[case.reference])
    for target in (path(draft), path(draft, "person"), path(draft, "check"), path(draft, "discard")):
        assert client.get(target).url == client.post(target).url == status
    with pytest.raises(Refusal) as found:
        drafts.save_section(draft_id=draft.pk, owner=amara, section="person", data={}, seen=drafts.Seen(9))
    assert found.value.code == "filed"


def test_idle_drafts_are_told_of_once(amara, time_machine):
    draft = start(amara)
    start(factories.PersonFactory(is_active=False))
    for days, told in ((29, 0), (30, 1), (31, 1)):
        day = programme_day(draft.saved_at) + timedelta(days=days)
        time_machine.move_to(datetime.combine(day, time(12), tzinfo=programme_zone()), tick=False)
        reminding.note_due()
        reminding.send_digests()
        assert Message.objects.filter(person=amara).count() == told


# Answers to a question -----------------------------------------------------
@pytest.fixture
def asked(amara):
    case = factories.sent(factories.prepared(owner=amara))
    reviews.ask(case.pk, parts=["courses", "person"], question="Which course is it?", by=factories.coordinator())
    return case


def test_a_question_opens_only_its_parts_as_they_were_filed(client, asked, amara):
    """R-REV-8"""
    draft = begin_reply(reference=asked.reference, owner=amara)
    assert draft == begin_reply(reference=asked.reference, owner=amara)
    assert drafts.sections_of(draft) == ("person", "courses")
    assert client.get(path(draft, "jobs")).status_code == 404
    page = client.get(path(draft, "courses")).content.decode()
    assert "Plant ecology" in page
    with pytest.raises(Refusal) as found:
        drafts.save_section(draft_id=draft.pk, owner=amara, section="fee", data={}, seen=drafts.Seen(1))
    assert found.value.code == "not-asked"


def test_an_answer_replaces_its_parts_and_works_the_sheet_out_anew(client, asked, amara):
    before = Application.objects.get(pk=asked.pk)
    draft = begin_reply(reference=asked.reference, owner=amara)
    row = draft.rows.get(data__title="Statistics")
    drafts.save_row(
        draft_id=draft.pk,
        owner=amara,
        listed="course",
        row_id=row.pk,
        data={**row.data, "credits": "5"},
        seen=drafts.Seen(1),
    )
    check = client.get(path(draft, "check"))
    sent = {"shown": check.context["shown"], "answer": "It had five."}
    for _press in range(2):
        assert client.post(path(draft, "check"), sent).url == reverse("applications:case", args=[asked.reference])
    after = Application.objects.get(pk=asked.pk)
    changed = {name for name in after.content if after.content[name] != before.content[name]}
    assert changed == {"course"}
    assert (before.ready_as, after.ready_as) == ("cerp", "cerpit")
    assert after.bill_id == before.bill_id and after.criteria_id == before.criteria_id
    asked.refresh_from_db()
    assert asked.revision == 2 and asked.requests.get().answer == "It had five."
    assert Message.objects.filter(template="application-answer-received").count() == 1


def test_an_answer_about_rows_that_came_without_the_form(amara):
    case = factories.application(owner=amara).case
    reviews.ask(case.pk, parts=["courses"], question="Which course is it?", by=factories.coordinator())
    assert begin_reply(reference=case.reference, owner=amara).rows.count() == 6


def test_an_answer_is_not_sent_twice_over_or_too_late(asked, amara):
    draft = begin_reply(reference=asked.reference, owner=amara)
    shown = look(Draft.objects.get(pk=draft.pk)).fingerprint(None)
    drafts.save_section(draft_id=draft.pk, owner=amara, section="person", data={"country": "NL"}, seen=drafts.Seen(1))
    for given, code in ((shown, "changed"), (look(draft).fingerprint(None), "incomplete")):
        with pytest.raises(Refusal) as found:
            send_reply(draft_id=draft.pk, owner=amara, answer="", shown=given)
        assert found.value.code == code
    reviews.retract(asked.pk, by=factories.coordinator())
    with pytest.raises(Refusal) as found:
        send_reply(draft_id=draft.pk, owner=amara, answer="", shown=shown)
    assert found.value.code == "nothing-asked"

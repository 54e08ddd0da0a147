"""Every URL by method and role, stated in ``access_matrix.txt``; a new URL fails here until it is stated."""

import re
import uuid
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from applications.models import Application, Criteria, Graduate, Partner, Programme, RowText, Window
from applications.models import Draft as ApplicationDraft
from cecs.models import Draft
from journals import services as journals
from journals.models import (
    Arrangement,
    ArrangementDraft,
    CreditTypeCode,
    Entry,
    KnowledgeArea,
    PolicyRow,
    Renewal,
    RenewalDraft,
    ScheduleRow,
    Statement,
    StatementMail,
    Upload,
)
from preapprovals.models import (
    Attendance,
    Contact,
    LogoMark,
    Notice,
    Occurrence,
    Offering,
    PreapprovalRequest,
    Roster,
    Sponsor,
    Visit,
)
from preapprovals.models import Draft as RequestDraft
from preapprovals.services import visiting
from serportal.accounts.agreements import agreement_on
from serportal.accounts.models import Agreement, CommitteeTerm, Signature, User
from serportal.accounts.states import Purpose
from serportal.certifications.models import Certification
from serportal.fees.models import Bill, FeeRow
from serportal.files.models import Folder
from serportal.outbox.models import LetterTemplate, Message, PutOff, Stopped
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kinds
from serportal.reviews.models import Party, ReviewCase, Seat, Timetable
from serportal.ui.words import programme_day
from tests import factories

MATRIX = Path(__file__).with_name("access_matrix.txt")
ROLES = ["public", "applicant", "owner", "other", "member", "recused", "coordinator", "conflicted"]
METHODS = ["GET", "POST"]


def stated() -> dict[tuple[str, str], list[str]]:
    rows = {}
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            method, route, *answers = line.split()
            rows[method, route] = answers
    return rows


def routes(patterns=None, prefix="") -> list[str]:
    found = []
    for pattern in (patterns or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        found += routes(pattern, route) if hasattr(pattern, "url_patterns") else [route]
    return found


def test_every_url_is_stated_and_nothing_else_is():
    wanted = {(method, f"/{route}") for route in routes() for method in METHODS}
    assert wanted == set(stated())


@pytest.fixture
def world(db):
    """One case in review and everyone who stands in some relation to it."""
    people = {
        "applicant": factories.PersonFactory(),
        "owner": factories.certificant(),
        "other": factories.certificant(),
        "member": factories.member(),
        "recused": factories.member(),
        "coordinator": factories.coordinator(),
        "conflicted": factories.coordinator(),
    }
    committee = [people["member"], people["recused"], factories.member()]
    case = factories.seated(people["coordinator"], committee, owner=people["owner"])
    reviews.declare(Seat.objects.get(member=people["member"]).pk, conflict=False, by=people["member"])
    reviews.declare(Seat.objects.get(member=people["recused"]).pk, conflict=True, by=people["recused"])
    case.parties.create(role="organiser", name="Named", person=people["conflicted"])
    factories.imported(people["owner"])
    journals.post_upload(journals.prepare_upload(key="a run", due_on=case.filed_on))
    factories.billed(people["owner"], about=case.reference)
    graduate = factories.asked_of(factories.partner())
    graduate.application.case.parties.create(role="organiser", name="Named", person=people["conflicted"])
    factories.application_draft(people["owner"])
    factories.request_draft(people["owner"])
    request = factories.preapproval(people["owner"])
    request.parties.create(role="organiser", name="Named", person=people["conflicted"])
    filed = request.preapprovals_preapprovalrequest
    run = factories.occurrence(factories.offering(filed.sponsor, request=filed))
    visiting.ask_records(
        offering_id=run.offering_id, asked_until=programme_day(), note="All of them.", by=people["coordinator"]
    )
    Attendance.objects.create(occurrence=run, name="Amara Okafor", email="amara@okafor.example", minutes=360)
    factories.roster(run, headings="Li Na,,6")
    arrangement = factories.arrangement(people["owner"])
    arrangement.parties.create(role="organiser", name="Named", person=people["conflicted"])
    renew(people)
    return people, case, factories.draft(people["owner"])


def renew(people: dict) -> None:
    """File a renewal of the owner’s, long before it opens: what it needs is told elsewhere, who reads it here."""
    parties = [Party(role="submitter", name="Owner", person=people["owner"])]
    parties.append(Party(role="organiser", name="Named", person=people["conflicted"]))
    given = {"by": people["owner"], "headline": "Renewal", "folder": Folder.objects.create()}
    filed = reviews.file_case(kind=kinds()["renewal"], parties=parties, **given)
    Renewal.objects.create(case=filed, period=people["owner"].periods.get(), bill=Bill.objects.get())
    agreement = agreement_on(Purpose.APPLICANTS, programme_day())
    signed = {"agreement": agreement, "typed_name": "Owner", "signed_at": timezone.now(), "about": filed.reference}
    Signature.objects.create(person=people["owner"], **signed)


def address(route: str, case: ReviewCase, draft: Draft) -> str:
    """Fill a route with the ids of the one world there is; what it does not have gets a plausible absent one."""
    objects = {
        "accounts/user": case.filed_by_id,
        "certifications/certification": Certification.objects.get(person=case.filed_by).pk,
        "reviews/reviewcase": case.pk,
        "cecs/cecsubmission": case.pk,
        "outbox/message": Message.objects.get(key=f"receipt:{case.reference}").pk,
        "journals/upload": Upload.objects.get().pk,
        "journals/policyrow": PolicyRow.objects.first().pk,
        "journals/schedulerow": ScheduleRow.objects.first().pk,
        "reviews/timetable": Timetable.objects.get(kind="cec").pk,
        "journals/knowledgearea": KnowledgeArea.objects.first().pk,
        "journals/credittypecode": CreditTypeCode.objects.first().pk,
        "journals/entry": Entry.objects.get().pk,
        "outbox/lettertemplate": LetterTemplate.objects.get(key="cec-receipt").pk,
        "fees/bill": Bill.objects.get().pk,
        "fees/feerow": FeeRow.objects.first().pk,
        "applications/criteria": Criteria.objects.first().pk,
        "applications/window": Window.objects.first().pk,
        "accounts/agreement": Agreement.objects.first().pk,
        "applications/graduate": Graduate.objects.get().pk,
        "applications/application": Graduate.objects.get().application_id,
        "applications/partner": Partner.objects.first().pk,
        "preapprovals/offering": Offering.objects.get().pk,
        "preapprovals/notice": Notice.objects.order_by("pk").first().pk,
        "preapprovals/sponsor": Sponsor.objects.get().pk,
        "preapprovals/visit": Visit.objects.get().pk,
        "applications/programme": Programme.objects.first().pk,
        "journals/arrangement": Arrangement.objects.get().pk,
    }
    model = re.match(r"/admin/(\w+/\w+)/", route)
    nouns = {"offerings": Offering, "courses": Offering, "dates": Occurrence, "sponsors": Sponsor}
    nouns |= {"contacts": Contact, "confirmations": Attendance, "attendance": Attendance, "rosters": Roster}
    nouns |= {"statements": Statement}
    noun = re.match(r"/(?:preapprovals/|cecs/|journal/)?(\w+)/<int:pk>", route)
    if noun and noun[1] in nouns:
        objects[""] = nouns[noun[1]].objects.get().pk
    pk = str(objects.get(model[1] if model else "", 1))
    if "/notice/<int:pk>/" in route:
        pk = str(Offering.objects.get().pk)
    path = route.replace("<path:object_id>", pk).replace("<int:pk>", pk).replace("<slug:shape>", "csv")
    if path.startswith("/preapprovals/"):
        path = path.replace("<str:reference>", PreapprovalRequest.objects.get().case.reference)
    if path.startswith("/journal/renewals/"):
        path = path.replace("<str:reference>", Renewal.objects.get().case.reference)
    if path.startswith("/journal/arrangements/"):
        path = path.replace("<str:reference>", Arrangement.objects.get().case.reference)
    path = path.replace("<str:reference>", case.reference)
    paper = "certificate" if "certification" in path else "application" if "/application/" in path else "invoice"
    path = path.replace("<slug:which>", paper)
    if path.startswith("/fees/"):
        path = path.replace("<str:number>", Bill.objects.get().number)
    path = path.replace("<str:number>", Certification.objects.get(person=case.filed_by).number)
    path = path.replace("<int:number>", "1").replace("<str:token>", "no-link")
    acts = {"certification": "retire", "graduate": "link", "offering": "change", "visit": "files", "notice": "warned"}
    acts |= {"sponsor": "correct"}
    act = next((act for word, act in acts.items() if f"/{word}/" in path), "waive")
    path = path.replace("<slug:act>", act).replace("<int:visit>", str(Visit.objects.get().pk))
    figure = {"people": "certificants", "credits": "earned", "waiting": "waiting-cec"}
    page = route.split("/")[3] if route.startswith("/admin/figures/") else ""
    path = path.replace("<slug:figure>", figure.get(page, page))
    path = path.replace("<int:period>", str(Statement.objects.get().period_id))
    if path.startswith("/claim/"):
        path = path.replace("<str:code>", Offering.objects.get().code)
    if path.startswith("/files/"):
        path = path.replace("<uuid:pk>", str(case.folder.files.get().pk))
    if path.startswith("/applications/drafts/"):
        path = path.replace("<uuid:pk>", str(ApplicationDraft.objects.get(sent_at__isnull=True).pk))
        path = path.replace("<slug:section>", "courses").replace("<uuid:row>", str(draft.pk))
    if path.startswith("/preapprovals/drafts/"):
        path = path.replace("<uuid:pk>", str(RequestDraft.objects.get().pk))
        path = path.replace("<slug:section>", "teachers").replace("<uuid:row>", str(draft.pk))
    path = path.replace("<uuid:pk>", str(draft.pk)).replace("<kind>", "cerp").replace("<path:content_type_id>", "1")
    path = re.sub(r"\^confirm-email/.*", "confirm-email/nothing/", path)
    path = re.sub(r"\^password/reset/key/\(.*", "password/reset/key/1-nothing/", path)
    path = re.sub(r"\^\(\?P<app_label>.*", "reviews/", path)
    return path.replace("(?P<url>.*)$", "nothing-here/")


def addresses(case: ReviewCase, draft: Draft) -> dict[str, str]:
    """Return the address of every route in the one world there is."""
    return {f"/{route}": address(f"/{route}", case, draft) for route in routes()}


def read(response):
    """Read a file to its end, so that it is closed."""
    if response.streaming:
        list(response.streaming_content)
    return response


def answers(world) -> dict[tuple[str, str], list[str]]:
    """Ask every URL as every role, each request undone, and return the statuses."""
    people, case, draft = world
    known, found = addresses(case, draft), {}
    for role in ROLES:
        client = Client(raise_request_exception=False)
        if role != "public":
            client.force_login(people[role])
        session = client.cookies.get("sessionid")
        for route, path in known.items():
            for method in METHODS:
                if session:
                    client.cookies["sessionid"] = session.value
                point = transaction.savepoint()
                response = read(getattr(client, method.lower())(path))
                transaction.savepoint_rollback(point)
                found.setdefault((method, route), []).append(str(response.status_code))
    return found


def test_every_url_answers_every_role_as_stated(world):
    found = answers(world)
    wrong = {key: (row, stated().get(key)) for key, row in found.items() if stated().get(key) != row}
    assert wrong == {}


@pytest.mark.long
def test_every_answer_carries_the_strict_policy(world):
    """Pages, redirects, refusals, files and errors alike, the admin included (RELIABILITY C26)."""
    people, case, draft = world
    client = Client(raise_request_exception=False)
    client.force_login(people["coordinator"])
    for route, path in addresses(case, draft).items():
        response = read(client.get(path))
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy, route
        assert response.headers["X-Content-Type-Options"] == "nosniff", route


def test_no_url_answers_anyone_with_a_500():
    assert not [key for key, row in stated().items() if any(status.startswith("5") for status in row)]


@pytest.mark.long
def test_reading_changes_nothing(world):
    """GET and HEAD leave every table of ours as it was (RELIABILITY C6)."""
    people, case, draft = world
    watched = [User, CommitteeTerm, ReviewCase, Seat, Draft, Message, LetterTemplate, Permission]
    watched += [Statement, StatementMail, PutOff, Stopped]
    watched += [Entry, Upload, ScheduleRow, PolicyRow, KnowledgeArea, CreditTypeCode, FeeRow, Bill, Certification]
    watched += [Application, Criteria, Window, ApplicationDraft]
    watched += [Agreement, Graduate, Partner, Programme, RowText]
    watched += [Arrangement, ArrangementDraft, Renewal, RenewalDraft]
    watched += [Sponsor, Contact, Offering, Occurrence, Attendance, LogoMark, Visit, Roster]
    paths = addresses(case, draft).values()
    for role in ("owner", "member", "coordinator"):
        client = Client(raise_request_exception=False)
        client.force_login(people[role])
        before = [list(model.objects.order_by("pk").values()) for model in watched]
        for path in paths:
            read(client.get(path))
            read(client.head(path))
        assert [list(model.objects.order_by("pk").values()) for model in watched] == before


def test_a_key_that_does_not_exist_is_no_500(client, db):
    client.force_login(factories.coordinator())
    for key in ("0", "abc", "²", "٩٩٩٩", "9" * 18, "9" * 30, str(uuid.uuid4())):
        assert client.get(f"/admin/reviews/reviewcase/{key}/change/").status_code in {302, 404}
        for model in (
            *("journals/upload", "journals/entry", "journals/policyrow", "journals/schedulerow"),
            *("journals/knowledgearea", "outbox/message", "accounts/user"),
            *("fees/bill", "fees/feerow", "certifications/certification"),
            *("applications/criteria", "applications/window", "applications/application"),
            *("accounts/agreement", "applications/graduate", "applications/partner", "applications/programme"),
        ):
            assert client.get(f"/admin/{model}/{key}/change/").status_code in {302, 404}
        assert client.get(f"/files/{key}/").status_code == 404
        assert client.post("/reviews/away/", {"remove": key}).status_code < 500
        for path in (
            *("/admin/reviews/reviewcase/", "/admin/journals/entry/", "/admin/outbox/message/"),
            *("/admin/applications/application/",),
        ):
            assert client.get(path, {"member": key}).status_code in {200, 302}
            assert client.get(path, {"member": key, "period": key}, follow=True).status_code == 200
            assert client.get(path, {"member": key, "window": key}, follow=True).status_code == 200
        assert client.get("/admin/journals/schedulerow/add/", {"after": key}).status_code in {200, 404}
        for path, act in (("/admin/reviews/reviewcase/", "screen_all"), ("/admin/outbox/message/", "again")):
            sent = {"action": act, "_selected_action": key}
            assert client.post(path, sent, follow=True).status_code in {200, 404}

"""Who sees a case: the list-shaped and the object-shaped permission agree for every role and every stage."""

import re

import pytest

from serportal.reviews import permissions, services
from serportal.reviews.models import ReviewCase, Seat
from tests import factories

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(ruth, committee):
    """A case in review: one seat declared, one undeclared, one stepped out; and everyone else there is."""
    factories.filling_by_hand()
    owner = factories.certificant()
    case = factories.seated(ruth, committee[:3], owner=owner)
    declared, undeclared, out, spare = committee
    services.declare(Seat.objects.get(member=declared).pk, conflict=False, by=declared)
    services.declare(Seat.objects.get(member=out).pk, conflict=True, by=out)
    named = factories.coordinator(name="Named Coordinator")
    case.parties.create(role="organiser", name="Named", person=named)
    people = {
        "owner": owner,
        "coordinator": ruth,
        "coordinator who is named in it": named,
        "member, declared": declared,
        "member, undeclared": undeclared,
        "member who stepped out": out,
        "member without a seat": spare,
        "stranger": factories.certificant(),
    }
    return ReviewCase.objects.get(pk=case.pk), people


EXPECTED = {
    # role: (knows of it, reads it, coordinates it)
    "owner": (True, True, False),
    "coordinator": (True, True, True),
    "coordinator who is named in it": (False, False, False),
    "member, declared": (True, True, False),
    "member, undeclared": (True, False, False),
    "member who stepped out": (False, False, False),
    "member without a seat": (False, False, False),
    "stranger": (False, False, False),
}


@pytest.mark.parametrize("role", EXPECTED)
def test_list_and_object_agree(world, role):
    case, people = world
    user = people[role]
    listed = (
        ReviewCase.objects.visible_to(user).contains(case),
        ReviewCase.objects.readable_by(user).contains(case),
        ReviewCase.objects.coordinated_by(user).contains(case),
    )
    asked = (permissions.can_view(user, case), permissions.can_read(user, case), permissions.can_coordinate(user, case))
    assert listed == asked == EXPECTED[role]


@pytest.mark.parametrize("role", EXPECTED)
def test_files_open_for_exactly_those_who_read(client, world, role):
    case, people = world
    client.force_login(people[role])
    stored = case.folder.files.get()
    response = client.get(f"/files/{stored.pk}/")
    assert response.status_code == (200 if EXPECTED[role][1] else 404)
    if response.status_code == 200:
        name = stored.name if role == "owner" else f"{case.reference}-A.pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize("role", EXPECTED)
def test_the_admin_shows_what_is_coordinated_and_nothing_else(client, world, role):
    case, people = world
    client.force_login(people[role])
    page = client.get(f"/admin/reviews/reviewcase/{case.pk}/change/")
    listing = client.get("/admin/reviews/reviewcase/?q=" + case.reference)
    front = client.get("/admin/")
    if EXPECTED[role][2]:
        assert page.status_code == 200
        assert case.headline in listing.content.decode() and case.reference in front.content.decode()
    else:
        assert page.status_code in {302, 404}
        assert case.headline not in listing.content.decode()
        assert case.reference not in front.content.decode()


def test_the_mail_of_a_hidden_case_is_hidden(client, world):
    case, people = world
    client.force_login(people["coordinator who is named in it"])
    page = client.get("/admin/outbox/message/")
    assert page.status_code == 200 and case.reference not in page.content.decode()
    client.force_login(people["coordinator"])
    assert case.reference in client.get("/admin/outbox/message/").content.decode()


def test_a_missing_and_a_forbidden_case_answer_alike(client, world):
    case, people = world
    client.force_login(people["stranger"])
    for path in ("/cecs/{}/", "/reviews/{}/"):
        forbidden = client.get(path.format(case.reference))
        absent = client.get(path.format("CEC-2026-9999"))
        assert forbidden.status_code == absent.status_code == 404
        assert TOKEN.sub(b"", forbidden.content) == TOKEN.sub(b"", absent.content)


def test_an_undeclared_member_reads_names_and_title_only(client, world):
    case, people = world
    client.force_login(people["member, undeclared"])
    path = f"/reviews/{case.reference}/"
    ballot = {"submit_key": "7f8d0f7e-1f0b-4a55-8c93-1a6a0c2b9f11", "revision": 1, "choice": "approve"}
    for answer in (client.get(path), client.post(path), client.post(path, ballot), client.post(path + "conflict/")):
        page = answer.content.decode()
        assert case.headline in page and "Wadden Coast Research Network" in page
        assert "sediment traps" not in page and "SHA-256" not in page and "÷" not in page
    assert not Seat.objects.filter(state="voted").exists()

"""The directory shows who agreed, the number says what is true, and consent withdrawn is gone at once (SPEC 4)."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from serportal.certifications import rules, services
from serportal.certifications.models import Listing, Period
from serportal.certifications.states import Level
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db
TODAY = programme_day()
LIST = reverse("admin:certifications_certification_changelist")


def certified(name: str, *, ends_in: int = 900, level=Level.CERP, listed: bool = True, shown=None, **fields):
    person = factories.certificant(name=name, level=level, since=TODAY - timedelta(days=1000), **fields)
    end = TODAY + timedelta(days=ends_in)
    Period.objects.filter(person=person).update(ends_on=end)
    if rules.lapses(end) <= TODAY:
        person.certifications.update(lapsed_on=rules.lapses(end))
    return factories.listed(person, **(shown or {})) if listed else person


def found(client, **asked) -> list[str]:
    return [one.name_on_certificate for one, _state in client.get("/directory/", asked).context["rows"]]


def number_of(person) -> str:
    return factories.certification_of(person).number


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


# Who is in it ----------------------------------------------------------
@pytest.mark.parametrize(
    ("ends_in", "listed"), [(900, True), (180, True), (1, True), (0, True), (-1, True), (-90, True), (-91, False)]
)
def test_whoever_agreed_is_listed_until_their_certification_lapses(client, ends_in, listed):
    """R-PER-6: in grace still listed, marked “renewal pending”; lapsed off the directory."""
    certified("Amara Okafor", ends_in=ends_in)
    words = text_of(client.get("/directory/"))
    assert ("Amara Okafor" in words) == listed
    assert ("renewal pending" in words) == (listed and ends_in < 0)


def test_nobody_is_listed_who_did_not_ask_for_it(client):
    certified("Never Asked", listed=False)
    certified("Said No", shown={"listed": False})
    certified("Gone Away", is_active=False)
    factories.listed(factories.PersonFactory(name="Not Certified"))
    assert found(client) == [] and "Nobody has agreed to be listed yet." in text_of(client.get("/directory/"))


def test_only_what_was_agreed_to_is_shown(client):
    fields = {"country": "KE", "employer": "Mangrove Trust"}
    bare = certified("Bare Entry", email="bare@place.example", **fields)
    full = certified(
        "Full Entry",
        email="full@place.example",
        shown={"show_country": True, "show_employer": True, "show_email": True},
        **fields,
    )
    page = client.get("/directory/").content.decode()
    assert page.count("Mangrove Trust") == 1 and "full@place.example" in page and "bare@place.example" not in page
    assert text_of(client.get("/directory/")).count("Practitioner, Kenya") == 1
    assert found(client, country="KE") == ["Full Entry"]
    for person in (bare, full):
        words = client.get(f"/verify/{number_of(person)}/").content.decode()
        assert person.name in words and "Mangrove" not in words and person.email not in words


def test_someone_upgraded_is_listed_once_as_what_they_are(client):
    diego = certified("Diego Quispe", level=Level.CERPIT)
    services.upgrade(person=diego, on=TODAY)
    assert found(client) == ["Diego Quispe"] and found(client, level="CERPIT") == []


# Finding ---------------------------------------------------------------
ASKED = [
    ("Okafor", ["Amara Okafor"]),
    ("amara", ["Amara Okafor"]),
    ("Okaffor", ["Amara Okafor"]),
    ("Nguyen", ["Nguyễn Thị Minh Khai"]),
    ("nguyễn thị", ["Nguyễn Thị Minh Khai"]),
    ("Mihn Khai", ["Nguyễn Thị Minh Khai"]),
    ("Brandstatter", ["Karl-Heinz Brandstätter"]),
    ("李小", ["李小龙"]),
    ("ОЛЬГА", ["Ольга Петрова"]),
    ("O'Neil", ["Shaun O'Neil"]),
    ("100%", []),
    ("_____", []),
    ("nobody like this", []),
]


@pytest.mark.parametrize(("asked", "names"), ASKED)
def test_a_name_is_found_misspelt_and_without_its_accents(client, asked, names):
    for name in (
        *("Amara Okafor", "Nguyễn Thị Minh Khai", "Karl-Heinz Brandstätter", "李小龙", "Ольга Петрова", "Shaun O'Neil"),
    ):
        certified(name)
    assert found(client, q=asked) == names


def test_two_people_of_one_name_are_two_entries_told_apart_by_number(client):
    one, other = certified("Maria Silva"), certified("Maria Silva", level=Level.CERPIT)
    assert found(client, q="maria silva") == ["Maria Silva", "Maria Silva"]
    page = client.get("/directory/").content.decode()
    assert number_of(one) in page and number_of(other) in page
    services.set_listing(person=one, listed=False)
    assert number_of(one) not in client.get("/directory/").content.decode()
    assert found(client, q=number_of(other).lower()) == ["Maria Silva"] and found(client, q=number_of(one)) == []


def test_filters_join_and_nonsense_is_left_out(client):
    certified("Amara Okafor", country="NL", shown={"show_country": True})
    certified("Amara Mensah", country="GH", level=Level.CERPIT, shown={"show_country": True})
    assert found(client, q="amara", level="CERPIT") == ["Amara Mensah"]
    assert found(client, country="NL", level="CERPIT") == []
    for asked in (
        {"level": "king"},
        {"country": "XX"},
        {"page": "x"},
        {"page": "-1"},
        {"page": "٣"},
        {"page": "9" * 40},
    ):
        assert client.get("/directory/", asked).status_code == 200
    assert found(client, level="king") == found(client, page="0") == ["Amara Mensah", "Amara Okafor"]
    assert found(client, page="400") == []


def test_a_page_has_25_and_says_where_it_goes_on(client):
    for n in range(27):
        certified(f"Person {n:02d}")
    page = client.get("/directory/", {"level": "CERP"})
    assert len(page.context["rows"]) == 25 and page.context["before"] == ""
    assert page.context["after"] == "?level=CERP&page=2"
    page = client.get("/directory/?level=CERP&page=2")
    assert [one.name_on_certificate for one, _state in page.context["rows"]] == ["Person 25", "Person 26"]
    assert (page.context["before"], page.context["after"]) == ("?level=CERP&page=1", "")


# Verification ----------------------------------------------------------
SAID = [
    (900, "Valid", "It is valid until {end}."),
    (179, "Valid, renewal due", "It is valid until {end}. Its renewal is due."),
    (-1, "Renewal pending", "Its period ended on {end}. It is still listed; its renewal is pending."),
    (-91, "Lapsed", "It has lapsed: its period ended on {end}, and it was not renewed."),
]


@pytest.mark.parametrize(("ends_in", "brief", "sentence"), SAID)
@pytest.mark.parametrize("listed", [True, False])
def test_a_number_says_what_is_true_and_names_nobody_who_did_not_agree(client, ends_in, brief, sentence, listed):
    amara = certified("Amara Okafor", ends_in=ends_in, listed=listed)
    words = text_of(client.get(f"/verify/{number_of(amara).lower()}/"))
    end = day_text(TODAY + timedelta(days=ends_in)).replace("\xa0", " ")
    assert f"{brief} " in words and ("Amara Okafor" in words) == listed
    assert (sentence.format(end=end) in words) == listed and (end in words) == listed
    assert ("Its holder has not agreed to be shown" in words) == (not listed)


def test_ended_certifications_say_how(client, ruth):
    diego, amara, nia = certified("Diego", level=Level.CERPIT), certified("Amara"), certified("Nia", listed=False)
    old = number_of(diego)
    services.upgrade(person=diego, on=TODAY)
    services.revoke(certification_id=factories.certification_of(amara).pk, reason="Fraud.", by=ruth)
    services.retire(certification_id=factories.certification_of(nia).pk, reason="Retired.", by=ruth)
    words = text_of(client.get(f"/verify/{old}/"))
    assert "it was upgraded to CERP-0003 on" in words and "Followed by CERP-0003" in words
    words = text_of(client.get(f"/verify/{number_of(amara)}/"))
    assert "It was revoked on" in words and "and is not valid." in words and "Fraud" not in words
    words = text_of(client.get(f"/verify/{number_of(nia)}/"))
    assert "Retired" in words and "Nia" not in words


def test_an_unknown_number_and_no_number(client):
    response = client.get("/verify/CERP-9999/")
    assert response.status_code == 404 and "We never issued a certificate with this number." in text_of(response)
    assert client.get("/verify/").status_code == 200
    assert client.get("/verify/?number=+cerp-0001 ").url == "/verify/CERP-0001/"
    for number in ("", "0001", "CERP-0001/../x", "<script>", "ＣＥＲＰ-1"):
        response = client.get("/verify/", {"number": number})
        assert response.status_code == 422 and "CERP-0001" in text_of(response)
        assert "<script>" not in response.content.decode()


# Consent ---------------------------------------------------------------
def test_consent_withdrawn_is_gone_at_once_everywhere(client, ruth):
    amara = certified("Amara Okafor", listed=False, employer="Wadden Delta")
    client.force_login(amara)
    page = text_of(client.get("/certificates/"))
    assert "Nothing of this is shown unless you tick it." in page and found(client) == []
    response = client.post("/certificates/", {"listed": "on", "show_employer": "on"}, follow=True)
    assert "You are in the public directory." in text_of(response)
    public = Client()
    assert found(public) == ["Amara Okafor"] and "Wadden Delta" in text_of(public.get("/directory/"))
    client.post("/certificates/", {"show_employer": "on"})
    assert found(public) == [] and "Wadden Delta" not in text_of(public.get("/directory/"))
    assert "Amara Okafor" not in text_of(public.get(f"/verify/{number_of(amara)}/"))
    assert not Listing.objects.get().show_employer
    client.force_login(ruth)
    export = reverse("admin:certifications_certification_export", args=["csv"])
    assert "Wadden Delta" not in client.get(export).getvalue().decode()
    assert "Amara" not in client.get(f"{export}?directory=yes").getvalue().decode()


def test_the_dashboard_of_someone_in_grace_says_that_they_are_still_listed(client):
    """R-PER-6"""
    client.force_login(certified("Amara Okafor", ends_in=-1))
    assert "You are still listed, marked “renewal pending”." in text_of(client.get("/dashboard/"))


def test_someone_without_a_certificate_has_nothing_to_show(client):
    client.force_login(factories.PersonFactory())
    assert "You hold no certification yet." in text_of(client.get("/certificates/"))
    assert client.post("/certificates/", {"listed": "on"}).status_code == 404 and not Listing.objects.exists()


def test_the_own_certificate_is_a_pdf_and_nobody_elses_is(client):
    amara, other = certified("Amara Okafor"), certified("Other")
    client.force_login(amara)
    assert "/certificates/" in client.get("/dashboard/").content.decode()
    assert "/certificates/" in client.get("/accounts/profile/").content.decode()
    response = client.get(f"/certificates/{number_of(amara)}.pdf")
    assert response.content.startswith(b"%PDF") and response["Cache-Control"] == "private, no-store"
    assert client.get(f"/certificates/{number_of(other)}.pdf").status_code == 404
    amara.certifications.update(lapsed_on=TODAY)
    response = client.get(f"/certificates/{number_of(amara)}.pdf", follow=True)
    assert "is not in force, so there is no certificate to print." in text_of(response)
    assert "Certificate (PDF)" not in text_of(response)


# The coordinator -------------------------------------------------------
def test_the_list_is_narrowed_and_taken_along_with_what_was_agreed_to(client, ruth):
    amara = certified("Amara Okafor", employer="Wadden Delta", country="NL", shown={"show_country": True})
    certified("Nia Mensah", ends_in=-1, listed=False, level=Level.CERPIT, employer="Coast Trust")
    client.force_login(ruth)

    def listed(query: str) -> list[str]:
        return sorted(one.name_on_certificate for one in client.get(f"{LIST}?{query}").context["cl"].result_list)

    assert listed("directory=yes") == listed("state=active") == listed(f"member={amara.pk}") == ["Amara Okafor"]
    assert listed("directory=no") == listed("state=grace") == listed("level__exact=CERPIT") == ["Nia Mensah"]
    assert listed("state=revoked") == [] and len(listed("state=nonsense")) == 2
    text = client.get(reverse("admin:certifications_certification_export", args=["csv"])).getvalue().decode()
    rows = {row["name on the certificate"]: row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert rows["Amara Okafor"]["in the directory"] == "yes" and rows["Nia Mensah"]["in the directory"] == "no"
    assert rows["Amara Okafor"]["country shown"] == "Netherlands" and rows["Amara Okafor"]["employer shown"] == ""
    assert "Coast Trust" not in text and rows["Nia Mensah"]["state"] == "Renewal pending"
    assert client.get(reverse("admin:certifications_certification_export", args=["xlsx"])).content[:2] == b"PK"


def test_a_certificate_is_renamed_and_revoked_on_its_page(client, ruth):
    amara = certified("Amara Okafor")
    held = factories.certification_of(amara)
    client.force_login(ruth)

    def act(what: str, **data):
        address = reverse("admin:certifications_certification_act", args=[held.pk, what])
        return client.post(address, {f"{what}-{field}": value for field, value in data.items()}, follow=True)

    response = act("rename", name="", reason="")
    assert response.status_code == 422 and "Write the new name, and why it changes." in text_of(response)
    response = act("rename", name="አበበ", reason="x")
    assert response.status_code == 409 and "signs that our certificates cannot print" in text_of(response)
    assert "Amara Díaz" in text_of(act("rename", name="Amara Díaz", reason="Married."))
    paper = reverse("admin:certifications_certification_paper", args=[held.pk, "certificate"])
    assert client.get(paper).content.startswith(b"%PDF")
    words = text_of(act("revoke", reason="As the appeals committee decided."))
    assert "It was revoked on" in words and "As the appeals committee decided." in words
    assert "Retire it" not in words and "Change the name" in words
    assert client.get(paper).url == reverse("admin:certifications_certification_change", args=[held.pk])
    assert act("nothing").status_code == 404
    assert "As the appeals" not in text_of(client.get(f"/verify/{held.number}/"))

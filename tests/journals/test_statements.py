"""R-UPL-5: one statement as a page and on paper, for its member and the coordinator, and by e-mail for who asked."""

import io
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from journals import papers, services
from journals.models import Entry, Statement, StatementMail
from serportal.accounts.models import User
from serportal.home.mail import messages_visible_to
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.documents.test_paper import words_of
from tests.home.test_public import text_of
from tests.journals.test_uploads import earn, run

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=800))


def page_of(statement: Statement) -> str:
    return reverse("journals:statement", args=[statement.pk])


def paper_of(statement: Statement) -> str:
    return reverse("journals:statement-paper", args=[statement.pk])


def stated(statement: Statement) -> papers.Stated:
    return papers.stated(Statement.objects.select_related("upload", "period__certification").get(pk=statement.pk))


def told(words: str) -> str:
    return words.replace("\xa0", " ")


def test_a_statement_tells_its_sums_its_lines_and_what_each_year_still_needs(client, amara):
    period = amara.periods.get()
    earn(amara, "10", "2.75")
    run("one")
    earn(amara, "3", earned_on=period.starts_on + timedelta(days=400), description="Dune Symposium")
    earn(amara, "-10")
    statement = run("two").statements.get()
    client.force_login(amara)
    words = text_of(client.get(page_of(statement)))
    assert f"Statement of {told(day_text(programme_day()))} From 12.75 to 5.75 credits." in words
    assert period.certification.number in words
    assert "Credits before 12.75 Uploaded −7 Credits after 5.75 Still needed 44.25 of 50" in words
    assert "Dune Symposium" in words and "Correction: Field day of 10" in words and "A mistake." in words
    assert "Field day of 2.75" not in words
    years = [(year.total, year.missing) for year in stated(statement).journal.progress.years]
    assert years == [(D("2.75"), D("2.25")), (3, 2), (0, 5), (0, 5), (0, 5)]
    for one, (total, missing) in zip(period.years(), years, strict=True):
        days = f"Year {one.number}, {one.first.year}–{one.last:%y}"
        assert f"{days} {total:f} 5 {missing:f}".replace(".00", "") in words


def test_a_statement_on_paper_says_the_same_is_tagged_and_always_the_same_bytes(client, amara):
    earn(amara, "10", "2.75", description="Soils of the Wadden <islands> #eval")
    statement = run("one").statements.get()
    client.force_login(amara)
    response = client.get(paper_of(statement))
    number = amara.periods.get().certification.number
    assert response["Content-Type"] == "application/pdf" and "no-store" in response["Cache-Control"]
    name = f"statement-{programme_day()}-{number}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    words = told(words_of(response.content))
    for said in (
        *("Amara Okafor", number, "Credits before 0", "Uploaded 12.75", "Credits after 12.75", "37.25 of 50"),
        *("Soils of the Wadden <islands> #eval", "Hours = credits.", "it was told 12, and 0.75 is kept"),
    ):
        assert said in words, said
    with pikepdf.open(io.BytesIO(response.content)) as opened, opened.open_metadata() as metadata:
        assert opened.Root.MarkInfo.Marked and metadata["pdfuaid:part"] == "1"
    earn(amara, "4")
    run("two")
    assert client.get(paper_of(statement)).content == response.content


def test_every_statement_sums_to_the_ledger(amara):
    """What a statement shows by year is what was posted up to it, run after run."""
    first = amara.periods.get()
    for n in range(4):
        earn(amara, "1.25", "3.5", earned_on=first.years()[n % 3].first)
        earn(amara, *(["-3.5"] if n == 2 else []))
        found = stated(run(f"run {n}").statements.get())
        assert found.journal.progress.total == found.statement.closing
        assert found.journal.progress.missing == found.statement.needed
        assert sum(row.credits for row in found.rows) == found.statement.posted
        assert len(found.rows) == found.statement.entries
    assert Statement.objects.latest("pk").closing == sum(Entry.objects.values_list("credits", flat=True))


def test_somebody_elses_statement_does_not_exist(client, ruth, amara):
    earn(amara, "3")
    statement = run("one").statements.get()
    for person in (factories.certificant(), ruth):
        client.force_login(person)
        assert client.get(page_of(statement)).status_code == client.get(paper_of(statement)).status_code == 404
    client.force_login(amara)
    assert client.get(page_of(statement)).status_code == client.get(paper_of(statement)).status_code == 200
    assert client.get(f"/journal/statements/{'9' * 30}/").status_code == 404


def test_the_coordinator_reads_every_statement_from_its_upload(client, ruth, amara):
    earn(amara, "3")
    earn(factories.certificant(), "7")
    upload, other = run("one"), run("two")
    statement = upload.statements.get(person=amara)
    client.force_login(ruth)
    page = client.get(reverse("admin:journals_upload_change", args=[upload.pk])).content.decode()
    address, paper = (
        reverse(f"admin:journals_upload_{name}", args=[upload.pk, statement.period_id])
        for name in ("statement", "statement_paper")
    )
    assert f'href="{address}"' in page
    page = client.get(address)
    assert f'href="{paper}"' in page.content.decode()
    words = text_of(page)
    assert "Amara Okafor: statement of" in words and "Field day of 3" in words and "Field day of 7" not in words
    client.force_login(amara)
    own = client.get(paper_of(statement)).content
    client.force_login(ruth)
    assert client.get(paper).content == own
    for name in ("statement", "statement_paper"):
        wrong = reverse(f"admin:journals_upload_{name}", args=[other.pk, statement.period_id])
        assert client.get(wrong).status_code == 404


def test_a_conflict_hides_the_statement_with_its_case(client, ruth, amara):
    """R-REV-5."""
    case = factories.decided(ruth, [factories.member() for _ in range(3)], owner=amara)
    upload = run("one")
    addresses = [
        reverse(f"admin:journals_upload_{name}", args=[upload.pk, upload.statements.get().period_id])
        for name in ("statement", "statement_paper")
    ]
    deputy = factories.coordinator()
    case.conflicts.create(member=deputy, declared_at=timezone.now())
    client.force_login(deputy)
    assert [client.get(one).status_code for one in addresses] == [404, 404]
    client.force_login(ruth)
    assert [client.get(one).status_code for one in addresses] == [200, 200]


def letters() -> list[Message]:
    return list(Message.objects.filter(template=services.STATEMENT_LETTER).order_by("pk"))


def test_the_letter_goes_to_who_asked_and_says_what_the_statement_says(client, amara):
    other, gone, no_more = (factories.certificant() for _ in range(3))
    for person in (amara, gone, no_more):
        services.choose_letters(wanted=True, by=person)
    services.choose_letters(wanted=False, by=no_more)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person in (amara, other, gone, no_more):
        earn(person, "12.5")
    upload = run("one")
    outbox.drain()
    [letter] = letters()
    statement = upload.statements.get(person=amara)
    today = day_text(programme_day())
    assert (letter.to, letter.person) == (amara.email, amara)
    assert letter.subject == " ".join(f"Your journal after the upload of {today}: 12.5 of 50 credits".split())
    for said in ("Credits before it: 0", "Credits uploaded: 12.5", "Credits after it: 12.5", "reach 50: 37.5"):
        assert said in letter.text
    assert page_of(statement) in letter.html and "/journal/statements/" in letter.text
    client.force_login(amara)
    assert client.get(page_of(statement)).status_code == 200


def test_a_conflict_hides_the_letter_with_its_case(ruth, amara):
    """R-REV-5: of a correction, too."""
    case = factories.decided(ruth, [factories.member() for _ in range(3)], owner=amara)
    services.choose_letters(wanted=True, by=amara)
    run("one")
    services.reverse(Entry.objects.get().pk, reason="A mistake.", by=ruth)
    run("two")
    earn(amara, "3")
    run("three")
    deputy = factories.coordinator()
    case.conflicts.create(member=deputy, declared_at=timezone.now())
    first, second, third = letters()
    seen = [messages_visible_to(one).filter(template=services.STATEMENT_LETTER) for one in (deputy, ruth, amara)]
    assert [set(one) for one in seen] == [{third}, {first, second, third}, {first, second, third}]


def test_a_letter_is_owed_with_the_posting_once_or_not_at_all(amara):
    services.choose_letters(wanted=True, by=amara)
    earn(amara, "3")
    upload = services.prepare_upload(key="one", due_on=programme_day())
    with pytest.raises(RuntimeError), transaction.atomic():
        services.post_upload(upload)
        raise RuntimeError
    assert letters() == []
    for _again in range(2):
        services.owe_statements(services.post_upload(upload))
    assert len(letters()) == 1
    run("two")
    assert len(letters()) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_letters_are_owed_in_bulk(django_assert_num_queries, rows):
    """Who asked, the policy of the day, and one INSERT for all of them."""
    for _n in range(rows):
        person = factories.certificant()
        services.choose_letters(wanted=True, by=person)
        earn(person, "3")
    upload = run("one")
    with django_assert_num_queries(3):
        services.owe_statements(upload)
    assert len(letters()) == rows


def test_a_member_chooses_letters_on_the_page_of_the_statements(client, amara):
    client.force_login(amara)
    page = client.get("/journal/statements/")
    assert 'name="wanted" checked' not in page.content.decode()
    assert StatementMail.objects.count() == 0
    page = client.post("/journal/statements/", {"wanted": "on"}, follow=True)
    assert 'name="wanted" checked' in page.content.decode() and "From the next upload on" in text_of(page)
    assert services.wants_letters(amara)
    page = client.post("/journal/statements/", {}, follow=True)
    assert "You get no statements by e-mail." in text_of(page)
    assert not services.wants_letters(amara) and StatementMail.objects.count() == 1

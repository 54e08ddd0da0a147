"""R-UPL-4: credits are taken back by a second line, previewed, once, with a letter; the decision stays."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from journals import services
from journals.models import Entry
from journals.standing import journal_of
from serportal.certifications.states import Level
from serportal.home.invariants import broken
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews.models import ReviewCase
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db

REASON = "The organiser told us that the sessions of the last day were cancelled."


@pytest.fixture(autouse=True)
def _invariants(db):
    yield
    assert list(broken()) == []


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(3)]


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor", since=programme_day() - timedelta(days=500))


def credited(ruth, committee, amara, **given) -> Entry:
    case = factories.decided(ruth, committee, owner=amara, **given)
    return Entry.objects.get(decision__case=case)


def upload(at=None):
    return services.post_upload(
        services.prepare_upload(key=f"run {timezone.now()}", due_on=programme_day(), at=at), at=at
    )


def refused(code: str, action):
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        action()
    assert refusal.value.code == code


def test_credits_are_taken_back_once_and_both_lines_stay(ruth, committee, amara):
    entry = credited(ruth, committee, amara)
    before = journal_of(amara, programme_day()).progress.total
    made = services.reverse(entry.pk, reason=REASON, by=ruth)
    assert (made.credits, made.sentence, made.entered_by, made.upload) == (-10, REASON, ruth, None)
    assert (made.person, made.period, made.earned_on, made.activity) == (
        amara,
        entry.period,
        entry.earned_on,
        entry.activity,
    )
    assert journal_of(amara, programme_day()).progress.total == before - 10 == 0
    assert services.reverse(entry.pk, reason="Something else.", by=ruth) == made
    assert Entry.objects.count() == 2
    assert not Entry.objects.standing().exists()
    case = ReviewCase.objects.get(decisions__entry=entry)
    assert (case.state, case.granted) == ("approved", 10)


def test_the_preview_says_what_changes_and_nothing_else_happens(ruth, committee, amara):
    entry = credited(ruth, committee, amara)
    found = services.preview_reversal(entry, reason=REASON)
    assert (found.before.total, found.after.total, found.year) == (10, 0, 2)
    assert (found.year_before.total, found.year_after.total) == (10, 0)
    assert found.short[0] == "The period needs 50 more to reach 50."
    assert found.short[1].startswith("Year 2, ") and found.short[1].endswith(" needs 5 more to reach 5.")
    assert found.freed == (
        "Of the 10 credits a single event counts at most, 0 are used for “North Sea Wetlands Conference” instead "
        "of 10.",
    )
    assert Entry.objects.count() == 1 and not Message.objects.filter(template="entry-reversed").exists()


@pytest.mark.parametrize(
    ("about", "freed"),
    [
        ("volunteering", "Of the 5 credits volunteering counts at most in this period, 0 are used instead of 1.5."),
        ("board", "The year of service may be claimed again"),
        ("instruction", "The course may be claimed again, for its first teaching only."),
        ("book", ""),
    ],
)
def test_caps_and_once_only_rules_free_up(ruth, committee, amara, about, freed):
    """R-VOL, R-ROLE, R-ONCE: what stood in the way of a later claim no longer does."""
    more = {"regular": "yes", "course_no": "ENVR 101"} if about == "instruction" else {}
    entry = credited(ruth, committee, amara, about=about, **more)
    found = services.preview_reversal(entry)
    assert any(sentence.startswith(freed) for sentence in found.freed) if freed else found.freed == ()
    services.reverse(entry.pk, reason=REASON, by=ruth)
    if about != "instruction":
        again = factories.claim(amara, about=about, **more)
        assert again.amount == entry.credits


def test_the_letter_says_what_why_and_both_totals(ruth, committee, amara):
    entry = credited(ruth, committee, amara)
    services.reverse(entry.pk, reason=REASON, by=ruth)
    outbox.drain()
    letter = Message.objects.get(template="entry-reversed")
    reference = entry.decision.case.reference
    assert (letter.to, letter.about, letter.state) == (amara.email, reference, "sent")
    assert letter.subject == "10 credits taken back: North Sea Wetlands Conference"
    for sentence in (
        "Dear Amara Okafor,",
        REASON,
        "10 credits before, 0 now. It needs 50.",
        "The period needs 50 more to reach 50.",
        f"write to certification@ser.org and name {reference}",
        f"/journal/?period={entry.period.starts_on}",
    ):
        assert sentence in letter.text


def test_what_cannot_be_taken_back_is_refused_in_a_sentence(ruth, committee, amara):
    entry = credited(ruth, committee, amara)
    refused("no-reason", lambda: services.reverse(entry.pk, reason=" \n", by=ruth))
    refused("not-yours", lambda: services.reverse(entry.pk, reason=REASON, by=amara))
    refused("not-yours", lambda: services.reverse(entry.pk, reason=REASON, by=committee[0]))
    made = services.reverse(entry.pk, reason=REASON, by=ruth)
    refused("a-correction", lambda: services.reverse(made.pk, reason=REASON, by=ruth))
    refused("taken-back", lambda: services.preview_reversal(entry))
    assert Entry.objects.count() == 2


def test_nobody_corrects_their_own_journal_or_a_case_they_have_a_part_in(ruth, committee, amara):
    """R-REV-5."""
    entry = credited(ruth, committee, amara)
    deputy = factories.coordinator()
    entry.decision.case.conflicts.create(member=deputy, declared_at=timezone.now())
    refused("not-yours", lambda: services.reverse(entry.pk, reason=REASON, by=deputy))
    own = factories.coordinator()
    factories.certifications.certify(person=own, level=Level.CERP, on=programme_day() - timedelta(days=400))
    mine = credited(ruth, committee, own)
    refused("not-yours", lambda: services.reverse(mine.pk, reason=REASON, by=own))


def test_a_preview_that_no_longer_holds_is_shown_anew(ruth, committee, amara):
    entry = credited(ruth, committee, amara)
    read = services.preview_reversal(entry, reason=REASON).digest
    credited(ruth, committee, amara, title="Dune Symposium", hours="8")
    refused("changed-preview", lambda: services.reverse(entry.pk, reason=REASON, by=ruth, digest=read))
    refused("changed-preview", lambda: services.reverse(entry.pk, reason="Other", by=ruth, digest=read))
    read = services.preview_reversal(entry, reason=REASON).digest
    assert services.reverse(entry.pk, reason=REASON, by=ruth, digest=read).credits == -10


def test_the_correction_of_an_uploaded_entry_waits_for_the_next_upload(ruth, committee, amara):
    entry = credited(ruth, committee, amara)
    upload()
    services.reverse(entry.pk, reason=REASON, by=ruth)
    progress = journal_of(amara, programme_day()).progress
    assert (progress.uploaded, progress.waiting, progress.total) == (10, -10, 0)
    posted = upload()
    assert (posted.control_total, posted.entries_posted) == (-10, 1)
    progress = journal_of(amara, programme_day()).progress
    assert (progress.uploaded, progress.waiting, progress.total) == (0, 0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"credits": -9},
        {"earned_on": programme_day() - timedelta(days=20)},
        {"activity": "training"},
        {"approved_at": timezone.now() - timedelta(days=900)},
    ],
)
def test_the_database_takes_no_correction_that_is_not_the_mirror_of_its_entry(ruth, committee, amara, changes):
    entry = credited(ruth, committee, amara)
    row = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    row |= {"id": None, "decision_id": None, "source": "reversal", "sentence": REASON, "credits": -10}
    row |= {"reverses_id": entry.pk, "approved_at": timezone.now()}
    with pytest.raises(InternalError), transaction.atomic():
        Entry.objects.bulk_create([Entry(**{**row, **changes})])
    Entry.objects.bulk_create([Entry(**row)])


def test_pages_of_the_coordinator(client, ruth, committee, amara):
    entry = credited(ruth, committee, amara)
    client.force_login(ruth)
    page = client.get(reverse("admin:journals_entry_change", args=[entry.pk])).content.decode()
    assert "Take these credits back" in page
    path = reverse("admin:journals_entry_take_back", args=[entry.pk])
    page = client.get(path).content.decode()
    assert "The period needs 50 more" in page and "This letter would go out" not in page
    response = client.post(path, {"reason": "  ", "confirm": "1"})
    assert response.status_code == 422 and "Give a reason." in response.content.decode()
    response = client.post(path, {"reason": REASON, "confirm": "1", "digest": "0" * 64})
    assert response.status_code == 409 and not Entry.objects.filter(reverses=entry).exists()
    response = client.post(path, {"reason": REASON})
    assert "This letter would go out" in response.content.decode()
    digest = response.context["correction"].digest
    response = client.post(path, {"reason": REASON, "confirm": "1", "digest": digest}, follow=True)
    assert "10 credits taken back. Amara Okafor is told by letter." in response.content.decode()
    deputy = factories.coordinator()
    client.force_login(deputy)
    response = client.post(path, {"reason": REASON, "confirm": "1", "digest": digest}, follow=True)
    assert "Ruth Okello had already taken back 10 credits." in response.content.decode()
    assert "taken back on" in client.get(path, follow=True).content.decode()
    correction = Entry.objects.get(reverses=entry)
    page = client.get(reverse("admin:journals_entry_change", args=[correction.pk])).content.decode()
    assert "A correction, made by Ruth Okello" in page and "−10" in page
    assert Message.objects.filter(template="entry-reversed").count() == 1


def test_a_conflict_hides_an_entry_and_its_correction_everywhere(client, ruth, committee, amara):
    """R-REV-5: lists, counts, searches, pages, and the page that takes back."""
    entry = credited(ruth, committee, amara)
    correction = services.reverse(entry.pk, reason=REASON, by=ruth)
    deputy = factories.coordinator()
    entry.decision.case.conflicts.create(member=deputy, declared_at=timezone.now())
    assert not Entry.objects.known_to(deputy).exists()
    client.force_login(deputy)
    listing = client.get(reverse("admin:journals_entry_changelist"), {"q": "Wetlands"})
    assert listing.context["cl"].result_count == 0
    for one in (entry, correction):
        assert client.get(reverse("admin:journals_entry_change", args=[one.pk])).status_code == 404
        assert client.get(reverse("admin:journals_entry_take_back", args=[one.pk])).status_code == 404


FILTERS = {
    "": {"Old", "New", "Young"},
    "uploaded=yes": {"Old"},
    "uploaded=no": {"New", "Young"},
    "uploaded=maybe": {"Old", "New", "Young"},
    "year=1": {"Young"},
    "year=2": {"Old", "New"},
    "year=9": {"Old", "New", "Young"},
    "period=running": {"Old", "New", "Young"},
    "period=over": set(),
    "period=nonsense": {"Old", "New", "Young"},
    "activity__exact=conference": {"Old", "New", "Young"},
    "source__exact=import": set(),
    "q=Amara": {"Old", "New"},
    "q=Young": {"Young"},
}


def test_the_list_filters_and_finds(client, ruth, committee, amara):
    old = credited(ruth, committee, amara, title="Old")
    upload()
    credited(ruth, committee, amara, title="New")
    young = factories.certificant(name="Zoe", since=programme_day() - timedelta(days=100))
    credited(ruth, committee, young, title="Young")
    client.force_login(ruth)
    path = reverse("admin:journals_entry_changelist")
    wanted = {
        **FILTERS,
        f"member={amara.pk}": {"Old", "New"},
        f"member={amara.pk}&period={old.period_id}": {"Old", "New"},
        f"member={young.pk}&period={old.period_id}": {"Young"},
        "member=99999999999999999999": set(),
        "member=0": set(),
    }
    found = {
        query: {one.description for one in client.get(f"{path}?{query}").context["cl"].result_list} for query in wanted
    }
    assert found == wanted


def test_year_filter_agrees_with_the_rules_on_29_february(client, ruth, committee):
    """R-PER-2: PostgreSQL counts the anniversaries of a leap day as the rules do."""
    leap = factories.certificant(since=programme_day().replace(year=2024, month=2, day=29))
    period = leap.periods.get()
    days = [one for year in period.years() for one in (year.first, year.last)]
    Entry.objects.bulk_create(
        Entry(
            person=leap, period=period, source="import", activity="training", description=str(day), earned_on=day,
            credits=1, sentence="1 hour = 1.", approved_at=timezone.now(),
        )
        for day in days
    )  # fmt: skip
    client.force_login(ruth)
    for year in period.years():
        listing = client.get(reverse("admin:journals_entry_changelist"), {"year": year.number})
        assert {one.earned_on for one in listing.context["cl"].result_list} == {year.first, year.last}

"""Loading the demonstration: told the same way twice, on any day, and only where nobody else’s data is."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone

from applications.models import Application, RowText
from applications.services.sheets import knowledge_of, restored
from cecs.models import Draft
from journals import services as journals
from journals.models import Entry, Upload
from journals.standing import journal_of
from serportal.accounts.models import User
from serportal.certifications.models import Certification, Period
from serportal.demo import cases, evidence, people, seeding, sponsoring, volume
from serportal.demo.topics import TOPICS, Event
from serportal.files.models import StoredFile
from serportal.home.invariants import broken
from serportal.reviews.models import Ballot, CaseEvent, Panel, Party, ReviewCase, Seat
from serportal.reviews.states import CaseState, SeatState, Step
from serportal.ui.words import programme_day
from tests.demo.loading import demonstration


@pytest.fixture
def brief(monkeypatch):
    """A shorter demonstration of the same kind, for tests that seed anew."""
    monkeypatch.setattr(cases, "PAST", cases.PAST[::9])
    monkeypatch.setattr(people, "CERTIFICANTS", 150)
    monkeypatch.setattr(sponsoring, "ARCHIVED", 8)


def fingerprint() -> list:
    """Everything that two seedings of one day must have in common."""
    return [
        list(User.objects.order_by("email").values_list("email", "name", "country", "employer", "job_title")),
        list(Period.objects.order_by("pk").values_list("certification__number", "person__email", "starts_on")),
        list(
            ReviewCase.objects.order_by("reference").values_list(
                "reference", "headline", "filed_by__email", "filed_at", "state", "step", "granted", "ballots_in"
            )
        ),
        list(
            Entry.objects.order_by("person__email", "earned_on", "description", "approved_at").values_list(
                "person__email", "earned_on", "description", "credits", "upload__key"
            )
        ),
        # What a list of attendees offered names an approval code, and nobody can guess one.
        list(Draft.objects.filter(case__attendance=None).order_by("pk").values_list("pk", "data", "owner__email")),
        list(Application.objects.order_by("case__reference").values_list("case__reference", "content", "ready_as")),
        list(RowText.objects.exclude(listed="step").order_by("pk").values_list("pk", "data", "draft__owner__email")),
        list(Ballot.objects.order_by("submit_key").values_list("submit_key", "choice", "seat__member__email")),
    ]


def holds_together() -> None:
    """The story is the same on any day: what is in the journal, what waits, and applications in every state."""
    journal = journal_of(people.account("cerp"), programme_day())
    assert (journal.progress.uploaded, journal.progress.waiting) == (34.25, 4)
    waiting = Entry.objects.waiting().count()
    journals.post_due_upload()
    assert Entry.objects.waiting().count() == waiting >= 4
    assert set(Application.objects.values_list("case__state", flat=True)) == {
        "submitted", "screening", "ready", "information requested", "in review", "offered CERPIT", "approved",
        "denied",
    }  # fmt: skip


@pytest.mark.long
def test_two_seedings_of_a_day_are_equal(django_db_setup, django_db_blocker, tmp_path, brief):
    """Also on a leap day."""
    prints = []
    for hour in (12, 21):
        with (
            time_machine.travel(datetime(2028, 2, 29, hour, 5, tzinfo=UTC), tick=False),
            demonstration(django_db_blocker, tmp_path),
        ):
            prints.append(fingerprint())
            holds_together()
    assert [len(part) for part in prints[0]] == [len(part) for part in prints[1]]
    for one, other in zip(*prints, strict=True):
        assert not [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]


@pytest.mark.django_db
def test_other_peoples_data_is_left_alone():
    User.objects.create_user("someone@ser.org", "a-long-password", name="Someone Real")
    with pytest.raises(CommandError, match="holds people who are not the demonstration’s"):
        call_command("seed_demo")
    assert User.objects.count() == 1


@pytest.mark.django_db
@override_settings(DEMO=False, PORTAL_MODE="production")
def test_production_is_left_alone():
    with pytest.raises(CommandError, match="does not run as a demonstration"):
        call_command("seed_demo")


@pytest.mark.django_db
def test_an_absurd_scale_is_a_sentence():
    with pytest.raises(CommandError, match="from 1 to 100"):
        call_command("seed_demo", scale=0)


@pytest.mark.django_db
def test_a_seeding_that_fails_leaves_nothing(monkeypatch, tmp_path, settings, brief):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "serportal.files.storage.PrivateFolder", "OPTIONS": {"location": str(tmp_path)}},
    }

    def stop(*_):
        assert StoredFile.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(seeding.cases, "play_all", stop)
    with pytest.raises(KeyboardInterrupt):
        seeding.seed()
    assert not User.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_pdf_finds_its_own_parts():
    page = evidence.certificate(Event("Cần (Thơ) \\ 2026", "Réseau", TOPICS[0]), "1\xa0May 2026", "22").read()
    table = page[page.index(b"xref\n") :].splitlines()
    assert int(page.split(b"startxref\n")[1].split()[0]) == page.index(b"xref\n")
    for number, line in enumerate(table[3:8], start=1):
        assert page[int(line[:10]) :].startswith(b"%d 0 obj\n" % number)
    assert rb"(Can \(Tho\) \\ 2026) Tj" in page


# Days on which something begins or ends: an upload day after and before its hour, a year's first hours.
@pytest.mark.long
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 1, 1, 15, 0, tzinfo=UTC),
        datetime(2027, 4, 1, 5, 0, tzinfo=UTC),
    ],
    ids=["upload ran today", "upload is due today"],
)
def test_any_day_will_do(django_db_setup, django_db_blocker, tmp_path, brief, moment):
    with time_machine.travel(moment, tick=False), demonstration(django_db_blocker, tmp_path):
        holds_together()


def holds_of_claims() -> None:
    bulk = ReviewCase.objects.filter(kind="cec", folder__cec_draft__isnull=True)
    assert bulk.count() == 120
    for case in bulk:
        decision = case.decisions.get()
        assert case.step == Step.DONE
        assert (decision.credits, decision.approved) == (case.granted, case.state == CaseState.APPROVED)
        assert Entry.objects.filter(decision=decision, credits=case.granted).count() == decision.approved
        assert case.cecs_cecsubmission.days.aggregate(hours=Sum("hours"))["hours"] == case.cecs_cecsubmission.hours
        assert case.reference in decision.letter
        assert "{" not in decision.letter
        assert decision.decided_at < timezone.now()
    assert Seat.objects.filter(panel__case__in=bulk, state=SeatState.VOTED).count() == 360
    assert Panel.objects.filter(case__in=bulk, closed_at__isnull=False).count() == 120
    assert CaseEvent.objects.filter(case__in=bulk).count() == 120 * 11
    assert Party.objects.filter(case__in=bulk, person__isnull=False).count() == 120
    for upload in Upload.objects.annotate(total=Sum("entries__credits")):
        assert upload.control_total == (upload.total or 0)


def holds_of_applications() -> None:
    bulk = Application.objects.filter(granted__certified_on__lt=programme_day() - timedelta(days=30))
    bulk = bulk.exclude(granted__person=people.account("cerpit"))
    denied = Application.objects.filter(case__state="denied", case__decided_at__lt=timezone.now() - timedelta(300))
    assert bulk.count() + denied.count() == 120
    assert set(bulk.values_list("kind", flat=True)) == {"cerp", "cerpit"}
    for made in bulk.select_related("case", "bill", "granted")[:20]:
        decision = made.case.decisions.get()
        assert programme_day(decision.decided_at) == made.granted.certified_on
        assert made.case.reference in decision.letter and "{" not in decision.letter
        assert restored(made.knowledge) == knowledge_of(made.content, made.criteria)
        assert made.bill.payment.amount == made.bill.amount
        assert made.case.application_drafts.get().references.filter(state="received").count() == 2
        assert made.granted.next_steps.count() == (3 if made.kind == "cerpit" else 0)


@pytest.mark.long
def test_a_larger_scale_adds_what_holds_together(django_db_setup, django_db_blocker, tmp_path, monkeypatch, brief):
    """Decided claims, and the applications behind certificates: as many of either."""
    monkeypatch.setattr(volume, "A_SCALE", 120)
    monkeypatch.setattr(volume, "TO_AN_APPLICATION", 1)
    with demonstration(django_db_blocker, tmp_path, scale=2):
        assert Certification.objects.count() == 301
        holds_of_claims()
        holds_of_applications()
        assert list(broken()) == []

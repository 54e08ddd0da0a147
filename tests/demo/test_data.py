"""What the demonstration holds: every state, every desk, sums that agree, one story."""

import io
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db.models import Count, Sum
from django.utils import timezone

from applications.models import Application, Graduate, Reference, Window
from applications.models import Draft as ApplicationDraft
from applications.services import gates, referees
from applications.services.checking import look
from applications.services.reference_letters import link_key
from cecs.models import CecSubmission, Draft
from journals import services as journals
from journals.models import Arrangement, Entry, Renewal, Upload
from journals.services import renewing
from journals.standing import journal_of
from journals.states import Activity, Source
from serportal.accounts.models import User
from serportal.accounts.states import Committee
from serportal.certifications.models import Certification, Period
from serportal.certifications.rules import last_day
from serportal.certifications.services import certify
from serportal.certifications.states import Level, Standing
from serportal.demo import people
from serportal.fees.models import Bill
from serportal.fees.states import BillState
from serportal.files.models import StoredFile
from serportal.home.invariants import broken
from serportal.numbers import services as numbers
from serportal.outbox.models import Message
from serportal.outbox.states import MessageState
from serportal.reviews import services as reviews
from serportal.reviews.models import Decision, Panel, ReviewCase, Seat
from serportal.reviews.states import CaseState, SeatState, Step
from serportal.ui.words import programme_day
from tests.demo.loading import demonstration


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    with demonstration(django_db_blocker, folder):
        yield folder


@pytest.fixture
def demo(seeded, db):
    """The seeded database, with what a test adds to it taken back after the test; gives the folder of its files."""
    return seeded


def test_seeding_twice_is_one_seeding(demo):
    before = (User.objects.count(), ReviewCase.objects.count(), Entry.objects.count(), Message.objects.count())
    started = timezone.now()
    told = io.StringIO()
    call_command("seed_demo", stdout=told)
    assert "already loaded: 351 certificants" in told.getvalue()
    assert timezone.now() - started < timedelta(seconds=1)
    assert before == (User.objects.count(), ReviewCase.objects.count(), Entry.objects.count(), Message.objects.count())


def test_every_account_of_the_specification_can_sign_in(demo):
    accounts = User.objects.filter(email__in=map(people.address, people.ACCOUNTS))
    assert accounts.count() == 15
    assert accounts.values("password").distinct().count() == 1
    assert accounts.first().check_password("restore-the-land")
    assert EmailAddress.objects.filter(user__in=accounts, verified=True, primary=True).count() == 15
    assert not any(one.has_usable_password() for one in User.objects.exclude(pk__in=accounts)[:50])
    assert {one.email for one in User.objects.coordinators()} == {"coordinator@example.org", "deputy@example.org"}
    assert User.objects.get(email="deputy@example.org").has_perm("reviews.view_reviewcase")


def test_the_contact_of_a_partner_has_an_account(demo):
    assert people.account("partner").partners.get().contact_email == people.address("partner")


@pytest.mark.parametrize(
    ("committee", "members"),
    [
        (Committee.CONTINUING_EDUCATION, ["committee1", "committee2", "committee3", "committee4"]),
        (Committee.CERTIFICATION, ["committee2", "committee3", "committee4", "committee5"]),
        (Committee.APPEALS, ["appeals1", "appeals2", "appeals3"]),
    ],
)
def test_committees_sit_as_the_specification_says(demo, committee, members):
    sitting = User.objects.on_committee(committee, programme_day())
    assert {one.email for one in sitting} == {f"{member}@example.org" for member in members}
    assert len({one.country for one in sitting}) == len({one.employer for one in sitting}) == len(members)


def test_certificants_are_many_and_everywhere(demo):
    certified = User.objects.filter(certifications__isnull=False).distinct()
    assert certified.count() == 351
    assert certified.values("country").distinct().count() >= 40
    assert 0.6 < Certification.objects.filter(level=Level.CERP).count() / 350 < 0.72
    assert 0.75 < Certification.objects.in_directory(programme_day()).count() / 350 < 0.9
    assert {"Wulandari", "Christopher Null", "王秀英"} <= set(certified.values_list("name", flat=True))
    assert all(one.email.split("@")[1] in {"example.org", "example.net", "example.com"} for one in User.objects.all())


def test_periods_stand_everywhere_a_period_can(demo):
    today = programme_day()
    latest = {}
    for period in Period.objects.order_by("starts_on"):
        assert period.ends_on == last_day(period.starts_on)
        latest[period.person_id] = period
    stands = {one.state_on(today) for one in Certification.objects.with_period().filter(ended_as="")}
    assert stands == set(Standing)
    assert Period.objects.values("person").annotate(n=Count("pk")).filter(n=2).exists()


def test_whoever_is_in_grace_was_told_and_nobody_lapses_on_the_first_day(demo):
    """R-PER-6"""
    grace = Certification.objects.in_state(Standing.GRACE, programme_day()).count()
    letters = Message.objects.filter(template="certification-grace", state=MessageState.SENT)
    assert grace == letters.count() > 0
    assert journals.keep_periods() == {"told": 0, "lapsed": 0}


def test_certificates_are_numbered_by_day_and_go_on(demo):
    for level in Level:
        held = list(Certification.objects.filter(level=level).order_by("certified_on", "number"))
        assert [one.number for one in held] == [f"{level}-{n:04d}" for n in range(1, len(held) + 1)]
    person = User.objects.get(email="applicant@example.org")
    following = Certification.objects.filter(level=Level.CERP).count() + 1
    assert certify(person=person, level=Level.CERP, on=programme_day()).certification.number == f"CERP-{following:04d}"


def test_references_go_on_without_a_clash(demo):
    for year in {case.filed_on.year for case in ReviewCase.objects.all()}:
        given = ReviewCase.objects.filter(reference__startswith=f"CEC-{year}-").count()
        assert numbers.take("CEC", year) == f"CEC-{year}-{given + 1:04d}"


def test_every_state_and_step_is_there(demo):
    assert set(ReviewCase.objects.values_list("step", flat=True).distinct()) == set(Step.values)
    assert set(ReviewCase.objects.values_list("state", flat=True).distinct()) == set(CaseState.values)
    assert set(Seat.objects.values_list("state", flat=True).distinct()) == set(SeatState.values)
    assert set(Entry.objects.values_list("activity", flat=True).distinct()) == set(Activity.values)
    waiting = ReviewCase.objects.filter(step=Step.VOTE).values_list("ballots_in", flat=True)
    assert set(waiting) == {0, 1, 2}
    assert set(Seat.objects.filter(settled=True).values_list("state", flat=True)) == {SeatState.VOTED}
    assert set(CecSubmission.objects.values_list("activity", flat=True).distinct()) == set(Activity.values)
    claims = ReviewCase.objects.filter(kind="cec")
    assert 70 <= claims.count() <= 95
    assert 30 <= claims.open().count() <= 40
    assert ReviewCase.objects.late(programme_day()).count() == 2
    assert Seat.objects.silent(programme_day()).exists()
    approved = Decision.objects.filter(approved=True, case__kind="cec").select_related("case")
    assert [one for one in approved if one.credits < one.case.amount]


def test_every_month_has_claims_and_letters(demo):
    first = programme_day().replace(day=1)
    for _month in range(11):
        before = (first - timedelta(days=1)).replace(day=1)
        assert ReviewCase.objects.filter(filed_on__gte=before, filed_on__lt=first).exists()
        assert Decision.objects.filter(decided_at__date__gte=before, decided_at__date__lt=first).exists()
        first = before


@pytest.mark.parametrize("member", ["committee1", "committee2", "committee3", "committee4"])
def test_every_desk_has_work_of_each_kind(demo, member):
    seats = list(Seat.objects.on_the_desk_of(people.account(member)))
    assert {seat.state for seat in seats} >= {SeatState.INVITED, SeatState.DECLARED}
    assert len({seat.ballot_due_on for seat in seats}) > 2


def test_a_proposal_to_seat_shows_the_hint_of_a_shared_employer(demo):
    hints = {
        facts.hint
        for case in ReviewCase.objects.filter(step=Step.SEAT)
        for _person, facts in reviews.candidates(case, timezone.now())
    }
    assert hints == {"", "employer"}


def test_nothing_happened_in_the_future_or_out_of_order(demo):
    now = timezone.now()
    for case in ReviewCase.objects.prefetch_related("events"):
        moments = [event.at for event in case.events.all()]
        assert moments == sorted(moments)
        assert case.filed_at == moments[0]
        assert moments[-1] < now
    assert not Entry.objects.filter(approved_at__gt=now).exists()
    assert not CecSubmission.objects.filter(case__filed_on__lt=programme_day() - timedelta(days=400)).exists()


def test_uploads_hold_exactly_their_entries(demo):
    for upload in Upload.objects.annotate(
        n=Count("entries"), people=Count("entries__person", distinct=True), total=Sum("entries__credits")
    ):
        assert (upload.n, upload.people, upload.total or 0) == (
            upload.entries_posted,
            upload.members,
            upload.control_total,
        )
        assert upload.key == f"scheduled {upload.due_on}"
        late = upload.entries.filter(approved_at__gt=upload.posted_at)
        assert not late.exists()


def test_the_first_tick_finds_nothing_to_upload(demo):
    waiting = set(Entry.objects.waiting().values_list("pk", flat=True))
    assert len(waiting) >= 4
    count = Upload.objects.count()
    journals.post_due_upload()
    assert Upload.objects.count() == count
    assert set(Entry.objects.waiting().values_list("pk", flat=True)) == waiting


def test_entries_lie_in_their_periods(demo):
    for entry in Entry.objects.select_related("period"):
        assert entry.period.starts_on <= entry.earned_on <= entry.period.ends_on
    caps = Entry.objects.filter(activity=Activity.VOLUNTEERING).values("period").annotate(sum=Sum("credits"))
    assert all(row["sum"] <= 5 for row in caps)
    assert not Entry.objects.filter(credits__gt=10).exists()
    assert not Entry.objects.filter(source=Source.IMPORT, upload__isnull=True).exists()


def test_amaras_journal_is_the_one_of_the_design(demo):
    amara = people.account("cerp")
    journal = journal_of(amara, programme_day())
    assert [year.uploaded for year in journal.progress.years] == [13, 9.5, 6.25, 3.5, 2]
    assert [year.waiting for year in journal.progress.years] == [0, 0, 0, 0, 4]
    assert journal.asked == 6
    assert 150 <= (journal.period.ends_on - programme_day()).days <= 184
    [case] = ReviewCase.objects.open().filter(filed_by=amara)
    assert (case.step, case.ballots_in) == (Step.VOTE, 1)
    assert Draft.objects.of(amara).unsent().claims().count() == 1


def test_one_renewal_waits_for_the_coordinator_and_others_are_there_to_be_filed(demo):
    """R-PER-6, R-PER-7: one is paid and complete, somebody else can renew now, and some are in grace."""
    held = Renewal.objects.select_related("case", "bill").get()
    assert (held.case.step, held.bill.state, held.audited) == (Step.ALONE, "paid", False)
    today = programme_day()
    due = Certification.objects.in_state(Standing.RENEWAL_DUE, today).values("pk")
    periods = Period.objects.holding(today).filter(certification__in=due).select_related("certification")
    assert any(not renewing.missing(renewing.held_of(one, today), today) for one in periods.exclude(pk=held.period_id))
    assert Certification.objects.in_state(Standing.GRACE, today).exists()


def test_one_arrangement_is_agreed_and_one_is_to_be_read(demo):
    """R-PER-3; Amara Okafor’s short fourth year is hers to ask about."""
    agreed, asking = Arrangement.objects.order_by("case__filed_at").select_related("case__filed_by")
    assert agreed.in_force and asking.open and asking.case.step == Step.SCREEN
    assert agreed.agreed_credits == agreed.credits and agreed.case.folder.files.exists()
    assert [one.year for one in Arrangement.objects.filter(period=agreed.period).arranged()] == [agreed.year]
    assert [one.year.number for one in journal_of(people.account("cerp"), programme_day()).short_years] == [4]


def test_only_the_newest_receipts_are_still_owed(demo):
    owed = Message.objects.exclude(state=MessageState.SENT)
    newest = ReviewCase.objects.order_by("-filed_at")[:2]
    assert {one.key for one in owed} == {f"receipt:{case.reference}" for case in newest}
    assert not Message.objects.filter(state=MessageState.SENT, text="").exists()
    assert Message.objects.filter(key__startswith="decision:").count() == Decision.objects.count()


def test_every_filed_claim_has_evidence_one_can_open(demo):
    for stored in StoredFile.objects.filter(folder__roster__isnull=True):
        head = (demo / stored.content.name).read_bytes()[:8]
        assert head.startswith(b"%PDF-1." if stored.kind == "pdf" else b"\x89PNG\r\n\x1a\n")
    assert not ReviewCase.objects.filter(kind="cec", folder__files__isnull=True).exists()
    assert not ReviewCase.objects.filter(kind="application", folder__files__isnull=True).exists()
    assert not ReviewCase.objects.filter(kind="preapproval", folder__files__isnull=True).exists()


# Applications ------------------------------------------------------------
def standing_of(name: str) -> tuple:
    case = ReviewCase.objects.get(applications_application__name_on_certificate=name)
    return case.topic, case.state, case.step, case.ballots_in


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("Chidi Nwachukwu", ("cerp", "submitted", "screen", 0)),
        ("Tomás Cevallos Andrade", ("cerp", "screening", "gates", 0)),
        ("Putri Anggraini", ("cerp", "information requested", "answer", 0)),
        ("Rewi Paraone", ("cerp", "ready", "seat", 0)),
        ("İpek Sarıgöl", ("cerp", "in review", "vote", 2)),
        ("Ananya Lyngdoh", ("cerpit", "in review", "vote", 0)),
        ("Benoît Essomba", ("cerp", "in review", "settle", 3)),
        ("Marília Teixeira Prado", ("cerpit", "in review", "decide", 3)),
        ("Shōta Hayakawa", ("cerp", "offered CERPIT", "offer", 3)),
        ("Litia Naikelekele", ("cerp", "approved", "done", 3)),
        ("Callum Ferriby", ("cerp", "denied", "done", 3)),
        ("Diego Quispe Mamani", ("cerpit", "approved", "done", 3)),
        ("Owen Kettleby", ("partner", "screening", "gates", 0)),
        ("Mathilde Archambault", ("partner", "screening", "gates", 0)),
        ("Harriet Osawa", ("partner", "ready", "alone", 0)),
        ("Rubén Tzul Ajú", ("partner", "ready", "alone", 0)),
    ],
)
def test_applications_stand_where_one_can_try_them(demo, name, stands):
    assert standing_of(name) == stands


def test_an_upgrade_is_in_review(demo):
    made = Application.objects.get(kind="upgrade")
    assert (made.case.step, made.certification.level, made.ready_as) == (Step.VOTE, Level.CERPIT, "cerp")


def test_what_blocks_an_incomplete_application_is_told(demo):
    made = Application.objects.get(name_on_certificate="Tomás Cevallos Andrade")
    told = [(one.gate, one.sentence) for one in gates.blocks_of(made)]
    assert [gate for gate, _sentence in told] == ["fee", "references"]
    assert "1 of 2 references is in" in told[1][1] or "1 of 2 references are in" in told[1][1]


def test_fees_are_due_paid_and_asked_to_be_smaller(demo):
    bills = Bill.objects.filter(application__isnull=False)
    assert {one.state for one in bills.exclude(application__kind="partner")} == {BillState.DUE, BillState.PAID}
    assert {one.state for one in bills.filter(application__kind="partner")} == {BillState.COVERED}
    assert bills.get(asked_at__isnull=False).person.country == "UG"


@pytest.mark.parametrize("member", ["committee2", "committee3", "committee4", "committee5"])
def test_every_certification_desk_has_an_application(demo, member):
    assert Seat.objects.on_the_desk_of(people.account(member)).filter(panel__case__kind="application").exists()


def test_the_college_is_asked_about_two_and_answered_about_two(demo):
    graduates = Graduate.objects.of_contact(people.account("partner"))
    assert sorted(graduates.values_list("state", flat=True)) == ["no", "pending", "pending", "yes"]
    assert graduates.unanswered().count() == 2


def test_sofias_application_is_half_filled(demo):
    [draft] = ApplicationDraft.objects.open_of(people.account("applicant"))
    assert [one.state for one in draft.references.order_by("pk")] == ["received", "invited"]
    whole = look(draft)
    assert whole.experience.months_missing == 0 and not whole.knowledge.met
    assert {problem.section for problem in whole.problems} == {"documents", "agreement", "fee"}


def test_diego_has_next_steps_and_an_upgrade_begun(demo):
    diego = people.account("cerpit")
    certification = Certification.objects.get(person=diego)
    assert certification.granted_by.case.decisions.get().steps == [step.text for step in certification.next_steps.all()]
    [draft] = ApplicationDraft.objects.open_of(diego)
    told = [bool(row.data.get("evidence")) for row in draft.rows.filter(listed="step")]
    assert (draft.certification, told) == (certification, [True, False, False])


def test_the_new_cerp_is_in_the_directory_and_the_denied_one_reads_why(demo):
    assert Certification.objects.in_directory(programme_day()).filter(person__name="Litia Naikelekele").exists()
    letter = Decision.objects.get(case__headline__contains="Callum Ferriby").letter
    assert "landscaping contracts" in letter


def test_a_silent_referees_link_still_opens_their_form(demo):
    silent = Reference.objects.silent().filter(draft__owner=people.account("applicant")).get()
    token = Message.objects.get(key=link_key(silent)).secret
    assert referees.behind(token) == silent


def test_windows_are_past_and_to_come(demo):
    today = programme_day()
    assert Window.objects.filter(closes_on__lt=today).count() >= 4
    assert Window.objects.open_on(today).count() >= 4


def test_what_must_be_true_is_true_of_it(demo):
    assert list(broken()) == []


def test_a_split_panel_still_has_days_to_look_again(demo):
    """What the demonstration shows first is not changed by the first tick."""
    assert Panel.objects.filter(case__step="settle").count() >= 2
    assert not Panel.objects.split_over(timezone.now()).exists()

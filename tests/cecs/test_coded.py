"""Claims by approval code: the code fills them, its dates bind them, a roster confirms them (R-REV-7, R-SPO-4)."""

import uuid
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from cecs import rules
from cecs import services as cecs
from cecs.models import CecSubmission, Draft
from journals.models import Entry
from journals.states import Activity, Delivery
from preapprovals.models import AgendaSession, Attendance, Notice, Occurrence, Offering
from preapprovals.states import Act, OfferingState
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import Basis, Choice
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day
from tests import attendees, factories

pytestmark = pytest.mark.django_db

BY_CODE = reviews.Alone(Basis.CODE, Choice.APPROVE)


@pytest.fixture
def amara():
    return factories.certificant(name="Amara Okafor")


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


def refused(code: str):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def ended(offering: Offering, *, days: int, act=Act.TERMINATED, state=OfferingState.TERMINATED) -> Offering:
    """The same offering, ended so many days ago."""
    at = timezone.now() - timedelta(days=days)
    until = programme_day(at) + timedelta(days=30) if act == Act.TERMINATED else None
    Notice.objects.create(offering=offering, act=act, reason="No instructor came.", at=at, appeal_until=until)
    Offering.objects.filter(pk=offering.pk).update(state=state)
    offering.refresh_from_db()
    return offering


def by_code(case, ruth):
    return reviews.decide(case.pk, digest=reviews.preview(case, alone=BY_CODE).digest, alone=BY_CODE, by=ruth)


def with_sessions(offering: Offering, *spans: tuple[int, str, str]) -> Offering:
    for number, (day, starts, ends) in enumerate(spans, start=1):
        first, last = time.fromisoformat(starts), time.fromisoformat(ends)
        minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
        AgendaSession.objects.create(
            offering=offering, number=number, day=day, starts=first, ends=last, title=f"Talk {number}", minutes=minutes
        )
    return offering


# What the rules say ----------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 22)
VALID = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}


@pytest.mark.parametrize(
    ("first", "last", "more", "problem"),
    [
        ("2026-11-20", "2026-11-22", {}, None),
        ("2026-11-22", "2026-11-23", {}, "not-over"),
        ("2026-11-01", "2026-11-01", {"cancelled": True}, "cancelled"),
        ("2025-12-31", "2025-12-31", {}, "outside-approval"),
        ("2026-01-01", "2026-01-01", {}, None),
        ("2026-11-10", "2026-11-10", {"ended_on": date(2026, 11, 10)}, None),  # R-SPO-8
        ("2026-11-10", "2026-11-11", {"ended_on": date(2026, 11, 10)}, "approval-ended"),
        ("2026-12-24", "2026-12-24", {"ended_on": date(2026, 11, 10)}, "approval-ended"),
    ],
)
def test_which_dates_count(first, last, more, problem):
    run = rules.Run(date.fromisoformat(first), date.fromisoformat(last), **VALID, **more)
    assert rules.run_problem(run, today=TODAY) == problem


def test_an_approval_that_has_run_out_keeps_its_days():
    run = rules.Run(date(2026, 3, 3), date(2026, 3, 3), **VALID)
    assert rules.run_problem(run, today=date(2028, 1, 1)) is None


@pytest.mark.parametrize("minutes", [[20, 20, 20], [50, 10], [7] * 60, [1], [90, 45, 45]])
def test_hours_of_parts_add_up_to_the_hours_of_the_whole(minutes):
    hours = rules.in_hours(minutes)
    assert sum(hours) == (Decimal(sum(minutes)) / 60).quantize(Decimal("0.01"))
    assert all(one >= 0 for one in hours)


@pytest.mark.parametrize(
    ("told", "grade"), [("", "none"), ("B+", "passed"), ("Pass", "passed"), ("F", "failed"), ("Not passed", "failed")]
)
def test_what_a_grade_on_a_roster_means(told, grade):
    assert rules.grade_of(told) == grade


# What a code leads to --------------------------------------------------------------------------------------------


def test_a_code_says_what_it_is_for_to_anybody_and_reading_starts_nothing(client):
    run = factories.occurrence()
    page = client.get(f"/claim/{run.offering.code.lower().replace('-', '')}/").content.decode()
    assert "Wetland soils in the field" in page and "Delta Restoration Institute" in page and "6 credits" in page
    assert day_text(run.first_day) in page and "Sign in and claim" in page
    answer = client.post(f"/claim/{run.offering.code}/", {})
    assert answer.url == f"/accounts/login/?next=/claim/{run.offering.code}/"
    assert not Draft.objects.exists()


def test_the_button_starts_one_draft_with_what_most_people_answer(client, amara):
    run = factories.occurrence()
    client.force_login(amara)
    key = str(uuid.uuid4())
    for _press in range(2):
        answer = client.post(f"/claim/{run.offering.code}/", {"submit_key": key})
        assert answer.url == f"/cecs/drafts/{key}/code/"
    draft = Draft.objects.get()
    assert (draft.data["run"], draft.data["hours_attended"], draft.title) == (str(run.pk), "6", run.offering.title)
    assert client.get(f"/cecs/drafts/{key}/").url == f"/cecs/drafts/{key}/code/"


def test_wrong_codes_are_all_alike_and_after_many_nothing_is_told(client):
    run = factories.occurrence()
    for wrong in ("SER-AAAA-AAAA", "nonsense", "SER-1"):
        answer = client.get(f"/claim/{wrong}/")
        assert (answer.status_code, "We never issued this code" in answer.content.decode()) == (404, True)
    for _guess in range(27):
        assert client.get("/cecs/new/").status_code == 302
        client.get("/claim/SER-BBBB-BBBB/")
    assert client.get("/claim/SER-BBBB-BBBB/").status_code == 429
    assert client.get(f"/claim/{run.offering.code}/").status_code == 429


def test_right_codes_count_nothing_against_an_address(client):
    code = factories.occurrence().offering.code
    assert {client.get(f"/claim/{code}/").status_code for _n in range(40)} == {200}


def test_a_code_typed_as_people_type_it_leads_to_its_page(client, amara):
    offering = factories.offering()
    Offering.objects.filter(pk=offering.pk).update(code="SER-70K0-9QXM")
    client.force_login(amara)
    assert client.get("/cecs/new/", {"code": " ser 7oko 9qxm "}).url == "/claim/SER-70K0-9QXM/"
    answer = client.get("/cecs/new/", {"code": "SER-70K0-9QXN"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "We never issued this code" in page and "SER-70K0-9QXN" in page


def test_an_ended_and_an_expired_approval_say_so(client):
    gone = ended(factories.occurrence(days=-20).offering, days=5)
    page = client.get(f"/claim/{gone.code}/").content.decode()
    assert "The approval was ended" in page and day_text(programme_day() - timedelta(days=5)) in page
    start = programme_day() - timedelta(days=800)
    old = factories.offering(valid_from=start)
    assert "The approval has run out" in client.get(f"/claim/{old.code}/").content.decode()


def test_who_is_no_certificant_is_told_so(client):
    run = factories.occurrence()
    client.force_login(factories.PersonFactory())
    page = client.get(f"/claim/{run.offering.code}/").content.decode()
    assert "Only people who hold CERP or CERPIT" in page and "Start the claim" not in page
    answer = client.post(f"/claim/{run.offering.code}/", {"submit_key": str(uuid.uuid4())})
    assert answer.status_code == 409 and not Draft.objects.exists()


# The short form --------------------------------------------------------------------------------------------------


def post(client, draft, **typed):
    draft.refresh_from_db()
    data = {
        **{name: draft.data.get(name, "") for name in ("run", "hours_attended", "sessions", "completed_on")},
        **typed,
    }
    return client.post(reverse("cecs:coded", args=[draft.pk]), {**data, "version": draft.version})


def test_only_the_proof_is_asked_and_the_claim_is_filed(client, amara):
    run = factories.occurrence()
    client.force_login(amara)
    draft = attendees.coded_draft(amara, run.offering, with_file=False)
    answer = post(client, draft, attested="on", file="1")
    assert answer.status_code == 422
    assert answer.context["summary"] == [
        ("id_files", "There is no proof yet. Add your Confirmation of Completion; a photo will do.")
    ]
    answer = post(client, draft, attested="on", file="1", files=factories.pdf())
    case = ReviewCase.objects.get()
    assert answer.url == f"/cecs/{case.reference}/"
    claim = CecSubmission.objects.get()
    assert (claim.occurrence, claim.event, claim.approval_code) == (run, run.event, run.offering.code)
    assert (claim.activity, claim.hours, case.amount) == (Activity.TRAINING, 6, 6)
    assert (claim.provider, claim.first_day) == ("Delta Restoration Institute", run.first_day)
    assert claim.flags == []
    row = Attendance.objects.get()
    assert (row.person, row.case, row.state, row.email) == (amara, case, "claimed", amara.email)
    assert Message.objects.filter(template="cec-receipt-code", person=amara).count() == 1
    assert client.get(answer.url).status_code == 200


def test_partial_attendance_gives_its_part_and_never_more_than_approved(amara):
    run = factories.occurrence(factories.offering(credits=Decimal(5)))
    assert attendees.coded_claim(factories.certificant(), on=run).amount == 5
    assert "pre-approved for 5" in CecSubmission.objects.get().sentence
    assert attendees.coded_claim(amara, on=run, hours_attended="2,5").amount == Decimal("2.5")


@pytest.mark.parametrize("hours", ["0", "7", "-1", "six", "１", ""])
def test_hours_that_cannot_be_are_said_and_kept(client, amara, hours):
    run = factories.occurrence()
    client.force_login(amara)
    draft = attendees.coded_draft(amara, run.offering)
    answer = post(client, draft, hours_attended=hours, attested="on", file="1")
    assert answer.status_code == 422 and "how many of the 6 hours" in answer.context["summary"][0][1]
    draft.refresh_from_db()
    assert draft.data["hours_attended"] == hours


def test_single_sessions_are_ticked_and_add_up(amara, client):
    offering = factories.offering(category=Activity.CONFERENCE, credits=Decimal(2), minutes=240)
    with_sessions(offering, (1, "09:00", "10:00"), (1, "10:00", "11:00"), (2, "09:00", "11:00"))
    day = programme_day() - timedelta(days=9)
    run = factories.occurrence(offering, first_day=day, last_day=day + timedelta(days=1))
    case = attendees.coded_claim(amara, on=run, sessions=["1", "3"])
    rows = [(row.day, row.sessions, row.hours) for row in CecSubmission.objects.get(case=case).days.all()]
    assert rows == [(day, "Talk 1", 1), (day + timedelta(days=1), "Talk 3", 2)]
    assert case.amount == Decimal("1.5")


def test_of_sessions_side_by_side_only_one_can_be_attended(client, amara):
    offering = factories.offering(category=Activity.CONFERENCE, credits=Decimal(1), minutes=120)
    with_sessions(offering, (1, "09:00", "10:00"), (1, "09:30", "10:30"), (1, "11:00", "12:00"))
    factories.occurrence(offering)
    client.force_login(amara)
    draft = attendees.coded_draft(amara, offering)
    assert draft.data["sessions"] == []
    answer = post(client, draft, sessions=["1", "2"], attested="on", file="1")
    assert "ran at the same time" in answer.context["summary"][0][1]
    answer = post(client, draft, sessions=["2", "3", "99"], attested="on", file="1")
    assert "not on the agenda" in answer.context["summary"][0][1]
    post(client, draft, sessions=["2", "3"], attested="on", file="1")
    assert ReviewCase.objects.get().amount == 1


def test_an_agenda_longer_than_its_date_is_no_500(amara):
    offering = factories.offering(minutes=120, credits=Decimal(2))
    with_sessions(offering, (1, "09:00", "10:00"), (4, "09:00", "10:00"))
    case = attendees.coded_claim(amara, on=factories.occurrence(offering))
    assert [row.day is None for row in CecSubmission.objects.get(case=case).days.all()] == [False, True]


def test_a_course_asks_for_the_grade_and_a_failed_one_brings_nothing(client, amara):
    run = factories.occurrence(factories.offering(category=Activity.COURSE))
    client.force_login(amara)
    draft = attendees.coded_draft(amara, run.offering)
    answer = post(client, draft, attested="on", file="1")
    assert "Nothing is ticked for grades" in answer.context["summary"][0][1]
    answer = post(client, draft, attested="on", file="1", grade="failed")
    assert answer.status_code == 409 and "not passed" in answer.content.decode()
    assert post(client, draft, attested="on", file="1", grade="passed").status_code == 302


def test_what_was_brought_in_with_its_credits_alone_is_worth_them(amara):
    webinar = factories.offering(minutes=0, credits=Decimal("1.5"), delivery=Delivery.ON_DEMAND)
    made = attendees.coded_draft(amara, webinar, completed_on=str(programme_day()))
    assert made.data["hours_attended"] == "1.5"


def test_on_demand_takes_a_day_within_the_approval_and_once_in_a_period(client, amara):
    webinar = factories.offering(delivery=Delivery.ON_DEMAND, minutes=90, credits=Decimal("1.5"))
    client.force_login(amara)
    draft = attendees.coded_draft(amara, webinar)
    for day, said in [
        ("", "is missing"),
        (str(programme_day() + timedelta(days=1)), "is not over yet"),
        (str(webinar.valid_from - timedelta(days=1)), "is not within it"),
    ]:
        answer = post(client, draft, completed_on=day, attested="on", file="1")
        assert said in answer.context["summary"][0][1]
    day = programme_day() - timedelta(days=2)
    post(client, draft, completed_on=str(day), attested="on", file="1")
    claim, row = CecSubmission.objects.get(), Attendance.objects.get()
    assert (claim.last_day, claim.case.amount, row.on_demand_day) == (day, Decimal("1.5"), day)
    assert Occurrence.objects.get() == row.occurrence
    again = attendees.coded_draft(amara, webinar)
    answer = post(client, again, completed_on=str(programme_day()), attested="on", file="1")
    assert answer.url == f"/cecs/{claim.case.reference}/" and CecSubmission.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda run: Occurrence.objects.filter(pk=run.pk).update(cancelled_at=timezone.now()), "was cancelled"),
        (lambda run: ended(run.offering, days=20), "The approval ended on"),
        (
            lambda run: Occurrence.objects.filter(pk=run.pk).update(
                first_day=programme_day() + timedelta(days=5), last_day=programme_day() + timedelta(days=5)
            ),
            "is not over yet",
        ),
        (lambda run: Offering.objects.filter(pk=run.offering_id).update(valid_from=programme_day()), "not within it"),
    ],
)
def test_a_date_that_no_longer_counts_says_why_and_nothing_typed_is_lost(client, amara, spoil, said):
    run = factories.occurrence()
    client.force_login(amara)
    draft = attendees.coded_draft(amara, run.offering)
    answers = attendees.CodedForm(draft.data, of=cecs.stands(run.offering), files=1, today=programme_day())
    assert answers.is_valid()
    spoil(run)
    answer = post(client, draft, attested="on", file="1")
    assert answer.status_code == 422 and said in answer.content.decode()
    with pytest.raises(Refusal, match=said):
        cecs.file_coded(draft_id=draft.pk, owner=amara, answers=answers.answers(), version=draft.version)
    assert not ReviewCase.objects.exists() and cecs.files_of(draft).count() == 1
    # The way out: the form that asks everything, with all that is known already.
    answer = post(client, draft, other="1")
    assert answer.url == f"/cecs/drafts/{draft.pk}/"
    page = client.get(answer.url).content.decode()
    assert "Wetland soils in the field" in page and "Delta Restoration Institute" in page and run.offering.code in page


def test_what_was_over_before_a_termination_stands(amara, ruth):
    """R-SPO-8"""
    run = factories.occurrence(days=-20)
    ended(run.offering, days=5)
    case = attendees.coded_claim(amara, on=run)
    assert by_code(case, ruth).credits == 6


def test_one_date_is_claimed_once_and_again_after_it_was_given_up(client, amara):
    run = factories.occurrence()
    case = attendees.coded_claim(amara, on=run)
    with pytest.raises(cecs.AlreadyClaimed) as told:
        attendees.coded_claim(amara, on=run)
    assert told.value.case == case and case.reference in str(told.value)
    reviews.withdraw(case.pk, by=amara, reason="")
    again = attendees.coded_claim(amara, on=run)
    assert Attendance.objects.get().case == again


def test_two_dates_of_a_recurring_course_are_two_claims(amara, ruth):
    offering = factories.offering()
    for days in (-10, -3):
        by_code(attendees.coded_claim(amara, on=factories.occurrence(offering, days=days)), ruth)
    assert [entry.credits for entry in Entry.objects.all()] == [6, 6]


def test_sessions_of_one_conference_share_its_cap(amara, ruth):
    """R-CAP: two single sessions inside one larger conference are one event."""
    day = programme_day() - timedelta(days=5)
    sponsor = factories.sponsor()
    for title in ("Peat", "Sand"):
        offering = factories.offering(sponsor, title=title, part_of="World Congress", minutes=480, credits=Decimal(8))
        run = factories.occurrence(offering, first_day=day, last_day=day)
        by_code(attendees.coded_claim(amara, on=run), ruth)
    assert sorted(entry.credits for entry in Entry.objects.all()) == [2, 8]


def test_a_stale_tab_is_told_so_and_its_text_is_kept(client, amara):
    run = factories.occurrence()
    client.force_login(amara)
    draft = attendees.coded_draft(amara, run.offering, hours_attended="5")
    path = reverse("cecs:coded", args=[draft.pk])
    answer = client.post(path, {"run": run.pk, "hours_attended": "3.25", "version": draft.version - 1, "file": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Another tab or device saved this draft" in page and 'value="3.25"' in page
    draft.refresh_from_db()
    assert draft.data["hours_attended"] == "5" and not ReviewCase.objects.exists()


# The form that asks everything -----------------------------------------------------------------------------------


def long_data(run: Occurrence, **changes) -> dict:
    given = factories.answers_about(Activity.TRAINING, last_day=run.last_day, title="Soils", approval_code="typed")
    return factories.draft_data(given, approval_code=run.offering.code, **changes)


def test_a_valid_code_in_the_long_form_offers_the_short_one(client, amara):
    run = factories.occurrence()
    client.force_login(amara)
    draft = factories.draft(amara, data=long_data(run))
    path = reverse("cecs:draft", args=[draft.pk])
    page = client.get(path).content.decode()
    assert "This code is valid for “Wetland soils in the field”" in page
    client.post(path, {**draft.data, "version": draft.version, "by-code": "1"})
    draft.refresh_from_db()
    assert draft.by_code == run.offering.code and draft.data["learned"] == "What lasts and what does not."
    assert client.get(path).url == f"/cecs/drafts/{draft.pk}/code/"
    post(client, draft, attested="on", file="1")
    assert CecSubmission.objects.get().occurrence == run


def filed_long(owner, run, *, code=None, **changes):
    given = factories.answers_about(
        Activity.TRAINING, last_day=run.last_day, approval_code=code or run.offering.code, **changes
    )
    draft = factories.draft(owner, data=factories.draft_data(given))
    return cecs.file_claim(draft_id=draft.pk, owner=owner, answers=given, version=draft.version)


def test_a_long_claim_that_names_code_and_date_meets_the_attendance(amara):
    run = factories.occurrence(factories.offering(credits=Decimal(4)))
    case = filed_long(amara, run, code=f" {run.offering.code.lower()} ")
    claim = CecSubmission.objects.get()
    assert (claim.occurrence, claim.approval_code, case.amount) == (run, run.offering.code, 4)
    assert Attendance.objects.get().case == case


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"code": "SER-AAAA-AAAA"}, "was never issued"),
        ({"first_day": programme_day() - timedelta(days=40)}, "not for this activity on these days"),
    ],
)
def test_a_code_that_does_not_count_is_a_flag_and_no_wall(amara, ruth, changes, flag):
    case = filed_long(amara, factories.occurrence(), **changes)
    claim, kind = CecSubmission.objects.get(), kind_of(case)
    assert claim.occurrence is None
    assert any(flag in said for said in kind.flags(kind.read(case), by=ruth))
    with refused("no-ground"):
        reviews.preview(case, alone=BY_CODE)


# The coordinator alone (R-REV-7) ---------------------------------------------------------------------------------


def test_the_coordinator_sees_what_was_checked_and_decides(client, amara, ruth):
    run = factories.occurrence()
    case = attendees.coded_claim(amara, on=run)
    client.force_login(ruth)
    page = client.get(reverse("admin:reviews_reviewcase_change", args=[case.pk])).content.decode()
    assert "It stands for “Wetland soils in the field” of Delta Restoration Institute, approved for 6 credits." in page
    assert f"{day_text(run.first_day)} is one of its dates." in page
    made = by_code(case, ruth)
    assert "The course was pre-approved, and your Confirmation of Completion carries its approval code." in made.letter
    entry = Entry.objects.get()
    assert (entry.credits, entry.event, entry.upload) == (6, run.event, None)


def test_a_date_cancelled_afterwards_closes_the_lane(amara, ruth):
    run = factories.occurrence()
    case = attendees.coded_claim(amara, on=run)
    Occurrence.objects.filter(pk=run.pk).update(cancelled_at=timezone.now())
    reading = kind_of(case).read(case)
    assert not reading.by_code and f"{day_text(run.first_day)} was cancelled." in [one.said for one in reading.checked]
    with refused("no-ground"):
        reviews.preview(case, alone=BY_CODE)


@pytest.mark.parametrize("roster_first", [True, False])
@pytest.mark.parametrize(
    ("minutes", "flags"), [(360, []), (359, []), (240, ["The roster confirms 4 hours, and 6 are claimed."])]
)
def test_roster_and_claim_meet_in_either_order(amara, ruth, roster_first, minutes, flags):
    run = factories.occurrence()
    if roster_first:
        attendees.told(run, amara, minutes=minutes)
    case = attendees.coded_claim(amara, on=run)
    if not roster_first:
        attendees.told(run, amara, minutes=minutes)
    row = Attendance.objects.get()
    assert (row.case, row.minutes, row.state) == (case, minutes, "claimed")
    kind = kind_of(case)
    reading = kind.read(case)
    assert kind.flags(reading, by=ruth) == flags
    assert reading.by_code and all(one.holds for one in reading.checked) == (not flags)
    made = by_code(case, ruth)
    assert "its sponsor confirms that you took part" in made.letter


def test_a_roster_told_about_an_address_meets_the_claim_of_its_owner(amara):
    run = factories.occurrence()
    attendees.told(run, email=amara.email, name="Amara Okafor")
    case = attendees.coded_claim(amara, on=run)
    row = Attendance.objects.get()
    assert (row.person, row.case, row.minutes) == (amara, case, 360)


def test_a_roster_without_them_and_one_with_another_name_are_flags(amara, ruth):
    run = factories.occurrence()
    case, kind = attendees.coded_claim(amara, on=run), kind_of(ReviewCase.objects.get())
    attendees.told(run, factories.certificant())
    assert kind.flags(kind.read(case), by=ruth) == ["The sponsor’s roster of this date does not name the member."]
    attendees.told(run, amara, name="Bella Nkosi")
    assert kind.flags(kind.read(case), by=ruth) == ["The roster names Bella Nkosi."]


def test_claims_by_code_are_decided_in_bulk_after_their_letters_were_read(client, ruth):
    run = factories.occurrence()
    good = [attendees.coded_claim(on=run) for _n in range(2)]
    bella = factories.certificant()
    attendees.told(run, bella, minutes=120)
    odd = attendees.coded_claim(bella, on=run)
    other = factories.claim()
    client.force_login(ruth)
    path = reverse("admin:reviews_reviewcase_changelist")
    listed = client.get(path, {"code": "open"}).content.decode()
    assert all(case.reference in listed for case in [*good, odd]) and other.reference not in listed
    chosen = {"action": "decide_by_code", "_selected_action": [case.pk for case in [*good, odd, other]]}
    Attendance.objects.filter(case__in=[case.pk for case in good]).update(minutes=360)
    answer = client.post(path, chosen)
    page = answer.content.decode()
    assert page.count("is one of its dates") == 2 and page.count("carries") + page.count("sponsor confirms") == 2
    assert "Something about it is to be looked at" in page and "No approval code was found" in page
    keys = {f"key-{plan.case.pk}": plan.key for plan in answer.context["plans"] if not plan.refusal}
    client.post(path, {**chosen, **keys, "confirmed": "1"})
    assert set(Entry.objects.values_list("decision__case", flat=True)) == {case.pk for case in good}
    assert ReviewCase.objects.filter(state="submitted").count() == 2

"""Warned, terminated, appealed, put back: each act with its letters, each day by the programme’s clock (R-SPO-6)."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from preapprovals.models import Appeal, AppealDraft, Notice, Offering
from preapprovals.services import appealing, oversight
from preapprovals.states import Act, ContactRole, OfferingState
from serportal.accounts.models import CommitteeTerm
from serportal.accounts.states import Committee
from serportal.drafts.services import Seen
from serportal.outbox.models import Message
from serportal.outbox.services import render
from serportal.reviews import services as reviews
from serportal.reviews.kinds import kind_of
from serportal.reviews.models import Decision, ReviewCase
from serportal.reviews.states import Answer, Basis, CaseState, Move, Step
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day, programme_zone
from tests import factories

pytestmark = pytest.mark.django_db

YES, NO = Answer.YES, Answer.NO
REASON = "The agenda was a product show."
GROUNDS = "The product show was another event, the week after."


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def appeals():
    return [factories.member(Committee.APPEALS) for _ in range(3)]


@pytest.fixture
def bram():
    return factories.PersonFactory(name="Bram Vos")


@pytest.fixture
def offering(bram):
    return factories.offering(factories.sponsor(bram))


def terminate(offering, by, **given) -> Notice:
    return oversight.act_on(offering.pk, act=Act.TERMINATED, reason=REASON, by=by, **given)


def appeal(offering, by, *, at=None, grounds: str = GROUNDS) -> ReviewCase:
    offering.refresh_from_db()
    draft = appealing.begin(notice=appealing.termination_of(offering), by=by, at=at)
    draft = appealing.save(draft_id=draft.pk, by=by, grounds=grounds, seen=Seen(draft.version), at=at)
    return appealing.file_appeal(draft_id=draft.pk, by=by, at=at)


def put_to_all(offering, bram, ruth, **given) -> ReviewCase:
    terminate(offering, ruth)
    case = reviews.screen(appeal(offering, bram, **given).pk, by=ruth)
    case.refresh_from_db()
    return case


def decide(case, by) -> Decision:
    case.refresh_from_db()
    return reviews.decide(case.pk, digest=reviews.preview(case).digest, by=by)


def words(message: Message) -> str:
    return render(message.template, message.context)[1]


# What the coordinator does --------------------------------------------------------------------


def test_a_warning_and_its_end_are_told_to_every_contact(offering, ruth, bram):
    """R-SPO-6: it stays on the list."""
    factories.contact(offering.sponsor, "ana@delta.example", ContactRole.READER)
    oversight.act_on(offering.pk, act=Act.WARNED, reason=REASON, by=ruth)
    offering.refresh_from_db()
    assert offering.state == OfferingState.WARNED and Offering.objects.public(programme_day()).exists()
    letters = Message.objects.filter(template="offering-warned")
    assert {one.to for one in letters} == {bram.email, "ana@delta.example"}
    assert all(REASON in words(one) and offering.code in words(one) for one in letters)
    with pytest.raises(Refusal, match="“warned”"):
        oversight.act_on(offering.pk, act=Act.WARNED, reason=REASON, by=ruth)
    oversight.act_on(offering.pk, act=Act.CLEARED, reason="It was changed.", by=ruth)
    offering.refresh_from_db()
    assert offering.state == OfferingState.ACTIVE
    assert Message.objects.filter(template="offering-warning-over").count() == 2


def test_a_termination_is_off_the_list_at_once_and_can_be_appealed_for_thirty_days(offering, ruth, bram):
    """R-SPO-6."""
    notice = terminate(offering, ruth)
    offering.refresh_from_db()
    assert offering.state == OfferingState.TERMINATED
    assert not Offering.objects.public(programme_day()).exists() and not offering.holds_on(programme_day())
    assert notice.appeal_until == programme_day() + timedelta(days=30)
    letter = words(Message.objects.get(template="offering-terminated"))
    assert day_text(notice.appeal_until) in letter and f"/preapprovals/offerings/{offering.pk}/appeal/" in letter


@pytest.mark.parametrize("act", [Act.WARNED, Act.TERMINATED])
def test_an_act_needs_its_reason(offering, ruth, act):
    with pytest.raises(Refusal, match="reason is missing"):
        oversight.act_on(offering.pk, act=act, reason=" \u200b ", by=ruth)
    assert not Message.objects.filter(template__startswith="offering-").exists()


def test_what_expired_or_is_only_listed_cannot_be_terminated(ruth):
    today = programme_day()
    old = factories.offering(valid_from=today - timedelta(days=60), valid_to=today - timedelta(days=1))
    listed = factories.offering(credits=None, minutes=0)
    for one in (old, listed):
        assert oversight.possible(one, today) == []
    with pytest.raises(Refusal, match="expired"):
        terminate(old, ruth)


def test_a_coordinator_of_the_sponsor_does_nothing_and_sees_nothing(offering, bram, client):
    """R-REV-5."""
    both = factories.coordinator()
    factories.contact(offering.sponsor, both.email, ContactRole.READER, person=both)
    with pytest.raises(Refusal, match="You have a part"):
        terminate(offering, both)
    client.force_login(both)
    assert client.get(reverse("admin:preapprovals_notice_act", args=[offering.pk, "terminated"])).status_code == 404
    assert offering.title not in client.get(reverse("admin:preapprovals_notice_changelist")).content.decode()


def test_the_letter_is_read_before_it_is_sent(offering, ruth, client):
    client.force_login(ruth)
    path = reverse("admin:preapprovals_notice_act", args=[offering.pk, "terminated"])
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": ""}).status_code == 422
    shown = client.post(path, {"reason": REASON})
    assert shown.status_code == 200 and "This letter would go out" in shown.content.decode()
    assert not offering.notices.filter(act=Act.TERMINATED).exists()
    sent = {"reason": "Another reason.", "digest": shown.context["digest"], "confirm": "1"}
    assert client.post(path, sent).status_code == 200
    assert not offering.notices.filter(act=Act.TERMINATED).exists()
    assert client.post(path, {**sent, "reason": REASON}).status_code == 302
    assert offering.notices.get(act=Act.TERMINATED).reason == REASON
    assert client.post(path, {**sent, "reason": REASON}).status_code == 409


def test_claims_about_earlier_days_stand_and_later_ones_are_flagged(offering, ruth):
    """R-SPO-8."""
    today = programme_day()
    later = factories.claim(about="training", last_day=today, approval_code=offering.code)
    earlier = factories.claim(about="training", last_day=today - timedelta(days=10), approval_code=offering.code)
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        terminate(offering, ruth)

    def flags(case):
        kind = kind_of(case)
        return " ".join(kind.flags(kind.read(case), by=ruth))

    assert "terminated" in flags(later) and "terminated" not in flags(earlier)
    assert set(ReviewCase.objects.filter(kind="cec").values_list("state", flat=True)) == {CaseState.SUBMITTED}


# The appeal --------------------------------------------------------------------


def test_an_appeal_is_a_case_with_its_receipt(offering, ruth, bram):
    terminate(offering, ruth)
    case = appeal(offering, bram)
    assert case.reference.startswith("APL-") and case.due_on == case.filed_on + timedelta(days=42)
    letter = words(Message.objects.get(template="appeal-receipt"))
    assert case.reference in letter and "last day for an appeal" not in letter
    assert Appeal.objects.get().grounds == GROUNDS and not Appeal.objects.get().late


@pytest.mark.parametrize(("hour", "minute", "second", "days", "late"), [(23, 59, 59, 30, False), (0, 0, 0, 31, True)])
def test_day_thirty_counts_to_its_last_second(offering, ruth, bram, hour, minute, second, days, late):
    """R-SPO-6: the programme’s midnight, not that of UTC."""
    told = datetime(2026, 3, 2, 12, tzinfo=programme_zone())
    made = factories.offering(offering.sponsor, valid_from=told.date() - timedelta(days=100))
    terminate(made, ruth, at=told)
    filed = (told + timedelta(days=days)).replace(hour=hour, minute=minute, second=second, tzinfo=programme_zone())
    case = appeal(made, bram, at=filed)
    assert Appeal.objects.get(case=case).late is late
    assert ("came after the last day" in words(Message.objects.get(template="appeal-receipt"))) is late


def test_a_late_appeal_is_kept_and_waits_for_the_coordinator(offering, ruth, bram, appeals, client):
    terminate(offering, ruth, at=timezone.now() - timedelta(days=32))
    case = reviews.screen(appeal(offering, bram).pk, by=ruth)
    case.refresh_from_db()
    assert case.step == Step.HELD and not case.polls.exists()
    assert reviews.open_held() == 0
    client.force_login(ruth)
    page = client.get(f"/admin/reviews/reviewcase/{case.pk}/change/").content.decode()
    assert "only if you let it in" in page and "Let it in" in page and "Close it without the committee" in page
    path = reverse("admin:preapprovals_notice_admit", args=[case.pk])
    assert client.post(path, {"reason": " "}).status_code == 302
    assert not case.polls.exists()
    assert client.post(path, {"reason": "The letter was late too."}).status_code == 302
    case.refresh_from_db()
    assert case.step == Step.POLL and case.polls.get().voters.count() == 3
    assert case.events.get(move=Move.ADMIT).note == "The letter was late too."
    page = client_page(bram, case)
    assert "and the coordinator let it in" in page and "The coordinator decides whether it is let in" not in page


def test_what_is_kept_from_the_committee_is_the_coordinators_everywhere(offering, ruth, bram, appeals, client):
    """SPEC 3, SPEC 4: in the list, its filter and export, the work queue, and on the pages of who filed it."""
    terminate(offering, ruth, at=timezone.now() - timedelta(days=32))
    case = reviews.screen(appeal(offering, bram).pk, by=ruth)
    client.force_login(ruth)
    cases = reverse("admin:reviews_reviewcase_changelist")
    for query in ("holder=coordinator", "step__exact=held"):
        assert case.reference in client.get(f"{cases}?{query}").content.decode()
    for query in ("holder=submitter", "step__exact=gates"):
        assert case.reference not in client.get(f"{cases}?{query}").content.decode()
    row = client.get(f"{cases}export/csv/?step__exact=held").getvalue().decode()
    assert "Settle what keeps it from the committee" in row and ",coordinator," in row
    queue = client.get("/admin/")
    boxes = {box["label"]: box["n"] for box in queue.context["tally"]}
    assert boxes["appeals for you to settle"] == 1 and boxes["applications wait for something"] == 0
    assert queue.context["yours"] == 1 and queue.context["queue"][0]["yours"]
    page = client_page(bram, case)
    assert "The coordinator decides whether it is let in." in page
    client.force_login(bram)
    told = client.get("/dashboard/")
    assert not told.context["asked"] and "who decides whether it goes to the committee" in told.content.decode()


def test_a_late_appeal_is_closed_with_a_letter_of_its_own(offering, ruth, bram, appeals):
    terminate(offering, ruth, at=timezone.now() - timedelta(days=32))
    case = reviews.screen(appeal(offering, bram).pk, by=ruth)
    reviews.close(case.pk, reason="Six weeks late, and nothing new in it.", by=ruth)
    letter = words(Message.objects.get(template="appeal-closed"))
    assert "Six weeks late" in letter and "The termination stands." in letter
    offering.refresh_from_db()
    assert offering.state == OfferingState.TERMINATED
    assert (offering.notices.last().act, offering.notices.last().by) == (Act.REFUSED, ruth)
    page = client_page(bram, case)
    assert "We closed it without a decision" in page and "It ended without a decision." in page


def test_all_but_those_who_decided_before_or_have_a_conflict_are_asked(ruth, bram, appeals):
    """R-SPO-6: seats on the request’s panel, whoever acts for the sponsor, whoever declared a conflict with it."""
    panel = [appeals[0], *(factories.member() for _ in range(2))]
    CommitteeTerm.objects.create(
        member=panel[0], committee=Committee.CONTINUING_EDUCATION, starts_on=programme_day() - timedelta(days=400)
    )
    case = factories.preapproved(ruth, panel, owner=bram)
    made = Offering.objects.get(request=case.pk)
    case.conflicts.create(member=appeals[1], declared_at=timezone.now())
    extra = [factories.member(Committee.APPEALS) for _ in range(2)]
    factories.contact(made.sponsor, extra[0].email, ContactRole.READER, person=extra[0])
    filed = put_to_all(made, bram, ruth)
    asked = {one.member for one in filed.polls.get().voters.all()}
    assert asked == {appeals[2], extra[1]}
    assert not ReviewCase.objects.visible_to(appeals[1]).filter(pk=filed.pk).exists()


def test_more_than_half_overturn_it(offering, ruth, bram, appeals):
    """R-SPO-6: back on the list in the transaction of the decision."""
    case = put_to_all(offering, bram, ruth)
    factories.answer_question(case, appeals[0], YES, reason="Another event, clearly.")
    case.refresh_from_db()
    assert case.step == Step.POLL
    factories.answer_question(case, appeals[1], YES)
    case.refresh_from_db()
    offering.refresh_from_db()
    assert case.step == Step.DECIDE and offering.state == OfferingState.TERMINATED
    made = decide(case, ruth)
    offering.refresh_from_db()
    assert made.basis == Basis.COMMITTEE and made.approved
    assert offering.state == OfferingState.ACTIVE and Offering.objects.public(programme_day()).get() == offering
    assert offering.notices.last().act == Act.OVERTURNED
    letter = Message.objects.get(key=f"decision:{made.pk}").text
    assert "is overturned" in letter and "Another event, clearly." in letter and offering.code in letter
    for one in appeals:
        assert one.name not in letter
    assert client_page(bram, case).count("final") >= 1


def client_page(person, case) -> str:
    client = Client()
    client.force_login(person)
    return client.get(f"/appeals/{case.reference}/").content.decode()


@pytest.mark.parametrize("answers", [[NO, NO], [YES], []])
def test_what_is_no_vote_for_it_stands(offering, ruth, bram, appeals, answers):
    """R-SPO-6, SPEC 5: silence is not a vote to overturn; ballots by day 28."""
    case = put_to_all(offering, bram, ruth)
    assert case.polls.get().due_on == case.filed_on + timedelta(days=28)
    for one, answer in zip(appeals, answers, strict=False):
        factories.answer_question(case, one, answer, reason="It was the same event.")
    over = timezone.now() + timedelta(days=29)
    reviews.close_over(timezone.now() + timedelta(days=28))
    reviews.close_over(over)
    made = decide(case, ruth)
    offering.refresh_from_db()
    assert not made.approved and offering.state == OfferingState.TERMINATED
    assert offering.notices.last().act == Act.UPHELD
    assert "the termination is upheld" in made.letter


@pytest.mark.parametrize(("answer", "word", "other"), [(YES, "overturned", "upheld"), (NO, "upheld", "overturned")])
def test_its_end_is_told_in_the_words_of_appeals_everywhere(offering, ruth, bram, appeals, client, answer, word, other):
    """R-SPO-6: the termination is overturned or upheld; nothing is “approved” or “denied”."""
    case = put_to_all(offering, bram, ruth)
    for one in appeals[:2]:
        factories.answer_question(case, one, answer, reason="So it is.")
    client.force_login(ruth)
    address = f"/admin/reviews/reviewcase/{case.pk}/change/"
    before = client.get(address).content.decode()
    assert f"<strong>{word.capitalize()}.</strong>" in before
    decide(case, ruth)
    after = client.get(address).content.decode()
    assert f'<h2 id="now">{word.capitalize()}</h2>' in after and f"<h3>{word.capitalize()}</h3>" in after
    cases = reverse("admin:reviews_reviewcase_changelist")
    state = "approved" if answer == YES else "denied"
    assert f",{word}," in client.get(f"{cases}export/csv/?kind=appeal&state__exact={state}").getvalue().decode()
    chosen = client.get(f"{cases}?kind=appeal&state__exact={state}").content.decode()
    assert case.reference in chosen and "overturned" in chosen and "upheld" in chosen and ">denied" not in chosen
    person = client.get(reverse("admin:accounts_user_everything", args=[bram.pk])).content.decode()
    listed = client.get(reverse("admin:preapprovals_offering_change", args=[offering.pk])).content.decode()
    assert f"<td>{word}</td>" in person and f"he termination was {word}" in listed
    client.force_login(bram)
    shown = [client_page(bram, case), client.get("/dashboard/").content.decode()]
    assert f"The termination is {word}" in shown[0] and f'<span class="tag">{word.capitalize()}</span>' in shown[1]
    for page in [after, person, *shown]:
        assert f">{other.capitalize()}" not in page and ">Approved<" not in page and ">Denied" not in page
    with pytest.raises(Refusal, match=f"“{word}, ended”"):
        reviews.extend(case.pk, until=case.due_on + timedelta(days=7), reason="Too late.", by=ruth)


def test_the_result_is_final(offering, ruth, bram, appeals, client):
    """R-SPO-6: no reopening, no second appeal."""
    case = put_to_all(offering, bram, ruth)
    for one in appeals[:2]:
        factories.answer_question(case, one, NO, reason="No.")
    decide(case, ruth)
    with pytest.raises(Refusal, match="final"):
        reviews.reopen(case.pk, reason="They wrote again.", by=ruth)
    client.force_login(ruth)
    page = client.get(f"/admin/reviews/reviewcase/{case.pk}/change/").content.decode()
    assert "This decision is final" in page and "Open it again" not in page
    client.force_login(bram)
    page = client.get(f"/preapprovals/offerings/{offering.pk}/appeal/").content.decode()
    assert "filed an appeal on" in page and "File the appeal" not in page


def test_what_ran_out_meanwhile_is_won_and_expired(ruth, bram, appeals):
    """SPEC 3: terminated → expired, if its time ran out."""
    today = programme_day()
    ending = factories.offering(
        factories.sponsor(bram), valid_from=today - timedelta(days=300), valid_to=today + timedelta(days=1)
    )
    case = put_to_all(ending, bram, ruth)
    for one in appeals[:2]:
        factories.answer_question(case, one, YES)
    case.refresh_from_db()
    at = timezone.now() + timedelta(days=3)
    made = reviews.decide(case.pk, digest=reviews.preview(case, at=at).digest, by=ruth, at=at)
    ending.refresh_from_db()
    assert ending.state == OfferingState.ACTIVE and not Offering.objects.public(programme_day(at)).exists()
    assert "does not return to the list" in made.letter


def test_with_nobody_left_to_ask_it_is_shown_as_blocked_until_somebody_is(offering, ruth, bram, client):
    """R-SPO-6, R-REV-3."""
    case = put_to_all(offering, bram, ruth)
    assert case.step == Step.HELD
    client.force_login(ruth)
    page = client.get(f"/admin/reviews/reviewcase/{case.pk}/change/").content.decode()
    assert "Nobody of the committee is left" in page and "Close it without the committee" not in page
    with pytest.raises(Refusal, match="held, for the coordinator to settle"):
        reviews.close(case.pk, reason="There is nobody.", by=ruth)
    assert reviews.open_held() == 0
    fresh = factories.member(Committee.APPEALS)
    assert reviews.open_held() == 1 and reviews.open_held() == 0
    assert [one.member for one in case.polls.get().voters.all()] == [fresh]


def test_who_steps_out_leaves_the_electorate_and_the_last_one_blocks_it(offering, ruth, bram, appeals, client):
    """R-SPO-6: of two who are left, both must agree; of nobody, nothing is decided."""
    case = put_to_all(offering, bram, ruth)
    poll = case.polls.get()
    for left, one in zip([2, 1, 0], appeals, strict=True):
        reviews.declare_on(poll.voters.get(member=one).pk, conflict=True, by=one)
        assert poll.voters.filter(counts=True).count() == left
    assert reviews.close_over(timezone.now() + timedelta(days=60)) == 0
    case.refresh_from_db()
    assert case.step == Step.POLL
    with pytest.raises(Refusal, match="Still nobody"):
        reviews.ask_anew(poll.pk, reason="New members.", by=ruth)
    fresh = factories.member(Committee.APPEALS)
    client.force_login(ruth)
    sent = {"poll": poll.pk, "text": "A member joined."}
    assert client.post(f"/admin/reviews/reviewcase/{case.pk}/anew/", sent).status_code == 302
    factories.answer_question(case, fresh, YES)
    case.refresh_from_db()
    assert case.step == Step.DECIDE


def test_the_days_of_an_appeal_are_fixed(offering, ruth, bram, appeals):
    """SPEC 5."""
    poll = put_to_all(offering, bram, ruth).polls.get()
    with pytest.raises(Refusal, match="fixed"):
        reviews.give_days(poll.pk, until=poll.due_on + timedelta(days=2), reason="Holidays.", by=ruth)


# The form --------------------------------------------------------------------


def test_the_form_keeps_what_was_typed_and_files_through_every_refusal(offering, ruth, bram, client):
    """SPEC 6."""
    terminate(offering, ruth)
    client.force_login(bram)
    path = f"/preapprovals/offerings/{offering.pk}/appeal/"
    assert client.get(path).status_code == 200 and not AppealDraft.objects.exists()
    sent = {"version": "1", "grounds": "", "send": "1", "files": factories.pdf("programme.pdf")}
    page = client.post(path, sent)
    assert page.status_code == 422 and "The grounds are missing" in page.content.decode()
    assert "programme.pdf" in page.content.decode()
    version = AppealDraft.objects.get().version
    assert client.post(path, {"version": str(version), "grounds": GROUNDS, "later": "1"}).status_code == 302
    assert GROUNDS in client.get(path).content.decode()
    stale = client.post(path, {"version": str(version), "grounds": "From another tab.", "later": "1"})
    assert stale.status_code == 409 and "From another tab." in stale.content.decode()
    bad = {"version": str(version + 1), "grounds": GROUNDS, "files": factories.pdf("x.exe"), "add": "1"}
    assert client.post(path, bad).status_code == 422
    ready = {"version": str(version + 1), "grounds": GROUNDS, "send": "1"}
    for _twice in range(2):
        response = client.post(path, ready)
        assert response["Location"] == f"/appeals/{ReviewCase.objects.get(kind='appeal').reference}/"
    case = ReviewCase.objects.get(kind="appeal")
    page = client.get(f"/appeals/{case.reference}/").content.decode()
    assert GROUNDS in page and "programme.pdf" in page and "With the coordinator" in page


def test_a_file_can_be_removed_before_the_appeal_is_sent(offering, ruth, bram, client):
    terminate(offering, ruth)
    client.force_login(bram)
    path = f"/preapprovals/offerings/{offering.pk}/appeal/"
    client.post(path, {"version": "1", "grounds": "", "add": "1", "files": factories.pdf()})
    stored = AppealDraft.objects.get().folder.files.get()
    assert b"".join(client.get(f"/files/{stored.pk}/").streaming_content)
    client.post(path, {"version": "1", "grounds": "", "remove": str(stored.pk)})
    stored.refresh_from_db()
    assert stored.removed_at is not None


def test_only_who_may_act_for_the_sponsor_appeals(offering, ruth, bram, client):
    terminate(offering, ruth)
    reader = factories.PersonFactory()
    factories.contact(offering.sponsor, reader.email, ContactRole.READER, person=reader)
    path = f"/preapprovals/offerings/{offering.pk}/appeal/"
    for person in (reader, factories.PersonFactory(), ruth):
        client.force_login(person)
        assert client.get(path).status_code == 404
        assert client.post(path, {"grounds": GROUNDS, "send": "1"}).status_code == 404
    case = appeal(offering, bram)
    assert client.get(f"/appeals/{case.reference}/").status_code == 404


def test_a_second_contact_is_told_that_there_is_one(offering, ruth, bram, client):
    terminate(offering, ruth)
    appeal(offering, bram)
    other = factories.PersonFactory()
    factories.contact(offering.sponsor, other.email, ContactRole.EDITOR, person=other)
    client.force_login(other)
    path = f"/preapprovals/offerings/{offering.pk}/appeal/"
    page = client.post(path, {"version": "1", "grounds": "Mine too.", "send": "1"})
    assert page.status_code == 409 and "Mine too." in page.content.decode()
    assert "Bram Vos filed an appeal" in page.content.decode()
    assert Appeal.objects.count() == 1


def acting(offering, role=ContactRole.EDITOR, person=None):
    person = person or factories.PersonFactory()
    factories.contact(offering.sponsor, person.email, role, person=person)
    return person


def test_who_may_act_for_the_sponsor_reads_the_appeal_its_files_and_its_outcome(offering, ruth, bram, appeals, client):
    """The decision letter stays the filer’s; the others who may act are told where it stands."""
    editor, manager = acting(offering), acting(offering, ContactRole.MANAGER)
    reader, gone = acting(offering, ContactRole.READER), acting(offering)
    gone.sponsor_contacts.update(left_at=timezone.now())
    terminate(offering, ruth)
    draft = appealing.begin(notice=appealing.termination_of(Offering.objects.get(pk=offering.pk)), by=bram)
    appealing.add_files(draft=draft, uploads=[factories.pdf("programme.pdf")], by=bram)
    case = reviews.screen(appeal(offering, bram).pk, by=ruth)
    for one in appeals[:2]:
        factories.answer_question(case, one, YES, reason="Another event, clearly.")
    decide(case, ruth)
    stored = case.folder.files.get()
    for person, status in [(bram, 200), (editor, 200), (manager, 200), (reader, 404), (gone, 404), (appeals[2], 404)]:
        client.force_login(person)
        page = client.get(f"/appeals/{case.reference}/")
        served = client.get(f"/files/{stored.pk}/")
        assert (page.status_code, served.status_code) == (status, status)
        if status == 200:
            assert b"".join(served.streaming_content)
            assert "The termination is overturned." in page.content.decode() and GROUNDS in page.content.decode()
            for path in (f"/preapprovals/offerings/{offering.pk}/", f"/preapprovals/offerings/{offering.pk}/appeal/"):
                assert f"/appeals/{case.reference}/" in client.get(path).content.decode()
    assert Message.objects.get(key__startswith="decision:", about=case.reference).person == bram
    told = Message.objects.filter(template="appeal-colleagues")
    assert {one.person for one in told} == {editor, manager}
    for one in told:
        assert one.about == case.reference and f"/appeals/{case.reference}/" in words(one)
        assert "Bram Vos filed the appeal" in words(one) and "overturned" not in words(one)


def test_a_declared_conflict_closes_the_appeal_to_who_acts_for_the_sponsor_too(offering, ruth, bram, appeals, client):
    """R-REV-5: page, files, the link to it, and mail."""
    case = put_to_all(offering, bram, ruth)
    both = appeals[0]
    acting(offering, person=both)
    reviews.declare_on(case.polls.get().voters.get(member=both).pk, conflict=True, by=both)
    for one in appeals[1:]:
        factories.answer_question(case, one, YES)
    decide(case, ruth)
    client.force_login(both)
    assert client.get(f"/appeals/{case.reference}/").status_code == 404
    for path in (f"/preapprovals/offerings/{offering.pk}/", f"/preapprovals/offerings/{offering.pk}/appeal/"):
        page = client.get(path)
        assert page.status_code == 200 and f"/appeals/{case.reference}/" not in page.content.decode()
    assert not Message.objects.filter(template="appeal-colleagues").exists()


def test_an_appeal_is_withdrawn_before_its_outcome_and_there_is_no_other(offering, ruth, bram, appeals, client):
    """SPEC 3, R-SPO-6: the page says so first; the termination stands, and the offering’s history tells it."""
    editor = acting(offering)
    case = put_to_all(offering, bram, ruth)
    factories.answer_question(case, appeals[0], YES)
    path = f"/appeals/{case.reference}/withdraw/"
    client.force_login(editor)
    assert client.get(path).status_code == client.post(path).status_code == 404
    assert "Withdraw this appeal" not in client.get(f"/appeals/{case.reference}/").content.decode()
    client.force_login(bram)
    assert path in client.get(f"/appeals/{case.reference}/").content.decode()
    page = client.get(path).content.decode()
    assert "A termination can be appealed once" in page and "stands" in page
    case.refresh_from_db()
    assert case.step == Step.POLL
    for _twice in range(2):
        assert client.post(path, {"text": "We offer it anew."}).status_code == 302
    case.refresh_from_db()
    offering.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN and offering.state == OfferingState.TERMINATED
    assert case.polls.get().closed_at and case.polls.get().outcome is None
    last = offering.notices.last()
    assert (last.act, last.by) == (Act.RETRACTED, bram) and offering.notices.filter(act=Act.RETRACTED).count() == 1
    letter = words(Message.objects.get(template="appeal-withdrawn"))
    assert "the termination stands" in letter and "cannot be appealed again" in letter
    assert Message.objects.get(template="appeal-colleagues").person == editor
    assert set(Message.objects.filter(template="poll-invitation").values_list("state", flat=True)) == {"cancelled"}
    page = client_page(bram, case)
    assert "It ended without a decision. The termination stands." in page and "We offer it anew." in page
    assert client.get(path).status_code == 302
    shown = client.get(f"/preapprovals/offerings/{offering.pk}/").content.decode()
    assert "The appeal was withdrawn, so the termination stands" in shown
    again = client.get(f"/preapprovals/offerings/{offering.pk}/appeal/").content.decode()
    assert "can be appealed once" in again and "File the appeal" not in again
    with pytest.raises(Refusal, match="one is all there can be"):
        appeal(offering, editor)
    client.force_login(appeals[0])
    assert client.get(f"/reviews/{case.reference}/question/1/").status_code == 404


def test_what_the_committee_voted_on_is_not_withdrawn(offering, ruth, bram, appeals, client):
    """R-SPO-6: its decision is final, before the letter too."""
    case = put_to_all(offering, bram, ruth)
    for one in appeals[:2]:
        factories.answer_question(case, one, NO, reason="The same event.")
    client.force_login(bram)
    path = f"/appeals/{case.reference}/withdraw/"
    assert path not in client.get(f"/appeals/{case.reference}/").content.decode()
    assert client.get(path).status_code == 302
    told = client.post(path, follow=True).content.decode()
    assert "so it is decided" in told and "overturned" not in told and "upheld" not in told
    case.refresh_from_db()
    assert case.step == Step.DECIDE
    with pytest.raises(ReviewCase.DoesNotExist):
        appealing.withdraw(case.pk, by=ruth)


def test_nothing_terminated_is_nothing_to_appeal(offering, bram, client):
    client.force_login(bram)
    assert client.get(f"/preapprovals/offerings/{offering.pk}/appeal/").status_code == 404


def test_a_vote_key_is_one_vote(offering, ruth, bram, appeals):
    case = put_to_all(offering, bram, ruth)
    voter = case.polls.get().voters.get(member=appeals[0])
    reviews.declare_on(voter.pk, conflict=False, by=appeals[0])
    key = uuid.uuid4()
    made = [reviews.vote(voter.pk, by=appeals[0], key=key, revision=1, answer=YES) for _twice in range(2)]
    assert made[0] == made[1]

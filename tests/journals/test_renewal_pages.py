"""The pages of a renewal: what it needs, filed, followed, answered, withdrawn; the coordinator’s; the letters."""

from datetime import timedelta

import pytest
from django.urls import reverse

from journals import services
from journals.models import Entry, Renewal, RenewalDraft
from journals.services import renewing
from serportal.certifications import services as certifications
from serportal.certifications.models import Period
from serportal.outbox.models import Message
from serportal.outbox.services import render
from serportal.reviews import services as reviews
from serportal.reviews.models import ReviewCase
from serportal.reviews.states import CaseState, Step
from serportal.ui.words import day_text, programme_day
from tests import factories
from tests.home.test_public import text_of

pytestmark = pytest.mark.django_db

RENEW = "/journal/renew/"
DAY = timedelta(days=1)


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth Okello")


@pytest.fixture(autouse=True)
def _nobody_is_drawn_by_chance(settings):
    """What is sent by the page is drawn by lot; here it says which are audited."""
    settings.AUDIT_SHARE = 1e-9


@pytest.fixture
def amara(client):
    """Thirty days before the end of her period, with 50 credits."""
    person = factories.renewable(name="Amara Okafor")
    client.force_login(person)
    return person


def said(day) -> str:
    """Return ``day`` as ``text_of`` leaves it."""
    return " ".join(day_text(day).split())


def shown(person) -> str:
    today, period = programme_day(), person.periods.latest("starts_on")
    return renewing.shown(renewing.fee_of(period, today), renewing.agreement_of(today))


def sent(client, person, **typed):
    data = {"version": "1", "shown": shown(person), **factories.DECLARED, "typed_name": person.name, "send": "1"}
    return client.post(RENEW, {**data, **typed})


@pytest.mark.parametrize(
    ("made", "says", "form"),
    [
        ({"ends_in": 300, "short": {5: "2"}}, ["Renewal opens on", "Plan how to earn them"], False),
        ({"short": {5: "2"}}, ["8 of the 50 credits are still missing", "Year 5 still needs 3 by"], False),
        ({"short": {2: "3", 3: "17"}}, ["Year 2 ended on", "Ask for an arrangement"], False),
        ({}, ["Everything it needs is there", "Sign the Code of Ethics again"], True),
        ({"ends_in": -60}, ["You are still listed", "Everything it needs is there"], True),
        ({"ends_in": -200}, ["Have your certification reinstated", "no day is lost"], True),
        ({"ends_in": -470}, ["There is nothing to file here now", "A new application is the way back"], False),
    ],
)
def test_the_page_says_at_any_time_what_it_needs(client, made, says, form):
    person = factories.renewable(**made)
    client.force_login(person)
    page = client.get(RENEW)
    words = text_of(page)
    assert all(one in words for one in says), words
    assert ('name="send"' in page.content.decode()) is form
    first = person.periods.get().ends_on + DAY
    assert made.get("ends_in") == -470 or said(first) in words
    assert not RenewalDraft.objects.exists()


def test_nobody_but_a_certificant_has_anything_to_renew(client):
    client.force_login(factories.PersonFactory())
    assert client.get(RENEW)["Location"] == reverse("journals:journal")


def test_a_certification_that_was_revoked_has_nothing_to_renew(client, ruth, amara):
    certifications.revoke(certification_id=factories.certification_of(amara).pk, reason="Fraud.", by=ruth)
    words = text_of(client.get(RENEW))
    assert "Your certification has ended, so there is nothing to renew." in words
    assert sent(client, amara).status_code == 409 and not ReviewCase.objects.exists()


def test_sent_it_leads_to_its_page_and_pressed_twice_it_is_one(client, amara):
    """SPEC 6: two submits of one form make one submission."""
    first, second = sent(client, amara), sent(client, amara)
    case = ReviewCase.objects.get()
    assert first["Location"] == second["Location"] == f"/journal/renewals/{case.reference}/"
    words = text_of(client.get(first["Location"]))
    assert "What is still to come" in words and "is not paid yet" in words
    assert "Amara Okafor" in words and "We checked it" in words
    assert case.reference in text_of(client.get(RENEW))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"truthful": ""}, "Tick that what your journal says is true, if it is."),
        ({"sanctions": ""}, "Say whether there was a conviction or a sanction about your work."),
        ({"sanctions": "yes"}, "What it was is missing."),
        ({"unchanged": "no"}, "What changes is missing."),
        ({"agreed": ""}, "Tick that you agree, if you do; nobody is renewed without it."),
        ({"typed_name": ""}, "Your signature is missing. Type your name."),
        ({"member": ""}, "Say whether you are a member of SER; the fee depends on it."),
        ({"member": "yes", "membership_number": ""}, "The membership number is missing."),
        ({"reduction": "on"}, "Say in which country you live and work, and what you can pay."),
        ({"member": "maybe"}, "Membership is yes or no. Tick one."),
    ],
)
def test_what_cannot_be_filed_is_said_in_a_sentence_and_nothing_is_lost(client, amara, typed, sentence):
    page = sent(client, amara, invoice_to="Delta Institute, Groningen", **typed)
    assert page.status_code == 422 and sentence in text_of(page)
    assert "Delta Institute, Groningen" in page.content.decode() and not ReviewCase.objects.exists()
    assert "Delta Institute, Groningen" in client.get(RENEW).content.decode()


def test_another_fee_by_now_is_read_first(client, amara):
    page = sent(client, amara, shown="1-1")
    assert page.status_code == 409 and "Nothing was filed. Read it once more." in text_of(page)


def test_a_stale_tab_is_told_so_and_keeps_its_text(client, amara):
    client.post(RENEW, {"version": "1", "invoice_to": "One", "later": "1"})
    page = client.post(RENEW, {"version": "1", "invoice_to": "Another", "later": "1"})
    assert page.status_code == 409 and "Another" in page.content.decode()
    assert RenewalDraft.objects.get().data["invoice_to"] == "One"


def test_the_proof_of_an_audit_is_sent_and_read_by_the_coordinator(client, ruth, amara):
    case = factories.renewal(amara, audited=True)
    address = f"/journal/renewals/{case.reference}/"
    words = text_of(client.get(address))
    assert "Send the proof" in words and "Drawn for an audit" in words and "Field day of 10" in words
    assert "An audit asks you" in text_of(client.get(f"{address}answer/"))
    empty = client.post(f"{address}answer/", {"version": "1", "send": "1"})
    assert empty.status_code == 409 and "Nothing is attached or written." in text_of(empty)
    typed = {"version": RenewalDraft.objects.get(request__isnull=False).version, "answer": "All three.", "send": "1"}
    bad = client.post(f"{address}answer/", {**typed, "files": factories.pdf("x.exe")})
    assert bad.status_code == 422 and "All three." in bad.content.decode()
    typed["version"] = RenewalDraft.objects.get(request__isnull=False).version
    done = client.post(f"{address}answer/", {**typed, "files": factories.pdf("proof.pdf")})
    assert done["Location"] == address and "proof.pdf" in text_of(client.get(address))
    assert client.get(f"{address}answer/")["Location"] == address
    client.force_login(ruth)
    page = text_of(client.get(reverse("admin:reviews_reviewcase_change", args=[case.pk])))
    assert "Drawn for an audit" in page and "All three." in page and "is not paid yet" in page


def test_files_of_an_answer_are_added_and_removed(client, amara):
    case = factories.renewal(amara, audited=True)
    address = f"/journal/renewals/{case.reference}/answer/"
    client.post(address, {"version": "1", "add": "1", "files": factories.pdf()})
    draft = RenewalDraft.objects.get(request__isnull=False)
    stored = draft.folder.files.get()
    assert b"".join(client.get(f"/files/{stored.pk}/").streaming_content)
    client.force_login(factories.certificant())
    assert client.get(f"/files/{stored.pk}/").status_code == 404
    client.force_login(amara)
    client.post(address, {"version": draft.version, "remove": str(stored.pk)})
    stored.refresh_from_db()
    assert stored.removed_at is not None


def test_withdrawn_after_a_word_of_warning(client, amara):
    case = factories.renewal(amara)
    address = f"/journal/renewals/{case.reference}/withdraw/"
    assert "A fee that is not paid yet is not asked for any more" in text_of(client.get(address))
    assert Renewal.objects.get().open
    client.post(address, {"text": "Next month."})
    assert not Renewal.objects.get().open
    assert client.get(address)["Location"] == client.post(address)["Location"] == f"/journal/renewals/{case.reference}/"
    assert "Renew again" in text_of(client.get(f"/journal/renewals/{case.reference}/"))


def test_somebody_elses_renewal_does_not_exist(client, amara):
    case = factories.renewal(factories.renewable())
    for page in ("", "answer/", "withdraw/"):
        assert client.get(f"/journal/renewals/{case.reference}/{page}").status_code == 404


def test_dashboard_and_journal_lead_to_it_and_say_when_it_is_done(client, ruth, amara):
    for page in (reverse("home:dashboard"), reverse("journals:journal")):
        assert 'href="/journal/renew/"' in client.get(page).content.decode()
    case = factories.renewal(amara)
    assert case.headline in text_of(client.get(reverse("home:dashboard")))
    factories.paid(case.journals_renewal.bill, ruth)
    renewing.settle_all()
    factories.settle_alone(case, ruth)
    opened = Renewal.objects.get().opened
    for page in (reverse("home:dashboard"), reverse("journals:journal")):
        found = client.get(page)
        assert 'href="/journal/renew/"' not in found.content.decode()
        assert f"It is renewed: your next period runs from {said(opened.starts_on)}" in text_of(found)
    assert "It is renewed already" in text_of(client.get(RENEW))
    words = text_of(client.get(f"/journal/renewals/{case.reference}/"))
    assert "Your certification is renewed." in words and "Your new certificate" in words


# The coordinator ------------------------------------------------------------
def test_the_page_of_the_case_shows_all_that_is_to_be_confirmed(client, ruth, amara):
    case = factories.renewal(amara, sanctions="yes", disclosure="A warning of 2025.")
    client.force_login(ruth)
    page = reverse("admin:reviews_reviewcase_change", args=[case.pk])
    words = text_of(client.get(page))
    assert "is not paid yet" in words and "A warning of 2025." in words and "Year 5" in words
    assert "yes, number SER-7001" in words
    factories.paid(case.journals_renewal.bill, ruth)
    renewing.settle_all()
    words = text_of(client.get(page))
    assert "is renewed for five years" in words and "Decide and send this letter" in words


def bulk(client, *cases, **more):
    data = {"action": "decide_alone", "_selected_action": [case.pk for case in cases], **more}
    return client.post(reverse("admin:reviews_reviewcase_changelist"), data)


def test_several_are_confirmed_at_once_each_letter_read_before(client, ruth):
    """SPEC 4: bulk actions with a preview of the change."""
    ready = [factories.paid_renewal() for _n in range(2)]
    unpaid, unread = factories.renewal(factories.renewable()), factories.renewal(factories.renewable(), audited=True)
    client.force_login(ruth)
    page = bulk(client, *ready, unpaid, unread)
    words = text_of(page)
    assert "to 2 cases of 4 chosen" in words and words.count("is renewed for five years") == 2
    assert "is not paid yet" in words and "Only what no panel reads" in words
    assert Period.objects.count() == 4
    keys = {f"key-{plan.case.pk}": plan.key for plan in page.context["plans"] if plan.key}
    bulk(client, *ready, unpaid, unread, confirmed="1", **keys)
    assert Period.objects.count() == 6
    assert set(ReviewCase.objects.filter(state=CaseState.APPROVED)) == set(ready)
    bulk(client, *ready, confirmed="1", **keys)
    said = text_of(client.get(reverse("admin:reviews_reviewcase_changelist")))
    assert "cannot be done to it any more" in said and Period.objects.count() == 6


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"sanctions": "yes", "disclosure": "A warning of 2025."}, "A conviction or a sanction is declared."),
        ({"unchanged": "no", "changes": "Amara Bello"}, "A change of name or address is asked for."),
    ],
)
def test_what_was_declared_is_read_before_it_is_confirmed(client, ruth, typed, sentence):
    case = factories.paid_renewal(**typed)
    client.force_login(ruth)
    assert "Open the case to decide it." in text_of(bulk(client, case))
    assert sentence in text_of(client.get(reverse("admin:reviews_reviewcase_change", args=[case.pk])))


def test_credits_taken_back_after_the_preview_leave_one_out(client, ruth):
    case, person = factories.paid_renewal(), ReviewCase.objects.get().filed_by
    client.force_login(ruth)
    key = {f"key-{case.pk}": bulk(client, case).context["plans"][0].key}
    services.reverse(Entry.objects.filter(person=person).latest("earned_on").pk, reason="Cancelled.", by=ruth)
    bulk(client, case, confirmed="1", **key)
    assert "credits are still missing" in text_of(client.get("/admin/reviews/reviewcase/"))
    assert Period.objects.count() == 1


def test_the_work_queue_counts_what_is_to_confirm_and_what_to_read(client, ruth):
    factories.paid_renewal()
    factories.renewal(factories.renewable())
    audited = factories.renewal(factories.renewable(), audited=True)
    draft = renewing.begin_reply(case_id=audited.pk, by=audited.filed_by)
    renewing.save(draft_id=draft.pk, by=audited.filed_by, data={"answer": "Lost."}, seen=factories.Seen(1))
    renewing.send_reply(draft_id=draft.pk, by=audited.filed_by)
    client.force_login(ruth)
    tally = {str(one["label"]): one for one in client.get(reverse("admin:index")).context["tally"]}
    assert tally["renewals to confirm"]["n"] == tally["renewals with proof to read"]["n"] == 1
    assert tally["applications wait for something"]["n"] == 0
    for box in ("renewals to confirm", "renewals with proof to read"):
        assert len(client.get(tally[box]["url"]).context["cl"].result_list) == 1


def test_a_conflict_hides_a_renewal_from_a_coordinator(client, ruth):
    """R-REV-5: the own renewal is closed to a coordinator; a deputy takes it."""
    case = factories.paid_renewal()
    case.parties.create(role="organiser", name="Ruth", person=ruth)
    client.force_login(ruth)
    assert client.get(reverse("admin:reviews_reviewcase_change", args=[case.pk])).status_code == 404
    assert not bulk(client, case).context.get("plans")
    client.force_login(factories.coordinator())
    assert bulk(client, case).context["plans"][0].letter


# Letters about what ended ---------------------------------------------------
@pytest.mark.parametrize("act", ["revoke", "retire"])
def test_who_loses_or_gives_up_a_certification_reads_why(ruth, amara, act):
    held = factories.certification_of(amara)
    getattr(certifications, act)(certification_id=held.pk, reason="As agreed in May.", by=ruth)
    letter = Message.objects.get(template=f"certification-{act}d")
    subject, text = render(letter.template, letter.context)
    assert letter.person == amara and held.number in subject
    assert "As agreed in May." in text and f"/verify/{held.number}/" in text


def test_the_letters_about_grace_and_lapse_lead_to_the_renewal(amara):
    person = factories.certificant(since=programme_day() - timedelta(days=1840))
    certifications.tell_grace()
    letter = Message.objects.get(template="certification-grace", person=person)
    assert RENEW in render(letter.template, letter.context)[1]


def test_a_denied_renewal_says_so_and_leads_back(client, ruth, amara):
    case = factories.paid_renewal(amara)
    factories.settle_alone(case, ruth, "deny")
    words = text_of(client.get(f"/journal/renewals/{case.reference}/"))
    assert "It was not renewed. The letter says why." in words and "Renew again" in words
    assert reviews.open_request(case) is None and case.step == Step.DONE

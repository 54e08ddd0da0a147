"""R-APP-6, SPEC 3 and 5, RELIABILITY C9: references are asked for by a link, answered once, and read by few."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications.models import Criteria, Draft, Reference
from applications.services import drafts, gates, referees, reference_letters, references
from applications.states import ReferenceState
from applications.tasks import keep_references_moving
from serportal.accounts.states import Committee
from serportal.drafts.services import Seen, StaleDraft
from serportal.home.mail import messages_visible_to
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews import services as reviews
from serportal.ui.refusal import Refusal
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db
S = ReferenceState
NOW = timezone.now()


@pytest.fixture
def amara():
    return factories.PersonFactory(name="Amara Okafor", email="amara.okafor@wadden.example")


@pytest.fixture
def draft(amara):
    return factories.application_draft(amara)


def filed(draft: Draft):
    """File the draft; what its letters were about becomes the case."""
    case = factories.application(draft=draft).case
    reference_letters.take_over(draft=draft, case=case)
    draft.refresh_from_db()
    return case


def link(token: str) -> str:
    return reverse("references:link", args=[token])


def opened(reference: Reference, client: Client | None = None) -> Client:
    client = client or Client()
    assert client.post(link(factories.token_of(reference)), {"open": "1"}).url == reverse("references:form")
    return client


def send_everything() -> int:
    """Send what is owed, also what was owed in days to come."""
    Message.objects.filter(state="owed").update(next_try_at=NOW - timedelta(days=1))
    return outbox.drain()


def refused(what, code: str, **given):
    with pytest.raises(Refusal) as refusal:
        what(**given)
    assert refusal.value.code == code
    return str(refusal.value)


def rows_of_everything():
    return [list(model.objects.order_by("pk").values()) for model in (Reference, Message, Draft)]


# Naming, inviting, replacing


def test_naming_writes_to_nobody(draft):
    made = factories.named(draft)
    assert (made.state, made.token_hash, made.invited_at) == (S.NAMED, None, None)
    assert not Message.objects.exists()


def test_no_more_are_named_than_count(draft):
    for name in ("One Referee", "Two Referee", "Three Referee"):
        factories.named(draft, name)
    with pytest.raises(Refusal, match="3 referees are named") as refusal:
        factories.named(draft, "Four Referee")
    assert refusal.value.code == "enough"
    Criteria.objects.create(effective_from=programme_day(), references_most=4)
    assert factories.named(draft, "Four Referee")


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("AMARA.Okafor@wadden.example", "own-address"),
        ("wanjiru@referees.example", "same-address"),
        ("Wanjiru@Referees.Example", "same-address"),
    ],
)
def test_an_address_that_is_known_is_refused(draft, email, code):
    factories.named(draft)
    with pytest.raises(Refusal) as refusal:
        factories.named(draft, "Somebody New", email)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("name", "email", "sentence"),
    [
        ("Kamau, Wanjiru", "other@referees.example", "have the same name"),
        ("Somebody New", "wan.jiru+x@referees.example", "have the same address, spelt in two ways"),
        ("Okafor Amara", "new@referees.example", "has the name of the applicant"),
        ("Somebody New", "amaraokafor@wadden.example", "is the applicant’s own, spelt in another way"),
    ],
)
def test_another_spelling_of_a_known_person_is_taken_and_flagged(draft, name, email, sentence):
    factories.named(draft)
    factories.named(draft, name, email)
    flags = references.flags_of(draft)
    assert len(flags) == 1 and sentence in flags[0]


def test_two_different_people_are_not_flagged(draft):
    factories.named(draft)
    factories.named(draft, "Ines Duarte")
    assert references.flags_of(draft) == []


def test_before_the_invitation_all_can_be_changed_and_afterwards_nothing(draft, amara):
    made = factories.named(draft)
    given = {"draft_id": draft.pk, "reference_id": made.pk, "by": amara}
    new = references.Named(name="Ines Duarte", email="ines@referees.example", relationship="Client")
    changed = references.change(named=new, **given)
    assert (changed.name, changed.email_key) == ("Ines Duarte", "ines@referees.example")
    references.invite(**given)
    refused(references.change, "invited", named=new, **given)
    refused(references.remove, "invited", **given)


def test_a_name_is_taken_back(draft, amara):
    made = factories.named(draft)
    references.remove(draft_id=draft.pk, reference_id=made.pk, by=amara)
    assert not Reference.objects.exists()


def test_inviting_twice_sends_one_letter_and_stores_no_link(draft, amara):
    made = factories.invited(draft, note="We built the Dollard marsh. See https://evil.example now")
    references.invite(draft_id=draft.pk, reference_id=made.pk, by=amara)
    message = Message.objects.get()
    assert (message.to, message.person, message.template) == ("wanjiru@referees.example", None, "reference-invitation")
    token = message.secret
    assert len(token) == 43 and Reference.objects.get().token_hash == reference_letters.hash_of(token)
    outbox.drain()
    body = mail.outbox[0].body
    assert f"http://127.0.0.1:8000/references/{token}/" in body
    assert "Dear Wanjiru Kamau," in body and "Amara Okafor writes: “We built the Dollard marsh." in body
    assert "evil.example" not in body
    kept = str([list(model.objects.values()) for model in (Reference, Message, Draft, Session)])
    assert token not in kept


def test_a_new_link_ends_the_old_one_and_goes_once_a_day(draft, amara):
    made = factories.invited(draft, at=NOW)
    old = factories.token_of(made)
    given = {"draft_id": draft.pk, "reference_id": made.pk, "by": amara}
    assert "You can send another from" in refused(references.resend, "too-soon", at=NOW + timedelta(hours=23), **given)
    references.resend(at=NOW + timedelta(days=1), **given)
    new = factories.token_of(made)
    assert new != old and referees.behind(old) is None and referees.behind(new) == made
    send_everything()
    assert "Links in earlier letters work no more" in mail.outbox[-1].body
    for n in range(2, 10):
        references.resend(at=NOW + timedelta(days=n), **given)
    refused(references.resend, "enough-links", at=NOW + timedelta(days=20), **given)


def test_a_silent_referee_is_replaced_without_losing_the_place(draft, amara):
    for name in ("One Referee", "Two Referee"):
        factories.named(draft, name)
    old = factories.invited(draft)
    token = factories.token_of(old)
    outbox.drain()
    new = factories.named(draft, "Ines Duarte", replaces=old.pk)
    old.refresh_from_db()
    assert (old.state, new.replaces, referees.behind(token)) == (S.REPLACED, old, None)
    outbox.drain()
    assert mail.outbox[-1].to == ["wanjiru@referees.example"]
    assert "has now asked somebody else in your place" in mail.outbox[-1].body
    with pytest.raises(Refusal, match="can no longer be replaced"):
        factories.named(draft, "Tomas Lindqvist", replaces=old.pk)


def test_a_letter_that_did_not_go_yet_does_not_go_to_a_replaced_referee(draft):
    old = factories.invited(draft)
    factories.named(draft, "Ines Duarte", replaces=old.pk)
    outbox.drain()
    assert [one.subject for one in mail.outbox] == ["Your reference for Amara Okafor is no longer needed"]


def test_a_reference_that_is_in_is_not_replaced(draft):
    old = factories.referred(draft)
    with pytest.raises(Refusal, match="can no longer be replaced"):
        factories.named(draft, "Ines Duarte", replaces=old.pk)


def test_one_who_declined_gives_the_place_free_and_hears_nothing_more(draft):
    old = factories.invited(draft)
    referees.decline(reference_id=old.pk, because="Too long ago.", tell=False)
    outbox.drain()
    factories.named(draft, "Ines Duarte", replaces=old.pk)
    old.refresh_from_db()
    assert old.state == S.DECLINED
    outbox.drain()
    assert [one.to for one in mail.outbox] == [["amara.okafor@wadden.example"]]


def test_a_partner_application_needs_no_references(amara):
    draft = factories.application_draft(amara, kind="partner")
    with pytest.raises(Refusal) as refusal:
        factories.named(draft)
    assert refusal.value.code == "none-asked"


def test_nobody_asks_for_anothers_application(draft):
    stranger = factories.PersonFactory()
    who = references.Named(name="A B", email="a@b.example")
    with pytest.raises(Draft.DoesNotExist):
        references.name(draft_id=draft.pk, named=who, by=stranger)


def test_references_go_with_a_draft_that_is_thrown_away(draft):
    old = factories.invited(draft)
    factories.named(draft, "Ines Duarte", replaces=old.pk)
    drafts.discard(draft_id=draft.pk, owner=draft.owner)
    assert not Reference.objects.exists()
    outbox.drain()
    assert mail.outbox == []


# The referee


def test_reading_a_link_changes_nothing(draft):
    token = factories.token_of(factories.invited(draft))
    before = rows_of_everything()
    client = Client()
    for _ in range(3):
        assert client.get(link(token)).status_code == client.head(link(token)).status_code == 200
        client.options(link(token))
    assert rows_of_everything() == before and not Session.objects.exists()


def test_the_pages_are_quiet_and_keep_the_link_to_themselves(draft):
    reference = factories.invited(draft)
    token = factories.token_of(reference)
    for path in (link(token), link("wrong"), reverse("references:asked")):
        response = Client().get(path)
        assert "no-store" in response["Cache-Control"] and "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == ("same-origin" if "asked" in path else "no-referrer")
    client = opened(reference)
    response = client.get(reverse("references:form"))
    assert "no-store" in response["Cache-Control"] and token not in response.content.decode()
    assert token not in str(client.session.items())


def test_a_page_elsewhere_cannot_press_the_button_and_our_own_needs_no_origin(draft):
    token = factories.token_of(factories.invited(draft))
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(token), headers={"Sec-Fetch-Site": "cross-site", "Origin": "null"}).status_code == 403
    assert strict.post(link(token), headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"}).status_code == 302
    assert strict.post(reverse("references:form"), {"comment": "x"}).status_code == 403


def test_the_way_of_a_reference(draft, amara):
    reference = factories.invited(draft)
    client = opened(reference)
    reference.refresh_from_db()
    assert reference.state == S.OPENED and reference.opened_at
    page = client.get(reverse("references:form")).content.decode()
    assert "Amara Okafor" in page and "wadden.example" not in page
    data = factories.reference_data(version=str(reference.version))
    assert client.post(reverse("references:form"), {**data, "check": "1"}).url == reverse("references:check")
    page = client.get(reverse("references:check")).content.decode()
    assert "I would hire her again." in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    client.post(reverse("references:check"), {"version": version})
    reference.refresh_from_db()
    assert reference.state == S.RECEIVED and references.received(draft) == 1
    page = client.get(reverse("references:form")).content.decode()
    assert "Thank you: your reference is here" in page and "I would hire her again." in page
    outbox.drain()
    thanks, news = sorted(mail.outbox, key=lambda one: one.to[0], reverse=True)
    assert thanks.to == ["wanjiru@referees.example"] and "Thank you for your reference for Amara Okafor" in thanks.body
    assert news.to == [amara.email] and "Wanjiru Kamau has answered" in news.subject
    for word in factories.reference_data().values():
        if len(word) > 12 and word != "Wanjiru Kamau":
            assert word not in news.body


def test_nothing_typed_is_lost_and_what_is_missing_is_named(draft):
    client = opened(factories.invited(draft))
    response = client.post(reverse("references:form"), {"seen": "Half a sen", "version": "1", "check": "1"})
    page = unescape(response.content.decode())
    assert response.status_code == 422 and "Half a sen" in page
    assert "Your position is missing." in page and "Their ethics and conduct are not rated." in page
    assert "Half a sen" in client.get(reverse("references:form")).content.decode()
    saved = client.post(
        reverse("references:form"), {"seen": "Half a sentence", "version": "2"}, headers={"HX-Request": "true"}
    )
    assert 'name="version" value="3"' in saved.content.decode()
    assert Reference.objects.get().data == {"seen": "Half a sentence"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("years", "many", "The years are no number"),
        ("years", "81", "The years are no number"),
        ("rated-ethics", "superb", "This rating is not on the list"),
        ("recommends", "maybe", "This answer is not on the list"),
        ("signature", "\u200b", "Your signature is missing"),
    ],
)
def test_bad_answers_are_sentences(draft, field, value, sentence):
    client = opened(factories.invited(draft))
    data = factories.reference_data(**{field: value}, version="1", check="1")
    response = client.post(reverse("references:form"), data)
    assert response.status_code == 422 and sentence in unescape(response.content.decode())


def test_the_second_of_two_tabs_is_told_that_it_was_received(draft):
    reference = factories.invited(draft)
    token = factories.token_of(reference)
    one, other = opened(reference), opened(reference)
    data = factories.reference_data(version="1")
    one.post(reverse("references:form"), data)
    one.post(reverse("references:check"), {"version": "2"})
    page = other.post(reverse("references:check"), {"version": "2"}, follow=True).content.decode()
    assert "closed already; nothing was sent now" in page and "Thank you: your reference is here" in page
    page = Client().get(link(token)).content.decode()
    assert "Thank you: your reference is here" in page and "I would hire her again." not in page
    assert Message.objects.filter(template="reference-thanks").count() == 1


def test_a_tab_that_was_overtaken_keeps_its_words(draft):
    client = opened(factories.invited(draft))
    client.post(reverse("references:form"), {"seen": "The first tab", "version": "1"})
    response = client.post(reverse("references:form"), {"seen": "The second tab", "version": "1"})
    assert response.status_code == 409 and "The second tab" in response.content.decode()
    assert Reference.objects.get().data == {"seen": "The first tab"}


def test_what_changed_after_the_check_page_is_not_sent(draft):
    reference = factories.invited(draft)
    client = opened(reference)
    client.post(reverse("references:form"), factories.reference_data(version="1"))
    client.post(reverse("references:form"), factories.reference_data(version="2", comment="Later"))
    response = client.post(reverse("references:check"), {"version": "2"})
    assert response.status_code == 409 and "Nothing was sent." in response.content.decode()
    with pytest.raises(StaleDraft):
        referees.send_answer(reference_id=reference.pk, version=1)


@pytest.mark.parametrize("tell", [True, False])
def test_declining_tells_the_reason_only_where_the_referee_says_so(draft, amara, tell):
    reference = factories.invited(draft)
    outbox.drain()
    mail.outbox.clear()
    reference.data = {"seen": "Half"}
    reference.save()
    referees.decline(reference_id=reference.pk, because="I hardly know her.", tell=tell)
    reference.refresh_from_db()
    assert (reference.state, reference.data) == (S.DECLINED, {})
    outbox.drain()
    assert [one.to for one in mail.outbox] == [[amara.email]]
    assert ("I hardly know her." in mail.outbox[0].body) is tell
    assert "Please name somebody else in their place" in mail.outbox[0].body


def test_declining_by_the_page_asks_for_a_reason(draft):
    client = opened(factories.invited(draft))
    response = client.post(reverse("references:decline"), {})
    assert response.status_code == 422 and "The reason is missing." in response.content.decode()
    page = client.post(reverse("references:decline"), {"because": "Too long ago"}, follow=True).content.decode()
    assert "You declined" in page and Reference.objects.get().declined_because == "Too long ago"


def test_a_link_that_ran_out_is_renewed_to_the_stored_address_alone(draft):
    reference = factories.invited(draft, at=NOW - timedelta(days=60, seconds=1))
    token = factories.token_of(reference)
    outbox.drain()
    assert "This link has run out" in Client().get(link(token)).content.decode()
    assert "This link has run out" in Client().post(link(token), {"open": "1"}).content.decode()
    answers = [Client().post(link(one), {"renew": "1"}) for one in (token, token, "wrong")]
    assert {(one.status_code, one.url) for one in answers} == {(302, reverse("references:asked"))}
    assert Message.objects.filter(template="reference-link").count() == 1
    outbox.drain()
    assert mail.outbox[-1].to == ["wanjiru@referees.example"]
    assert Client().get(link(token)).status_code == 404


def test_a_link_works_to_its_last_second(draft):
    reference = factories.invited(draft, at=NOW)
    last = NOW + timedelta(days=60)
    assert referees.state_of(reference, at=last - timedelta(seconds=1)) == "open"
    assert referees.state_of(reference, at=last) == "expired"


def gone_links(draft):
    """Links that lead nowhere, each for another reason."""
    first = factories.invited(draft)
    replaced = factories.token_of(first)
    second = factories.invited(draft, "Ines Duarte", replaces=first.pk)
    ended = factories.token_of(second)
    references.resend(draft_id=draft.pk, reference_id=second.pk, by=draft.owner, at=timezone.now() + timedelta(days=2))
    withdrawn = factories.token_of(second)
    reviews.withdraw(filed(draft).pk, by=draft.owner, reason="")
    return ["wrong", replaced, ended, withdrawn]


def test_links_that_lead_nowhere_look_alike(draft):
    pages = [Client().get(link(token)) for token in gone_links(draft)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    # “Expires” is the second in which each page was made.
    headers = [{**page.headers, "Expires": ""} for page in pages]
    assert all(one == headers[0] for one in headers)
    assert "certification@ser.org" in pages[0].content.decode()


def test_an_open_form_ends_with_its_reference_and_gives_back_what_was_typed(draft):
    reference = factories.invited(draft)
    client = opened(reference)
    factories.named(draft, "Ines Duarte", replaces=reference.pk)
    response = client.post(reverse("references:form"), {"seen": "Two pages of praise", "version": "1"})
    assert response.status_code == 404 and "Two pages of praise" in response.content.decode()


def test_an_open_form_outlives_a_new_link_and_ends_after_twelve_hours(draft, amara):
    reference = factories.invited(draft, at=NOW - timedelta(days=8))
    client = opened(reference)
    keep_references_moving()
    assert client.get(reverse("references:form")).status_code == 200
    session = client.session
    session["referee"] = {**session["referee"], "at": (timezone.now() - timedelta(hours=13)).isoformat()}
    session.save()
    assert client.get(reverse("references:form")).status_code == 404


# Reminders, the case, what each side reads


def test_silent_referees_are_reminded_after_7_and_14_days_once_each(draft):
    silent = factories.invited(draft, at=NOW)
    answered = factories.referred(draft, "Ines Duarte", at=NOW)
    outbox.drain()
    mail.outbox.clear()
    told = []
    for day in range(30):
        reference_letters.remind_silent(NOW + timedelta(days=day))
        assert reference_letters.remind_silent(NOW + timedelta(days=day, minutes=10)) == 0
        if send_everything():
            told.append(day)
    assert told == [7, 14]
    assert [one.to for one in mail.outbox] == [[silent.email]] * 2 and answered.email not in str(mail.outbox)
    link_in_it = re.search(r"/references/([\w-]{43})/", mail.outbox[-1].body)[1]
    assert referees.behind(link_in_it) == silent


def test_a_late_tick_sends_the_later_reminder_only(draft):
    factories.invited(draft, at=NOW - timedelta(days=20))
    assert keep_references_moving() == {"ended": 0, "reminded": 1}
    assert keep_references_moving() == {"ended": 0, "reminded": 0}
    assert Message.objects.get(template="reference-reminder").key.endswith(":reminder:14")


def test_a_reminder_whose_reason_is_gone_does_not_go(draft):
    reference = factories.invited(draft, at=NOW - timedelta(days=8))
    outbox.drain()
    mail.outbox.clear()
    keep_references_moving()
    referees.decline(reference_id=reference.pk, because="No", tell=False)
    outbox.drain()
    assert [one.subject for one in mail.outbox] == ["Wanjiru Kamau cannot give you a reference"]


def test_nobody_is_reminded_of_an_application_that_was_withdrawn(draft):
    factories.invited(draft, at=NOW - timedelta(days=8))
    reviews.withdraw(filed(draft).pk, by=draft.owner, reason="")
    assert keep_references_moving()["reminded"] == 0


def test_links_end_by_the_clock(draft):
    factories.invited(draft, at=NOW - timedelta(days=61))
    assert keep_references_moving() == {"ended": 1, "reminded": 0}
    assert Reference.objects.get().state == S.EXPIRED


def test_references_go_on_after_filing_and_end_with_the_case(draft, amara):
    reference = factories.invited(draft)
    case = filed(draft)
    later = factories.invited(draft, "Ines Duarte")
    client = opened(reference)
    assert client.get(reverse("references:form")).status_code == 200
    assert case.parties.filter(role="referee", name="Ines Duarte").count() == 1
    reviews.withdraw(case.pk, by=amara, reason="")
    draft.refresh_from_db()
    with pytest.raises(Refusal) as refusal:
        factories.named(draft, "Tomas Lindqvist")
    assert refusal.value.code == "closed"
    assert refused(referees.decline, "gone", reference_id=later.pk, because="No", tell=False)


def test_a_member_who_is_invited_after_the_filing_is_excluded_from_the_case(draft):
    member = factories.member(name="Wanjiru Kamau")
    case = filed(draft)
    factories.invited(draft, "Kamau, Wanjiru")
    assert case.parties.get(role="referee").person == member


def test_letters_about_references_hide_with_their_case(draft):
    ruth, conflicted = factories.coordinator(), factories.coordinator()
    factories.invited(draft)
    case = filed(draft)
    assert messages_visible_to(ruth).filter(template="reference-invitation").exists()
    case.parties.create(role="client", name="Named", person=conflicted)
    assert not messages_visible_to(conflicted).filter(template="reference-invitation").exists()


def test_the_coordinator_and_the_applicant_never_read_a_link(client, draft, amara):
    ruth = factories.coordinator()
    reference = factories.invited(draft)
    token, message = factories.token_of(reference), Message.objects.get()
    page = reverse("admin:outbox_message_change", args=[message.pk])
    client.force_login(ruth)
    assert token not in client.get(page).content.decode()
    outbox.drain()
    assert token not in client.get(page).content.decode()
    client.force_login(amara)
    for path in pages_of(draft):
        assert token not in client.get(path).content.decode()


def pages_of(draft) -> list[str]:
    """Every page of the applicant that says something about references."""
    if draft.case_id:
        case = draft.case.reference
        own = [reverse("applications:filed-reference", args=[case, one.pk]) for one in draft.references.order_by("pk")]
        listed = [reverse("applications:filed-references", args=[case]), reverse("applications:case", args=[case])]
        return [*own, *listed, reverse("home:dashboard"), reverse("applications:list")]
    own = [reverse("applications:reference", args=[draft.pk, one.pk]) for one in draft.references.order_by("pk")]
    return [reverse("applications:references", args=[draft.pk]), *own, reverse("home:dashboard")]


def plain(response) -> tuple:
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, body


GLOWING = {}
DAMNING = {
    **{f"rated-{what}": "poor" for what in ("knowledge", "breadth", "judgement", "ethics", "communication")},
    "recommends": "no",
    "seen": "Nothing that I would call restoration. " * 60,
    "comment": "Please do not certify her.",
}


@pytest.mark.parametrize("after_filing", [False, True])
def test_the_applicant_sees_the_same_bytes_for_a_glowing_and_a_damning_reference(client, draft, amara, after_filing):
    reference = factories.referred(draft, at=NOW)
    if after_filing:
        filed(draft)
    client.force_login(amara)
    worlds = []
    for typed in (GLOWING, DAMNING):
        Reference.objects.filter(pk=reference.pk).update(data=factories.reference_data(**typed))
        worlds.append([plain(client.get(path)) for path in pages_of(draft)])
    assert worlds[0] == worlds[1]
    assert "Answered on" in worlds[0][0][1]


def test_reviewers_read_what_was_sent_and_nothing_that_was_only_typed(draft):
    factories.referred(draft)
    typing = factories.invited(draft, "Ines Duarte")
    Reference.objects.filter(pk=typing.pk).update(data=factories.reference_data(seen="Not sent yet"))
    first, second = references.answers_of(draft)
    assert ("Recommends", "Yes") in first.told and ("Knowledge of ecological restoration", "Good") in first.ratings
    assert (second.told, second.ratings, second.is_in) == ([], [], False)


def test_the_panel_reads_references_once_it_has_declared(client, draft):
    ruth = factories.coordinator()
    committee = [factories.member(Committee.CERTIFICATION) for _ in range(3)]
    factories.referred(draft)
    factories.referred(draft, "Kamau Wanjiru Njeri")
    factories.named(draft, "Kamau, Wanjiru", "other@referees.example")
    made = factories.application(draft=draft, paid=True)
    gates.verify_course(application_id=made.pk, by=ruth)
    reviews.screen(made.pk, by=ruth)
    reviews.seat(made.pk, members=[one.pk for one in committee], by=ruth)
    page = reverse("reviews:case", args=[made.case.reference])
    client.force_login(committee[0])
    assert "I would hire her again." not in client.get(page).content.decode()
    reviews.declare(factories.seat_of(made.case, committee[0]).pk, conflict=False, by=committee[0])
    shown = client.get(page).content.decode()
    assert "I would hire her again." in shown and "have the same name. Are they one person?" in shown
    reviews.declare(factories.seat_of(made.case, committee[1]).pk, conflict=True, by=committee[1])
    client.force_login(committee[1])
    assert "I would hire her again." not in client.get(page, follow=True).content.decode()


# Pages of the applicant


def test_the_applicants_way(client, draft, amara):
    client.force_login(amara)
    start = reverse("applications:references", args=[draft.pk])
    assert "Nobody is named yet." in client.get(start).content.decode()
    assert client.post(start, {}).status_code == 422
    who = {"name": "Wanjiru Kamau", "email": "wanjiru@trust.example", "relationship": "Supervisor"}
    page = client.post(start, who).url
    shown = client.get(page).content.decode()
    assert "Dear Wanjiru Kamau," in shown and outbox.HIDDEN in shown and not Message.objects.exists()
    client.post(page, {**who, "name": "Wanjiru N. Kamau", "save": "1"})
    client.post(page, {"invite": "1"})
    assert Message.objects.get().to == "wanjiru@trust.example"
    assert "The letter is on its way." in client.get(start).content.decode()
    outbox.drain()
    assert "The last letter was sent on" in client.get(start).content.decode()
    assert "You can send another from" in client.post(page, {"resend": "1"}, follow=True).content.decode()
    response = client.post(page, {"replace": "1", **who})
    assert response.status_code == 422 and "This is the address of" in response.content.decode()
    response = client.post(page, {"replace": "1", **who, "name": "Ines Duarte", "email": "ines@trust.example"})
    assert "Ines Duarte is named." in client.get(response.url).content.decode()
    assert "Replaced by Ines Duarte." in client.get(start).content.decode()
    client.post(response.url, {"remove": "1"})
    assert Reference.objects.count() == 1
    assert client.post(page, {"nonsense": "1"}).status_code == 404


def token_in(body: str) -> str:
    return re.search(r"/references/([\w-]{43})/", body)[1]


def test_what_is_shown_is_what_is_sent(client, draft, amara):
    made = factories.named(draft, note="Remember the marsh?")
    client.force_login(amara)
    page = unescape(client.get(reverse("applications:reference", args=[draft.pk, made.pk])).content.decode())
    references.invite(draft_id=draft.pk, reference_id=made.pk, by=amara)
    outbox.drain()
    assert mail.outbox[0].body.replace(token_in(mail.outbox[0].body), outbox.HIDDEN) in page


def test_a_filed_draft_leads_to_the_page_of_its_case(client, draft, amara):
    factories.invited(draft)
    case = filed(draft)
    client.force_login(amara)
    answer = client.get(reverse("applications:references", args=[draft.pk]))
    assert answer.url == f"/applications/{case.reference}/references/"
    assert "Wanjiru Kamau" in client.get(answer.url).content.decode()
    client.force_login(factories.PersonFactory())
    assert client.get(answer.url).status_code == 404


def test_seen_of_another_version_is_stale(draft):
    reference = factories.invited(draft)
    referees.keep_answer(reference_id=reference.pk, data={"seen": "a"}, seen=Seen(1))
    with pytest.raises(StaleDraft):
        referees.keep_answer(reference_id=reference.pk, data={"seen": "b"}, seen=Seen(1))


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("applicant", 404), ("member", 404), ("coordinator", 404), ("public", 302)]
)
def test_the_pages_of_references_are_their_owners(client, draft, amara, role, status):
    made = factories.invited(draft)
    people = {
        "owner": lambda: amara,
        "applicant": factories.PersonFactory,
        "member": factories.member,
        "coordinator": factories.coordinator,
    }
    if role != "public":
        client.force_login(people[role]())
    case = None
    for _before_and_after in range(2):
        name = case.reference if case else draft.pk
        listed, one = (
            ("applications:filed-references", "applications:filed-reference")
            if case
            else (
                "applications:references",
                "applications:reference",
            )
        )
        assert client.get(reverse(listed, args=[name])).status_code == status
        assert client.get(reverse(one, args=[name, made.pk])).status_code == status
        case = case or filed(draft)


def test_the_coordinator_sees_which_reminders_referees_get(client, draft):
    """SPEC 5: everything of the next seven days; a conflict hides what it hides elsewhere."""
    ruth = factories.coordinator()
    factories.invited(draft, at=timezone.now() - timedelta(days=3))
    client.force_login(ruth)
    page = client.get(reverse("admin:outbox_message_coming")).content.decode()
    assert "Reminder of a reference for an application in preparation" in page
    made = factories.application("cerp")
    filed = made.case.application_drafts.get()
    factories.invited(filed, "Jan de Boer", at=timezone.now() - timedelta(days=8))
    line = f"Reminder of the reference for {made.case.reference}"
    assert line in client.get(reverse("admin:outbox_message_coming")).content.decode()
    made.case.parties.create(role="referee", name=ruth.name, person=ruth)
    assert line not in client.get(reverse("admin:outbox_message_coming")).content.decode()

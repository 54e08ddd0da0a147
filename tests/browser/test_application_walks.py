"""Three people become certified, each in Chromium from the door to the certificate: CERP, graduate, upgrade."""

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from applications.models import Application, Draft, NextStep, Reference
from applications.services import gates, partners
from serportal.accounts.states import Committee
from serportal.certifications.models import Certification
from serportal.certifications.states import Level
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews.models import Decision, ReviewCase
from tests import factories
from tests.browser.steps import PHONE, certificate, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def committee():
    return [factories.member(Committee.CERTIFICATION, name=name) for name in ("Ines Duarte", "Li Na", "Tomas Lind")]


def started(page: Page, kind: str) -> Draft:
    """Read what SER says, and press the one button."""
    page.goto(f"/applications/new/{kind}/")
    press(page, "Start the application")
    return Draft.objects.get(kind=kind)


def filled(draft: Draft, *parts: str) -> None:
    """Type ``parts`` as their pages keep them; how the pages take them is tested beside."""
    content = factories.application_content(draft.kind, draft.owner)
    if draft.kind == "cerpit":
        content["person"]["sides"] = ["knowledge"]
    for part in parts:
        factories.typed_part(draft, part, content, timezone.now())


def signed(page: Page, draft: Draft) -> None:
    page.goto(f"/applications/drafts/{draft.pk}/agreement/")
    page.get_by_label("Your name, as signature").fill(draft.owner.name)
    page.get_by_label("I have read the agreement").check()
    page.get_by_label("Everything in this application").check()
    press(page, "Save and go on")


def sent(page: Page, draft: Draft) -> ReviewCase:
    page.goto(f"/applications/drafts/{draft.pk}/check/")
    press(page, "Send my application")
    expect(page.get_by_role("main")).to_contain_text("Filed as")
    return ReviewCase.objects.get(filed_by=draft.owner)


def named_and_invited(page: Page, draft: Draft, name: str) -> None:
    page.goto(f"/applications/drafts/{draft.pk}/references/")
    page.get_by_label("Name of the referee").fill(name)
    page.get_by_label("E-mail address of the referee").fill(f"{name.split()[0].lower()}@referees.example")
    page.get_by_label("How you worked together").fill("We built the Dollard marsh.")
    press(page, "Name this referee")
    press(page, "Send the invitation")


def answered_from_the_mail(page: Page, name: str) -> None:
    """Open the link of the letter, on a phone and without an account, and send the form."""
    token = factories.token_of(Reference.objects.get(name=name))
    page.goto(f"/references/{token}/")
    press(page, "Open the form")
    page.get_by_label("Your position and organisation").fill("Head of works, Dollard Marsh Trust")
    page.get_by_label("How do you know the applicant?").fill("I led the project.")
    page.get_by_label("For how many years?").fill("6")
    page.get_by_label("What did you see of their work?").fill("The sediment traps hold.")
    for choice in page.get_by_role("radio", name="Good").all():
        choice.check()
    page.get_by_role("radio", name="Yes", exact=True).check()
    page.get_by_label("Your full name, as your signature").fill(name)
    press(page, "Check my answers")
    press(page, "Send my reference")
    expect(page.get_by_role("main")).to_contain_text("Thank you")


def paid(page: Page, case: ReviewCase) -> None:
    page.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    follow(page, Application.objects.get(pk=case.pk).bill.number)
    page.get_by_label("Reference of the payment").fill(f"bank {case.reference}")
    press(page, "Record this payment")
    expect(page.get_by_text("The payment is recorded")).to_be_visible()


def course_verified(page: Page, case: ReviewCase) -> None:
    page.goto(f"/admin/applications/application/{case.pk}/change/")
    press(page, "I read it: it is verified")
    expect(page.get_by_text("The e-learning certificate is verified.")).to_be_visible()


def screened(page: Page, case: ReviewCase) -> None:
    page.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    press(page, "It is complete")
    gates.settle_all()


def seated(page: Page, case: ReviewCase) -> None:
    page.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)
    press(page, "Seat and invite 3 members")


def approved_on_a_phone(page: Page, case: ReviewCase) -> None:
    """The conflict question, each criterion, the ballot."""
    page.goto(f"/reviews/{case.reference}/")
    press(page, "No conflict, open the case")
    for choice in page.get_by_role("radio", name="Met", exact=True).all():
        choice.check()
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text(f"Your ballot on {case.reference} is saved.")).to_be_visible()


def decided(page: Page, case: ReviewCase) -> Certification:
    page.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    press(page, "Decide and send this letter")
    expect(page.get_by_text(f"{case.reference} is decided and its letter is on its way.")).to_be_visible()
    return Application.objects.get(pk=case.pk).granted


def certificate_opens(page: Page, stranger: Page, held: Certification) -> None:
    """The holder gets the PDF, and anyone who follows its code reads that it is valid."""
    page.goto("/certificates/")
    expect(page.get_by_role("main")).to_contain_text(held.number)
    answer = page.request.get(f"/certificates/{held.number}.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF-")
    stranger.goto(f"/verify/{held.number}/")
    expect(stranger.get_by_role("main")).to_contain_text(held.number)
    expect(stranger.get_by_role("main")).to_contain_text("Valid")


@pytest.mark.parametrize(
    ("kind", "level", "words"),
    [
        ("cerp", Level.CERP, "you are a Certified Ecological Restoration Practitioner"),
        ("cerpit", Level.CERPIT, "Your next steps on the way to CERP:"),
    ],
)
def test_a_newcomer_is_certified(open_page, ruth, committee, kind, level, words):
    amara = factories.PersonFactory(name="Amara Okafor")
    page = open_page(amara)
    draft = started(page, kind)
    filled(draft, "person", "degrees", "courses", "jobs", "projects", "fee")
    page.goto(f"/applications/drafts/{draft.pk}/documents/")
    for label in ("Résumé", "Transcripts", "Certificate of the e-learning course"):
        page.get_by_label(f"Add a file: {label}").set_input_files(certificate())
    press(page, "Save and go on")
    for name in ("Wanjiru Kamau", "Jan de Boer"):
        named_and_invited(page, draft, name)
    answered_from_the_mail(open_page(**PHONE), "Wanjiru Kamau")
    signed(page, draft)
    case = sent(page, draft)
    expect(page.get_by_role("main")).to_contain_text("1 of 2 references are in.")

    answered_from_the_mail(open_page(**PHONE), "Jan de Boer")
    office = open_page(ruth)
    paid(office, case)
    course_verified(office, case)
    screened(office, case)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Everything that the review needs is there.")
    seated(office, case)
    for member in committee:
        approved_on_a_phone(open_page(member, **PHONE), case)
    held = decided(office, case)
    assert held.level == level
    assert outbox.drain() > 0
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(f"Your number is {held.number}")
    expect(page.get_by_role("main")).to_contain_text(words)
    assert not any(name in page.content() for name in ("sediment traps", "Ines Duarte"))
    certificate_opens(page, open_page(), held)


def test_a_graduate_is_confirmed_and_certified_without_paying_and_without_scripts(open_page, ruth):
    chloe = factories.PersonFactory(name="Chloé Tremblay")
    page = open_page(chloe, java_script_enabled=False)
    draft = started(page, "partner")
    filled(draft, "person")
    page.goto(f"/applications/drafts/{draft.pk}/programme/")
    page.locator("#id_programme").select_option(index=1)
    page.get_by_label("Student number").fill("4471902")
    page.get_by_label("Day on which you completed it").fill("2026-04-24")
    page.get_by_label("SER may ask the college").check()
    press(page, "Save and go on")
    page.get_by_label("Add a file: Certificate of the e-learning course").set_input_files(certificate())
    press(page, "Save and go on")
    signed(page, draft)
    case = sent(page, draft)
    assert Application.objects.get(pk=case.pk).bill.state == "covered"

    letter = Message.objects.get(template=partners.ASKED, about=case.reference)
    college = open_page(java_script_enabled=False)
    college.goto(f"/applications/partner/{letter.secret}/")
    press(college, "Yes, all of this is right")
    office = open_page(ruth, java_script_enabled=False)
    course_verified(office, case)
    screened(office, case)
    office.goto(f"/admin/reviews/reviewcase/{case.pk}/change/")
    press(office, "Decide and send this letter")
    held = Application.objects.get(pk=case.pk).granted
    assert held.level == Level.CERPIT
    certificate_opens(page, open_page(), held)


def test_a_cerpit_upgrades_against_the_next_steps(open_page, ruth, committee):
    sam = factories.certificant(name="Sam Roy", level=Level.CERPIT)
    cerpit = factories.certification_of(sam)
    given = decision_of_before(sam, ruth)
    for number, text in enumerate(("Lead the monitoring of a project.", "Three more credits in soils."), start=1):
        NextStep.objects.create(certification=cerpit, decision=given, number=number, text=text)
    page = open_page(sam)
    draft = started(page, "upgrade")
    expect(page.get_by_role("main")).to_contain_text("Your next steps")
    for text in ("Lead the monitoring of a project.", "Three more credits in soils."):
        page.goto(f"/applications/drafts/{draft.pk}/steps/")
        page.get_by_role("link", name=text).click()
        page.get_by_label("What you did about it").fill("Done, with the report attached.")
        page.get_by_label("Add a file").set_input_files(certificate())
        press(page, "Save")
    filled(draft, "person", "fee")
    signed(page, draft)
    page.goto(f"/applications/drafts/{draft.pk}/fee/")
    expect(page.get_by_role("main")).to_contain_text("If the upgrade is denied, the fee is not returned")
    case = sent(page, draft)
    office = open_page(ruth)
    paid(office, case)
    screened(office, case)
    seated(office, case)
    for member in committee:
        approved_on_a_phone(open_page(member, **PHONE), case)
    held = decided(office, case)
    cerpit.refresh_from_db()
    assert (held.level, cerpit.ended_as, cerpit.succeeded_by) == (Level.CERP, "upgraded", held)
    certificate_opens(page, open_page(), held)
    follow(page, "Journal")
    expect(page.locator(".says")).to_contain_text("0 of 50 credits")


def decision_of_before(person, ruth) -> Decision:
    """The decision that once certified ``person``, for its next steps to hang on."""
    with transaction.atomic():
        case = factories.application("cerpit", factories.PersonFactory()).case
    return Decision.objects.create(
        case=case, basis="partner", approved=True, credits=0, subject="CERPIT", letter="CERPIT",
        decided_at=timezone.now(), decided_by=ruth,
    )  # fmt: skip

"""Certifications upgraded, ended and renamed, and the paper that says so (R-PER, R-APP-8)."""

import io
from datetime import date, timedelta

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.db import Error, InternalError, transaction

from serportal.certifications import rules, services
from serportal.certifications.models import Certification, CertificationEvent, Period
from serportal.certifications.states import Ending, Level, PeriodStart, Standing
from serportal.certifications.wording import told
from serportal.ui.refusal import Refusal
from serportal.ui.words import day_text, programme_day
from tests import factories

TODAY = programme_day()
END = date(2026, 3, 14)

LAPSED = date(2026, 6, 13)

STATES = [
    ("", END, None, date(2025, 9, 15), Standing.ACTIVE),
    ("", END, None, date(2025, 9, 16), Standing.RENEWAL_DUE),
    ("", END, None, date(2026, 3, 14), Standing.RENEWAL_DUE),
    ("", END, None, date(2026, 3, 15), Standing.GRACE),
    ("", END, LAPSED, date(2026, 6, 12), Standing.GRACE),
    ("", END, LAPSED, date(2026, 6, 13), Standing.LAPSED),
    ("", None, None, date(2026, 6, 13), Standing.LAPSED),
    ("upgraded", END, None, date(2025, 9, 15), Ending.UPGRADED),
    ("revoked", END, LAPSED, date(2026, 6, 13), Ending.REVOKED),
    ("retired", None, None, date(2025, 9, 15), Ending.RETIRED),
]


@pytest.mark.parametrize(("ended_as", "period_end", "lapsed_on", "day", "state"), STATES)
def test_what_is_true_of_a_certification_on_a_day(ended_as, period_end, lapsed_on, day, state):
    """R-PER-6"""
    assert rules.state_of(ended_as, period_end, lapsed_on, day) == state


@pytest.mark.django_db
@pytest.mark.parametrize("lapsed", [None, -1, 0, 1])
@pytest.mark.parametrize("days", [1, 179, 180, 181, 1800, 0, -1, -90, -91, -400])
def test_the_list_and_the_rule_agree_on_the_state(days, lapsed):
    """The condition of the queryset and the pure function say the same of the same day."""
    person = factories.certificant(since=TODAY - timedelta(days=1900))
    Period.objects.update(ends_on=TODAY + timedelta(days=days))
    Certification.objects.update(lapsed_on=None if lapsed is None else TODAY + timedelta(days=lapsed))
    held = factories.certification_of(person)
    found = [state for state in Standing if Certification.objects.in_state(state, TODAY).exists()]
    assert found == [held.state_on(TODAY)]


in_database = pytest.mark.django_db


def refused(code: str, action) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        action()
    assert refusal.value.code == code
    return str(refusal.value)


@pytest.fixture
def ruth(db):
    return factories.coordinator(name="Ruth Okello")


@in_database
def test_an_upgrade_closes_the_cerpit_and_opens_a_new_period():
    diego = factories.certificant(level=Level.CERPIT, since=TODAY - timedelta(days=500), name="Diego Quispe")
    period = services.upgrade(person=diego, on=TODAY)
    assert (period.starts_on, period.ends_on, period.began_as) == (TODAY, rules.last_day(TODAY), PeriodStart.UPGRADED)
    new = period.certification
    assert (new.level, new.number, new.name_on_certificate) == (Level.CERP, "CERP-0001", "Diego Quispe")
    old = Certification.objects.with_period().get(level=Level.CERPIT)
    assert (old.ended_as, old.ended_on, old.succeeded_by) == (Ending.UPGRADED, TODAY, new)
    assert old.period_end == TODAY - timedelta(days=1)
    assert told(old, TODAY) == f"It is no longer used: it was upgraded to CERP-0001 on {day_text(TODAY)}."
    assert services.upgrade(person=diego, on=TODAY) == period and Certification.objects.count() == 2


@in_database
def test_an_upgrade_needs_a_cerpit_and_a_day_after_it_began():
    amara = factories.certificant()
    refused("no-cerpit", lambda: services.upgrade(person=amara, on=TODAY))
    fresh = factories.certificant(level=Level.CERPIT, since=TODAY)
    refused("too-early", lambda: services.upgrade(person=fresh, on=TODAY))
    assert Certification.objects.filter(ended_as="").count() == 2


@in_database
def test_a_cerpit_in_grace_is_upgraded_without_a_hole_in_its_old_period():
    diego = factories.certificant(level=Level.CERPIT, since=TODAY - timedelta(days=1850))
    end = factories.certification_of(diego).period_end
    services.upgrade(person=diego, on=TODAY)
    assert Certification.objects.with_period().get(level=Level.CERPIT).period_end == end < TODAY


@in_database
@pytest.mark.parametrize(("service", "ending"), [(services.revoke, "revoked"), (services.retire, "retired")])
def test_a_certification_ends_today_with_a_reason_once(ruth, service, ending):
    held = factories.certification_of(factories.certificant())
    refused("no-reason", lambda: service(certification_id=held.pk, reason=" ", by=ruth))
    for _press in range(2):
        service(certification_id=held.pk, reason="As the board decided.", by=ruth)
    held = factories.certification_of(held.person)
    assert (held.ended_as, held.ended_on, held.period_end) == (ending, TODAY, TODAY)
    event = held.events.get()
    assert (event.act, event.note, event.by) == (ending, "As the board decided.", ruth)
    other = services.retire if service is services.revoke else services.revoke
    refused("ended", lambda: other(certification_id=held.pk, reason="x", by=ruth))
    refused("not-in-force", lambda: services.certificate(held))


@in_database
def test_nobody_changes_their_own_certificate_and_members_change_none(ruth):
    own = factories.certification_of(factories.certificant())
    refused("not-yours", lambda: services.revoke(certification_id=own.pk, reason="x", by=factories.member()))
    services.certify(person=ruth, level=Level.CERP, on=TODAY)
    hers = factories.certification_of(ruth)
    refused("not-yours", lambda: services.rename(certification_id=hers.pk, name="Queen", reason="x", by=ruth))


@in_database
def test_a_changed_name_keeps_the_old_one(ruth):
    held = factories.certification_of(factories.certificant(name="Amara Okafor"))
    services.rename(certification_id=held.pk, name=" Amara  Okafor-Díaz ", reason="Married.", by=ruth)
    services.rename(certification_id=held.pk, name="Amara Okafor-Díaz", reason="Again.", by=ruth)
    held = factories.certification_of(held.person)
    event = held.events.get()
    assert (held.name_on_certificate, event.old_name) == ("Amara Okafor-Díaz", "Amara Okafor")
    assert held.name_key == "amara okafor-diaz" and held.person.name == "Amara Okafor"
    refused("unprintable", lambda: services.rename(certification_id=held.pk, name="አበበ", reason="x", by=ruth))
    refused("no-name", lambda: services.rename(certification_id=held.pk, name="\u200b", reason="x", by=ruth))


@in_database
def test_what_was_done_stays_and_states_agree_with_their_days(ruth):
    held = factories.certification_of(factories.certificant())
    services.rename(certification_id=held.pk, name="Somebody", reason="x", by=ruth)
    for action in (
        lambda: CertificationEvent.objects.update(note="y"),
        lambda: CertificationEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            action()
    for fields in (
        {"ended_as": "revoked"},
        {"ended_on": TODAY},
        {"ended_as": "upgraded", "ended_on": TODAY},
        {"succeeded_by": held.pk},
    ):
        with pytest.raises(Error), transaction.atomic():
            Certification.objects.update(**fields)


# On paper --------------------------------------------------------------
NAMES = ["Amara Okafor", "Nguyễn Thị Minh Khai", "李小龙", '#eval("1") $x$ \\ "q"', "W" * 200, "Anna " * 40]


@in_database
@pytest.mark.parametrize("name", [name.strip() for name in NAMES])
def test_a_certificate_names_its_holder_on_one_page_and_its_code_leads_to_the_truth(name):
    held = factories.certification_of(factories.certificant(name=name, since=date(2024, 2, 29)))
    document = services.certificate(held)
    pages = pypdfium2.PdfDocument(document)
    assert len(pages) == 1
    words = pages[0].get_textpage().get_text_bounded().replace("\u200b", "")
    bare = "".join(words.split())
    assert "".join(name.split()) in bare and "CertifiedEcologicalRestorationPractitioner" in bare
    assert "29February2024" in bare and "27February2029" in bare and held.number in bare
    [code] = zxingcpp.read_barcodes(pages[0].render(scale=2).to_pil())
    assert code.text == f"{settings.SITE_URL}/verify/{held.number}/" == services.address_of(held)
    with pikepdf.open(io.BytesIO(document)) as opened, opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"] == f"Certificate {held.number}"
    assert document == services.certificate(held)

"""The whole path on real parts, through the pages a person uses: from an empty form to ten credits in the journal."""

import uuid

import pytest
from django.urls import reverse

from journals.models import Entry, Upload
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from serportal.reviews.models import Ballot, ReviewCase
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_two_hours_become_ten_credits(client):
    amara, ruth = factories.certificant(name="Amara Okafor"), factories.coordinator(name="Ruth")
    committee = [factories.member() for _ in range(3)]

    client.force_login(amara)
    start = client.post(reverse("cecs:new"), {"submit_key": str(uuid.uuid4()), "activity": "conference"})
    form = start.url
    posted = factories.draft_data()
    shown = client.post(form, {**posted, "version": 1, "check": 1, "files": factories.pdf()})
    assert shown.url == form + "check/"
    page = client.get(shown.url).content.decode()
    assert "22 hours ÷ 2 = 11; a single event counts at most 10." in page
    version = client.get(form).context["version"]
    filed = client.post(shown.url, {"version": version})
    case = ReviewCase.objects.get(filed_by=amara)
    assert filed.url == reverse("cecs:case", args=[case.reference])
    page = client.get(filed.url).content.decode()
    assert "With the coordinator" in page and "Day 0 of 28" in page

    client.force_login(ruth)
    page = reverse("admin:reviews_reviewcase_change", args=[case.pk])
    assert case.reference in client.get(reverse("admin:index")).content.decode()
    client.post(reverse("admin:reviews_reviewcase_screen", args=[case.pk]))
    proposal = [one["person"].pk for one in client.get(page).context["candidates"] if one["ticked"]]
    assert len(proposal) == 3
    client.post(reverse("admin:reviews_reviewcase_seat", args=[case.pk]), {"members": proposal})

    for reviewer in committee:
        client.force_login(reviewer)
        desk = client.get(reverse("reviews:desk")).content.decode()
        assert case.reference in desk
        seat = reverse("reviews:case", args=[case.reference])
        asked = client.get(seat).content.decode()
        assert "Wadden Coast Research Network" in asked and "sediment traps" not in asked
        client.post(reverse("reviews:conflict", args=[case.reference]), {"answer": "none"})
        ballot = client.get(seat)
        assert "sediment traps" in ballot.content.decode()
        key = ballot.context["form"]["submit_key"].value()
        client.post(seat, {"submit_key": key, "revision": 1, "choice": "approve"})
    assert Ballot.objects.count() == 3

    client.force_login(ruth)
    preview = client.get(page)
    assert "10 credits approved" in preview.content.decode()
    digest = preview.context["preview"].digest
    client.post(reverse("admin:reviews_reviewcase_decide", args=[case.pk]), {"digest": digest, "note": "", "send": 1})
    case.refresh_from_db()
    assert (case.state, case.granted) == ("approved", 10)

    outbox.drain()
    letter = Message.objects.get(subject=f"{case.reference}: 10 credits approved")
    assert letter.state == "sent"
    assert "22 hours ÷ 2 = 11; a single event counts at most 10." in letter.text
    assert not any(reviewer.name in letter.text for reviewer in committee)

    client.force_login(amara)
    journal = client.get(reverse("journals:journal")).content.decode()
    assert "10 of 50 credits." in journal and "0 are uploaded; 10 more are approved" in journal

    client.force_login(ruth)
    run = client.get(reverse("admin:journals_upload_run"))
    client.post(reverse("admin:journals_upload_run"), {"submit_key": str(run.context["form"]["submit_key"].value())})
    upload = Upload.objects.get()
    assert (upload.entries_posted, upload.members, upload.control_total) == (1, 1, 10)
    assert Entry.objects.get().upload == upload

    client.force_login(amara)
    journal = client.get(reverse("journals:journal")).content.decode()
    assert "10 of 50 credits." in journal and "more are approved" not in journal
    status = client.get(reverse("cecs:case", args=[case.reference])).content.decode()
    assert "The credits reached your journal" in status

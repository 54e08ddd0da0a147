"""A first visit is light: what the browser fetches for the dashboard and the claim form, compressed as it is served."""

import brotli
import pytest

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = 100_000


def test_dashboard_and_claim_form_stay_under_a_hundred_kilobytes(open_page):
    """The test server does not compress static files; whitenoise serves them with brotli, so brotli measures them."""
    amara = factories.certificant()
    draft = factories.draft(amara)
    page = open_page(amara)
    fetched, weights = [], {}
    page.on("response", lambda answer: fetched.append(answer))
    for path in ("/dashboard/", f"/cecs/drafts/{draft.pk}/"):
        page.goto(path, wait_until="networkidle")
        weights |= {answer.url: len(brotli.compress(answer.body())) for answer in fetched}
        fetched.clear()
    kinds = {url.rsplit(".", 1)[-1] for url in weights if "/static/" in url}
    assert kinds == {"css", "js", "svg"}
    assert sum(weights.values()) <= MOST, weights

"""Where the tests run: `make test` gives them servers of their own; a plain `pytest` needs the same three variables.

    PORTAL_MODE=test DATABASE_URL=postgres://… REDIS_URL=redis://… pytest

The Redis database named there is emptied before each test. Name one that nothing else uses.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import settings as hypothesis

# `make prove` draws many more examples of every property than a run of all tests can wait for.
hypothesis.register_profile("prove", max_examples=3000, deadline=None, print_blob=True)
# A slow machine is no counterexample: no test judges how long something took.
hypothesis.register_profile("test", deadline=None)
hypothesis.load_profile("test")


# Whole files go to one of the workers: the longest begin first, so that all end at the same time.
LONGEST = ["demo/test_seeding.py", "test_access.py", "demo/test_data.py", "test_worker.py", "test_two_worlds.py"]
LONGEST += ["reviews/test_reminding.py"]


def pytest_collection_modifyitems(items):
    names = [str(Path(__file__).parent / name) for name in LONGEST]
    items.sort(key=lambda item: names.index(str(item.path)) if str(item.path) in names else len(names))


def pytest_report_header():
    database = settings.DATABASES["default"]
    where = database["HOST"] or database.get("OPTIONS", {}).get("host") or "the default socket"
    return f"database: {database['NAME']} at {where}"


@pytest.fixture(autouse=True)
def _empty_cache():
    """Limits and cached pages of one test are no business of the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Files of a test lie in a folder that goes with it."""
    storage = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where a browser is promised (REQUIRE_BROWSER=1), a skipped browser test is a failed one."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_BROWSER") and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"A browser test may not skip here: {report.longrepr[-1]}"
    return report

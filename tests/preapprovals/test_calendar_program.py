"""A real calendar program, the system’s khal, follows the portal’s calendar over an update and a cancellation."""

import os
import shutil
import subprocess
from datetime import time, timedelta

import pytest
from django.utils import timezone

from preapprovals.services import dates
from preapprovals.services.dates import When
from serportal.ui.words import programme_day
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = programme_day()
SHOWN = "{title}|{start-long-full}|{end-long-full}|{location}|{status}|{uid}"
SETTINGS = """
[calendars]
[[courses]]
path = {folder}/courses
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = courses
"""


@pytest.fixture
def khal(tmp_path):
    """Return a function that runs khal in a folder of its own. Where it is promised, a skipped test is a failed one."""
    program = shutil.which("khal")
    if program is None:
        if os.environ.get("REQUIRE_KHAL"):
            pytest.fail("There is no khal here: install the system package khal.")
        pytest.skip("There is no khal here: install the system package khal.")
    (tmp_path / "courses").mkdir()
    (tmp_path / "settings").write_text(SETTINGS.format(folder=tmp_path))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def run(*words: str) -> list[str]:
        done = subprocess.run(
            [program, "-c", tmp_path / "settings", *words],
            env={**clean, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def follow(client, khal, folder) -> list[list[str]]:
    """Take the calendar in as it is now, and return the events that khal shows."""
    (folder / "portal.ics").write_bytes(client.get("/calendar.ics").content)
    khal("import", "--batch", "-a", "courses", str(folder / "portal.ics"))
    until = (TODAY + timedelta(days=60)).isoformat()
    shown = khal("list", "--once", "--day-format", "", "--format", SHOWN, TODAY.isoformat(), until)
    return sorted(line.split("|") for line in shown if "|" in line)


def test_khal_follows_an_update_and_a_cancellation(client, khal, tmp_path):
    field = factories.offering(title="Dryland; from plan, to monitoring")
    hours = {"zone": "Africa/Nairobi", "starts": time(9), "ends": time(16), "place": "Naivasha", "country": "KE"}
    run = factories.occurrence(field, days=20, **hours)
    whole = factories.occurrence(
        factories.offering(title="Two days"), days=30, last_day=TODAY + timedelta(days=31), place="Wien", country="AT"
    )
    day, first, last = run.first_day, whole.first_day, whole.last_day
    two = ["Two days", f"{first} 00:00", f"{last} 00:00", "Wien, Austria", "CONFIRMED ", str(whole.uid)]
    title, where = "Dryland; from plan, to monitoring", "Naivasha, Kenya"
    assert follow(client, khal, tmp_path) == [
        [title, f"{day} 06:00", f"{day} 13:00", where, "CONFIRMED ", str(run.uid)],
        two,
    ]
    moved = When(first_day=day, last_day=day, **{**hours, "starts": time(10)})
    dates.move(occurrence_id=run.pk, when=moved, by=None, at=timezone.now() + timedelta(minutes=5))
    assert follow(client, khal, tmp_path) == [
        [title, f"{day} 07:00", f"{day} 13:00", where, "CONFIRMED ", str(run.uid)],
        two,
    ]
    dates.cancel(occurrence_id=run.pk, by=None, at=timezone.now() + timedelta(minutes=10))
    assert follow(client, khal, tmp_path) == [
        [f"Cancelled: {title}", f"{day} 07:00", f"{day} 13:00", "", "CANCELLED ", str(run.uid)],
        two,
    ]

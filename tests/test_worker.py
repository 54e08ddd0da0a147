"""What is promised of Celery, with a real worker on a real broker: RELIABILITY C21, C23; SPEC 2.6, 5."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from journals import rules
from journals.models import Entry, Upload
from serportal import celery
from serportal.home.invariants import broken
from serportal.outbox import services as outbox
from serportal.outbox.models import Message
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

PATIENCE = 60


def wait_until(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"Not within {PATIENCE} s: {what}"
        time.sleep(0.1)


class Worker:
    """A Celery process on the test's own database; its letters become files in ``letters``."""

    def __init__(self, letters: Path, *command: str):
        self.letters = letters
        parts = urlsplit(os.environ["DATABASE_URL"])
        own = urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))
        self.environment = {
            **os.environ,
            "PORTAL_MODE": "test",
            "DATABASE_URL": own,
            "OUTBOX_TRANSPORT": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(letters),
        }
        self.command = [sys.executable, "-m", "celery", "--app", "serportal.celery", *command]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=settings.BASE_DIR,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def kill(self, number=signal.SIGKILL):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.wait(20)

    def subjects(self) -> list[str]:
        texts = [path.read_text() for path in self.letters.glob("*.log")] if self.letters.exists() else []
        return sorted(
            line.removeprefix("Subject: ")
            for text in texts
            for line in text.splitlines()
            if line.startswith("Subject: ")
        )


@pytest.fixture
def worker(tmp_path):
    made = Worker(tmp_path / "letters", "worker", "--pool", "prefork", "--concurrency", "1").start()
    yield made
    made.kill()


def owe(number: int) -> None:
    outbox.owe_ready(key=f"m{number}", to="amara@example.org", subject=f"Number {number}", text="Text.")


def sent(count: int):
    return lambda: Message.objects.filter(state="sent").count() == count


def test_a_letter_leaves_as_soon_as_it_is_owed(worker):
    owe(1)
    wait_until(sent(1), "the letter is sent")
    assert worker.subjects() == ["Number 1"]


def test_a_filed_claim_is_acknowledged_by_the_worker(worker):
    case = factories.claim(factories.certificant(name="Amara Okafor"))
    wait_until(sent(1), "the receipt is sent")
    receipt = Message.objects.get()
    assert "Dear Amara Okafor," in receipt.text and case.reference in receipt.subject


def test_a_worker_killed_at_work_loses_no_letter_and_repeats_none(worker):
    for number in range(30):
        owe(number)
    wait_until(lambda: Message.objects.filter(state="sent").exists(), "the first letter is sent")
    worker.kill()
    uncertain = Message.objects.filter(state="sending").count()
    worker.start()
    celery.app.send_task(outbox.DRAIN)
    wait_until(lambda: not Message.objects.filter(state="owed").exists(), "nothing is owed")
    assert uncertain <= 1
    assert len(worker.subjects()) == len(set(worker.subjects())) >= 30 - uncertain


def test_the_quarters_upload_is_posted_by_the_worker_on_its_date_and_once(worker):
    ruth, committee = factories.coordinator(), [factories.member() for _ in range(3)]
    factories.decided(ruth, committee)
    today = factories.programme_day()
    due = rules.last_upload(today, a_year=4)
    with connection.cursor() as cursor:  # as if it had been approved before the last upload day
        cursor.execute("ALTER TABLE journals_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE journals_entry SET approved_at = %s", [timezone.now() - timedelta(days=100)])
        cursor.execute("ALTER TABLE journals_entry ENABLE TRIGGER USER")
    for _bell in range(3):
        celery.app.send_task("journals.tasks.post_due_upload")
    wait_until(lambda: Upload.objects.filter(posted_at__isnull=False).exists(), "the upload is posted")
    upload = Upload.objects.get()
    assert (upload.due_on, upload.entries_posted, upload.control_total) == (due, 1, 10)
    assert Entry.objects.get().upload == upload
    assert list(broken()) == []


@pytest.mark.long
def test_beat_rings_for_what_is_owed_when_nobody_else_does(worker, tmp_path):
    Message.objects.create(key="m", to="amara@example.org", subject="Number 1", text="Text.")
    beat = Worker(tmp_path, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", "").start()
    try:
        wait_until(sent(1), "beat's bell was heard")
    finally:
        beat.kill()


OWE_AND_OPEN_A_PAGE = """
import django; django.setup()
from django.test import Client
from serportal.outbox import services
services.owe_ready(key="m", to="amara@example.org", subject="S", text="T")
answer = Client().post("/accounts/login/", {"login": "nobody@example.org", "password": "not-the-one"})
print("login page:", answer.status_code)
"""


def test_a_silent_broker_fails_no_page_and_loses_no_letter(tmp_path):
    environment = {**Worker(tmp_path).environment, "DJANGO_SETTINGS_MODULE": "serportal.settings"}
    environment |= {"REDIS_URL": "redis://127.0.0.1:1/0", "CACHE_URL": "redis://127.0.0.1:1/1"}
    command = [sys.executable, "-c", OWE_AND_OPEN_A_PAGE]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "login page: 200" in done.stdout
    assert "The broker did not take" in done.stderr and "The cache cannot be reached" in done.stderr
    assert Message.objects.get().state == "owed"


def test_every_scheduled_task_exists_and_none_waits_for_a_time():
    celery.app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in celery.app.tasks
    limit = settings.CELERY_TASK_TIME_LIMIT
    assert limit * 3 < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    ours = ["applications", "cecs", "preapprovals", "journals", "serportal"]
    for path in [path for app in ours for path in Path(settings.BASE_DIR, app).rglob("*.py")]:
        source = path.read_text()
        assert "countdown=" not in source and "eta=" not in source and "autoretry" not in source, path

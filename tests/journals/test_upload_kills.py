"""A run killed at any point and started again equals the one that nobody stopped (R-UPL-3, RELIABILITY T-POST-1).

A trigger counts every row that a run writes, its commit included, and holds the run at one of them. There it is killed.
"""

import os
import random
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from journals import services
from journals.models import Entry, Statement, Upload
from journals.states import Fault, Progress
from serportal.home.invariants import broken
from serportal.reviews import services as reviews
from serportal.ui.words import programme_day
from tests import factories
from tests.journals.test_uploads import earn

pytestmark = pytest.mark.django_db(transaction=True)

# Long enough for a machine that does much else; a run that ended by itself is told at once.
PATIENCE = 180
GATE = 7_700_077
COUNTED = """
    CREATE TABLE held_at (step bigint);
    CREATE SEQUENCE steps_done;
    CREATE FUNCTION count_step() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$ BEGIN
        IF nextval('steps_done') = (SELECT step FROM held_at) THEN PERFORM pg_advisory_xact_lock_shared(%s); END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER step BEFORE UPDATE ON journals_entry FOR EACH ROW EXECUTE FUNCTION count_step();
    CREATE TRIGGER step BEFORE INSERT ON journals_statement FOR EACH ROW EXECUTE FUNCTION count_step();
    CREATE TRIGGER step BEFORE UPDATE ON journals_upload FOR EACH ROW EXECUTE FUNCTION count_step();
    CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON journals_upload DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION count_step();
"""
UNCOUNTED = "DROP FUNCTION count_step() CASCADE; DROP SEQUENCE steps_done; DROP TABLE held_at"
HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
QUEUED = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
ONE_RUN = (
    "import sys, django; django.setup(); from journals import models, services; "
    "services.post_upload(models.Upload.objects.get(pk=sys.argv[1]))"
)


def pytest_generate_tests(metafunc):
    """Ten points in every run of the tests, two hundred in ``make prove``."""
    if "seed" in metafunc.fixturenames:
        proving = metafunc.config.getoption("--hypothesis-profile") == "prove"
        metafunc.parametrize("seed", range(200 if proving else 10))


@pytest.fixture(autouse=True)
def _invariants():
    yield
    assert list(broken()) == []


@pytest.fixture
def counted():
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [GATE])
    yield
    with connection.cursor() as cursor:
        cursor.execute(UNCOUNTED)


def asked(sql: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row[0] if row else None


def wait_for(condition, what: str):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"Not within {PATIENCE} s: {what}"
        time.sleep(0.005)
    return found


@contextmanager
def held_at(step: int):
    """Let a run come as far as its ``step``-th row and no further, until this ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('steps_done', 1, false)")
        cursor.execute("DELETE FROM held_at")
        cursor.execute("INSERT INTO held_at VALUES (%s)", [step])
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        try:
            yield
        finally:
            cursor.execute("DELETE FROM held_at")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])


def history(rng: random.Random) -> Upload:
    """Members with an upload behind them, quarters to carry, and credits and corrections that wait; the next run."""
    people = [factories.certificant(since=programme_day() - timedelta(days=500)) for _ in range(4)]
    for person in people:
        earn(person, *(str(Decimal(rng.randint(1, 24)) / 4) for _ in range(3)))
    services.post_upload(services.prepare_upload(key="before", due_on=programme_day()))
    for person in people:
        earn(person, *(str(Decimal(rng.randint(1, 24)) / 4) for _ in range(rng.randint(0, 5))))
        if rng.random() < 0.6:
            earn(person, str(-rng.choice(Entry.objects.standing().filter(person=person)).credits))
    return services.prepare_upload(key="next", due_on=programme_day())


def told(upload: Upload) -> tuple:
    """Everything that ``upload`` did: where each entry is, each statement in its order, the totals."""
    figures = [field.attname for field in Statement._meta.concrete_fields if field.name not in {"id", "upload"}]
    upload.refresh_from_db()
    return (
        list(Entry.objects.order_by("pk").values_list("pk", "upload")),
        list(upload.statements.order_by("pk").values_list(*figures)),
        (upload.entries_posted, upload.members, upload.control_total, upload.posted_at is not None),
    )


def uninterrupted(upload: Upload) -> tuple[tuple, int]:
    """Return what the run does when nobody stops it, undone again, and how many rows it writes on its way."""
    with transaction.atomic():
        asked("SELECT setval('steps_done', 1, false)")
        services.post_upload(upload)
        asked("SET CONSTRAINTS ALL IMMEDIATE; SELECT 1")
        found, steps = told(upload), asked("SELECT last_value FROM steps_done")
        transaction.set_rollback(True)
    upload.refresh_from_db()
    assert upload.posted_at is None and found[2][3]
    return found, steps


def in_a_process(upload: Upload) -> subprocess.Popen:
    parts = urlsplit(os.environ["DATABASE_URL"])
    own = urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "serportal.settings", "DATABASE_URL": own}
    command = [sys.executable, "-c", ONE_RUN, str(upload.pk)]
    return subprocess.Popen(
        command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def until_held(ended) -> int:
    """Return the backend of a run once it is held; ``ended`` says why it never will be, and None while it may be."""

    def backend():
        found = asked(HELD, GATE)
        if found is None and (why := ended()) is not None:
            pytest.fail(f"The run ended by itself before it was held: {why}")
        return found

    return wait_for(backend, "the run is held")


def killed_as_a_process(upload: Upload, step: int) -> None:
    with held_at(step), in_a_process(upload) as process:
        try:
            backend = until_held(lambda: None if process.poll() is None else process.stdout.read())
            if step > 2:
                assert services.progress_of(Upload.objects.get(pk=upload.pk)) == Progress.POSTING
        finally:
            process.kill()
    gone(backend)


def gone(backend: int) -> None:
    """Wait until the database knows that nobody listens any more."""
    wait_for(lambda: asked("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", backend) == 0, "it is gone")


def broken_off(upload: Upload, step: int, how) -> None:
    """Run in a thread; at its ``step`` do ``how`` with its backend and its socket."""
    sockets = []

    def post():
        try:
            connection.ensure_connection()
            sockets.append(connection.connection.fileno())
            return services.post_upload(upload)
        except (DatabaseError, InterfaceError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, held_at(step):
        done = pool.submit(post)
        backend = until_held(lambda: repr(done.result()) if done.done() else None)
        how(backend, sockets[0])
        if how is ended_by_the_server:
            gone(backend)
    done.result(PATIENCE)
    gone(backend)


def ended_by_the_server(backend: int, _socket: int) -> None:
    assert asked("SELECT pg_terminate_backend(%s)", backend)


def cut_off(_backend: int, place: int) -> None:
    """The network between the two is gone: neither is told that the other left."""
    with socket.socket(fileno=os.dup(place)) as line:
        line.shutdown(socket.SHUT_RDWR)


WAYS = {
    "kill -9": killed_as_a_process,
    "pg_terminate_backend": lambda upload, step: broken_off(upload, step, ended_by_the_server),
    "a lost connection": lambda upload, step: broken_off(upload, step, cut_off),
}


def test_a_run_killed_anywhere_and_started_again_equals_the_uninterrupted_one(counted, seed):
    rng = random.Random(seed)
    upload = history(rng)
    expected, steps = uninterrupted(upload)
    before = told(upload)
    way = list(WAYS)[seed % len(WAYS)]
    step = rng.randint(1, steps)
    WAYS[way](upload, step)
    upload.refresh_from_db()
    progress = services.progress_of(upload)
    assert told(upload) == (expected if progress == Progress.POSTED else before), (way, step, steps)
    if way != "kill -9" and progress != Progress.POSTED:
        assert (progress, upload.fault) == (Progress.FAILED, Fault.LOST), (way, step, steps)
    services.release_upload(upload, by=factories.coordinator())
    assert told(upload) == expected, (way, step, steps)
    services.release_upload(upload, by=factories.coordinator())
    assert told(upload) == expected, (way, step, steps)


@pytest.fixture
def in_the_middle(counted):
    """A run that is held halfway through the entries it moves, and how to let it go and hear what it moved."""
    upload = history(random.Random(7))
    expected, steps = uninterrupted(upload)

    def post():
        try:
            return services.post_upload(upload)
        finally:
            connection.close()

    @contextmanager
    def held():
        with ThreadPoolExecutor(1) as pool:
            with held_at(steps // 2):
                done = pool.submit(post)
                until_held(lambda: repr(done.result()) if done.done() else None)
                yield
            done.result(PATIENCE)

    return upload, expected, held


def test_a_second_upload_waits_for_the_first_and_finds_nothing_left(in_the_middle):
    upload, expected, held = in_the_middle
    other = services.prepare_upload(key="the other", due_on=programme_day())

    def post(run):
        try:
            return services.post_upload(run)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with held():
            both = [pool.submit(post, run) for run in (other, upload)]
            wait_for(lambda: asked(QUEUED) == 3, "both wait for their turn")
        assert both[0].result(PATIENCE).entries_posted == 0
        assert both[1].result(PATIENCE).posted_at is not None
    assert told(upload)[1:] == expected[1:]


def test_a_claim_approved_during_an_upload_goes_into_the_next(in_the_middle):
    upload, expected, held = in_the_middle
    ruth = factories.coordinator()
    case = factories.voted(ruth, [factories.member() for _ in range(3)])
    digest = reviews.preview(case).digest
    with held():
        reviews.decide(case.pk, digest=digest, by=ruth)
    assert told(upload)[1:] == expected[1:]
    entry = Entry.objects.waiting().get()
    assert entry.decision.case == case
    assert services.post_upload(services.prepare_upload(key="after", due_on=programme_day())).control_total == 10


def test_a_correction_made_during_an_upload_goes_into_the_next(in_the_middle):
    upload, expected, held = in_the_middle
    entry = Entry.objects.waiting().standing().order_by("pk")[0]
    with held():
        made = services.reverse(entry.pk, reason="It was cancelled.", by=factories.coordinator())
    assert told(upload)[1:] == expected[1:]
    assert list(Entry.objects.waiting()) == [made]
    after = services.post_upload(services.prepare_upload(key="after", due_on=programme_day()))
    stated = after.statements.get()
    assert (stated.posted, stated.opening) == (-entry.credits, upload.statements.get(period=entry.period).closing)

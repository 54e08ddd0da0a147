"""Real servers: they answer, they keep what they were given, and none stays behind."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from serportal.local.errors import Refused
from serportal.local.servers import Servers
from tests.local.conftest import children_of, ended, gone, without_servers

LAUNCHER = [sys.executable, "-m", "serportal.local.with_servers"]


def query(servers, sql):
    with closing(psycopg2.connect(servers.environment["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None


def test_servers_answer_keep_their_data_and_stop_without_trace(place, own_environment):
    servers = Servers(place, place, careless=True)
    servers.start()
    query(servers, "CREATE TABLE note AS SELECT 'kept' AS text")
    assert query(servers, "SELECT current_setting('listen_addresses'), lower('É'), current_user") == ("", "é", "portal")
    with redis.Redis.from_url(servers.environment["REDIS_URL"]) as client:
        client.set("note", "kept")
        assert client.config_get("appendonly", "maxmemory-policy") == {
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
        }
        assert client.config_get("port") == {"port": "0"}
    pids = [child.process.pid for child in servers.children]
    assert len(pids) == 2
    servers.stop()
    assert all(gone(pid) for pid in pids)
    assert not servers.sockets.exists()

    again = Servers(place, place, careless=True)
    again.start()
    assert query(again, "SELECT text FROM note") == ("kept",)
    with redis.Redis.from_url(again.environment["REDIS_URL"]) as client:
        assert client.get("note") == b"kept"
    again.stop()


def test_servers_named_in_the_environment_are_used_instead(place, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres:///elsewhere")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    servers = Servers(place, place)
    servers.start()
    assert servers.environment == {}
    assert servers.children == []
    servers.stop()


def test_data_of_another_version_is_refused(place, own_environment):
    data = place / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9.6\n")
    servers = Servers(place, place)
    with pytest.raises(Refused, match=r"made by PostgreSQL 9\.6, and this one is \d+\. Start over with"):
        servers.start()
    servers.stop()


def test_a_killed_launcher_leaves_no_server_behind():
    environment = without_servers()
    environment.pop("FILES_ROOT", None)
    command = [*LAUNCHER, "sh", "-c", "echo $PPID $FILES_ROOT; exec sleep 60"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as launcher:
        parent, files = launcher.stdout.readline().split()
        assert int(parent) == launcher.pid
        pids = children_of(launcher.pid)
        assert len(pids) == 3  # PostgreSQL, Valkey, the command
        assert not any(ended(pid) for pid in pids)
        launcher.send_signal(signal.SIGKILL)
    assert [pid for pid in pids if not gone(pid)] == []
    shutil.rmtree(Path(files).parent)


def test_the_launcher_hands_on_the_status():
    environment = {**os.environ, "DATABASE_URL": "x", "REDIS_URL": "x"}
    assert subprocess.run([*LAUNCHER, "sh", "-c", "exit 7"], env=environment, check=False).returncode == 7


def test_the_launcher_hands_on_the_polite_end_even_in_the_first_moment():
    environment = {**os.environ, "DATABASE_URL": "x", "REDIS_URL": "x"}
    command = [*LAUNCHER, "sh", "-c", "trap 'echo ended; exit 5' TERM; echo ready; while :; do sleep 0.05; done"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout.readline() == "ready\n"
        launcher.terminate()
        assert launcher.stdout.read() == "ended\n"
    assert launcher.returncode == 5

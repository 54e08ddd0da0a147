"""Production refuses what would be unsafe, in a sentence; what is safe passes Django's own check."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

SAFE = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
    "TRUSTED_PROXY_COUNT": "1",
}


def check(**changes) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "DATABASE_URL", "REDIS_URL"}}
    environment |= {name: value for name, value in {**SAFE, **changes}.items() if value is not None}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)


def test_safe_settings_pass():
    done = check()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is missing or weak"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS must name each host"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name each host"),
        ({"ALLOWED_HOSTS": ".example.org"}, "ALLOWED_HOSTS must name each host"),
        ({"SITE_URL": "http://portal.example.org"}, "SITE_URL must be"),
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"PORTAL_MODE": "prod"}, "PORTAL_MODE is 'prod'"),
    ],
)
def test_unsafe_settings_are_refused_in_a_sentence(changes, sentence):
    done = check(**changes)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_production_is_the_default():
    assert "SECRET_KEY is missing" in check(PORTAL_MODE=None, SECRET_KEY=None).stderr

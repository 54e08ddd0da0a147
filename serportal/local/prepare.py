"""What the database and the static files need before the portal can serve: one process, one start of Django."""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import Error

ROOT = Path(__file__).resolve().parents[2]


def static_fingerprint() -> str:
    """Changes with any static file of ours, and with the lock, which names the packages that bring the others."""
    digest = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes())
    for folder in sorted({ROOT / "static", *ROOT.glob("*/static"), *ROOT.glob("serportal/*/static")}):
        for path in sorted(folder.rglob("*")):
            about = path.stat()
            digest.update(f"{path.relative_to(ROOT)}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    stamp, now = Path(settings.STATIC_ROOT).with_suffix(".stamp"), static_fingerprint()
    if not stamp.exists() or stamp.read_text() != now:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serportal.settings")
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=1)
        collect_static()
        call_command("seed_demo")
    except (CommandError, Error) as error:
        print(f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Every check of the source that needs no running portal. All of them run, then the failures are named."""

import re
import subprocess
import sys
from pathlib import Path

from serportal.local.lock import LOCKS, addresses_in

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
COMMANDS = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "djlint": ["djlint", "--lint", "--quiet", "templates"],
    "import contracts": ["lint-imports"],
}
# Registries, mirrors and package hosts; written so that this file does not name one either.
NAMES = "pypi|pythonhosted|npmjs|jsdelivr|unpkg|cdnjs|rubygems|crates"
HOSTS = re.compile(rf"\b({NAMES})[.](org|com|net|io)\b", re.IGNORECASE)


def tool(name: str, command: list[str]) -> str:
    """Run one tool; give back what it found, or nothing."""
    done = subprocess.run([TOOLS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{name}:\n{(done.stdout + done.stderr).strip()}" if done.returncode else ""


def tracked() -> list[Path]:
    """The files that git would carry, or every file where this is no checkout."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return []
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def locks() -> str:
    """A lock with an address in it installs on one machine only."""
    found = [f"{name}: {line}" for name in LOCKS for line in addresses_in((ROOT / name).read_text())]
    return "lock (run `make lock`):\n" + "\n".join(found) if found else ""


def hosts() -> str:
    """Nobody's package index belongs in the source: each machine has its own."""
    found = []
    for path in tracked():
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, 1) if HOSTS.search(line)]
    return "package hosts named in:\n" + "\n".join(found) if found else ""


def main() -> int:
    found = [*(tool(name, command) for name, command in COMMANDS.items()), locks(), hosts()]
    found = [text for text in found if text]
    print("\n\n".join(found) if found else "Style, templates, import contracts and locks are in order.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

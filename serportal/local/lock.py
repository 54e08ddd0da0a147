"""Resolve ``pyproject.toml`` into the two hashed locks, the same on every machine.

The locks hold versions and hashes only. An address would tie everybody to one index, so the resolver runs without this
machine's own indexes and settings, and the result is checked. Versions stay as they are unless ``--upgrade`` is given.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {
    "requirements.lock": [],
    "requirements-dev.lock": ["--group", "local", "--group", "test"],
}


def addresses_in(text: str) -> list[str]:
    """The lines that could only come from one machine: addresses, index options, paths."""
    return [line for line in text.splitlines() if "://" in line or line.startswith("-") or " @ " in line]


def compile_lock(name: str, groups: list[str], extra: list[str]) -> None:
    own = {key: value for key, value in os.environ.items() if not (key.startswith("UV_") and "INDEX" in key)}
    own.pop("UV_FIND_LINKS", None)
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-annotate", "--no-header", "--output-file", name, "pyproject.toml"),
    ]
    subprocess.run(
        [*command, *groups, *extra],
        cwd=ROOT,
        check=True,
        env={**own, "UV_NO_CONFIG": "1", "UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"},
    )


def main(extra: list[str]) -> int:
    for name, groups in LOCKS.items():
        try:
            compile_lock(name, groups, extra)
        except subprocess.CalledProcessError as error:
            return error.returncode
        found = addresses_in((ROOT / name).read_text())
        if found:
            print(f"{name} holds an address, which ties it to one machine: {found[0]}", file=sys.stderr)
            return 1
        print(f"{name} is resolved.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

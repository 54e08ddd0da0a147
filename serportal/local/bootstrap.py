"""Make or refresh ``.venv`` from the hashed lock, with nothing but a bare ``python3``.

Run by path, before any package exists: standard library only, and syntax that an old Python can still read, so that it
answers with a sentence. The Python that runs this file need not be the one that is used: each candidate is tried by
running it, since shims may exist and fail, and a distribution may ship Python without the means to make a venv.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-dev.lock"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "portal-stamp"
SUPPORTED = ((3, 11), (3, 12), (3, 13))
CANDIDATES = ("python3", "python3.13", "python3.12", "python3.11", "/usr/bin/python3")
NEEDED_MB = 700


class Refused(Exception):
    """A sentence for the person at the terminal: what is true, then what to do."""


def run(command, **environment):
    """Run quietly; give back (worked, the last lines of what it said)."""
    env = dict(os.environ, UV_SYSTEM_CERTS="1", UV_PYTHON_DOWNLOADS="never", PIP_DISABLE_PIP_VERSION_CHECK="1")
    # A virtual environment that happens to be active, or a user's modules, must not leak into this one.
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PIP_REQUIRE_HASHES", "PIP_TARGET", "PIP_USER"):
        env.pop(name, None)
    env.update(environment)
    try:
        command = [str(part) for part in command]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        return False, str(error)
    return done.returncode == 0, "\n".join(done.stdout.decode("utf-8", "replace").strip().splitlines()[-2:])


def version_of(command):
    """The (major, minor) that ``command`` really runs, or None."""
    worked, said = run([command, "-c", "import sys; print(*sys.version_info[:2])"])
    try:
        return tuple(int(part) for part in said.split()[-2:]) if worked else None
    except ValueError:
        return None


def pythons():
    """Every supported Python that runs, the person's own choice (``PYTHON``) first; refuse when there is none."""
    chosen = os.environ.get("PYTHON")
    seen, found, names = {}, [], (chosen,) if chosen else CANDIDATES
    # Not the environment's own Python, should it be active: it is about to be replaced.
    search = os.pathsep.join(part for part in os.get_exec_path() if Path(part) != PYTHON.parent)
    for name in names:
        path = shutil.which(name, path=search)
        if not path or os.path.realpath(path) in seen:
            continue
        version = version_of(path)
        seen[os.path.realpath(path)] = version
        if version in SUPPORTED:
            found.append(path)
    if not found:
        have = sorted(".".join(map(str, version)) for version in seen.values() if version)
        have = "only Python " + " and ".join(have) if have else "none that runs"
        raise Refused(
            f"The portal needs Python 3.11, 3.12 or 3.13, and {chosen or 'this machine'} has {have}. "
            "Install one of them, or name it: PYTHON=/path/to/python3.13 make demo"
        )
    return found


def make_venv(python):
    """Make an empty ``.venv`` and give back the command that installs into it with pip, or None with the reason."""
    worked, said = run([python, "-m", "venv", "--clear", VENV])
    if worked:
        return [PYTHON, "-m", "pip"], ""
    # Debian's Python comes without ensurepip: an empty environment, and any pip on the machine to fill it.
    worked, said = run([python, "-m", "venv", "--clear", "--without-pip", VENV])
    if not worked:
        return None, said
    others = [[python, "-m", "pip", "--python", PYTHON]]
    for wheel in sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"), reverse=True):
        others.append([PYTHON, wheel / "pip"])
    if shutil.which("pip3"):
        others.append(["pip3", "--python", PYTHON])
    for command in others:
        if run([*command, "--version"])[0]:
            return command, ""
    if shutil.which("uv") and run(["uv", "--version"])[0]:
        return ["uv"], ""
    if shutil.which("virtualenv") and run(["virtualenv", "--clear", "-p", python, VENV])[0]:
        return [PYTHON, "-m", "pip"], ""
    return None, "no pip"


def fill_venv(pip):
    """Install the lock: pip brings uv at the version and hashes of the lock, uv brings the rest; else pip alone."""
    sync = ["pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, LOCK]
    if pip == ["uv"]:
        worked, said = run(["uv", *sync])
    else:
        pin = VENV / "uv.lock.txt"
        pin.write_text(uv_pin())
        worked, said = run([*pip, "install", "--quiet", "--require-hashes", "-r", pin])
        worked, said = run([VENV / "bin" / "uv", *sync]) if worked else (False, said)
        if not worked and "No space left" not in said:
            worked, said = run([*pip, "install", "--quiet", "--require-hashes", "-r", LOCK])
    if not worked and "No space left" in said:
        raise OSError(errno.ENOSPC, said)
    if not worked:
        raise Refused(
            "The packages of requirements-dev.lock could not be installed. Check the network (or the mirror that pip "
            "is set up to use) and run the same command again. The installer said:\n" + said
        )


def uv_pin():
    """The lines of the lock that pin uv, hashes included."""
    blocks = LOCK.read_text().replace("\\\n", " ").splitlines()
    return "".join(" ".join(line.split()) + "\n" for line in blocks if line.startswith("uv=="))


def fingerprint():
    """What must be unchanged for ``.venv`` to be used as it is: lock, place, interpreter behind the link."""
    parts = (LOCK.read_bytes(), Path(__file__).read_bytes(), str(VENV).encode(), str(PYTHON.resolve()).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def ready():
    with contextlib.suppress(OSError):
        return PYTHON.exists() and STAMP.read_text() == fingerprint()
    return False


def build():
    candidates = pythons()
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDED_MB:
        raise OSError(errno.ENOSPC, f"{free} MB are free")
    print("Preparing the environment in .venv (once, about half a minute) …", flush=True)
    reasons = []
    for python in candidates:
        pip, reason = make_venv(python)
        if pip:
            fill_venv(pip)
            STAMP.write_text(fingerprint())
            return
        reasons.append(f"{python}: {reason}")
    if any("No space left" in reason for reason in reasons):
        raise OSError(errno.ENOSPC, "; ".join(reasons))
    raise Refused(
        "This machine's Python cannot make an environment with pip. Install its venv package (on Debian and Ubuntu: "
        "apt install python3-venv), or name another Python: PYTHON=/path/to/python3 make demo\n" + "\n".join(reasons)
    )


def main():
    if ready():
        return 0
    try:
        (ROOT / ".run").mkdir(exist_ok=True)
        with (ROOT / ".run" / "bootstrap.lock").open("w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)  # `make demo` and `make test` may start together
            if not ready():
                build()
        return 0
    except Refused as refusal:
        print(refusal, file=sys.stderr)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            print(
                f"The disk is full: the environment needs {NEEDED_MB} MB in {ROOT}. "
                "Free some space and run the same command again.",
                file=sys.stderr,
            )
        else:
            print(f"The environment cannot be made in {VENV}: {error}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. The next run continues.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

"""Where the demonstration's servers keep their data.

That is ``.run/demo`` itself; as root it is a folder under ``/var/tmp``, since the database's user may not enter a
checkout of root's. ``.run/demo/place`` then says where, and the folder says which checkout it belongs to.
"""

import os
import shutil
from pathlib import Path

from serportal.local.processes import Hold, sweep
from serportal.local.servers import private_folder

PLACES = Path("/var/tmp")
PREFIX = "serportal-demo-"


def has_checkout(place: Path) -> bool:
    """Whether the checkout that made ``place`` still refers to it."""
    try:
        return (Path((place / "checkout").read_text()) / "place").read_text() == str(place)
    except OSError:
        return False


def take_place(run: Path) -> tuple[Path, Hold | None]:
    """The folder for the demonstration of ``run``, and our hold on it where it is one of its own."""
    if os.geteuid() != 0:
        return run, None
    # A checkout that was deleted cannot reset its data, so the next demonstration of any checkout does.
    sweep(PLACES, PREFIX, keep=has_checkout)
    note = run / "place"
    if not (note.exists() and Path(note.read_text()).is_dir()):
        place = private_folder(PREFIX, str(PLACES))
        (place / "checkout").write_text(str(run))
        note.write_text(str(place))
    place = Path(note.read_text())
    return place, Hold(place, f"Another demonstration uses {place}. Stop it first.")


def remove_place(run: Path) -> None:
    """Remove the folder that ``run`` names, if it is one of ours."""
    note = run / "place"
    if note.exists():
        place = Path(note.read_text())
        if place.name.startswith(PREFIX) and place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)

"""What stands in the way of a demonstration is told in a sentence, and nothing of another one is touched."""

import socket

import pytest

from serportal.local import demo, door
from serportal.local.errors import Refused
from serportal.local.place import has_checkout
from serportal.local.processes import Hold
from serportal.local.welcome import PASSWORD, welcome


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
    folder = tmp_path / "demo"
    folder.mkdir()
    monkeypatch.setattr(demo, "RUN", folder)
    return folder


def test_a_port_that_was_asked_for_and_is_taken_is_refused(taken, monkeypatch):
    monkeypatch.setenv("PORT", str(taken))
    with pytest.raises(Refused, match=rf"Port {taken} is taken .*such as PORT=\d+ make demo$"):
        door.open_door()


@pytest.mark.parametrize("value", ["abc", "0", "70000", "80 81", "８０００"])
def test_a_port_that_is_none_is_refused(value, monkeypatch):
    monkeypatch.setenv("PORT", value)
    with pytest.raises(Refused, match="which is no port"):
        door.open_door()


def test_without_a_wish_the_next_free_port_is_used_and_named(taken, monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(door, "FIRST", taken)
    monkeypatch.setattr(door, "LAST", taken + 50)
    listening, remark = door.open_door()
    with listening:
        host, port = listening.getsockname()
        assert host == "127.0.0.1"
        assert taken < port <= taken + 50
        assert remark == f"Port {taken} is taken by another program, so this one uses {port}."


def test_all_ports_taken_is_refused(taken, monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(door, "FIRST", taken)
    monkeypatch.setattr(door, "LAST", taken)
    with pytest.raises(Refused, match="are all taken"):
        door.open_door()


def test_a_second_demonstration_in_the_same_folder_names_the_first(run_folder):
    hold = Hold(run_folder, "")
    (run_folder / "address").write_text("http://127.0.0.1:8007")
    with pytest.raises(Refused, match=r"already runs in this folder at http://127\.0\.0\.1:8007\. Open it there"):
        demo.Demo()
    hold.release()
    demo.Demo().hold.release()


def test_reset_refuses_while_a_demonstration_runs(run_folder):
    hold = Hold(run_folder, "")
    (run_folder / "files").mkdir()
    with pytest.raises(Refused, match="Stop it with Ctrl-C"):
        demo.reset()
    assert (run_folder / "files").exists()
    hold.release()
    assert demo.reset() == 0
    assert not run_folder.exists()


def test_reset_removes_only_a_place_of_ours(run_folder, tmp_path):
    stranger = tmp_path / "somebody-elses-data"
    stranger.mkdir()
    (run_folder / "place").write_text(str(stranger))
    assert demo.reset() == 0
    assert stranger.exists()


def test_a_place_belongs_to_the_checkout_that_refers_to_it(run_folder, tmp_path):
    place = tmp_path / "serportal-demo-1"
    place.mkdir()
    assert not has_checkout(place)
    (place / "checkout").write_text(str(run_folder))
    assert not has_checkout(place)
    (run_folder / "place").write_text(str(place))
    assert has_checkout(place)
    (run_folder / "place").write_text(f"{place}2")
    assert not has_checkout(place)


def test_the_welcome_names_address_letters_accounts_and_the_way_out():
    text = welcome("http://127.0.0.1:8000")
    for part in ("http://127.0.0.1:8000/demo/letters/", "cerp@example.org", "coordinator@", PASSWORD, "Ctrl-C"):
        assert part in text

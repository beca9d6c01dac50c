"""Sockets that keep what their client does not take: nothing is lost, nothing comes twice, in the right order."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import PATIENCE_SECONDS

from web import outgoing
from web.outgoing import ROOM_BYTES, Outgoing

LONG = os.urandom(1 << 20)


@pytest.fixture
def pair() -> Iterator[tuple[Outgoing, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(PATIENCE_SECONDS)
    with Outgoing(ours) as sending, theirs:
        sending.settimeout(None)
        yield sending, theirs
        sending.settle()


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def read(sending: Outgoing, theirs: socket.socket, size: int) -> bytes:
    """Read as much as is sent, as the event loop sends it."""
    found = b""
    while len(found) < size:
        sending.flush()
        found += theirs.recv(50_000)
    return found


def test_what_a_client_does_not_take_is_kept_in_order(pair: tuple[Outgoing, socket.socket], tmp_path: Path) -> None:
    sending, theirs = pair
    done: list[int] = []
    sending.when_sent(lambda: done.append(sending.kept_bytes))
    file = tmp_path / "file"
    file.write_bytes(LONG)
    sending.sendall(b"head")
    sending.sendall(LONG)
    with file.open("rb") as stream:
        assert sending.sendfile(stream, 10, 500_000) == 500_000
    sending.sendall(b"tail")
    assert sending.kept_bytes > 1_000_000
    whole = b"head" + LONG + LONG[10:500_010] + b"tail"
    assert read(sending, theirs, len(whole)) == whole
    assert (sending.kept_bytes, done) == (0, [])
    sending.settle()
    sending.settle()
    assert done == [0]
    sending.sendall(LONG)
    assert read(sending, theirs, len(LONG)) == LONG


def test_what_was_not_sent_is_forgotten_with_its_files(pair: tuple[Outgoing, socket.socket]) -> None:
    sending, _ = pair
    before = open_files()
    sending.sendall(LONG)
    with tempfile.TemporaryFile() as file:
        file.write(LONG)
        file.flush()
        sending.sendfile(file)
    assert open_files() == before + 2
    sending.settle()
    assert (open_files(), sending.kept_bytes) == (before, 0)


def test_without_room_a_thread_waits_for_its_client_and_then_lets_it_go(
    pair: tuple[Outgoing, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    sending, _ = pair
    monkeypatch.setattr(outgoing, "SEND_TIMEOUT_SECONDS", 0.1)
    for _ in range(ROOM_BYTES // len(LONG)):
        sending.sendall(LONG)
    with pytest.raises(ConnectionResetError, match="reads nothing"):
        sending.sendall(LONG * 2)


def test_on_a_full_disk_a_thread_waits_for_its_client(
    pair: tuple[Outgoing, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    sending, _ = pair
    monkeypatch.setattr(outgoing, "TemporaryFile", full)
    monkeypatch.setattr(outgoing, "SEND_TIMEOUT_SECONDS", 0.1)
    with pytest.raises(ConnectionResetError, match="reads nothing"):
        sending.sendall(LONG)


def test_a_file_that_was_cut_off_breaks_the_response(pair: tuple[Outgoing, socket.socket], tmp_path: Path) -> None:
    sending, theirs = pair
    file = tmp_path / "file"
    file.write_bytes(LONG)
    with file.open("rb") as stream:
        sending.sendfile(stream)
    os.truncate(file, 10)
    with pytest.raises(ConnectionAbortedError):
        read(sending, theirs, len(LONG))

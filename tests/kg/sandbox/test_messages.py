"""Messages over a pair of sockets: in pieces, several at once, with files, lost files, and what is no message."""

import os
import resource
import socket
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kg.sandbox.messages import INLINE_BYTES, Channel, Message, Stage

LITTLE_SECONDS = 0.05
Pair = tuple[socket.socket, Channel]
DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A bare socket and the channel at its other end."""
    bare, other = socket.socketpair()
    with bare, closing(Channel(other)) as channel:
        yield bare, channel


def message(stage: int, content: bytes = b"") -> bytes:
    return struct.pack("!BI", stage, len(content)) + content


def opened() -> int:
    """Number of files that this process has open."""
    return len(list(DESCRIPTORS.iterdir()))


@contextmanager
def no_file_more() -> Iterator[None]:
    """Let this process open no file more: the limit counts all numbers below it, so those that are free are taken."""
    highest, held = max(int(path.name) for path in DESCRIPTORS.iterdir()), [os.dup(0)]
    while held[-1] < highest:
        held.append(os.dup(0))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (held[-1] + 1, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for descriptor in held:
            os.close(descriptor)


def content(found: Message | None) -> bytes:
    """What stands in the file of a message, which is closed."""
    assert found is not None
    assert found.descriptor is not None
    with open(found.descriptor, "rb") as file:  # noqa: PTH123 — a descriptor
        file.seek(0)
        return file.read()


def test_a_message_in_pieces_is_whole_when_its_last_is_there(pair: Pair) -> None:
    bare, channel = pair
    sent = message(Stage.ANSWER, b"answer")
    for piece in (sent[:3], sent[3:7], sent[7:]):
        with pytest.raises(TimeoutError):
            channel.receive(LITTLE_SECONDS)
        bare.sendall(piece)
    assert channel.receive() == (Stage.ANSWER, b"answer", None)


def test_several_messages_that_come_at_once_are_told_apart(pair: Pair) -> None:
    bare, channel = pair
    bare.sendall(message(Stage.READY, b"7") + message(Stage.ANSWER) + message(Stage.DONE)[:2])
    assert [channel.receive(), channel.receive()] == [(Stage.READY, b"7", None), (Stage.ANSWER, b"", None)]
    bare.close()
    assert channel.receive() is None


@pytest.mark.parametrize("cut", [1, 5, 7])
def test_a_file_belongs_to_its_message_wherever_that_is_cut(pair: Pair, cut: int) -> None:
    """The file comes with the first piece; between it and the last somebody waits in vain, and others are behind."""
    bare, channel = pair
    sent = message(Stage.SPOOLED, b"note") + message(Stage.READY)
    with tempfile.TemporaryFile() as first, tempfile.TemporaryFile() as second:
        for number, file in enumerate((first, second)):
            file.write(b"%d" % number)
            file.flush()
        socket.send_fds(bare, [sent[:cut]], [first.fileno()])
        with pytest.raises(TimeoutError):
            channel.receive(LITTLE_SECONDS)
        bare.sendall(sent[cut:])
        socket.send_fds(bare, [message(Stage.STREAMING)], [second.fileno()])
    assert content(channel.receive()) == b"0"
    assert channel.receive() == (Stage.READY, b"", None)
    assert content(channel.receive()) == b"1"


def test_files_that_nobody_took_are_closed(pair: Pair) -> None:
    bare, channel = pair
    before = opened()
    with tempfile.TemporaryFile() as file:
        for _ in range(3):
            socket.send_fds(bare, [message(Stage.ANSWER)], [file.fileno()])
    assert [channel.receive() for _ in range(3)] == [(Stage.ANSWER, b"", None)] * 3
    assert opened() == before + 3
    channel.close()
    assert opened() == before - 1


def test_a_file_that_was_lost_is_an_error(pair: Pair) -> None:
    """Else the answer in it would be taken for an empty one: the process may open no file more."""
    bare, channel = pair
    with tempfile.TemporaryFile() as file:
        socket.send_fds(bare, [message(Stage.SPOOLED)], [file.fileno()])
        with no_file_more(), pytest.raises(OSError, match="Too many open files"):
            channel.receive()


@pytest.mark.parametrize("sent", [message(99), message(Stage.SPOOLED), struct.pack("!BI", Stage.ANSWER, 1 << 31)])
def test_what_is_no_message_is_an_error(pair: Pair, sent: bytes) -> None:
    """A kind that is unknown, an answer without its file, a length beyond the limit."""
    bare, channel = pair
    bare.sendall(sent)
    with pytest.raises(ConnectionError):
        channel.receive()


def test_a_message_that_nobody_takes_is_an_error_in_its_time(pair: Pair) -> None:
    """Whatever the last wait for an answer was; the content is longer than what the system keeps."""
    bare, channel = pair
    with pytest.raises(TimeoutError):
        channel.receive(LITTLE_SECONDS)
    with pytest.raises(TimeoutError):
        channel.send(Stage.JOB, bytes(16 * INLINE_BYTES), seconds=LITTLE_SECONDS)
    bare.close()
    with pytest.raises(ConnectionError):
        channel.send(Stage.JOB, b"", seconds=LITTLE_SECONDS)

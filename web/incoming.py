"""Requests as they arrive: how many bytes are missing, and whether the client waits to be told to go on."""

import re

MAX_HEADER_BYTES, MAX_REQUEST_BYTES = 1 << 16, 1 << 19
"""Limits of the headers of a request and of the whole; longer ones are refused unread."""
TOO_LONG = -1
CONTENT_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n")
EXPECT = re.compile(rb"(?i)\r\nexpect:[ \t]*100-continue[ \t]*\r\n")
CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding:")
CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")


def missing_bytes(data: bytes) -> int:
    """Return the number of bytes needed before more is known of a request; 0 if complete or malformed.

    Args:
        data: the bytes received.

    Returns:
        A number of bytes, or TOO_LONG.
    """
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return len(data) + 1 if len(data) < MAX_HEADER_BYTES else TOO_LONG
    headers, body = data[: end + 2], end + 4
    if CHUNKED.search(headers):
        return _missing_chunk_bytes(data, body)
    length = CONTENT_LENGTH.search(headers)
    total = body + int(length[1]) if length else body
    if total > MAX_REQUEST_BYTES:
        return TOO_LONG
    return total if len(data) < total else 0


def _missing_chunk_bytes(data: bytes, at: int) -> int:
    while at <= MAX_REQUEST_BYTES and len(data) <= MAX_REQUEST_BYTES:
        if data.find(b"\r\n", at) < 0:
            return max(at, len(data)) + 1
        chunk = CHUNK.match(data, at)
        if chunk is None:
            return 0
        if int(chunk[1], 16) == 0:
            return 0 if data.find(b"\r\n\r\n", at) >= 0 else len(data) + 1
        at = chunk.end() + int(chunk[1], 16) + 2
    return TOO_LONG


def expects_continue(data: bytes) -> bool:
    """Return whether a client awaits `100 Continue` before it sends the body (RFC 9110, 10.1.1)."""
    line = data.partition(b"\r\n")[0]
    return data.find(b"\r\n\r\n") == len(data) - 4 and line.endswith(b" HTTP/1.1") and bool(EXPECT.search(data))

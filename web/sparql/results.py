"""Responses with the result of a query."""

from collections.abc import Iterator, Sequence

from flask import Response, request

from kg.errors import GuapaiError
from kg.sandbox import Answer
from kg.store.formats import Format
from web.http.responses import BOM
from web.middleware.monitoring import OUTCOME, record_outcome
from web.sparql import notes


def streamed(answer: Answer, found: Sequence[notes.Note], *, ranges: bool) -> Response:
    """Stream a result with the notes on it.

    The first bytes are taken before the response is made, so that a limit broken until then has its own status. A
    failure after them aborts the transfer, so that it is not taken for complete.

    HTTP/1.0 without a length cannot tell an aborted transfer; there the result is completed first, as it is for who
    asks for its length by HEAD or for a part of it.

    Args:
        answer: of the worker.
        found: notes on the query.
        ranges: whether a part of the result can be asked for.

    Raises:
        GuapaiError: the query failed before its first bytes; the answer is then closed.
    """
    part = ranges and "Range" in request.headers
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0" or request.method == "HEAD" or part:
        answer.complete()

    environ = request.environ
    old, new = notes.with_link(answer.form, answer.kind, found)
    start = BOM if answer.form.name == "csv" and request.values.get("bom") == "1" else b""
    if (content := answer.whole) is not None:
        answer.close()
        record_outcome("ok")
        response = Response(start + content.replace(old, new, 1) if old else start + content)
        return _with_headers(response, answer.form, found)
    rest = notes.replaced_once(answer, old, new)
    try:
        first = start + next(rest, b"")
    except GuapaiError:
        answer.close()
        raise
    record_outcome("ok")

    def chunks() -> Iterator[bytes]:
        try:
            with answer:
                yield first
                yield from rest
        except GeneratorExit:
            environ[OUTCOME] = "cancelled"
            raise
        except GuapaiError:
            environ[OUTCOME] = "broken"
            raise

    size = answer.size
    response = Response(chunks())
    response.call_on_close(answer.close)
    if size is not None:
        response.content_length = size + len(start) + len(new) - len(old)
    return _with_headers(response, answer.form, found)


def _with_headers(response: Response, form: Format, found: Sequence[notes.Note]) -> Response:
    response.headers["Content-Type"] = form.content_type
    response.headers["Cache-Control"] = "no-cache"
    notes.add_headers(response, found)
    return response

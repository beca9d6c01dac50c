"""Benchmark of `/reconcile` and `guapai match` against the bare index look-ups that they make.

    python -m bench.matching [--dist FOLDER] [NAMES …]      (default: dist; 1000 and 10000)

The names are those of the release, places, carriers, programmes and designations in turn: a fifth as they are, a fifth
without the type at their end, a fifth after the name of their province, a fifth with one character misprinted, a
fifth nobody's. Batches of ten go to `/reconcile` as OpenRefine sends them, through WSGI without a network; requests
are made beforehand, so that a client's work does not count. "Bare" is the time of the look-ups alone, those that the
answer was made of (`Names.resolve`, `Near.find`), made again one after the other; "bare view" is a Flask view that
reads the batch, makes them and answers with the keys as JSON: what Flask takes by itself.

All times are of the processor, so that other processes do not count. Between sizes: the growth of seconds per name
(goal: none).
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, Response, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from kg.analysis.matching import KINDS, Asked, Matcher
from kg.analysis.matching.near import Near
from kg.analysis.resolve import Names
from kg.importing import match_list
from kg.importing.match_list import Listed
from kg.release import open_release
from kg.release.columns import Columns
from web import create_app

BATCH = 10
BATCHES = 20
"""Batches of ten of each sort; the median counts."""
SIZES = (1000, 10_000)
NAMED = ("place", "carrier", "programme", "designation")
"""Kinds whose names are asked."""
VARIED: Mapping[str, Callable[[str, str], str]] = {
    "whole": lambda name, _: name,
    "short": lambda name, _: name.rstrip("省市区县") or name,
    "path": lambda name, _: f"江苏省{name}",
    "misprint": lambda name, other: name[: len(name) // 2] + other[0] + name[len(name) // 2 + 1 :],
    "nobody's": lambda name, other: f"{other[:1]}未{name[-1:]}有{len(name)}",
}
"""Way in which a name is written to the function of it and another name."""
SORTS: Mapping[str, tuple[str, str]] = {
    "places, exact": ("place", "whole"),
    "places": ("place", ""),
    "designations": ("designation", ""),
    "any kind": ("", ""),
}
"""Sort of batch to the kind that is asked for, and the only variation of the names; empty for all."""
Lookup = Callable[[], object]


def names(matcher: Matcher, kind: str, variation: str) -> Iterator[str]:
    """Yield names without end: of a kind (empty: of all in turn), varied in turn or in one way."""
    known = [list(matcher.names.index(each).shown.items()) for each in ([kind] if kind else NAMED)]
    ways = [variation] if variation else list(VARIED)
    for number in range(sys.maxsize):
        own = known[number % len(known)]
        at = (number * 7919) % len(own)
        yield VARIED[ways[number // len(known) % len(ways)]](own[at][1], own[at - 1][1])


def seconds(function: Callable[[], object], times: int = 5) -> float:
    """Return the median of the processor time of a function."""
    measured = []
    for _ in range(times):
        start = time.process_time()
        function()
        measured.append(time.process_time() - start)
    return median(measured)


def lookups(matcher: Matcher, asked: Sequence[Asked]) -> list[Lookup]:
    """Return the look-ups that the matcher makes for a batch, recorded while it makes them."""
    made: list[Lookup] = []
    resolve, find = Names.resolve, Near.find

    def recorded(self: Names, kind: str, text: str, **more: Any) -> Any:  # noqa: ANN401
        made.append(partial(resolve, self, kind, text, **more))
        return resolve(self, kind, text, **more)

    def found(self: Near, form: str) -> Any:  # noqa: ANN401
        made.append(lambda: list(find(self, form)))
        return find(self, form)

    Names.resolve, Near.find = recorded, found  # type: ignore[method-assign, assignment]
    try:
        matcher.match(asked)
    finally:
        Names.resolve, Near.find = resolve, find  # type: ignore[method-assign]
    return made


def bare_view(made: Sequence[Lookup]) -> Flask:
    """Return an application that answers a batch with what some look-ups give, as keys."""
    app = Flask("bare")

    @app.post("/reconcile")
    def reconcile() -> Response:
        json.loads(request.form["queries"])
        keys = [[each.key for each in getattr(found, "candidates", found)] for found in (make() for make in made)]
        return Response(json.dumps(keys), mimetype="application/json")

    return app


def asking(app: Flask, form: Mapping[str, str]) -> Callable[[], str]:
    """Return a function that sends a form as a WSGI server does, and returns the status of the answer."""
    request = EnvironBuilder(path="/reconcile", method="POST", data=form)
    environ, body = request.get_environ(), request.get_request().get_data()
    return lambda: run_wsgi_app(app, environ | {"wsgi.input": BytesIO(body)}, buffered=True)[1]


def batches(app: Flask, matcher: Matcher) -> Iterator[str]:
    """Yield a line for each sort of batch: milliseconds of ours, of the bare look-ups and of the bare view."""
    for sort, (kind, variation) in SORTS.items():
        source, measured = names(matcher, kind, variation), []
        for _ in range(BATCHES):
            texts = list(islice(source, BATCH))
            queries = {f"q{n}": {"query": text} | ({"type": kind} if kind else {}) for n, text in enumerate(texts)}
            asked = [Asked(text, kind) for text in texts]
            made, form = lookups(matcher, asked), {"queries": json.dumps(queries, ensure_ascii=False)}
            ours, view = (asking(each, form) for each in (app, bare_view(made)))
            if (statuses := [ours(), view()]) != ["200 OK", "200 OK"]:
                raise RuntimeError(f"{sort}: {statuses}")
            measured.append((seconds(ours), seconds(lambda made=made: [make() for make in made]), seconds(view)))
        own, bare, viewed = (1000 * median(column) for column in zip(*measured, strict=True))
        yield (
            f"batch of {BATCH}, {sort}: {own:.2f} ms ÷ bare look-ups {bare:.2f} ms: {own / bare:.1f} (goal ≤ 3, the "
            f"bare view alone {viewed / bare:.1f}); ÷ bare view {viewed:.2f} ms: {own / viewed:.1f}"
        )


def matched(matcher: Matcher, number: int) -> tuple[float, int]:
    """Match a list as `guapai match` does; return seconds and the number of rows with a key."""
    texts = list(islice(names(matcher, "", ""), number))
    listed = Listed(("name",), tuple((text,) for text in texts), tuple(map(Asked, texts)))
    start, keyed = time.process_time(), 0
    rows = iter(texts)
    for batch in match_list.matched(listed, matcher):
        for found in batch:
            keyed += bool(match_list.row([next(rows)], found, 0.0, 1)[2])
    return time.process_time() - start, keyed


def main(dist: Path, sizes: Sequence[int]) -> Iterator[str]:
    """Measure, and yield lines of figures."""
    release = open_release(dist)
    start = time.process_time()
    matcher = Matcher.of_columns(Columns.open(release))
    matcher.match([Asked(text) for text in ("昆衫", "kunshn")])
    yield f"names of {len(KINDS)} kinds laid out: {time.process_time() - start:.1f} s"
    app = create_app(release)
    yield from batches(app, Matcher.of_columns(app.extensions["guapai"].computed.columns))
    before = 0.0
    for number in sizes:
        taken, keyed = matched(matcher, number)
        each = taken / number
        growth = f", ×{each / before:.2f} per name" if before else ""
        yield (
            f"{number:,} names: {taken:.1f} s, {1000 * each:.2f} s per 1,000 (goal ≤ 10){growth}; {keyed:,} with a key"
        )
        before = each


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--dist", type=Path, default=Path("dist"))
    parser.add_argument("names", type=int, nargs="*", default=SIZES)
    given = parser.parse_args()
    for told in main(given.dist, given.names):
        sys.stdout.write(told + "\n")
        sys.stdout.flush()

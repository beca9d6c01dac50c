"""Findings of a day as a file, so that a server reads in an instant what the build or another process has computed."""

import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from kg.analysis.findings.finding import Finding, Ruling, Subtraction

FOLDER = "report/findings"
"""Folder of these files in a release, one a standing day."""
MAX_DAYS = 64
"""Days whose files are kept, some 1.5 MB each at fifteen thousand designations; the first written go first."""
LOCKS = 16
"""Lock files; days that share one wait for each other."""
log = logging.getLogger("guapai")


def write(folder: Path, findings: Sequence[Finding]) -> None:
    """Write the findings of one or several days, in their order, one file a day, into the folder of a release."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for day in sorted({finding.as_of for finding in findings}):
        write_day(folder, day, [finding for finding in findings if finding.as_of == day])


def write_day(folder: Path, day: date, findings: Sequence[Finding]) -> None:
    """Write the findings of a day, which may be none, whole or not at all.

    Raises:
        OSError: the file cannot be written; nothing is left of it.
    """
    target = folder / FOLDER / f"{day}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, default=str, indent=0)
    begun = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    try:
        begun.write_text(f"{text}\n", encoding="utf-8")
        begun.replace(target)
    except OSError:
        begun.unlink(missing_ok=True)
        raise


def read(folder: Path, day: date) -> list[Finding] | None:
    """Return the findings of a day as they were written; None where the release has no file of that day."""
    try:
        text = (folder / FOLDER / f"{day}.json").read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    return [_finding(found) for found in json.loads(text)]


def _finding(found: Mapping[str, Any]) -> Finding:
    lists = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    made = {
        **found,
        **lists,
        "as_of": date.fromisoformat(found["as_of"]),
        "overlaps": _tuples(found["overlaps"]),
        "qualifying": _tuples(found["qualifying"]),
        "subtracted": tuple(Subtraction(**pair) for pair in found["subtracted"]),
        "rulings": tuple(_ruling(ruling) for ruling in found["rulings"]),
    }
    return Finding(**made)


def _ruling(found: Mapping[str, Any]) -> Ruling:
    days = {name: date.fromisoformat(found[name]) for name in ("decided_on", "looked_at") if found[name]}
    lists = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    return Ruling(**{**found, **lists, **days})


def _tuples(pairs: Iterable[Sequence[str]]) -> tuple[Any, ...]:
    return tuple(tuple(pair) for pair in pairs)


class SharedDays:
    """Findings by day in a folder of the server; where it cannot be written to, each process computes for itself."""

    def __init__(self, folder: Path, release: str, max_days: int = MAX_DAYS) -> None:
        """Start with what other processes have written.

        Args:
            folder: of the server, for as long as it runs.
            release: id of the release whose findings these are.
            max_days: days kept, of all releases.
        """
        self._all, self._folder, self._max_days = folder, folder / release, max_days

    def findings(self, day: date, compute: Callable[[], list[Finding]]) -> list[Finding]:
        """Return the findings of a day; while one process computes them, others that ask for the day wait."""
        found = read(self._folder, day)
        if found is not None:
            return found
        with self._turn(day):
            found = read(self._folder, day)
            if found is None:
                found = compute()
                self._keep(day, found)
        return found

    @contextmanager
    def _turn(self, day: date) -> Iterator[None]:
        try:
            stream = (self._all / f"{day.toordinal() % LOCKS}.lock").open("w")
        except OSError:
            yield
            return
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def _keep(self, day: date, found: list[Finding]) -> None:
        try:
            write_day(self._folder, day, found)
            written = sorted(self._all.glob(f"*/{FOLDER}/*.json"), key=lambda path: path.stat().st_mtime_ns)
            for path in written[: -self._max_days]:
                path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("findings of %s are not shared between processes: %s", day, error)

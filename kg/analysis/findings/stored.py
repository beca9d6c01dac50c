"""Findings of a day as a file of a release, so that a server reads in an instant what the build has computed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from kg.analysis.findings.finding import Finding, Ruling, Subtraction

FOLDER = "report/findings"
"""Folder of these files in a release, one a standing day."""


def write(folder: Path, findings: Sequence[Finding]) -> None:
    """Write the findings of one or several days, in their order, one file a day, into the folder of a release."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    for day in sorted({finding.as_of for finding in findings}):
        own = [asdict(finding) for finding in findings if finding.as_of == day]
        text = json.dumps(own, ensure_ascii=False, default=str, indent=0)
        (target / f"{day}.json").write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path, day: date) -> list[Finding] | None:
    """Return the findings of a day as they were written; None where the release has no file of that day."""
    try:
        text = (folder / FOLDER / f"{day}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
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

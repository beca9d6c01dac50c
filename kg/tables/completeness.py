"""Completeness of lists and programmes, computed here for every page, export, finding and claim.

In one sentence: a list or programme is whole if its list says that it names all, or if as many designations as the
official total are held; else it is what its list says: partial, a sample, or unknown (partial, if a total is known).

Held are the designations that the list (for a programme: its newest list) does not call withdrawn or no longer listed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.tables import Package, Row

NOT_HELD = frozenset({"withdrawn", "not-in-list"})
"""Standings of designations that an official total does not count."""
STATES = ("whole", "partial", "sample", "unknown")
"""States of completeness, the best first."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a list or programme is here.

    held: designations; official: the official total, None if unknown; state: one of `STATES`; list_id: the list that
    states total and state ("" for a programme without a list).
    """

    held: int
    official: int | None
    state: str
    list_id: str


def of_lists(package: Package, records: Mapping[str, Iterable[Row]]) -> dict[str, Held]:
    """Return the completeness of every list.

    Args:
        package: the tables.
        records: the records of each designation, by its key.
    """
    listed: dict[str, set[str]] = {}
    for key, rows in records.items():
        for row in rows:
            if row["standing"] not in NOT_HELD:
                listed.setdefault(row["list_id"], set()).add(key)
    found = {}
    for row in package.rows("lists"):
        held, official = len(listed.get(row["id"], ())), _total(row)
        found[row["id"]] = Held(held, official, state(held, official, row["completeness"]), row["id"])
    return found


def of_programmes(package: Package, standings: Iterable[tuple[str, str]], lists: Mapping[str, Held]) -> dict[str, Held]:
    """Return the completeness of every programme, by its most telling list.

    A list of this programme alone goes before one of several, whose total is none of this programme; then one with a
    total, the newest, the better one.

    Args:
        package: the tables.
        standings: programme and standing of each designation.
        lists: the completeness of the lists.
    """
    held = Counter(programme for programme, standing in standings if standing not in NOT_HELD)
    naming: dict[str, list[Row]] = {row["id"]: [] for row in package.rows("programmes")}
    for row in package.rows("lists"):
        for key in row.many("programme_ids"):
            naming[key].append(row)
    return {key: _of_programme(held[key], rows, lists) for key, rows in naming.items()}


def state(held: int, official: int | None, stated: str) -> str:
    """Return the state of completeness by the definition of this module."""
    if stated == "whole" or (official is not None and held >= official):
        return "whole"
    return "partial" if stated == "unknown" and official is not None else stated


def _of_programme(held: int, rows: Iterable[Row], lists: Mapping[str, Held]) -> Held:
    ordered = sorted(sorted(rows, key=lambda row: (row["edition"], row["id"]), reverse=True), key=_telling)
    if not ordered:
        return Held(held, None, "unknown", "")
    row = ordered[0]
    alone = len(row.many("programme_ids")) == 1
    official = _total(row) if alone else None
    stated = row["completeness"] if alone else lists[row["id"]].state
    return Held(held, official, state(held, official, stated), row["id"])


def _telling(row: Row) -> tuple[bool, bool, int]:
    """Return the order of the lists of a programme, the most telling first; equal ones by edition, the newest first."""
    return len(row.many("programme_ids")) > 1, not row["official_total"], STATES.index(row["completeness"])


def _total(row: Row) -> int | None:
    return int(row["official_total"]) if row["official_total"] else None

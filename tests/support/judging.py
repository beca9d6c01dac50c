"""Blind judgement of findings: `draw` makes cards without strength, `agreement` computes what two readers said.

Use: python tests/support/judging.py DIST SEED CARDS KEY. CARDS are read by the readers; KEY says which is what.
"""

import csv
import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

from kg.analysis import ministries as mandates
from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.titles import title
from kg.analysis.labels import Labels
from kg.release import open_release
from kg.release.columns import Columns

DATA = Path(__file__).parents[2] / "data"
REFORM_DAYS = (date(2022, 12, 31), date(2026, 11, 24))
STRONG, OTHERS = 100, 50
"""How many findings are drawn at most: strong ones, and others that are ranked."""
KINDS = ("territorial", "thematic", "carrier")
"""Kinds whose findings have a strength."""
VERDICTS = ("right", "debatable", "wrong")
Z_95 = 1.959963984540054
"""Quantile of the normal distribution for two-sided intervals of 95 %."""


@dataclass(frozen=True)
class Agreement:
    """How two readers agree: share of equal verdicts, Cohen's kappa (1960), number of cases."""

    share: float
    kappa: float
    cases: int


def agreement(one: Sequence[str], other: Sequence[str]) -> Agreement:
    """Compare the verdicts of two readers on the same cases, in the same order."""
    cases = len(one)
    equal = sum(a == b for a, b in zip(one, other, strict=True)) / cases
    chance = sum(one.count(verdict) * other.count(verdict) for verdict in VERDICTS) / cases**2
    return Agreement(equal, (equal - chance) / (1 - chance), cases)


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    share, z = hits / cases, Z_95
    middle = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z / (1 + z * z / cases) * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    return middle - half, middle + half


def drawn(columns: Columns, seed: int) -> list[Finding]:
    """Draw findings of both days at random, strong and others, mixed."""
    found = [
        finding
        for day in REFORM_DAYS
        for finding in find.find(columns, day, list(KINDS))
        if finding.ranked and finding.strength
    ]
    found.sort(key=lambda finding: (finding.as_of, finding.key))
    draw = random.Random(seed)  # noqa: S311 — a sample, not a secret
    strong = [finding for finding in found if finding.strength == "strong"]
    others = [finding for finding in found if finding.strength != "strong"]
    chosen = draw.sample(strong, min(STRONG, len(strong))) + draw.sample(others, min(OTHERS, len(others)))
    draw.shuffle(chosen)
    return chosen


class Cards:
    """What a reader sees of a finding: title, designations, purposes, relations; neither strength nor score."""

    def __init__(self, columns: Columns) -> None:
        """Read names and texts."""
        self._columns, self._labels = columns, Labels(columns)
        self._quotes: dict[tuple[str, str], list[str]] = {}
        groups = dict(columns.query("SELECT purpose, purpose_group FROM purposes"))
        with (DATA / "purpose_assignments.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for group in (groups[row["purpose_id"]], ""):
                    self._quotes.setdefault((row["programme_id"], group), []).append(row["quote"])

    def of(self, number: int, finding: Finding) -> dict[str, Any]:
        """Return the card of a finding."""
        group = finding.group.get("purpose_group", "")
        return {
            "card": number,
            "day": str(finding.as_of),
            "kind": finding.kind,
            "title": title(finding, self._labels)[0],
            "purpose": self._labels.of("purpose", group)[0] if group else "",
            "topic": finding.group.get("topic", ""),
            "designations": [self._designation(key, finding.as_of) for key in finding.members],
            "purposes in the words of the documents": {
                self._name("programme", key): self._quotes.get((key, group), []) for key in finding.programmes
            },
            "related by design, excluded": [
                f"{self._name('designation', pair.subject)} {pair.relation} {self._name('designation', pair.object)}"
                for pair in finding.subtracted
            ],
            "pairs said to overlap": self._pairs(finding.qualifying),
            "other pairs that meet there for the same group of purposes, or on the topic": self._pairs(
                pair for pair in finding.overlaps if pair not in finding.qualifying
            ),
        }

    def _name(self, kind: str, key: str) -> str:
        return self._labels.of(kind, key)[0]

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
        return [[self._name("programme", one), self._name("programme", other)] for one, other in pairs]

    def _designation(self, key: str, day: date) -> Mapping[str, Any]:
        ((programme, name, start),) = self._columns.query(
            "SELECT programme, name_zh, approved_first FROM designations WHERE designation = $key", {"key": key}
        )
        return {
            "name": name,
            "programme": self._name("programme", programme),
            "ministries": [
                self._name("authority", body)
                for body in sorted(mandates.ministries(self._columns, day)[programme].ministries)
            ],
            "places": self._some("place", "designation_places", key),
            "carriers": self._some("carrier", "designation_carriers", key),
            "fields": self._some("field", "designation_fields", key),
            "since": str(start or "not known"),
        }

    def _some(self, kind: str, table: str, key: str) -> list[str]:
        rows = self._columns.query(f"SELECT {kind} FROM {table} WHERE designation = $key", {"key": key})  # noqa: S608
        return [self._labels.place(found)[0] if kind == "place" else self._name(kind, found) for (found,) in rows]


def told(cases: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, int, int]]:
    """Yield strength, verdict by both readers, and how many; a case on which they differ counts as debatable."""
    found: dict[tuple[str, str], int] = {}
    for case in cases:
        verdict = case["first"] if case["first"] == case["second"] else "debatable"
        key = "strong" if case["strength"] == "strong" else "other", verdict
        found[key] = found.get(key, 0) + 1
    for strength in ("strong", "other"):
        for verdict in VERDICTS:
            yield (
                f"{strength} {verdict}",
                found.get((strength, verdict), 0),
                sum(number for (name, _), number in found.items() if name == strength),
            )


def draw(dist: Path, seed: int, cards: Path, key: Path) -> None:
    """Write the cards as JSON lines, and the key: number, kind, finding, day, strength."""
    release = open_release(dist)
    columns = Columns.open(release)
    made, chosen = Cards(columns), drawn(columns, seed)
    with cards.open("w", encoding="utf-8") as stream:
        for number, finding in enumerate(chosen, 1):
            stream.write(json.dumps(made.of(number, finding), ensure_ascii=False) + "\n")
    with key.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("card", "kind", "finding", "date", "strength"))
        writer.writerows((n, f.kind, f.key, f.as_of, f.strength) for n, f in enumerate(chosen, 1))


if __name__ == "__main__":
    draw(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))

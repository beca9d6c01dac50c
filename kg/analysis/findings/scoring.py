"""Shared scoring of findings: chance, evidence hashes and marks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from kg.analysis import weights
from kg.analysis.findings.finding import evidence_hash
from kg.analysis.findings.strength import LOW_SOURCE, bits
from kg.analysis.findings.unit_coverage import Margins
from kg.analysis.in_force import undated
from kg.analysis.ministries import Answer
from kg.release.columns import Columns


class ScoringContext:
    """Responsible ministries and purposes of programmes on a date, margins of chance, and weights."""

    def __init__(
        self,
        columns: Columns,
        as_of: date,
        answers: Mapping[str, Answer],
        known: weights.Weights,
        units: Sequence[str] = (),
    ) -> None:
        """Read the data for scoring; margins only for the provinces of `units`, if given."""
        self.as_of, self.answers, self.weights = as_of, answers, known
        self.purposes = weights.purposes(columns, known)
        self.undated = undated(columns)
        self.fielded = frozenset(known.keys_with_prefix("needs-field."))
        self._columns, self._units = columns, units

    @cached_property
    def margins(self) -> Margins:
        """The margins, computed on first use; not every kind of finding needs them."""
        return Margins(self._columns, self.as_of, self._units)

    def chance(self, unit: str, holds: Iterable[tuple[str, str]]) -> dict[str, float]:
        """Return units, observed, expected, probability and surprise of a combination of programmes in a unit.

        Args:
            unit: code of the place.
            holds: programme and hold of each member, as in `holdings`; the unit is compared with counties if any member
                lies within a county-level unit, else with prefectures.
        """
        known = set(holds)
        own = {programme for programme, hold in known if hold == "in"}
        others = {programme for programme, _ in known} - own
        margin = self.margins.county(unit, own, others) if own else self.margins.prefecture(unit, others)
        return weights.chance(margin.units, margin.observed, margin.each, cap=self.weights["surprise.cap"]).factors

    def evidence(self, members: Iterable[str], programmes: Iterable[str]) -> str:
        """Return the hash of members, purposes and mandates."""
        keys = list(programmes)
        texts = [text for key in keys for text in self.purposes.rows.get(key, ())]
        return evidence_hash(members, texts, [mandate for key in keys for mandate in self.answers[key].mandates])

    def inferred(self, *programmes: str) -> bool:
        """Whether a ministry of one of the programmes is known only from an inferred mandate."""
        return any(self.answers[programme].inferred for programme in programmes)

    @cached_property
    def low_sources(self) -> frozenset[str]:
        """The designations whose best source is low or missing."""
        rows = self._columns.query(f"SELECT designation FROM designations WHERE {LOW_SOURCE}")  # noqa: S608
        return frozenset(designation for (designation,) in rows)

    def lacks(self, designation: str) -> int:
        """Return what a designation lacks as evidence of its own, as bits."""
        return bits({"date-unknown": designation in self.undated, "source-low": designation in self.low_sources})

    def marks(self, members: Iterable[str], answers: Iterable[Answer]) -> Iterator[str]:
        """Yield the caveats: ended mandates, members without a date."""
        if any(answer.lapsed for answer in answers):
            yield "mandate-lapsed"
        if not self.undated.isdisjoint(members):
            yield "undated"


def mean(values: Sequence[float]) -> float:
    """Return the mean of at least one value."""
    return sum(values) / len(values)

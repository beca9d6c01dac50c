"""What every kind of territorial finding is judged by: chance, evidence, and the marks that a reader must know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from kg.analysis import weights
from kg.analysis.findings.finding import evidence_hash
from kg.analysis.findings.unit_coverage import Margins
from kg.analysis.in_force import undated
from kg.analysis.ministries import Answer
from kg.release.columns import Columns


class Judge:
    """Who answers for each programme on a date, its purposes, the margins of chance, and the weights."""

    def __init__(
        self,
        columns: Columns,
        as_of: date,
        answers: Mapping[str, Answer],
        known: weights.Weights,
        units: Sequence[str] = (),
    ) -> None:
        """Read what findings are judged by; chance only for the provinces of some units, where any are named."""
        self.as_of, self.answers, self.weights = as_of, answers, known
        self.purposes = weights.purposes(columns, known)
        self.undated = undated(columns)
        self._columns, self._units = columns, units

    @cached_property
    def margins(self) -> Margins:
        """The margins; not every kind of finding is measured against the chance that designations meet in a unit."""
        return Margins(self._columns, self.as_of, self._units)

    def chance(self, unit: str, holds: Iterable[tuple[str, str]]) -> dict[str, float]:
        """Return units, observed, expected, probability and surprise of a combination of programmes in a unit.

        Args:
            unit: code of the place.
            holds: programme and hold of each member, as in `holdings`; a unit where a member lies within a county-level
                unit is measured among counties, any other among prefectures.
        """
        known = set(holds)
        own = {programme for programme, hold in known if hold == "in"}
        others = {programme for programme, _ in known} - own
        margin = self.margins.county(unit, own, others) if own else self.margins.prefecture(unit, others)
        found = weights.chance(margin.units, margin.observed, margin.each, cap=self.weights["surprise.cap"])
        return {
            "units": float(found.units),
            "observed": float(found.observed),
            "expected": found.expected,
            "probability": found.probability,
            "surprise": found.surprise,
        }

    def evidence(self, members: Iterable[str], programmes: Iterable[str]) -> str:
        """Return the hash of members, purposes and mandates."""
        keys = list(programmes)
        texts = [text for key in keys for text in self.purposes.rows.get(key, ())]
        return evidence_hash(members, texts, [mandate for key in keys for mandate in self.answers[key].mandates])

    def marks(self, members: Iterable[str], answers: Iterable[Answer]) -> Iterator[str]:
        """Yield what a reader must know besides: ended mandates, members without a date."""
        if any(answer.lapsed for answer in answers):
            yield "mandate-lapsed"
        if not self.undated.isdisjoint(members):
            yield "undated"


def mean(values: Sequence[float]) -> float:
    """Return the mean of values, of which there is at least one."""
    return sum(values) / len(values)

"""Tests of claims, measured values, and their outcome."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Outcome = Literal["holds", "fails", "open"]


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a claim, a row of data/claim_tests.csv.

    key, claim: keys; measure: name of the measure; programmes: whose designations are measured; regions, places: the
    area; parameters: further ones by name; as_of: the day, None for figures; comparison, claimed, tolerance: required
    relation of the value to the claimed number; reason_zh, reason_en: why this tests the claim, or why no test can.
    """

    key: str
    claim: str
    measure: str
    programmes: tuple[str, ...]
    regions: tuple[str, ...]
    places: tuple[str, ...]
    parameters: Mapping[str, str]
    as_of: date | None
    comparison: str
    claimed: float
    tolerance: float
    reason_zh: str
    reason_en: str

    def many(self, name: str) -> list[str]:
        """Return the values of a parameter, empty if it is not given."""
        return [value for value in self.parameters.get(name, "").split(",") if value]

    def day(self, name: str) -> date | None:
        """Return a parameter as a day, None if it is not given."""
        return date.fromisoformat(self.parameters[name]) if name in self.parameters else None

    @property
    def on(self) -> date:
        """The day of the test.

        Raises:
            ValueError: a measure of designations without a day, an error of the tables.
        """
        if self.as_of is None:
            raise ValueError(f"the test {self.key} names no day")
        return self.as_of


@dataclass(frozen=True, slots=True)
class Value:
    """A measured value: at least low, at most high (equal if certain), over a number of programmes."""

    low: float
    high: float
    programmes: int = 0

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:.4g}"
        return f"{self.low:.4g} or more" if math.isinf(self.high) else f"{self.low:.4g} to {self.high:.4g}"


def exactly(value: float, programmes: int = 0) -> Value:
    """Return a certain value."""
    return Value(value, value, programmes)


def outcome(test: Test, value: Value | None, width: float) -> Outcome:
    """Compare a value with the claimed number.

    Args:
        test: with comparison, claimed number and tolerance.
        value: None where nothing could be measured.
        width: maximum uncertainty of an equal value, as a share of the claimed number.

    Returns:
        holds or fails if certain for every possible number of the value, open otherwise.
    """
    if value is None:
        return "open"
    if test.comparison == "equal":
        return _equal(test, value, width)
    low, high = (_stands(test.comparison, number, test.claimed) for number in (value.low, value.high))
    if low != high:
        return "open"
    return "holds" if low else "fails"


def _equal(test: Test, value: Value, width: float) -> Outcome:
    if value.high < test.claimed - test.tolerance or value.low > test.claimed + test.tolerance:
        return "fails"
    return "open" if value.high - value.low > width * abs(test.claimed) else "holds"


def _stands(comparison: str, number: float, claimed: float) -> bool:
    return {
        "at-least": number >= claimed,
        "at-most": number <= claimed,
        "more-than": number > claimed,
        "less-than": number < claimed,
    }[comparison]

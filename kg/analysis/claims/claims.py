"""Verdicts on the papers' claims; a claim whose required lists are too incomplete is not testable."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kg.analysis.claims import counts as claim_counts
from kg.analysis.claims import figures as claim_figures
from kg.analysis.claims import shares
from kg.analysis.claims.data import ClaimData
from kg.analysis.claims.evaluate import Outcome, Test, Value, outcome
from kg.analysis.claims.figures import Figures
from kg.analysis.coverage import Coverage
from kg.analysis.weights import weights
from kg.release.columns import Columns
from kg.vocab import Triple, concept, term, text, thing

Verdict = Literal["supported", "contradicted", "not-testable"]
VERDICTS: tuple[Verdict, ...] = ("supported", "contradicted", "not-testable")
BEYOND = "beyond"
"""The measure of claims that no data in the graph can test."""
HEADERS = ("claim", "section", "statement", "verdict", "on what we hold", "numbers", "lists")


@dataclass(frozen=True, slots=True)
class Tested:
    """A test with its measured value and outcome."""

    test: Test
    value: Value | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a paper with its verdict.

    key, source, section, quote, statement_zh, statement_en, numbers: as in data/claims.csv; programmes: those whose
    lists it requires; required: minimum share of the official total in each, None where no list is required; coverages:
    completeness of those lists; lacking: the programmes with insufficient lists; tests: results, over the sufficient
    lists where any is; outcome: of all tests combined; verdict: the same, but not testable where a list is lacking.
    """

    key: str
    source: str
    section: str
    quote: str
    statement_zh: str
    statement_en: str
    numbers: str
    programmes: tuple[str, ...]
    required: float | None
    coverages: tuple[Coverage, ...]
    lacking: tuple[str, ...]
    tests: tuple[Tested, ...]
    outcome: Outcome
    verdict: Verdict


def evaluated(columns: Columns) -> list[Claim]:
    """Return every claim with its tests and verdict, in the order of the papers' tables."""
    data, figures, width = ClaimData(columns), Figures(columns), weights(columns)["claims.width"]
    tests = _tests(columns)
    return [
        _claim(row, tests.get(row[0], []), data, figures, width)
        for row in columns.query(
            """SELECT claim, source, section, quote, statement_zh, statement_en, numbers, programmes, required
            FROM claims"""
        )
    ]


def verdict(outcomes: Iterable[Outcome], lacking: Iterable[str]) -> tuple[Outcome, Verdict]:
    """Return the combined outcome of several tests, and the verdict on the claim.

    All must hold; a failed test contradicts the claim; an open test or an insufficient list makes it not testable.
    """
    found = set(outcomes)
    together: Outcome = "fails" if "fails" in found else "open" if "open" in found or not found else "holds"
    if together == "open" or any(lacking):
        return together, "not-testable"
    return together, "supported" if together == "holds" else "contradicted"


def triples(claims: Iterable[Claim]) -> Iterator[Triple]:
    """Yield the triples of each claim's verdict and deciding numbers, for the graph of findings."""
    for claim in claims:
        node = thing("claim", claim.key)
        yield node, term("gp:hasVerdict"), concept("verdict", claim.verdict)
        for tested in claim.tests:
            yield node, term("gp:decidingNumber"), text(_measured(tested))


def rows(claims: Iterable[Claim], language: Literal["zh", "en"] = "en") -> list[list[str]]:
    """Return rows in the order of `HEADERS`, statements in a language."""
    return [
        [
            *(claim.key, claim.section, claim.statement_zh if language == "zh" else claim.statement_en),
            *(claim.verdict, claim.outcome, "\n".join(_measured(tested) for tested in claim.tests)),
            "\n".join(f"{found.programme} {found}" for found in claim.coverages),
        ]
        for claim in claims
    ]


def summary(claims: Iterable[Claim]) -> str:
    """Return the numbers of claims by verdict as one line."""
    counts = Counter(claim.verdict for claim in claims)
    return ", ".join(f"{counts[found]} {found}" for found in VERDICTS)


def _measured(tested: Tested) -> str:
    """Format a test as one line: `designations 169 to 173, equal 169: holds`."""
    test = tested.test
    if test.measure == BEYOND:
        return f"{BEYOND}: {test.reason_en}"
    asked = f"{test.comparison} {test.claimed:.4g}" + (f" ± {test.tolerance:.4g}" if test.tolerance else "")
    where = " ".join([*test.regions, *test.places, *(f"{key}={value}" for key, value in test.parameters.items())])
    over = f" over {tested.value.programmes} lists" if tested.value and tested.value.programmes > 1 else ""
    found = "nothing measured" if tested.value is None else str(tested.value)
    return f"{test.measure}{f' ({where})' if where else ''} {found}{over}, {asked}: {tested.outcome}"


def _claim(row: tuple[str, ...], tests: list[Test], data: ClaimData, figures: Figures, width: float) -> Claim:
    key, source, section, quote, chinese, english, numbers, listed, stated = row
    programmes = _entries(listed)
    required = None if stated is None else float(stated)
    known = tuple(data.coverages[programme] for programme in programmes)
    lacking = tuple(found.programme for found in known if not found.reaches(required or 0))
    tested = tuple(_tested(test, (programmes, required or 0), data, figures, width) for test in tests)
    together, found = verdict((one.outcome for one in tested), lacking)
    return Claim(
        *(key, source, section, quote, chinese, english, numbers, programmes, required),
        *(known, lacking, tested, together, found),
    )


def _tested(
    test: Test, needs: tuple[tuple[str, ...], float], data: ClaimData, figures: Figures, width: float
) -> Tested:
    """Run a test; shares and means only over the sufficient lists, where any is."""
    programmes, required = needs
    value: Value | None = None
    if test.measure in claim_figures.MEASURES:
        value = claim_figures.MEASURES[test.measure](figures, test)
    elif test.measure in claim_counts.MEASURES:
        test = test if test.programmes else replace(test, programmes=programmes)
        value = claim_counts.MEASURES[test.measure](data, test)
    elif test.measure != BEYOND:
        test = test if test.programmes else replace(test, programmes=data.sufficient(programmes, required))
        value = shares.MEASURES[test.measure](data, test)
    return Tested(test, value, outcome(test, value, width))


def _tests(columns: Columns) -> dict[str, list[Test]]:
    found: dict[str, list[Test]] = {}
    for row in columns.query(
        """SELECT test, claim, measure, programmes, regions, places, parameters, as_of, comparison,
            coalesce(claimed, 0), coalesce(tolerance, 0), reason_zh, reason_en
        FROM claim_tests"""
    ):
        key, claim, measure, programmes, regions, places, parameters, *rest = row
        named = dict(pair.split("=", maxsplit=1) for pair in _entries(parameters))
        lists = _entries(programmes), _entries(regions), _entries(places)
        as_of, comparison, claimed, tolerance, chinese, english = rest
        test = Test(key, claim, measure, *lists, named, as_of, comparison, claimed, tolerance, chinese, english)
        found.setdefault(claim, []).append(test)
    return found


def _entries(cell: str) -> tuple[str, ...]:
    return tuple(entry for entry in cell.split(";") if entry)

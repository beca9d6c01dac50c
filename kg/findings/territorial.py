"""Territorial overlaps: area-borne plates of two ministries with one purpose group that meet in one unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from kg.columns import Columns
from kg.findings import scores
from kg.findings.by_design import KIN
from kg.findings.finding import Certainty, Finding, Subtraction
from kg.findings.holdings import AGREEMENT, CERTAINTIES, FIELDS, HOLDINGS, NEARBY, last_field, parameters
from kg.findings.judge import Judge, mean
from kg.findings.ministries import Answer, ministries

KIND = "territorial"

_PROGRAMMES = """
    profiles AS (
        SELECT programme, purpose_group, bool_or(weight = 'main') AS main,
            list_contains($fielded, purpose_group) AS needed
        FROM programme_purposes WHERE NOT generic GROUP BY ALL
    ),
    rivals AS (
        SELECT one.programme AS one, other.programme AS other, purpose_group, one.needed
        FROM profiles one JOIN profiles other USING (purpose_group)
        JOIN answers mine ON mine.programme = one.programme JOIN answers theirs ON theirs.programme = other.programme
        WHERE one.programme < other.programme AND (one.main OR other.main)
          AND NOT list_has_any(mine.ministries, theirs.ministries)
    )
"""
"""SQL: pairs of programmes of different ministries with a purpose group in common that is main on one side."""

_PRESENCE = """
    known AS (
        SELECT unit, programme, hold, bit_or(fields) AS fields, bool_or(fields IS NULL) AS unstated, count(*) AS plates
        FROM holdings LEFT JOIN fielded USING (plate) GROUP BY unit, programme, hold
    ),
    presence AS (
        FROM known UNION ALL
        SELECT prefecture, programme, 'nearby', bit_or(fields), bool_or(unstated), sum(plates)
        FROM known JOIN places ON place = unit WHERE hold = 'in' GROUP BY prefecture, programme
    )
"""
"""SQL: the groups that are joined instead of plates: place × programme (so ministries and purposes) with its fields."""

_GROUPS = f"""WITH {HOLDINGS}, {CERTAINTIES}, {FIELDS}, {KIN}, {_PROGRAMMES}, {_PRESENCE}
    SELECT a.unit, purpose_group, certainty = 'possible', sum(a.plates * b.plates)::BIGINT
    FROM presence a JOIN presence b ON a.unit = b.unit AND a.programme < b.programme
    JOIN certainties ON one_hold = a.hold AND other_hold = b.hold
    JOIN rivals ON rivals.one = a.programme AND rivals.other = b.programme
    ANTI JOIN programme_kin kin ON kin.one = a.programme AND kin.other = b.programme
    WHERE NOT needed OR bit_count(a.fields & b.fields) > 0 OR (a.unstated AND b.unstated)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608

_PAIRS = f"""WITH {HOLDINGS}, {CERTAINTIES}, {FIELDS}, {KIN}, {_PROGRAMMES},
    asked AS (SELECT plate, programme, unit, hold, fields, narrow FROM (FROM holdings UNION ALL {NEARBY})
        LEFT JOIN fielded USING (plate) WHERE len($units) = 0 OR list_contains($units, unit))
    SELECT a.unit, purpose_group, certainty = 'possible' AS possible, certainty, a.hold, b.hold,
        a.plate, b.plate, a.programme, b.programme,
        {AGREEMENT} AS field,
        coalesce(plate_kin.kin.relation, programme_kin.kin.relation),
        CASE WHEN plate_kin.kin IS NULL THEN 'programmes' ELSE 'plates' END,
        coalesce(plate_kin.kin.subject = a.plate, programme_kin.kin.subject = a.programme)
    FROM asked a JOIN asked b ON a.unit = b.unit AND a.programme < b.programme
    JOIN certainties ON one_hold = a.hold AND other_hold = b.hold
    JOIN rivals ON rivals.one = a.programme AND rivals.other = b.programme
    LEFT JOIN programme_kin ON programme_kin.one = a.programme AND programme_kin.other = b.programme
    LEFT JOIN plate_kin ON plate_kin.one = least(a.plate, b.plate) AND plate_kin.other = greatest(a.plate, b.plate)
    WHERE NOT needed OR field IN ('common', 'broader') OR (a.fields IS NULL AND b.fields IS NULL)
    ORDER BY ALL
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Group:
    """A place and purpose group where plates overlap, before it is expanded.

    unit: code of the place; purpose_group: key; possible: the meeting is only possible; pairs: upper bound of the
    number of pairs of plates, for pairs without a common field are told apart only on expansion.
    """

    unit: str
    purpose_group: str
    possible: bool
    pairs: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two plates that meet in a unit, in the order of their programmes; the fields are those of the query `_PAIRS`."""

    unit: str
    purpose_group: str
    possible: bool
    certainty: Certainty
    one_hold: str
    other_hold: str
    one: str
    other: str
    one_programme: str
    other_programme: str
    field: str
    relation: str | None
    basis: str
    one_is_subject: bool | None

    @property
    def subtraction(self) -> Subtraction:
        """The pair as one that is related by design."""
        ends = (self.one, self.other) if self.one_is_subject else (self.other, self.one)
        return Subtraction(*ends, self.relation or "", self.basis)


def groups(columns: Columns, as_of: date) -> list[Group]:
    """Return every place and purpose group where plates overlap, without expanding it: cheap at any size.

    Relations of single plates are looked at only on expansion, so that a group may turn out to be empty there.
    """
    known = scores.weights(columns)
    asked = _parameters(columns, as_of, ministries(columns, as_of), known)
    return [Group(*row) for row in columns.query(_GROUPS, asked)]


def find(columns: Columns, as_of: date, units: Sequence[str] = ()) -> list[Finding]:
    """Return the territorial overlaps on a date, in all units or in some; possible ones have a key of their own."""
    known = scores.weights(columns)
    answers = ministries(columns, as_of)
    asked = _parameters(columns, as_of, answers, known) | {"units": list(units)}
    pairs = (Pair(*row) for row in columns.query(_PAIRS, asked))
    judge = Judge(columns, as_of, answers, known)
    by_group = groupby(pairs, key=lambda pair: (pair.unit, pair.purpose_group, pair.possible))
    return [finding for _, group in by_group if (finding := _finding(judge, list(group)))]


def _parameters(columns: Columns, as_of: date, answers: dict[str, Answer], known: scores.Weights) -> dict[str, Any]:
    return parameters(as_of, answers) | {
        "last_field": last_field(columns),
        "fielded": known.having("needs-field."),
        "subtracting": known.having("subtracts."),
    }


def _finding(judge: Judge, pairs: list[Pair]) -> Finding | None:
    """Return the finding of one group's pairs, None where all are related by design."""
    subtracted = tuple(sorted({pair.subtraction for pair in pairs if pair.relation}))
    raised = [pair for pair in pairs if not pair.relation]
    if not raised:
        return None
    first = raised[0]
    members = tuple(sorted({plate for pair in raised for plate in (pair.one, pair.other)}))
    programmes = tuple(sorted({key for pair in raised for key in (pair.one_programme, pair.other_programme)}))
    strands = [raised] if first.possible else _strands(raised)
    measured = max(((_factors(judge, strand), strand) for strand in strands), key=lambda pair: _score(pair[0]))
    factors = measured[0] | {"strands": float(len(strands))}
    answers = [judge.answers[programme] for programme in programmes]
    return Finding(
        kind=KIND,
        key="/".join([KIND, first.unit, first.purpose_group, *(["possible"] if first.possible else [])]),
        as_of=judge.as_of,
        group={"place": first.unit, "purpose_group": first.purpose_group},
        members=members,
        programmes=programmes,
        ministries=tuple(sorted(set().union(*(answer.ministries for answer in answers)))),
        factors=factors,
        score=_score(factors),
        certainty=_surest(raised),
        rests_on_inferred=any(answer.inferred for answer in answers),
        evidence_hash=judge.evidence(members, programmes),
        overlaps=tuple(sorted({(pair.one_programme, pair.other_programme) for pair in raised})),
        strand=tuple(sorted({key for pair in measured[1] for key in (pair.one_programme, pair.other_programme)})),
        subtracted=subtracted,
        marks=tuple(judge.marks(members, answers)),
    )


def _strands(pairs: list[Pair]) -> list[list[Pair]]:
    """Part the pairs of a group into strands, each of programmes that overlaps tie together.

    Chance is measured for each strand: that a city has two titles of cities makes its two zones no more surprising.
    """
    tied: list[set[str]] = []
    for one, other in sorted({(pair.one_programme, pair.other_programme) for pair in pairs}):
        touching = [strand for strand in tied if one in strand or other in strand]
        tied = [strand for strand in tied if strand not in touching]
        tied.append({one, other}.union(*touching))
    return [[pair for pair in pairs if pair.one_programme in strand] for strand in sorted(tied, key=sorted)]


def _score(factors: dict[str, float]) -> float:
    """Surprise × seriousness; 0 where the meeting is only possible, for which neither is measured."""
    return factors.get("surprise", 0.0) * factors.get("seriousness", 0.0)


def _factors(judge: Judge, raised: list[Pair]) -> dict[str, float]:
    """Return every number behind the score; means go over the pairs of plates."""
    weighed, weights = judge.purposes.weighed, judge.weights
    likeness = [scores.likeness(weighed[pair.one_programme], weighed[pair.other_programme]) for pair in raised]
    fields = [weights[f"field.{pair.field}"] for pair in raised]
    factors = {"pairs": float(len(raised)), "likeness": mean(likeness), "field_agreement": mean(fields)}
    if raised[0].possible:
        return factors
    certainty = [weights[f"certainty.{pair.certainty}"] for pair in raised]
    seriousness = mean([a * b * c for a, b, c in zip(likeness, fields, certainty, strict=True)])
    holds = [
        held
        for pair in raised
        for held in ((pair.one_programme, pair.one_hold), (pair.other_programme, pair.other_hold))
    ]
    chance = judge.chance(raised[0].unit, holds)
    return factors | {"certainty": mean(certainty), "seriousness": seriousness, **chance}


def _surest(pairs: Iterable[Pair]) -> Certainty:
    order: tuple[Certainty, ...] = ("same", "covers", "possible")
    return min((pair.certainty for pair in pairs), key=order.index)

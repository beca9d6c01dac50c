"""Territorial overlaps: area-borne plates of two ministries with one purpose group that meet in one unit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from kg.columns import Columns
from kg.findings import scores
from kg.findings.by_design import KIN
from kg.findings.finding import Certainty, Finding, Subtraction
from kg.findings.holdings import AGREEMENT, CERTAINTIES, FIELDS, HOLDINGS, NEARBY, PROVINCIAL, last_field, parameters
from kg.findings.judge import Judge
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
    numbers AS (SELECT programme, row_number() OVER (ORDER BY programme)::SMALLINT AS number FROM answers),
    codes(hold, code) AS (
        VALUES ('in', 1::TINYINT), ('covered', 2::TINYINT), ('whole', 4::TINYINT), ('somewhere', 8::TINYINT)
    ),
    known AS (
        SELECT unit, number, code, bit_or(fields) AS fields, bool_or(fields IS NULL) AS unstated, count(*) AS plates
        FROM holdings LEFT JOIN fielded USING (plate) JOIN numbers USING (programme) JOIN codes USING (hold)
        GROUP BY ALL
    ),
    presence AS (
        FROM known UNION ALL
        SELECT prefecture, number, 16::TINYINT, bit_or(fields), bool_or(unstated), sum(plates)
        FROM known JOIN places ON place = unit WHERE code = 1 GROUP BY prefecture, number
    )
"""
"""SQL: the groups that are joined instead of plates: place × programme (so ministries and purposes) with its fields.

Programmes are numbered, and how a unit is held is a bit (16: nearby), so that a million rows are joined by numbers."""

_TIED = """
    bits AS (
        SELECT purpose_group, row_number() OVER (ORDER BY purpose_group)::INTEGER - 1 AS bit
        FROM (SELECT DISTINCT purpose_group FROM rivals)
    ),
    tied AS (
        SELECT mine.number AS one, theirs.number AS other,
            bit_or(CASE WHEN needed THEN 0 ELSE 1::BIGINT << bit END) AS free,
            bit_or(CASE WHEN needed THEN 1::BIGINT << bit ELSE 0 END) AS needing
        FROM rivals ANTI JOIN programme_kin kin ON kin.one = rivals.one AND kin.other = rivals.other
        JOIN bits USING (purpose_group)
        JOIN numbers mine ON mine.programme = rivals.one JOIN numbers theirs ON theirs.programme = rivals.other
        GROUP BY ALL
    )
"""
"""SQL: pairs of programmes, each with its purpose groups as two bit masks: those that need a common field apart."""

_GROUPS = f"""WITH {HOLDINGS}, {FIELDS}, {KIN}, {_PROGRAMMES}, {_PRESENCE}, {_TIED},
    met AS (
        SELECT a.unit, (a.code | b.code) IN (8, 24) AS possible, CASE
            WHEN bit_count(a.fields & b.fields) > 0 OR (a.unstated AND b.unstated) THEN free | needing ELSE free
            END AS shared, sum(a.plates * b.plates)::BIGINT AS pairs
        FROM presence a JOIN presence b ON a.unit = b.unit AND a.number < b.number
        JOIN tied ON tied.one = a.number AND tied.other = b.number
        WHERE (a.code | b.code) IN (1, 3, 4, 12, 8, 24) GROUP BY 1, 2, 3
    )
    SELECT unit, purpose_group, possible, sum(pairs)::BIGINT FROM met JOIN bits ON shared & (1::BIGINT << bit) > 0
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608
"""SQL: the groups joined. The holds that meet are those of `CERTAINTIES`: 1, 3, 4, 12 surely, 8 and 24 possibly."""

_TIES = f"""WITH {HOLDINGS}, {CERTAINTIES}, {FIELDS}, {KIN}, {_PROGRAMMES},
    asked AS (SELECT plate, programme, unit, hold, fields, narrow FROM (FROM holdings UNION ALL {NEARBY})
        LEFT JOIN fielded USING (plate) WHERE len($units) = 0 OR list_contains($units, unit)),
    met AS (
        SELECT a.unit, certainty, a.hold AS one_hold, b.hold AS other_hold,
            a.programme AS one_programme, b.programme AS other_programme, a.plate AS one, b.plate AS other,
            {AGREEMENT} AS field, a.fields IS NULL AND b.fields IS NULL AS neither,
            coalesce(plate_kin.kin.relation, programme_kin.kin.relation) AS relation,
            CASE WHEN plate_kin.kin IS NULL THEN 'programmes' ELSE 'plates' END AS basis,
            coalesce(plate_kin.kin.subject = a.plate, programme_kin.kin.subject = a.programme) AS one_is_subject
        FROM asked a JOIN asked b ON a.unit = b.unit AND a.programme < b.programme
        JOIN certainties ON one_hold = a.hold AND other_hold = b.hold
        JOIN (SELECT DISTINCT one, other FROM rivals) rivals ON rivals.one = a.programme AND rivals.other = b.programme
        LEFT JOIN programme_kin ON programme_kin.one = a.programme AND programme_kin.other = b.programme
        LEFT JOIN plate_kin ON plate_kin.one = least(a.plate, b.plate) AND plate_kin.other = greatest(a.plate, b.plate)
    ),
    tied AS (
        SELECT unit, certainty, one_hold, other_hold, one_programme, other_programme, field, neither, relation, basis,
            one_is_subject, count(*) AS pairs, list(DISTINCT one) AS ones, list(DISTINCT other) AS others,
            list([one, other]) FILTER (relation IS NOT NULL) AS related
        FROM met GROUP BY ALL
    )
    SELECT unit, purpose_group, certainty = 'possible' AS possible, certainty, one_hold, other_hold,
        one_programme, other_programme, field, relation, basis, one_is_subject, pairs, ones, others, related
    FROM tied JOIN rivals ON rivals.one = one_programme AND rivals.other = other_programme
    WHERE NOT needed OR field IN ('common', 'broader') OR neither
    ORDER BY unit, purpose_group, possible, one_programme, other_programme, certainty, one_hold, other_hold, field,
        neither, relation, basis, one_is_subject
"""  # noqa: S608
"""SQL: the pairs of plates that meet, gathered by programmes and by how they meet; their numbers are all we need."""


_TIES_NEAR = _TIES.replace(HOLDINGS, PROVINCIAL)
"""SQL: the same where only some units are asked for."""


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
class Tie:
    """Plates of two programmes that meet in a unit in one way, in the order of their programmes, as `_TIES` gives them.

    pairs: their number; ones, others: the plates on either side; related: the pairs, where they are related by design.
    """

    unit: str
    purpose_group: str
    possible: bool
    certainty: Certainty
    one_hold: str
    other_hold: str
    one_programme: str
    other_programme: str
    field: str
    relation: str | None
    basis: str
    one_is_subject: bool | None
    pairs: int
    ones: list[str]
    others: list[str]
    related: list[list[str]] | None

    @property
    def subtractions(self) -> Iterator[Subtraction]:
        """The pairs as ones that are related by design."""
        for one, other in self.related or ():
            ends = (one, other) if self.one_is_subject else (other, one)
            yield Subtraction(*ends, self.relation or "", self.basis)


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
    ties = (Tie(*row) for row in columns.query(_TIES_NEAR if units else _TIES, asked))
    judge = Judge(columns, as_of, answers, known, units)
    by_group = groupby(ties, key=lambda tie: (tie.unit, tie.purpose_group, tie.possible))
    return [finding for _, group in by_group if (finding := _finding(judge, list(group)))]


def _parameters(columns: Columns, as_of: date, answers: dict[str, Answer], known: scores.Weights) -> dict[str, Any]:
    return parameters(as_of, answers) | {
        "last_field": last_field(columns),
        "fielded": known.having("needs-field."),
        "subtracting": known.having("subtracts."),
    }


def _finding(judge: Judge, ties: list[Tie]) -> Finding | None:
    """Return the finding of one group's pairs, None where all are related by design."""
    subtracted = tuple(sorted({pair for tie in ties for pair in tie.subtractions}))
    raised = [tie for tie in ties if not tie.relation]
    if not raised:
        return None
    first = raised[0]
    members = tuple(sorted({plate for tie in raised for plate in (*tie.ones, *tie.others)}))
    programmes = tuple(sorted({key for tie in raised for key in (tie.one_programme, tie.other_programme)}))
    strands = [raised] if first.possible else _strands(raised)
    measured = max(((_factors(judge, strand), strand) for strand in strands), key=lambda found: _score(found[0]))
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
        overlaps=tuple(sorted({(tie.one_programme, tie.other_programme) for tie in raised})),
        strand=tuple(sorted({key for tie in measured[1] for key in (tie.one_programme, tie.other_programme)})),
        subtracted=subtracted,
        marks=tuple(judge.marks(members, answers)),
    )


def _strands(ties: list[Tie]) -> list[list[Tie]]:
    """Part the ties of a group into strands, each of programmes that overlaps tie together.

    Chance is measured for each strand: that a city has two titles of cities makes its two zones no more surprising.
    """
    tied: list[set[str]] = []
    for one, other in sorted({(tie.one_programme, tie.other_programme) for tie in ties}):
        touching = [strand for strand in tied if one in strand or other in strand]
        tied = [strand for strand in tied if strand not in touching]
        tied.append({one, other}.union(*touching))
    return [[tie for tie in ties if tie.one_programme in strand] for strand in sorted(tied, key=sorted)]


def _score(factors: dict[str, float]) -> float:
    """Surprise × seriousness; 0 where the meeting is only possible, for which neither is measured."""
    return factors.get("surprise", 0.0) * factors.get("seriousness", 0.0)


def _factors(judge: Judge, raised: list[Tie]) -> dict[str, float]:
    """Return every number behind the score; means go over the pairs of plates."""
    weighed, weights = judge.purposes.weighed, judge.weights
    pairs = sum(tie.pairs for tie in raised)

    def averaged(values: Iterable[float]) -> float:
        return sum(value * tie.pairs for value, tie in zip(values, raised, strict=True)) / pairs

    likeness = [scores.likeness(weighed[tie.one_programme], weighed[tie.other_programme]) for tie in raised]
    fields = [weights[f"field.{tie.field}"] for tie in raised]
    factors = {"pairs": float(pairs), "likeness": averaged(likeness), "field_agreement": averaged(fields)}
    if raised[0].possible:
        return factors
    certainty = [weights[f"certainty.{tie.certainty}"] for tie in raised]
    seriousness = averaged([a * b * c for a, b, c in zip(likeness, fields, certainty, strict=True)])
    holds = [
        held for tie in raised for held in ((tie.one_programme, tie.one_hold), (tie.other_programme, tie.other_hold))
    ]
    chance = judge.chance(raised[0].unit, holds)
    return factors | {"certainty": averaged(certainty), "seriousness": seriousness, **chance}


def _surest(ties: Iterable[Tie]) -> Certainty:
    order: tuple[Certainty, ...] = ("same", "covers", "possible")
    return min((tie.certainty for tie in ties), key=order.index)

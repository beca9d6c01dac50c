"""Lists of findings, filtered by kind, place, programme, ministry and purpose, as rows of names or of keys."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property

from kg.analysis import resolve
from kg.analysis.findings import find as engine
from kg.analysis.findings import strength, titles
from kg.analysis.findings.finding import TIERS, Finding
from kg.analysis.labels import Labels
from kg.analysis.ministries import gaps
from kg.analysis.scenarios import compare
from kg.analysis.scenarios.compare import Change
from kg.errors import QueryError
from kg.release.columns import Columns

FACTORS = (
    "observed",
    "expected",
    "probability",
    "surprise",
    "seriousness",
    "likeness",
    "field_agreement",
    "pairs",
    "qualifying_pairs",
)
"""The factors in a list, in order; a missing factor is an empty cell."""
KEY_HEADERS = (
    *("key", "kind", "as_of", "place", "purpose_group", "ministries", "programmes", "members"),
    *("strength", "lacks", "score"),
    *(*FACTORS, "strand", "certainty", "rests_on_inferred", "marks", "subtracted", "decided", "listed_under"),
    "evidence_hash",
)
NAME_HEADERS = (
    "strength",
    "score",
    "kind",
    "where",
    "what",
    "ministries",
    "programmes",
    "designations",
    "seen : by chance",
    "certainty",
)
CHANGE_HEADERS = ("change", "cause", "key", "where", "what", "before", "after", "became", "inferred")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a list is limited to; an empty entry limits nothing. Each is a key or a name, as people type it."""

    place: str = ""
    programme: str = ""
    ministry: str = ""
    purpose: str = ""


class Names:
    """The names of places, programmes, ministries and purpose groups in a release, as findings show them."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._labels = Labels(columns)

    @cached_property
    def places(self) -> dict[str, tuple[str, str, str, str]]:
        """Name, county, prefecture and province of each place."""
        rows = self._columns.query("SELECT place, name_zh, county, prefecture, province FROM places", {})
        return {row[0]: row[1:] for row in rows}

    @cached_property
    def others(self) -> dict[str, str]:
        """Name of each programme, ministry (its short one) and purpose group."""
        return dict(
            self._columns.query(
                """SELECT programme, name_zh FROM programmes
                UNION ALL SELECT authority, coalesce(nullif(short_zh, ''), name_zh) FROM authorities
                UNION ALL SELECT purpose, label_zh FROM purposes""",
                {},
            )
        )

    def place(self, code: str) -> str:
        """Return a place's name after its province's."""
        return self._labels.place(code)[0]

    def subject(self, finding: Finding | None) -> tuple[str, str]:
        """Return where a finding is and what it is about; twice nothing without a finding."""
        if finding is None:
            return "", ""
        where, what = titles.subject(finding, self._labels)
        return where[0], what[0]

    def of(self, keys: Iterable[str]) -> str:
        """Return names, one a line."""
        return "\n".join(self.others.get(key, key) for key in keys)

    def within(self, asked: str) -> set[str]:
        """Return the place that a code or name means, with all that lies in it.

        Raises:
            QueryError: the name means no place, or several.
        """
        meant = resolve.place(self._columns, asked).code
        return {code for code, (_, *units) in self.places.items() if meant == code or meant in units}


def day(asked: str, today: date) -> date:
    """Parse a day as YYYY-MM-DD, or `today` for the date of the release.

    Raises:
        QueryError: the text is neither.
    """
    try:
        return today if asked == "today" else date.fromisoformat(asked)
    except ValueError as error:
        raise QueryError(f"no day {asked!r}: expected YYYY-MM-DD or today") from error


def find(columns: Columns, as_of: date, kinds: Collection[str], criteria: Criteria) -> list[Finding]:
    """Return the findings of some kinds on a date that meet the criteria, in their order.

    Raises:
        QueryError: a criterion names nothing that there is, or several things.
    """
    names = Names(columns)
    places = names.within(criteria.place) if criteria.place else None
    programme, ministry, purpose = (
        resolve.key(columns, kind, asked) if asked else ""
        for kind, asked in (
            ("programme", criteria.programme),
            ("authority", criteria.ministry),
            ("purpose", criteria.purpose),
        )
    )
    # Findings with equal members are linked over all kinds of overlaps, whichever are asked for.
    searched = [kind for kind in engine.KINDS if not kinds or kind in (*kinds, *TIERS[0])]
    return [
        finding
        for finding in engine.find(columns, as_of, searched)
        if (not kinds or finding.kind in kinds)
        and (places is None or finding.group.get("place") in places)
        and (not programme or programme in finding.programmes)
        and (not ministry or ministry in finding.ministries)
        and (not purpose or purpose == finding.group.get("purpose_group"))
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """The findings, and their headers and rows for people (named) and for programs (keyed).

    gaps: the programmes excluded because no ministry is known for them on the day, each with its number of
    designations.
    """

    findings: list[Finding]
    gaps: list[str]
    named: tuple[list[str], list[list[str]]]
    keyed: tuple[list[str], list[list[str]]]


def answer(
    columns: Columns, today: date, kinds: Collection[str], asked: Mapping[str, str | None], top: int = 0
) -> Answer:
    """Answer the command `findings`.

    Args:
        columns: the columns of the release.
        today: the date of the release.
        kinds: keys of the kinds; empty for all.
        asked: as_of and, to compare two days, against; place, programme, ministry, purpose.
        top: maximum number of rows; 0 for all.

    Raises:
        QueryError: a day cannot be parsed, or a criterion matches nothing.
    """
    criteria = Criteria(*(asked.get(name) or "" for name in ("place", "programme", "ministry", "purpose")))
    as_of = day(asked.get("as_of") or "today", today)
    names = Names(columns)
    missing = [f"{names.of([key])} ({number})" for key, number in gaps(columns, as_of) if number]
    if not (against := asked.get("against")):
        found = find(columns, as_of, kinds, criteria)[: top or None]
        return Answer(
            found, missing, (list(NAME_HEADERS), name_rows(columns, found)), (list(KEY_HEADERS), list(key_rows(found)))
        )
    early, late = sorted((as_of, day(against, today)))
    before, after = find(columns, early, kinds, criteria), find(columns, late, kinds, criteria)
    stacks = find(columns, late, ["stacking"], Criteria())
    compared = compare.compare(columns, before, after, stacks, (early, late))
    changes = [change for change in compared if change.change != "same"][: top or None]
    rows = list(CHANGE_HEADERS), change_rows(columns, changes)
    return Answer(before + after, missing, rows, rows)


def name_rows(columns: Columns, findings: Iterable[Finding]) -> list[list[str]]:
    """Return rows for people, in the order of `NAME_HEADERS`."""
    names = Names(columns)
    return [
        [
            _strength(finding),
            f"{finding.score:.3f}" if finding.ranked else "—",
            finding.kind,
            *names.subject(finding),
            names.of(finding.ministries) + (" *" if finding.rests_on_inferred else ""),
            names.of(finding.programmes),
            str(len(finding.members)),
            _seen(finding),
            "\n".join((finding.certainty, *decided(finding))),
        ]
        for finding in findings
    ]


def _strength(finding: Finding) -> str:
    return "\n".join(filter(None, (finding.strength, strength.reasons(finding)[1])))


def _seen(finding: Finding) -> str:
    if "observed" not in finding.factors:
        return ""
    return f"{finding.factors['observed']:.0f} : {finding.factors['expected']:.2g}"


def key_rows(findings: Iterable[Finding]) -> list[list[str]]:
    """Return rows of keys and numbers, in the order of `KEY_HEADERS`."""
    return [
        [
            *(finding.key, finding.kind, finding.as_of.isoformat()),
            *(finding.group.get("place", ""), finding.group.get("purpose_group", "")),
            *(";".join(keys) for keys in (finding.ministries, finding.programmes, finding.members)),
            *(finding.strength, ";".join(finding.lacks), f"{finding.score:.6f}"),
            *(f"{finding.factors[name]:.6g}" if name in finding.factors else "" for name in FACTORS),
            ";".join(finding.strand),
            *(finding.certainty, str(finding.rests_on_inferred).lower(), ";".join(finding.marks)),
            ";".join(f"{pair.subject} {pair.relation} {pair.object}" for pair in finding.subtracted),
            *(";".join(decided(finding)), finding.listed_under, finding.evidence_hash),
        ]
        for finding in findings
    ]


def decided(finding: Finding) -> list[str]:
    """Return the decisions on a finding: verdict and key, `reopened` if the evidence has changed since."""
    return [f"{ruling.verdict} {ruling.decision}{' reopened' if ruling.reopened else ''}" for ruling in finding.rulings]


def as_json(findings: Iterable[Finding]) -> str:
    """Return findings with all factors as a JSON list of objects."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1, default=str)


def change_rows(columns: Columns, changes: Iterable[Change]) -> list[list[str]]:
    """Return rows of changes, in the order of `CHANGE_HEADERS`."""
    names = Names(columns)
    return [
        [
            *(change.change, change.cause, change.key),
            *names.subject(change.after or change.before),
            *(f"{side.score:.3f}" if side else "" for side in (change.before, change.after)),
            *(change.became, str(change.rests_on_inferred).lower()),
        ]
        for change in changes
    ]

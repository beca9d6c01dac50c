"""Decisions as a graph: components of same, cut by different, and what they make of the tables."""

from collections.abc import Iterable, Mapping
from itertools import permutations
from pathlib import Path

import pytest

from kg.tables import Package, Resource, Row, record_checks
from kg.tables.canonical import Canonical, Stated, Withdrawn
from kg.tables.decided import decided


def designation(key: str, programme: str = "park") -> Row:
    return Row("designations", "d.csv", 2, {"id": key, "programme_id": programme, "name_zh": key.upper()})


def record(key: str, designation: str, outcome: str = "taken") -> Row:
    cells = {"id": key, "designation_id": designation, "outcome": outcome, "programme_id": "park", "name": key}
    return Row("records", "r.csv", 2, cells)


def row(key: str, verdict: str, one: str, other: str, day: str = "2026-01-01") -> dict[str, str]:
    one, other = (f"{'record' if '/' in name else 'designation'}/{name}" for name in (one, other))
    return {"id": key, "finding": "", "one_id": one, "other_id": other, "verdict": verdict, "decided_on": day}


STATED = Stated(
    {key: designation(key) for key in "abcdef"},
    {each["id"]: each for each in (record("l/1", "a"), record("l/2", "a", "merged"), record("l/3", "a", "merged"))},
    {"old": "d", "older": "old", "lost": ""},
)


def told(found: Canonical) -> tuple[object, ...]:
    """Everything that is read from decisions."""
    faults = {(fault.row["id"], fault.column, str(fault.expected), fault.against) for fault in found.faults}
    return found.gone, found.members, found.parted, faults


def test_connected_designations_are_the_first_of_them() -> None:
    rows = [row("1", "same", "c", "b", "2026-02-01"), row("2", "same", "b", "a", "2026-03-01")]
    rows.append(row("3", "same", "e", "d", "2026-01-01"))
    assert told(Canonical(STATED, rows)) == (
        {
            "b": Withdrawn("a", "2026-03-01", ("1", "2")),
            "c": Withdrawn("a", "2026-02-01", ("1", "2")),
            "e": Withdrawn("d", "2026-01-01", ("3",)),
        },
        {"a": ["b", "c"], "d": ["e"]},
        {},
        set(),
    )


MANY = [
    row("1", "same", "c", "b", "2026-02-01"),
    row("2", "same", "b", "a"),
    row("3", "different", "b", "c", "2026-01-02"),
    row("4", "same", "l/3", "f"),
    row("5", "different", "l/1", "l/3"),
    row("6", "same", "e", "older", "2026-01-03"),
]


def test_the_order_of_decisions_does_not_matter() -> None:
    expected = (
        {
            "b": Withdrawn("a", "2026-01-01", ("2",)),
            "e": Withdrawn("d", "2026-01-03", ("6",)),
            "l.3": Withdrawn("f", "2026-01-01", ("4",)),
        },
        {"a": ["b"], "d": ["e"], "f": ["l.3"]},
        {"l/3": ("5",)},
        set(),
    )
    assert [told(Canonical(STATED, rows)) for rows in permutations(MANY)] == [expected] * 720


def test_contradictions_do_not_depend_on_the_order_either() -> None:
    rows = [*MANY[1:3], row("7", "same", "a", "d"), row("8", "same", "d", "c"), row("9", "different", "a", "c")]
    fault = ("9", "verdict", "two designations, but both are a now by 2, 7, 8", ("2", "7", "8"))
    fault_of_third = ("3", "verdict", "two designations, but both are a now by 2, 7, 8", ("2", "7", "8"))
    assert {frozenset(told(Canonical(STATED, each))[3]) for each in permutations(rows)} == {  # type: ignore[call-overload]
        frozenset({fault, fault_of_third})
    }


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (row("1", "different", "d", "older"), ("verdict", "two designations, but both are d now")),
        (row("1", "different", "a", "l/1"), ("other_id", "a further record of the designation a: which one")),
        (row("1", "same", "a", "lost"), None),
        (row("1", "same", "l/1", "l/2"), None),
        (row("1", "different", "e", "lost"), None),
    ],
)
def test_what_a_decision_alone_can_be_at_fault_for(
    decision: Mapping[str, str], expected: tuple[str, str] | None
) -> None:
    found = Canonical(STATED, [decision])
    assert (found.gone, found.parted) == ({}, {})
    if expected is None:
        assert found.faults == []
    else:
        (fault,) = found.faults
        assert (fault.column, str(fault.expected).startswith(expected[1])) == (expected[0], True)


def test_one_designation_has_programmes_that_are_names_of_one() -> None:
    programmes = {"a": "x", "b": "y", "c": "z"}
    known = Stated(
        {key: designation(key, programme) for key, programme in programmes.items()},
        {},
        {},
        {frozenset("xy"), frozenset("yz")},
    )
    assert Canonical(known, [row("1", "same", "a", "b")]).faults == []
    assert Canonical(known, [row("1", "same", "c", "b")]).faults == []
    (fault,) = Canonical(known, [row("1", "same", "a", "c")]).faults
    assert (fault.row["id"], str(fault.expected)) == (
        "1",
        "designations of one programme or of two names of one, not of x and z",
    )
    found = Canonical(known, [row("1", "same", "a", "b"), row("2", "same", "b", "c")])
    assert [(fault.row["id"], fault.column) for fault in found.faults] == [("2", "other_id")]


COLUMNS = {
    "designations": "id programme_id name_zh name_en record_ids derived",
    "records": "id outcome reason programme_id designation_id name",
    "parted_rows": "id record_id designation_id",
    "carriers": "id designation_id",
    "designation_relations": "id subject_id object_id relation record_ids",
    "withdrawn": "id successor_ids reason withdrawn_on",
    "programme_relations": "id subject_id object_id relation",
    "decisions": "id finding one_id other_id verdict decided_on",
}


def package(folder: Path, **tables: Iterable[str]) -> Package:
    """Write tables given as lines of cells, in the order of COLUMNS."""
    resources = {}
    for name, columns in COLUMNS.items():
        lines = [columns.replace(" ", ","), *tables.get(name, ())]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        fields = [
            {"name": column} | ({"guapai:list": ";"} if column.endswith("_ids") else {}) for column in columns.split()
        ]
        resources[name] = Resource(name, (f"{name}.csv",), {"schema": {"fields": fields}})
    return Package(folder, {}, resources)


def lines(found: Package, name: str) -> list[str]:
    return [",".join(row.cells.values()) for row in found.rows(name)]


@pytest.fixture
def world(tmp_path: Path) -> Package:
    """Three parks, of which the first two are one by decision, and a record that parts from the first."""
    return package(
        tmp_path,
        designations=["a,park,A,,t/1;t/2,", "b,park,B,,t/2;t/3,", "c,park,C,,,"],
        records=[
            "l/1,taken,,park,a,A",
            "l/2,taken,其一 | one,park,b,B",
            "l/3,merged,,park,a,A3",
            "l/4,taken,,park,c,C",
        ],
        parted_rows=["p1,l/3,a", "p2,l/3,c", "p3,l/2,b"],
        carriers=["zone,b", "firm,"],
        designation_relations=["1,b,c,lies-on,", "2,a,c,lies-on,", "3,b,a,contains,", "4,c,b,contains,"],
        withdrawn=["designation/old,designation/b;designation/a,why,2025-01-01", "carrier/x,carrier/b,why,2025"],
        decisions=[
            "decision-0001,,designation/b,designation/a,same,2026-01-01",
            "decision-0002,,record/l/1,record/l/3,different,2026-01-02",
        ],
    )


def test_every_table_names_canonical_designations(world: Package) -> None:
    found = decided(world)
    assert lines(found, "designations") == ["a,park,A,,t/1;t/2;t/3,", "c,park,C,,,", "l.3,park,A3,,,"]
    assert lines(found, "records") == [
        "l/1,taken,,park,a,A",
        "l/2,merged,其一;经decision-0001裁定,b 即 a | one; b is a by decision-0001,park,a,B",
        "l/3,taken,经decision-0002裁定,不是 a | not a by decision-0002,park,l.3,A3",
        "l/4,taken,,park,c,C",
    ]
    assert lines(found, "parted_rows") == ["p1,l/3,l.3", "p2,l/3,c", "p3,l/2,a"]
    assert lines(found, "carriers") == ["zone,a", "firm,"]
    assert lines(found, "designation_relations") == ["2,a,c,lies-on,", "4,c,a,contains,"]
    reason = "经decision-0001裁定为同一块牌子 | decided to be the same designation (decision-0001)"
    assert lines(found, "withdrawn") == [
        "designation/old,designation/a,why,2025-01-01",
        "carrier/x,carrier/b,why,2025",
        f"designation/b,designation/a,{reason},2026-01-01",
    ]


def test_the_files_are_read_as_they_are_by_who_asks_for_them(world: Package) -> None:
    assert decided(world).stated.index("designations").keys() == {"a", "b", "c"}
    assert decided(decided(world)).stated.rows("carriers").__next__()["designation_id"] == "b"


def test_relations_that_contradict_one_another_only_by_decision_are_complained_of(tmp_path: Path) -> None:
    found = package(
        tmp_path,
        designations=["a,park,A,,,", "b,park,B,,,", "c,park,C,,,"],
        designation_relations=["1,a,c,contains,", "2,c,b,contains,"],
        decisions=["decision-0001,,designation/a,designation/b,same,2026-01-01"],
    )
    (complaint,) = record_checks.relations(decided(found))
    assert (complaint.file, complaint.row, complaint.column) == ("designation_relations.csv", 3, "relation")

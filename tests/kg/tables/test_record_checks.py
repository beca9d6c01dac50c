"""Rules for designations: a fault planted in each table is reported with file, row and column, and nothing else."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from kg import tables
from kg.errors import InputError
from kg.tables import checks, record_checks


@pytest.fixture
def data(small_data: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_data, tmp_path / "data")
    return tmp_path / "data"


def change(data: Path, file: str, line: int, **cells: str) -> None:
    """Change cells of the row in a line."""
    path = data / file
    with path.open(encoding="utf-8", newline="") as stream:
        columns, *rows = csv.reader(stream)
    for column, cell in cells.items():
        rows[line - 2][columns.index(column)] = cell
    path.write_text(tables.to_csv(columns, iter(rows)), encoding="utf-8")


def add(data: Path, table: str, **cells: str) -> None:
    """Add a row to a table."""
    descriptor = json.loads((data / tables.DESCRIPTOR).read_text("utf-8"))
    (resource,) = (entry for entry in descriptor["resources"] if entry["name"] == table)
    columns = [column["name"] for column in resource["schema"]["fields"]]
    path = data / resource["path"]
    row = tables.to_csv(columns, iter([[cells.get(column, "") for column in columns]])).split("\n", 1)[1]
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")


def found(data: Path) -> list[tuple[str, int, str, str]]:
    return sorted((c.file, c.row, c.column, str(c.expected)) for c in record_checks.check(tables.open_package(data)))


PAPER = "records/paper-1-plates.csv"
FIRST = "paper-1-plates/0001"


def test_the_small_data_has_no_fault(data: Path) -> None:
    assert found(data) == []
    checks.checked(data)


def test_a_record_is_keyed_by_its_list(data: Path) -> None:
    change(data, PAPER, 2, list_id="guojia_zichuangqu")
    assert found(data) == [
        (PAPER, 2, "id", "a key that begins with guojia_zichuangqu/"),
        (PAPER, 2, "programme_id", "a programme of the list guojia_zichuangqu"),
    ]


def test_a_taken_record_has_a_designation_and_a_programme(data: Path) -> None:
    change(data, PAPER, 2, designation_id="", programme_id="")
    complaints = found(data)
    assert (PAPER, 2, "designation_id", "a value where the outcome is taken") in complaints
    assert (PAPER, 2, "programme_id", "a value where the outcome is taken") in complaints
    assert next(c for c in complaints if c[0].startswith("designations/"))[2:] == (
        "id",
        "a designation of which a record was taken",
    )
    assert len(complaints) == 3


def row_of(data: Path, line: int) -> dict[str, str]:
    with (data / PAPER).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))[line - 2]


def test_a_record_is_of_the_programme_of_its_designation(data: Path) -> None:
    change(data, PAPER, 2, programme_id="national-sti-center")
    assert found(data) == [(PAPER, 2, "programme_id", "international-sti-center, as of the designation")]


def test_a_row_left_out_has_a_reason_and_no_designation(data: Path) -> None:
    change(data, PAPER, 2, outcome="left-out", reason="")
    complaints = found(data)
    assert complaints[-2:] == [
        (PAPER, 2, "designation_id", "nothing where the row was left out"),
        (PAPER, 2, "reason", "the reason why the row was left out"),
    ]


def test_what_was_not_resolved_has_a_reason(data: Path) -> None:
    change(data, PAPER, 2, place_ids="", reason="", approved="2000.04/2002.12", approved_date="")
    assert found(data) == [
        (PAPER, 2, "reason", "the reason why approved '2000.04/2002.12' was not read"),
        (PAPER, 2, "reason", "the reason why no place was found"),
    ]
    change(data, PAPER, 2, reason="不是一个日期 | no date")
    assert found(data) == []


def test_a_designation_is_taken_once(data: Path) -> None:
    designation = row_of(data, 2)["designation_id"]
    change(data, PAPER, 3, designation_id=designation)
    complaints = found(data)
    assert (PAPER, 3, "outcome", f"merged, since {FIRST} was taken for {designation}") in complaints
    assert [c[2:] for c in complaints if c[0].startswith("designations/")] == [
        ("id", "a designation of which a record was taken")
    ]


def test_designations_stand_to_others_one_way(data: Path) -> None:
    one, other = (row_of(data, line)["designation_id"] for line in (2, 3))
    file, usual = "designation_relations.csv", {"relation": "lies-on", "status": "asserted", "source_ids": "rg-R01"}
    line = len((data / file).read_text("utf-8").splitlines()) + 1
    add(data, "designation_relations", id="x", subject_id=one, object_id=one, **usual)
    add(data, "designation_relations", id="y", subject_id=one, object_id=other, record_ids="nowhere/1", **usual)
    add(data, "designation_relations", id="z", subject_id=other, object_id=one, **usual)
    assert found(data) == [
        (file, line, "object_id", "another designation than the subject"),
        (file, line + 1, "record_ids", "a key of the table records"),
        (file, line + 2, "relation", "one direction only (y says the opposite)"),
    ]


CORRECTED = {"record_id": FIRST, "reason": "印错", "decided_by": "test", "decided_on": "2026-11-24"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"column": "extent", "found": "province", "repaired": "town"},
            [("found", "{now!r}, as the record says now")],
        ),
        ({"column": "nothing", "found": "", "repaired": "x"}, [("column", "a column of records that can be repaired")]),
        ({"column": "id", "found": FIRST, "repaired": "x"}, [("column", "a column of records that can be repaired")]),
        (
            {"column": "approved_date", "found": "", "repaired": "1988-15"},
            [("repaired", "a date as YYYY, YYYY-MM or YYYY-MM-DD that exists in the calendar")],
        ),
        ({"column": "carrier_ids", "found": "", "repaired": "nobody"}, [("repaired", "a key of the table carriers")]),
        ({"column": "stage", "found": "", "repaired": "ended"}, [("repaired", "one of begun, recognised")]),
        ({"column": "outcome", "found": "taken", "repaired": ""}, [("repaired", "a value")]),
        ({"column": "approved_date", "found": "", "repaired": "1988"}, []),
    ],
)
def test_a_correction_repairs_what_stands_there(
    data: Path, cells: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    line = len((data / "corrections.csv").read_text("utf-8").splitlines()) + 1
    now = row_of(data, 2).get(cells["column"], "")
    add(data, "corrections", id="c1", **CORRECTED, **cells)
    told = [(column, text.format(now=now)) for column, text in expected]
    assert [(row, column, text) for _, row, column, text in found(data)] == [(line, *one) for one in told]


def test_a_cell_is_repaired_once(data: Path) -> None:
    for key in ("c1", "c2"):
        add(data, "corrections", id=key, column="approved_date", found="", repaired="1988", **CORRECTED)
    assert [c[2:] for c in found(data)] == [("column", "one repair of a cell")]


def test_withdrawn_keys_are_used_no_more_and_what_follows_them_is(data: Path) -> None:
    designation = row_of(data, 2)["designation_id"]
    usual = {"reason": "同一块牌子", "withdrawn_on": "2026-11-24"}
    start = len((data / "withdrawn.csv").read_text("utf-8").splitlines()) + 1
    add(data, "withdrawn", id=f"designation/{designation}", **usual)
    add(data, "withdrawn", id="designation/x", successor_ids="designation/y", **usual)
    add(data, "withdrawn", id="paper/x", **usual)
    add(data, "withdrawn", id="designation/z", successor_ids=f"designation/{designation}", **usual)
    kinds = "designation, carrier, record, programme, authority, place"
    assert found(data) == [
        ("withdrawn.csv", start, "id", "a key that is used no more"),
        ("withdrawn.csv", start + 1, "successor_ids", "a key that is in use"),
        ("withdrawn.csv", start + 2, "id", f"kind/key with a kind of {kinds}"),
    ]


def test_a_build_is_told_all_of_it(data: Path) -> None:
    change(data, PAPER, 2, programme_id="national-sti-center")
    with pytest.raises(InputError, match="column programme_id: found 'national-sti-center'"):
        checks.checked(data)


def test_a_row_is_parted_into_several_designations_by_pieces_of_its_name(data: Path) -> None:
    part = {"record_id": FIRST, "place_ids": "110000", "reason": "两块 | two"}
    one, other, national = (row_of(data, line)["designation_id"] for line in (2, 3, 5))
    file = "parted_rows.csv"
    add(data, "parted_rows", id="part-0001", designation_id=one, name="北京", **part)
    assert found(data) == [(file, 2, "record_id", "several parts, each of another designation")]
    add(data, "parted_rows", id="part-0002", designation_id=other, name="中心", **part)
    assert found(data) == []
    change(data, file, 3, name="上海")
    assert found(data) == [(file, 3, "name", "a piece of '北京国际科技创新中心'")]
    change(data, file, 2, designation_id=national)
    assert found(data) == [
        (file, 2, "designation_id", "a designation of international-sti-center"),
        (file, 2, "designation_id", "the designation of the record among those of its parts"),
        (file, 3, "name", "a piece of '北京国际科技创新中心'"),
    ]

"""Validation of tables: all faults of all files, with file, row, column and expectation."""

import csv
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kg import tables
from kg.errors import Complaint, InputError, expect
from kg.tables import checks, schema

DATA = Path(__file__).parents[3] / "data"
Spoil = Callable[[str, str, str], None]


@pytest.fixture
def data(small_data: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_data, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def spoil(data: Path) -> Spoil:
    def change(file: str, old: str, new: str) -> None:
        path = data / file
        content = path.read_bytes()
        assert content.count(old.encode()) >= 1
        path.write_bytes(content.replace(old.encode(), new.encode("utf-8", "surrogateescape"), 1))

    return change


def complaints(data: Path) -> list[Complaint]:
    package = tables.open_package(data)
    return sorted([*schema.check(package), *checks.check(package)])


def line_of(data: Path, file: str, words: str) -> int:
    found = (number for number, line in enumerate((data / file).read_text("utf-8").split("\n"), 1) if words in line)
    return next(found)


def test_the_real_tables_have_no_fault() -> None:
    assert complaints(DATA) == []


def test_planted_faults_are_all_named_at_once(data: Path, spoil: Spoil) -> None:
    """The list of the issue: date, unknown authority, double key, quote, interval, encoding, column."""
    spoil("programmes.csv", ",1988-05,", ",1988-15,")
    spoil(
        "mandates.csv",
        "high-tech-zone-miit-administers-2023-03-16,national-high-tech-zone,miit,",
        "x,national-high-tech-zone,mitt,",
    )
    spoil("authorities.csv", "\nmoe,", "\nmof,")
    spoil("purpose_assignments.csv", "国家综合科技实力的集中体现", "国家综合科技实力的分散体现")
    spoil("affiliations.csv", "most,1998-03,2023-08,", "most,1998-03,1997-08,")
    spoil("claims.csv", "京津冀", "\udcbe\udca9")
    spoil("regions.csv", "name_en", "english")
    found = complaints(data)
    told = {(c.file, c.row, c.column) for c in found}
    assert {
        ("programmes.csv", line_of(data, "programmes.csv", "1988-15"), "valid_from"),
        ("mandates.csv", line_of(data, "mandates.csv", ",mitt,"), "authority_id"),
        ("authorities.csv", line_of(data, "authorities.csv", "中华人民共和国财政部"), "id"),
        ("purpose_assignments.csv", 2, "quote"),
        ("affiliations.csv", line_of(data, "affiliations.csv", "1997-08"), "valid_to"),
        ("claims.csv", 2, "quote"),
        ("regions.csv", 1, "name_en"),
        ("regions.csv", 1, "english"),
    } <= told
    by_place = {(c.file, c.column): c for c in found}
    assert (
        str(by_place["programmes.csv", "valid_from"].expected)
        == "a date as YYYY, YYYY-MM or YYYY-MM-DD that exists in the calendar"
    )
    assert str(by_place["mandates.csv", "authority_id"].expected) == "a key of the table authorities"
    assert "it stands in authorities.csv, row" in str(by_place["authorities.csv", "id"].expected)
    assert str(by_place["purpose_assignments.csv", "quote"].expected).startswith("a substring of ")
    assert str(by_place["affiliations.csv", "valid_to"].expected) == "no day before the start 1998-03"
    assert str(by_place["claims.csv", "quote"].expected) == "text in UTF-8"
    assert by_place["regions.csv", "name_en"] == Complaint(
        "regions.csv", 1, "name_en", "no such column", expect("this-column")
    )
    assert not [c for c in found if c.column in ("region_id", "region_ids")], "a table that cannot be read is told once"


def test_the_error_lists_every_complaint_on_a_line_of_its_own(data: Path, spoil: Spoil) -> None:
    spoil("programmes.csv", ",1988-05,", ",1988-15,")
    spoil("places.csv", ",116.4124,", ",416.4124,")
    with pytest.raises(InputError) as caught:
        checks.checked(data)
    line = line_of(data, "programmes.csv", "1988-15")
    day = "a date as YYYY, YYYY-MM or YYYY-MM-DD that exists in the calendar"
    assert str(caught.value).split("\n") == [
        "2 faults in the input:",
        "places.csv, row 3, column longitude: found '416.4124', expected a number from 73 to 136",
        f"programmes.csv, row {line}, column valid_from: found '1988-15', expected {day}",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("purposes.csv", "science-research,,", "science-research,", (2, "", "6 cells", "7 cells")),
        ("purposes.csv", ",false\n", ",no\n", (2, "generic", "'no'", "one of true, false")),
        ("carriers.csv", "shenzhen-huixin,", ",", (2, "id", "nothing", "a value")),
        ("sources.csv", "pk-S02,", "pk/S02,", (4, "id", "'pk/S02'", "text of the form [A-Za-z0-9][A-Za-z0-9._-]*")),
        (
            "organisation_words.csv",
            "chan-ye-yuan,产业园,",
            "chan-ye-yuan,部,",
            (3, "word", "'部'", "a value of its own (it stands in organisation_words.csv, row 2 already)"),
        ),
        ("papers/p2-t1.csv", "r01,1,", "r01,1.5,", (2, "rank", "'1.5'", "a whole number")),
        ("papers/p1-t2.csv", ",340300,", ",340300;349900,", (3, "place_ids", "'349900'", "a key of the table places")),
    ],
)
def test_each_kind_of_fault(  # noqa: PLR0917 — a case of the table above
    data: Path, spoil: Spoil, file: str, old: str, new: str, fault: tuple[int, str, str, str]
) -> None:
    spoil(file, old, new)
    assert fault in [(c.row, c.column, c.found, str(c.expected)) for c in complaints(data) if c.file == file]


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1f", "\ufffe"])
def test_no_cell_holds_what_xml_cannot(data: Path, spoil: Spoil, sign: str) -> None:
    spoil("papers/p1-t2.csv", "5G 中高频器件", f"5G{sign}中高频器件")
    (found,) = complaints(data)
    assert (found.file, found.row, found.column) == ("papers/p1-t2.csv", 2, "name")
    assert (found.found, str(found.expected)) == (repr(f"5G{sign}中高频器件"), "text without control characters")


NOT_AS_TABLES_WRITE = (
    "1_78",
    "２３２",
    "+1",
    "01",
    "1.",
    "1e2",
    "1.35e2",
    "١٢",
    "NaN",
    "Infinity",
    "−1",
    " 1",
    "1,000",
    "0x1",
)
"""Texts that Python reads as numbers, or a reader might, and that are no `xsd:integer` or `xsd:decimal` of one form."""


def plant(path: Path, column: str, cells: Sequence[str]) -> None:
    """Write cells into a column, one a row, from the first row on."""
    with path.open(encoding="utf-8", newline="") as stream:
        columns, *rows = csv.reader(stream)
    assert len(rows) >= len(cells)
    for row, cell in zip(rows, cells, strict=False):
        row[columns.index(column)] = cell
    path.write_text(tables.to_csv(columns, iter(rows)), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "column", "expected"),
    [
        ("papers/p2-t1.csv", "rank", "a whole number"),
        ("populations.csv", "year", "a whole number from 1949 to 2100"),
    ],
)
def test_a_whole_number_is_written_in_digits(data: Path, file: str, column: str, expected: str) -> None:
    cells = (*NOT_AS_TABLES_WRITE, "19.0", "-0.0", "1.5")
    plant(data / file, column, cells)
    assert [(c.file, c.row, c.column, c.found, str(c.expected)) for c in complaints(data)] == [
        (file, row, column, repr(cell), expected) for row, cell in enumerate(cells, 2)
    ]


def test_a_number_is_written_in_digits_with_a_point(data: Path) -> None:
    plant(data / "places.csv", "longitude", NOT_AS_TABLES_WRITE)
    assert [str(c) for c in complaints(data)] == [
        f"places.csv, row {row}, column longitude: found {cell!r}, expected a number from 73 to 136"
        for row, cell in enumerate(NOT_AS_TABLES_WRITE, 2)
    ]


def test_a_pattern_means_digits_of_ascii(data: Path, spoil: Spoil) -> None:
    """A code in digits of another script would name another place than the same number."""
    spoil("papers/p1-t2.csv", "r01,", "r０１,")
    assert "papers/p1-t2.csv, row 2, column id: found 'r０１', expected text of the form r\\d{2}" in map(
        str, complaints(data)
    )


def test_a_file_that_is_missing_and_one_that_is_no_csv(data: Path) -> None:
    (data / "strategies.csv").unlink()
    (data / "carriers.csv").write_text(
        'id,name_zh,name_en,names,kind,parent_id,place_id,designation_id,source_ids\n"a"b,c,d,e,f,g,h,i,j\n',
        encoding="utf-8",
    )
    found = complaints(data)
    assert Complaint("strategies.csv", 0, "", "No such file or directory", expect("readable-file")) in found
    assert Complaint("carriers.csv", 2, "", "',' expected after '\"'", expect("csv")) in found
    assert "strategies.csv: found No such file or directory, expected a readable file" in map(str, found)


def test_an_unsourced_row_must_say_so_and_a_sourced_one_must_not(data: Path, spoil: Spoil) -> None:
    spoil("mandates.csv", ",unsourced,\n", ",asserted,\n")
    spoil("programme_relations.csv", ",asserted,rg-R01;rg-R238", ",unsourced,rg-R01;rg-R238")
    expected = "unsourced where there is no source, and only there"
    assert [(c.file, c.found, str(c.expected)) for c in complaints(data)] == [
        ("mandates.csv", "'asserted'", expected),
        ("programme_relations.csv", "'unsourced'", expected),
    ]


def test_an_assignment_names_a_purpose_and_not_a_group(data: Path, spoil: Spoil) -> None:
    spoil("purpose_assignments.csv", "strategic-st-force,pt-sti-center-3-2-1", "science-research,pt-sti-center-3-2-1")
    (found,) = complaints(data)
    assert str(found) == (
        "purpose_assignments.csv, row 2, column purpose_id: found 'science-research', "
        "expected a purpose, not a group of purposes"
    )


def test_a_descriptor_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"datapackage\.json: found no such file"):
        tables.open_package(tmp_path)
    (tmp_path / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    with pytest.raises(InputError, match="expected a data package with resources and guapai:data_as_of"):
        tables.open_package(tmp_path)

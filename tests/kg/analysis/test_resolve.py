"""One reading of names: labelled names, and the same answer by command, page, importer and correction."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from findings_world import DATA
from flask import Flask

from kg import tables
from kg.analysis import resolve
from kg.analysis.findings import table
from kg.analysis.resolve import Names, UnclearName, rows
from kg.curation import corrections
from kg.errors import QueryError
from kg.importing.registry import LEVELS, Known
from kg.pipeline.columns import tables as written_columns
from kg.places import Gazetteer, Stated
from kg.release.columns import Columns, write
from kg.tables import Package, dates
from web.lists.lookup import MOST, choose

KINDS = ("place", "programme", "purpose", "field", "authority", "region", "designation", "carrier", "source")
RECORD = "guojia_gaoxinqu/0001"
COLUMNS = {
    "place": "place_ids",
    "carrier": "carrier_ids",
    "authority": "authority_ids",
    "field": "field_ids",
    "source": "source_ids",
}
"""Kind of thing to the column of a record that holds its keys."""


@dataclass(frozen=True)
class Case:
    """A text, the kind of thing that it names, the keys that it can mean, and whether one key is no more than a guess.

    Drawn before the texts were read; what was corrected afterwards is said in the column `why`.
    """

    kind: str
    text: str
    keys: frozenset[str]
    guess: bool

    @property
    def written(self) -> str:
        """The key that may be written into a table, empty where none may."""
        return "".join(self.keys) if len(self.keys) == 1 and not self.guess else ""


def _cases() -> list[Case]:
    with (Path(__file__).parent / "names_cases.csv").open(encoding="utf-8", newline="") as stream:
        return [
            Case(row["kind"], row["text"], frozenset(filter(None, row["keys"].split(";"))), row["guess"] == "guess")
            for row in csv.DictReader(stream)
        ]


CASES = _cases()


@pytest.fixture(scope="module")
def package() -> Package:
    return tables.open_package(DATA)


@pytest.fixture(scope="module")
def names(package: Package) -> Names:
    return Names.of(package)


def test_each_name_means_what_it_is_labelled_with(names: Names) -> None:
    found = {}
    for case in CASES:
        meant = names.resolve(case.kind, case.text)
        keys = frozenset(candidate.key for candidate in meant.candidates)
        found[case.kind, case.text] = Case(case.kind, case.text, keys, bool(meant.key) and not meant.certain)
    assert found == {(case.kind, case.text): case for case in CASES}


def test_nearly_all_kinds_and_outcomes_are_labelled() -> None:
    assert {case.kind for case in CASES} == set(KINDS)
    assert len(CASES) >= 80
    assert min(sum(len(case.keys) == few for case in CASES) for few in (0, 1)) >= 10
    assert sum(len(case.keys) > 1 for case in CASES) >= 25


@pytest.fixture(scope="module")
def columns(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Columns]:
    """The columns of the tables, with no designations."""
    folder = tmp_path_factory.mktemp("release") / "columns"
    write(written_columns(package, ()), folder)
    found = Columns(folder)
    yield found
    found.close()


@pytest.mark.parametrize("kind", KINDS)
def test_columns_hold_the_names_of_the_tables(kind: str, package: Package, columns: Columns) -> None:
    assert list(rows.from_columns(columns, kind)) == list(rows.from_tables(package, kind))
    above = {key: within for key, within in rows.above_in_tables(package).items() if key[0] == kind}
    assert {key: within for key, within in rows.above_in_columns(columns).items() if within and key[0] == kind} == {
        key: within for key, within in above.items() if within
    }


def _command(columns: Columns) -> Callable[[Case], frozenset[str]]:
    def keys(case: Case) -> frozenset[str]:
        try:
            return frozenset([resolve.key(columns, case.kind, case.text)])
        except UnclearName as unclear:
            return frozenset(candidate.key for candidate in unclear.resolution.candidates)

    return keys


def test_the_command_answers_or_names_the_candidates(columns: Columns) -> None:
    keys = _command(columns)
    assert {case: keys(case) for case in CASES} == {case: case.keys for case in CASES}


FIRST_MEANT = {
    "吉林": "220000",
    "海南": "460000",
    "西安": "610100",
    "Xi'an": "610100",
    "xian": "610100",
    "Urumqi": "650100",
    "Ürümqi": "650100",
    "乌鲁木": "650100",
    "昆山高": "320583",
}
"""Texts that a page takes for a place by `whereabouts`: the province or capital of several, the place of a zone."""


def test_a_page_answers_or_shows_a_choice(app: Flask) -> None:
    for case in CASES:
        if case.kind not in ("place", "programme", "purpose", "field"):
            continue
        with app.test_request_context("/ask", query_string={"x": case.text}):
            app.preprocess_request()
            choice = choose(case.kind, "x")
        offered = [key for key, _, _ in choice.candidates]
        if case.text in FIRST_MEANT:
            assert (choice.key, offered) == (FIRST_MEANT[case.text], []), case
            continue
        assert choice.key == ("".join(case.keys) if len(case.keys) == 1 else ""), case
        assert set(offered) <= case.keys, case
        assert len(offered) == (min(len(case.keys), MOST) if len(case.keys) > 1 else 0), case


def test_the_importer_takes_whole_names_only(package: Package) -> None:
    known = Known(package)
    readers = {"programme": known.programme, "authority": lambda text: known.authority(text, "")}
    cases = [case for case in CASES if case.kind in readers]
    assert {case: readers[case.kind](case.text) for case in cases} == {case: case.written for case in cases}


def test_the_importer_finds_the_place_of_a_cell(package: Package) -> None:
    """Each place that a text means, in the cell of its level, with its province beside it where that is another one."""
    known, gazetteer = Known(package), Gazetteer.of(package)
    places = package.index("places")
    found, expected = {}, {}
    for case in CASES:
        key = case.written if case.kind == "place" else ""
        if not key or case.text == key or places[key]["level"] not in LEVELS:
            continue
        province = places[known.places.province(key)]["name_zh"]
        cells = dict.fromkeys(LEVELS, "") | {"province": province} | {places[key]["level"]: case.text}
        found[case.text] = gazetteer.resolve(Stated(*known.divisions(cells)), "within-county", "area").place_ids
        expected[case.text] = (key,)
    assert found == expected


def test_a_correction_takes_whole_names_only_and_names_candidates(package: Package, names: Names) -> None:
    record = corrections.known(package, RECORD)
    assert record is not None
    for case in CASES:
        if case.kind not in COLUMNS or not case.text or "、" in case.text:
            continue
        column = COLUMNS[case.kind]
        given = corrections.Given({column: case.text}, "r", "", "A", "2026-11-24")
        proposal = corrections.propose(package, names, record, given)
        repaired = [row["repaired"] for row in proposal.rows]
        if case.written:
            assert repaired in ([case.written], []), case
            assert repaired or case.written == record.now(column), case
        else:
            assert repaired == [case.text.strip()], case
            said = " ".join(str(complaint.expected) for complaint in proposal.complaints)
            offered = {key for key in case.keys if f"{key} (" in said}
            assert len(offered) == min(len(case.keys), corrections.MOST), case


def test_of_bodies_of_one_name_the_date_tells_which(names: Names) -> None:
    assert names.resolve("authority", "国家计委", on=dates.parse("1997")).key == "spc"
    assert names.resolve("authority", "国家计委", on=dates.parse("2001-05")).key == "sdpc"
    assert names.resolve("authority", "国家计委").code == "several"
    assert names.resolve("place", "思茅市", on=dates.parse("2005")).key == "530800"


def test_a_level_leaves_the_places_of_that_level(names: Names) -> None:
    assert names.resolve("place", "吉林", level="prefecture").key == "220200"
    assert names.resolve("place", "昆山", level="province").code == "none"


def test_candidates_say_how_they_fit_and_where_they_lie(names: Names) -> None:
    (one, *others) = names.resolve("place", "朝阳").candidates
    assert one == resolve.Candidate("211300", "辽宁省朝阳市", "short", "朝阳", ("210000",))
    assert [candidate.shown for candidate in others] == [
        "北京市朝阳区",
        "吉林省长春市朝阳区",
        "辽宁省朝阳市朝阳县",
    ]
    former = names.resolve("place", "湖北襄樊").candidates
    assert [(candidate.key, candidate.fit, candidate.name) for candidate in former] == [("420600", "former", "襄樊")]


@pytest.mark.parametrize(
    ("criteria", "sentence"),
    [
        (
            table.Criteria(place="朝阳"),
            (
                "'朝阳' may mean 4 places: 辽宁省朝阳市 (211300), 北京市朝阳区 (110105), 吉林省长春市朝阳区 (220104), "
                "辽宁省朝阳市朝阳县 (211321); expected one of them"
            ),
        ),
        (table.Criteria(place="火星"), "no place is called '火星': expected a code or a name such as 昆山市"),
        (
            table.Criteria(ministry="国家计委"),
            "'国家计委' may mean 2 authorities: 国家计划委员会 (spc), 国家发展计划委员会 (sdpc); expected one of them",
        ),
        (table.Criteria(programme="火星基地"), "no programme is called '火星基地': expected a key or a name"),
    ],
)
def test_findings_refuse_what_means_several_things(columns: Columns, criteria: table.Criteria, sentence: str) -> None:
    with pytest.raises(QueryError) as refused:
        table.find(columns, date(2022, 12, 31), ["stacking"], criteria)
    assert str(refused.value) == sentence

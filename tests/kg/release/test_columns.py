"""Columns of a release: a few rows by hand, all rows against the graph."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from kg.errors import QueryError, ReleaseError
from kg.pipeline import columns as projection
from kg.pipeline import merge
from kg.release import Release, columns
from kg.release.columns import Columns
from kg.release.schema import SCHEMA
from kg.store import EmbeddedStore
from kg.store.questions import with_prefixes
from kg.tables import open_package

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def opened(release: Release) -> Columns:
    return Columns.open(release)


def test_every_table_has_its_columns_of_their_types(opened: Columns) -> None:
    for name, columns_of in SCHEMA.items():
        described = opened.query(f"DESCRIBE {name}")
        assert {row[0]: row[1] for row in described} == columns_of


def test_every_row_of_the_tables_is_a_row_of_the_columns(opened: Columns, release: Release) -> None:
    same = {
        "designations": "designations",
        "designation_relations": "designation_relations",
        "programme_purposes": "purpose_assignments",
        "region_places": "region_members",
        "places": "places",
    }
    same |= {
        name: name
        for name in (
            *("carriers", "fields", "programmes", "programme_relations", "mandates", "authorities", "affiliations"),
            *("lists", "purposes", "regions"),
        )
    }
    rows = release.manifest["counts"]["rows"]
    counted = {name: opened.query(f"FROM {name} SELECT count(*)")[0][0] for name in same}
    assert counted == {name: rows[table] for name, table in same.items()}


@pytest.mark.parametrize(
    ("table", "relation", "subject"),
    [
        ("designation_places", "gp:locatedIn", "?s a gp:Designation ;"),
        ("designation_carriers", "gp:borneBy", "?s"),
        ("designation_fields", "gp:hasField", "?s"),
        ("designation_records", "prov:wasDerivedFrom", "?s a gp:Designation ;"),
        ("designation_stages", "gp:hasStage", "?s"),
    ],
)
def test_columns_and_graph_say_the_same(
    table: str, relation: str, subject: str, opened: Columns, release: Release
) -> None:
    store = EmbeddedStore(release.store_path)
    asked = with_prefixes(f"SELECT ?s ?o WHERE {{ {subject} {relation} ?o }}")
    said = {
        tuple(str(term.value).rpartition("/id/")[2] for term in row if term) for row in store.select(asked, {}).rows
    }
    ours = opened.query(f"FROM {table}")
    assert len(ours) == len(said) > 0
    keys = {f"designation/{row[0]}" for row in ours}
    assert keys == {row[0] for row in said}


def test_dates_of_designations_are_those_of_the_graph(opened: Columns, release: Release) -> None:
    store = EmbeddedStore(release.store_path)
    asked = with_prefixes("SELECT ?s ?a ?b WHERE { ?s a gp:Designation ; gp:approvedFrom ?a ; gp:approvedTo ?b }")
    said = sorted(tuple(str(term.value) for term in row if term) for row in store.select(asked, {}).rows)
    dated = opened.query(
        "SELECT designation, approved_first, approved_last, counted_from FROM designations WHERE dated ORDER BY "
        "designation"
    )
    base = "https://w3id.org/guapai/id/designation/"
    assert [(base + designation, first.isoformat(), last.isoformat()) for designation, first, last, _ in dated] == said
    assert all(first == counted for _, first, _, counted in dated)


def test_an_undated_designation_counts_from_the_year_of_its_oldest_list(opened: Columns) -> None:
    package = open_package(ROOT / "data")
    editions = {row["id"]: row["edition"][:4] for row in package.rows("lists")}
    named: dict[str, list[str]] = {}
    for row in package.rows("records"):
        if row["designation_id"] and editions[row["list_id"]]:
            named.setdefault(row["designation_id"], []).append(editions[row["list_id"]])
    found = opened.query("SELECT designation, counted_from FROM designations WHERE NOT dated")
    assert len(found) > 100
    expected = [
        (designation, date(int(min(named[designation])), 1, 1) if designation in named else None)
        for designation, _ in found
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("place", "at"),
    [
        ("100000", ("", "", "")),
        ("110000", ("", "110000", "110000")),  # a municipality stands for its own prefecture
        ("110117", ("110117", "110000", "110000")),
        ("320000", ("", "", "320000")),
        ("320500", ("", "320500", "320000")),
        ("320583", ("320583", "320500", "320000")),
        ("441900", ("441900", "441900", "440000")),  # Dongguan has no counties
        ("429004", ("429004", "429004", "420000")),  # Xiantao has no prefecture
    ],
)
def test_places_know_what_they_lie_in(place: str, at: tuple[str, str, str], opened: Columns) -> None:
    assert opened.query("SELECT county, prefecture, province FROM places WHERE place = ?", [place]) == [at]


def test_validity_is_from_the_first_possible_day_to_the_last(opened: Columns) -> None:
    found = opened.query(
        "SELECT valid_from, valid_to FROM mandates WHERE mandate LIKE 'agri-sci-park-most-administers%'"
    )
    table = {row["id"]: row for row in open_package(ROOT / "data").rows("mandates")}
    (row,) = (row for key, row in table.items() if key.startswith("agri-sci-park-most-administers"))
    assert row["valid_to"].startswith("2023")
    assert found[0][1] is not None
    assert found[0][1].isoformat().startswith(row["valid_to"])
    assert opened.query("SELECT count(*) FROM mandates WHERE valid_to IS NULL")[0][0] == sum(
        not row["valid_to"] for row in table.values()
    )


def test_the_same_rows_make_the_same_bytes(small_data: Path, tmp_path: Path) -> None:
    package = open_package(small_data)
    for name in ("one", "other"):
        columns.write(projection.tables(package, merge.designations(package)), tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


def test_texts_come_back_as_they_were_and_nothing_is_null_or_empty(tmp_path: Path) -> None:
    texts = ['a "quoted" one', "two\nlines", "a,b;c", "", "\\", "中文", " "]
    rows = {name: [] for name in SCHEMA} | {"regions": [(f"r{n}", text, text, "", n) for n, text in enumerate(texts)]}
    rows |= {"affiliations": [("x", "y", date(1998, 3, 1), None)]}
    columns.write(rows, tmp_path / "columns")
    found = Columns(tmp_path / "columns")
    assert [row[1] for row in found.query("SELECT * FROM regions ORDER BY region")] == texts
    assert found.table("SELECT * FROM affiliations") == (
        ["authority", "parent", "valid_from", "valid_to"],
        [("x", "y", date(1998, 3, 1), None)],
    )


def test_faults_are_ours(opened: Columns, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"the columns cannot answer: .*nowhere"):
        opened.query("SELECT * FROM nowhere")
    with pytest.raises(ReleaseError, match=r"no columns designations\.parquet"):
        Columns(tmp_path)


def test_a_kept_table_is_made_once_for_all_threads_and_changed_columns_make_their_own(release: Release) -> None:
    columns = Columns.open(release)

    def ask(_: int) -> int:
        columns.materialise("some_designations", "FROM designations LIMIT $number", {"number": 3})
        return int(columns.query("SELECT count(*) FROM some_designations")[0][0])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(16))) == [3] * 16
    with pytest.raises(QueryError):
        columns.materialise("wrong", "FROM nothing")
    columns.materialise("wrong", "SELECT 1")
    empty = columns.with_changes([("designations", "FROM designations WHERE false", {})])
    empty.materialise("some_designations", "FROM designations")
    assert [opened.query("SELECT count(*) FROM some_designations") for opened in (empty, columns)] == [[(0,)], [(3,)]]

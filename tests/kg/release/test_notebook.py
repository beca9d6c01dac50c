"""A release for notebooks: the DuckDB file, the cells of docs/notebook.md, CSVW and Frictionless metadata."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import frictionless
import pytest

from kg.release import Release
from kg.release.columns import Columns
from kg.release.export import export
from kg.release.notebook import CSVW as CSVW_FILE
from kg.release.schema import SCHEMA
from kg.tables import open_package

CELLS = re.findall(
    r"```python\n(.+?)```", (Path(__file__).parents[3] / "docs" / "notebook.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.fixture(scope="module")
def exported(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook")
    export(release, ["csv", "duckdb"], folder / "export")
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(folder / "export" / "guapai.duckdb"), read_only=True) as connection:
        yield connection


def test_the_file_has_every_column_and_table_of_the_release(exported: Path, release: Release, columns: Columns) -> None:
    package = open_package(release.path / "tables")
    with opened(exported) as connection:
        for name in SCHEMA:
            (expected,) = columns.query(f"SELECT count(*) FROM {name}")  # noqa: S608
            assert connection.sql(f"SELECT count(*) FROM {name}").fetchall() == [expected], name  # noqa: S608
        for name, resource in package.resources.items():
            table = connection.sql(f'SELECT * FROM tables."{name}"')  # noqa: S608
            assert table.columns == resource.columns, name
            rows = [tuple(row.cells[column] for column in resource.columns) for row in package.rows(name)]
            texts = connection.sql(f'SELECT COLUMNS(*)::VARCHAR FROM tables."{name}"').fetchall()  # noqa: S608
            assert len(texts) == len(rows), name
            strings = [at for at, column in enumerate(resource.described.values()) if column.type == "string"]
            assert [[row[at] or "" for at in strings] for row in texts] == [[r[at] for at in strings] for r in rows], (
                name
            )


def test_views_have_the_titles_of_the_data_dictionary(exported: Path) -> None:
    with opened(exported) as connection:
        assert connection.sql('SELECT "中文名称" FROM zh."行政区划" WHERE "键" = \'320583\'').fetchall() == [
            ("昆山市",)
        ]
        english = connection.sql('SELECT "Key" FROM en."Programmes" ORDER BY 1').fetchall()
        assert english == connection.sql("SELECT programme FROM programmes ORDER BY 1").fetchall()
        sql = "SELECT table_schema, count(*) FROM information_schema.tables GROUP BY 1"
        numbers = dict(connection.sql(sql).fetchall())
    assert numbers["en"] == numbers["zh"] == numbers["tables"]


def test_the_cells_of_the_notebook_run_and_give_what_the_release_has(
    exported: Path, columns: Columns, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(CELLS) == 5
    monkeypatch.chdir(exported)
    names: dict[str, duckdb.DuckDBPyRelation] = {}
    found = {}
    for cell in CELLS:
        exec(cell.replace("db.close()", ""), names)  # noqa: S102 — our own document
        found |= {
            name: names[name].fetchall() for name in ("largest", "suzhou", "complete", "provinces") if name in names
        }
    capsys.readouterr()
    assert len(found["largest"]) == len(found["complete"]) == 10
    (in_kunshan,) = columns.query(
        "SELECT count(DISTINCT designation) FROM designation_places JOIN places USING (place) WHERE county = '320583'"
    )
    assert ("Kunshan City", *in_kunshan) in found["suzhou"]
    assert ("江苏省", "320000") in found["provinces"]


def test_the_tables_validate_by_frictionless_and_csvw(exported: Path, release: Release) -> None:
    tables = exported / "export" / "tables"
    package = open_package(release.path / "tables")
    report = frictionless.Package(str(tables / "datapackage.json"))
    assert [resource.name for resource in report.resources] == list(package.resources)
    content = json.loads((tables / CSVW_FILE).read_text(encoding="utf-8"))
    described = {table["url"]: [c["name"] for c in table["tableSchema"]["columns"]] for table in content["tables"]}
    assert described == {path: r.columns for r in package.resources.values() for path in r.paths}


@pytest.mark.slow
def test_the_csvw_tool_finds_no_fault(exported: Path) -> None:
    from csvw import CSVW  # noqa: PLC0415 — slow to import

    assert CSVW(str(exported / "export" / "tables" / CSVW_FILE), validate=True).is_valid

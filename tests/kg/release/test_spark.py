"""Findings, matrices and counts on Spark are those of DuckDB, to the last digit."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench import findings as made_up
from kg import tables
from kg.analysis.findings import find
from kg.analysis.findings.kinds import territorial_pairs
from kg.analysis.measures import matrices
from kg.cli import main
from kg.errors import QueryError
from kg.release import Release, spark
from kg.release.columns import FOLDER, Columns

# pyspark leaves the sockets by which results come to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
ROOT = Path(__file__).parents[3]
DAY = date(2022, 12, 31)
TRANSLATED = {
    "SELECT bit_or(fields) FROM t": "SELECT CASE WHEN COUNT(fields) > 0 THEN "
    "ARRAY_DISTINCT(FLATTEN(COLLECT_LIST(fields))) END FROM t",
    "SELECT bit_or(mask) FROM t": "SELECT BIT_OR(mask) FROM t",
    "SELECT bit_count(a.fields & b.fields) FROM a, b": "SELECT SIZE(ARRAY_INTERSECT(a.fields, b.fields)) FROM a, b",
    "SELECT a.code & b.code FROM a, b": "SELECT a.code & b.code FROM a, b",
    "SELECT NOT list_has_any(x, y) FROM t": "SELECT NOT ARRAYS_OVERLAP(x, y) FROM t",
    "SELECT len(ministries), len([1]) FROM t": "SELECT SIZE(ministries), SIZE(ARRAY(1)) FROM t",
    "SELECT length(name), name::VARCHAR FROM t": "SELECT LENGTH(name), CAST(name AS STRING) FROM t",
    "WITH c AS MATERIALIZED (FROM t) SELECT x FROM c": "WITH c AS (SELECT * FROM t) SELECT x FROM c",
}


@pytest.mark.parametrize(("said", "expected"), TRANSLATED.items())
def test_what_spark_says_otherwise_is_translated(said: str, expected: str) -> None:
    pytest.importorskip("sqlglot", reason="the extra spark is not installed")
    assert spark.translate(said) == expected


def test_values_of_parameters_become_literals() -> None:
    pytest.importorskip("sqlglot", reason="the extra spark is not installed")
    asked = {"place": "O'Brien", "day": DAY, "keys": ["a", "b"], "held": True, "none": None, "count": 3}
    sql = "SELECT $place, $day, $keys, $held, $none, $count"
    assert spark.translate(sql, asked) == (
        "SELECT 'O\\'Brien', CAST('2022-12-31' AS DATE), ARRAY('a', 'b'), TRUE, NULL, 3"
    )
    assert (
        spark.translate("SELECT x FROM t WHERE a = ? AND b = ?", ["one", 2])
        == "SELECT x FROM t WHERE a = 'one' AND b = 2"
    )


def test_without_the_extra_one_sentence_says_how_to_get_it(
    small_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    done = CliRunner().invoke(main, ["findings", "--engine", "spark", "--dist", str(small_release.path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"guapai: {spark.LACKING}\n"


@pytest.fixture(scope="module")
def on_spark(release: Release) -> Iterator[spark.SparkColumns]:
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    opened = spark.SparkColumns(release.path / FOLDER, "local[2]")
    yield opened
    opened.close()


@pytest.mark.slow
def test_the_findings_of_the_real_data_are_the_same(release: Release, on_spark: spark.SparkColumns) -> None:
    assert find.find(on_spark, DAY) == find.find(Columns.open(release), DAY)


@pytest.mark.slow
@pytest.mark.parametrize("key", matrices.MATRICES)
def test_the_matrices_of_the_real_data_are_the_same(key: str, release: Release, on_spark: spark.SparkColumns) -> None:
    assert matrices.MATRICES[key](on_spark, DAY) == matrices.MATRICES[key](Columns.open(release), DAY)


@pytest.mark.slow
@pytest.mark.usefixtures("on_spark")
def test_groups_of_generated_designations_are_the_same(tmp_path: Path) -> None:
    made_up.generate(tables.open_package(ROOT / "data"), tmp_path / "columns", 20_000)
    opened = spark.SparkColumns(tmp_path / "columns", "local[2]")
    expected = territorial_pairs.groups(Columns(tmp_path / "columns"), DAY)
    assert territorial_pairs.groups(opened, DAY) == expected != []


@pytest.mark.slow
def test_a_scenario_is_refused(on_spark: spark.SparkColumns) -> None:
    with pytest.raises(QueryError, match="ask without --engine spark"):
        on_spark.with_changes(())

"""Columns of a release on Apache Spark: the same queries, translated (the extra `guapai[spark]`).

What grows with the designations is asked of Spark; the registry, which every analysis reads whole, of DuckDB.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Self

from kg.errors import GuapaiError, QueryError
from kg.release.columns import FOLDER, Columns
from kg.release.release import Release
from kg.release.schema import SCHEMA

LACKING = "Spark is not installed; get it by: pip install 'guapai[spark]' (Spark needs Java 17 or 21)"
GROWING = frozenset(name for name in SCHEMA if name.startswith("designation")) | {"carriers", "names", "sources"}
"""Tables with a row or more for each designation."""
PARTS_PER_CORE = 2
KINDS = {"fields": "bits", "narrow": "bits", "ministries": "list"}
"""Columns of kinds that Spark treats otherwise. It knows no bit strings: there they are arrays of the positions set."""

_BITS = "transform(sequence(0, 1023), bit -> CASE WHEN array_contains({0}, bit) THEN '1' ELSE '0' END)"
DIALECT: Mapping[tuple[str, str], str] = {
    ("arrayoverlaps", ""): "arrays_overlap({0}, {1})",
    ("length", "list"): "size({0})",
    ("bitstring_agg", ""): "array_distinct(collect_list({0}))",
    ("bitwiseoragg", "bits"): "CASE WHEN count({0}) > 0 THEN array_distinct(flatten(collect_list({0}))) END",
    ("bitwiseand", "bits"): "array_intersect({0}, {1})",
    ("bit_count", ""): "size({0})",
    ("cast", "bits"): "CASE WHEN {0} IS NOT NULL THEN array_join(" + _BITS + ", '') END",
}
"""What sqlglot leaves as it is in DuckDB's dialect, to its form in Spark's: function, and kind of its first argument
where it depends on it. `bit_count` is asked of bit strings, `len` of lists; there are fewer fields than 1,024."""


class SparkColumns(Columns):
    """Columns whose large tables are Parquet files read by Spark."""

    def __init__(self, folder: Path, master: str = "local[*]") -> None:
        """Open the Parquet files of a folder, which every machine of the cluster can read.

        Args:
            folder: the columns of a release.
            master: address of the cluster (spark://host:7077), or local[2].

        Raises:
            GuapaiError: Spark is not installed.
            ReleaseError: a table is missing or damaged.
        """
        super().__init__(folder)
        self._spark = _session(master)
        self._growing = set(GROWING)
        for name in SCHEMA:
            self._spark.read.parquet(str((folder / f"{name}.parquet").resolve())).createOrReplaceTempView(name)

    @classmethod
    def of_master(cls, release: Release, master: str) -> Self:
        """Open the columns of a release on a cluster."""
        return cls(release.path / FOLDER, master)

    def table(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a query on the engine of its tables; return column names and rows."""
        if not self._grows(sql):
            return super().table(sql, parameters)
        found = self._frame(sql, parameters)
        return list(found.columns), [tuple(map(_plain, row)) for row in self._run(found.collect)]

    def stream(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query like `table`, and yield its rows."""
        return iter(self.table(sql, parameters)[1])

    def materialise(self, table: str, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        """Create a temporary table on first use, on Spark, and if it does not grow on DuckDB too."""
        if table in self._tables:
            return
        if self._grows(sql):
            self._growing.add(table)
            with self._table_lock:
                self._tables.add(table)
        else:
            super().materialise(table, sql, parameters)
        self._frame(sql, parameters).cache().createOrReplaceTempView(table)

    def with_changes(self, steps: object) -> Self:  # noqa: ARG002
        """Refuse: scenarios are computed on one machine."""
        raise QueryError("the columns cannot be changed on Spark: ask without --engine spark")

    def close(self) -> None:
        """Close the files and end the session."""
        super().close()
        self._spark.stop()

    def _grows(self, sql: str) -> bool:
        sqlglot = _sqlglot()
        tables = {found.name for found in sqlglot.parse_one(sql, read="duckdb").find_all(sqlglot.exp.Table)}
        return not tables.isdisjoint(self._growing)

    def _frame(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> Any:  # noqa: ANN401 — a DataFrame
        translated = translate(sql, parameters)
        return self._run(lambda: self._spark.sql(translated))

    def _run(self, work: Any) -> Any:  # noqa: ANN401 — what Spark returns
        from pyspark.errors import PySparkException  # noqa: PLC0415 — an extra

        try:
            return work()
        except PySparkException as error:
            raise QueryError(f"Spark cannot answer: {error}") from error


def translate(sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> str:
    """Return a query in DuckDB's dialect, with the values of its parameters, in Spark's."""
    sqlglot = _sqlglot()
    tree = sqlglot.parse_one(sql, read="duckdb")
    given = iter(() if isinstance(parameters, Mapping) else parameters)
    for found in list(tree.find_all(sqlglot.exp.Placeholder)):
        value = parameters[found.name] if isinstance(parameters, Mapping) else next(given)
        found.replace(sqlglot.parse_one(literal(value), read="duckdb"))
    for cte in tree.find_all(sqlglot.exp.CTE):
        cte.set("materialized", None)
    for node in list(tree.walk(bfs=False))[::-1]:
        if text := _translated(node):
            node.replace(sqlglot.parse_one(text, read="spark"))
    return str(tree.sql(dialect="spark"))


def _translated(node: Any) -> str:  # noqa: ANN401 — an expression of sqlglot
    """Return the text in Spark's dialect of what sqlglot does not translate by itself, empty for all else."""
    name = node.name.lower() if node.key == "anonymous" else node.key
    if not any(known == name for known, _ in DIALECT):
        return ""
    given = node.args.get("expressions") or [each for each in (node.this, node.args.get("expression")) if each]
    kind = "list" if given[0].key == "array" else KINDS.get(given[0].name, "")
    form = DIALECT.get((name, kind)) or DIALECT.get((name, ""), "")
    return form.format(*(each.sql(dialect="spark") for each in given))


def _plain(cell: Any) -> Any:  # noqa: ANN401 — any value of a column
    """Return a cell as DuckDB gives it: a structure as a dictionary."""
    if hasattr(cell, "asDict"):
        return cell.asDict(recursive=True)
    return cell


def _sqlglot() -> Any:  # noqa: ANN401 — a module
    try:
        import sqlglot  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise GuapaiError(LACKING) from error
    return sqlglot


def _session(master: str) -> Any:  # noqa: ANN401 — a SparkSession
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise GuapaiError(LACKING) from error
    builder = SparkSession.builder.master(master).appName("guapai").config("spark.ui.enabled", "false")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate().newSession()
    session.sparkContext.setLogLevel("ERROR")
    # Tables that are kept stay in as many parts as a shuffle makes: 200 by default, whatever the cluster.
    session.conf.set("spark.sql.shuffle.partitions", PARTS_PER_CORE * session.sparkContext.defaultParallelism)
    return session


def literal(value: object) -> str:
    """Return a value of a parameter as a literal in DuckDB's dialect."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"'{name}': {literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "NULL" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)

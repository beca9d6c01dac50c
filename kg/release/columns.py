"""The only door of duckdb: the columns of a release, written as Parquet at build and asked by SQL when serving."""

import csv
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import duckdb

from kg.cache import Cache
from kg.errors import QueryError, ReleaseError
from kg.release import Release

COUNTRY = "100000"
"""The place that is the whole country."""
FOLDER = "columns"
"""Where the columns of a release stand: a cache made from its tables, not signed."""

Cell = str | int | float | bool | date | None
Tables = Mapping[str, Iterable[Sequence[Cell]]]
"""Table to its rows, cells in the order of SCHEMA."""

_DAYS = {"valid_from": "DATE", "valid_to": "DATE"}


def _text(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")


SCHEMA: Mapping[str, Mapping[str, str]] = {
    "designations": {
        **_text("designation", "programme", "category", "policy_area", "bearer", "name_zh", "extent"),
        **dict.fromkeys(("approved_first", "approved_last", "ended_first", "ended_last", "counted_from"), "DATE"),
        "dated": "BOOLEAN",
        **_text("standing", "place_basis"),
        "sourced": "BOOLEAN",
        "records": "INTEGER",
    },
    "designation_places": _text("designation", "place"),
    "designation_carriers": _text("designation", "carrier"),
    "designation_fields": _text("designation", "field"),
    "designation_relations": _text("subject", "object", "relation", "status"),
    "designation_stages": {**_text("designation", "stage"), "first": "DATE", "last": "DATE"},
    "designation_records": _text("designation", "record", "list"),
    "designation_documents": _text("designation", "document"),
    "designation_sources": _text("designation", "source"),
    "sources": _text("source", "title", "address", "reliability"),
    "places": _text("place", "name_zh", "name_en", "level", "county", "prefecture", "province"),
    "carriers": _text("carrier", "name_zh", "kind", "place", "designation"),
    "fields": _text("field", "broader", "label_zh", "label_en"),
    "programmes": {
        **_text("programme", "name_zh", "name_en", "category", "policy_area", "bearer", "usual_extent", "parent"),
        **_DAYS,
    },
    "programme_purposes": {**_text("programme", "purpose", "purpose_group", "weight"), "generic": "BOOLEAN"},
    "programme_relations": _text("subject", "object", "relation", "status"),
    "mandates": {**_text("mandate", "programme", "authority", "role"), **_DAYS, "status": "VARCHAR"},
    "authorities": {
        **_text("authority", "name_zh", "name_en", "short_zh", "kind"),
        **_DAYS,
        "successor": "VARCHAR",
    },
    "affiliations": {**_text("authority", "parent"), **_DAYS},
    "lists": {
        **_text("list", "title_zh", "title_en", "completeness"),
        "official_total": "INTEGER",
        "edition": "VARCHAR",
        **dict.fromkeys(("rows", "taken", "merged", "left_out"), "INTEGER"),
    },
    "list_programmes": _text("list", "programme"),
    "purposes": {**_text("purpose", "purpose_group", "label_zh", "label_en"), "generic": "BOOLEAN"},
    "regions": _text("region", "name_zh", "name_en"),
    "region_places": _text("region", "place", "scope"),
    "weights": {"weight": "VARCHAR", "value": "DOUBLE"},
    "designation_field_texts": _text("designation", "text"),
    "place_names": {**_text("place", "name"), "former": "BOOLEAN"},
    "stopwords": _text("word", "kind"),
    "topic_sources": {**_text("programme", "reads"), "keeps_places": "BOOLEAN"},
    "look_alikes": _text("one", "other"),
    "duplicate_weights": {"weight": "VARCHAR", "value": "DOUBLE"},
    "name_variants": _text("word", "form"),
    "programme_names": _text("programme", "name"),
    "decisions": {
        **_text("decision", "finding", "one", "other", "verdict", "reason", "decided_by"),
        "decided_on": "DATE",
        **_text("evidence_hash", "members", "ministries"),
        "looked_at": "DATE",
    },
    "place_ranks": _text("place", "rank"),
    "populations": {"place": "VARCHAR", "year": "INTEGER", "persons": "BIGINT"},
    "positions": {**_text("position", "label_zh", "label_en"), "national_design": "BOOLEAN"},
    "positionings": _text("positioning", "position", "quote", "plan", "kind", "area"),
    "strategies": _text("strategy", "name_zh", "name_en"),
    "strategy_areas": _text("strategy", "kind", "area"),
    "claims": {
        **_text("claim", "source", "section", "quote", "statement_zh", "statement_en", "numbers", "programmes"),
        "required": "DOUBLE",
    },
    "claim_tests": {
        **_text("test", "claim", "measure", "programmes", "regions", "places", "parameters"),
        "as_of": "DATE",
        "comparison": "VARCHAR",
        **dict.fromkeys(("claimed", "tolerance"), "DOUBLE"),
        **_text("reason_zh", "reason_en"),
    },
    "figures": {"figure": "VARCHAR", "value": "DOUBLE"},
}
"""Table to its columns with their types. Texts that say nothing are empty, days and numbers that are not known NULL.

An area of a positioning or strategy is of the kind place or region. Lists within claims and their tests are parted by
semicolons, as in the tables of data/."""

_NULL = r"\N"
BATCH = 2000
"""Rows that are read at a time from a question whose answer is not kept whole."""
KEPT = 64
"""What follows from the columns alone, some dozen things, and what follows from them for the days last asked for."""


def write(tables: Tables, folder: Path) -> None:
    """Write each table of SCHEMA as a Parquet file; the same rows make the same bytes.

    Args:
        tables: the rows of every table of SCHEMA.
        folder: a new folder.
    """
    folder.mkdir(parents=True)
    for name, columns in SCHEMA.items():
        write_parquet(folder / f"{name}.parquet", columns, tables[name])


def write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as a Parquet file, through a file of text, so that many rows take no memory.

    Args:
        path: the file to be made.
        columns: name of each column to its type (DuckDB's), in the order of the cells.
        rows: the rows; the same make the same bytes.
    """
    with TemporaryDirectory() as scratch, duckdb.connect(config={"threads": 1}) as connection:
        text = Path(scratch) / "rows.csv"
        with text.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(map(_cells, rows))
        read = connection.read_csv(text, header=False, auto_detect=False, columns=dict(columns), na_values=_NULL)
        read.write_parquet(str(path))


class Database(Cache):
    """Tables in DuckDB that are only read; one object serves many threads, and remembers what follows from them."""

    def __init__(self) -> None:
        """Start without a table."""
        super().__init__(KEPT)
        self._connection = duckdb.connect()
        self._tables: set[str] = set()
        self._making = threading.Lock()

    @classmethod
    def of_rows(cls, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Self:
        """Return one table in memory, gone with this object.

        Args:
            table: its name.
            columns: name of each column to its type (DuckDB's), in the order of the cells.
            rows: the rows; a cell of the type VARCHAR[] is a list of texts.
        """
        made, cells = cls(), list(zip(*rows, strict=True)) or [()] * len(columns)
        parts = (f'unnest(${place}::{kind}[]) AS "{name}"' for place, (name, kind) in enumerate(columns.items(), 1))
        # Small tables are asked sooner without threads, of which each of many databases would have its own.
        made._connection.execute("SET threads = 1")
        made.keep(table, f"SELECT {', '.join(parts)}", [list(column) for column in cells])
        return made

    def query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Ask by SQL (DuckDB's dialect) over the tables of SCHEMA.

        Args:
            sql: a query of ours, values as `?` or `$name`.
            parameters: the values.

        Returns:
            The rows; days as `datetime.date`.

        Raises:
            QueryError: the query cannot be read or answered.
        """
        return self.table(sql, parameters)[1]

    def table(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Ask like `query`, and return the names of the columns before the rows."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                return [str(column[0]) for column in cursor.description or ()], cursor.fetchall()
        except duckdb.Error as error:
            raise QueryError(f"the columns cannot answer: {error}") from error

    def stream(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Ask like `query` at once, and yield the rows as they are read, some thousand at a time."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql, parameters)
        except duckdb.Error as error:
            cursor.close()
            raise QueryError(f"the columns cannot answer: {error}") from error
        return _fetched(cursor)

    def keep(self, table: str, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        """Make a table from the others, once, in memory, for all questions to come.

        Args:
            table: its name, none of SCHEMA; whoever asks for it first says what it is made of.
            sql: the query that makes its rows, the same whenever the table has this name.
            parameters: the values.

        Raises:
            QueryError: the query cannot be read or answered.
        """
        with self._making:
            if table not in self._tables:
                self.table(f"CREATE TABLE {table} AS {sql}", parameters)
                self._tables.add(table)

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()


class Columns(Database):
    """The columns of a release, opened to be read.

    The release's files are read as they are needed, so that a million designations take no memory before they are asked
    for. They never change, so that what is read from them once is remembered here, and may be kept as a table.
    """

    def __init__(self, folder: Path) -> None:
        """Open the Parquet files of a folder, each as a view of its name.

        Raises:
            ReleaseError: a table is missing.
        """
        super().__init__()
        self._folder = folder
        for name in SCHEMA:
            path = folder / f"{name}.parquet"
            if not path.is_file():
                raise ReleaseError(f"the release has no columns {path.name} in {folder}; run `guapai build` again")
            self._connection.read_parquet(str(path)).create_view(name)

    @classmethod
    def open(cls, release: Release) -> Self:
        """Open the columns of a release.

        Raises:
            ReleaseError: a table is missing.
        """
        return cls(release.path / FOLDER)

    def changed(self, steps: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Self:
        """Return columns in which some tables are others, in memory; the files and this object stay as they are.

        Args:
            steps: table, query that makes its rows from the tables as they are by then, and its values; one step after
                the other.

        Raises:
            QueryError: a query cannot be read or answered.
        """
        other = type(self)(self._folder)
        kinds = dict.fromkeys(SCHEMA, "VIEW")
        try:
            for table, sql, parameters in steps:
                other._connection.execute(f"CREATE TABLE step AS {sql}", parameters)  # noqa: SLF001 — our own kind
                other._connection.execute(f"DROP {kinds[table]} {table}; ALTER TABLE step RENAME TO {table}")  # noqa: SLF001
                kinds[table] = "TABLE"
        except duckdb.Error as error:
            raise QueryError(f"the columns cannot be changed so: {error}") from error
        return other


def _fetched(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    with cursor:
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def _cells(row: Sequence[Cell]) -> list[str]:
    return [_NULL if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in row]

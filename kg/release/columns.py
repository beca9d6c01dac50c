"""Columnar tables of a release: written as Parquet, queried by SQL (the only module that imports duckdb)."""

import csv
import errno
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import duckdb

from kg.cache import Cache
from kg.errors import REMEDY, GuapaiError, QueryError, ReleaseError
from kg.release.release import Release, damage
from kg.release.schema import SCHEMA

COUNTRY = "100000"
"""Key of the place that is the whole country."""
FOLDER = "columns"
"""Subfolder of a release; made from the tables, so the manifest lists its files as derived."""

Cell = str | int | float | bool | date | None
Tables = Mapping[str, Iterable[Sequence[Cell]]]
"""Table to its rows, cells in the order of SCHEMA."""
_NULL = r"\N"
BATCH_ROWS = 2000
"""Rows fetched at a time from a streamed result."""
MAX_CACHED_RESULTS = 64
"""Results cached per release: a dozen that depend on no date, and those of the dates requested last."""


def write(tables: Tables, folder: Path) -> None:
    """Write each table of SCHEMA as a Parquet file; the output is deterministic.

    Args:
        tables: rows of every table of SCHEMA.
        folder: folder to create.
    """
    folder.mkdir(parents=True)
    with _Writer() as writer:
        for name, columns in SCHEMA.items():
            writer.write(folder / f"{name}.parquet", columns, tables[name])


def write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as a Parquet file by way of a text file, so that many rows take no memory; deterministic.

    Args:
        path: file to create.
        columns: name of each column to its type in DuckDB, in the order of the cells.
        rows: the rows.
    """
    with _Writer() as writer:
        writer.write(path, columns, rows)


class _Writer(ExitStack):
    """A connection and a folder for text files: opening them takes longer than writing a small table."""

    def __init__(self) -> None:
        super().__init__()
        self._text = Path(self.enter_context(TemporaryDirectory())) / "rows.csv"
        self._connection = self.enter_context(duckdb.connect(config={"threads": 1}))

    def write(self, path: Path, columns: Mapping[str, str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write a table like `write_parquet`."""
        with self._text.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(map(_cells, rows))
        read = self._connection.read_csv(
            self._text, header=False, auto_detect=False, columns=dict(columns), na_values=_NULL
        )
        try:
            read.write_parquet(str(path))
        except duckdb.IOException as error:
            raise OSError(errno.EIO, str(error), str(path)) from error


class Database(Cache):
    """Read-only tables in DuckDB, safe for many threads, with a cache of what is computed from them."""

    def __init__(self) -> None:
        """Start without a table."""
        super().__init__(MAX_CACHED_RESULTS)
        self._connection = duckdb.connect()
        self._tables: set[str] = set()
        self._table_lock = threading.Lock()

    @classmethod
    def of_rows(cls, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Self:
        """Return a database of one table in memory.

        Args:
            table: its name.
            columns: name of each column to its type in DuckDB, in the order of the cells.
            rows: the rows; a cell of the type VARCHAR[] is a list of texts.
        """
        made, cells = cls(), list(zip(*rows, strict=True)) or [()] * len(columns)
        parts = (f'unnest(${place}::{kind}[]) AS "{name}"' for place, (name, kind) in enumerate(columns.items(), 1))
        # One thread: faster for a small table, and many databases would have threads of their own.
        made._connection.execute("SET threads = 1")
        made.materialise(table, f"SELECT {', '.join(parts)}", [list(column) for column in cells])
        return made

    def query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run a SQL query (DuckDB's dialect) over the tables of SCHEMA.

        Args:
            sql: one of the project's own queries, values as `?` or `$name`.
            parameters: the values.

        Returns:
            The rows; dates as `datetime.date`.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
            ReleaseError: a file is damaged.
        """
        return self.table(sql, parameters)[1]

    def table(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a query like `query`; return column names and rows."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                return [str(column[0]) for column in cursor.description or ()], cursor.fetchall()
        except duckdb.Error as error:
            raise self._failure(error) from error

    def stream(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query like `query` at once, and yield its rows, fetched BATCH_ROWS at a time."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql, parameters)
        except duckdb.Error as error:
            cursor.close()
            raise self._failure(error) from error
        return self._fetched(cursor)

    def _fetched(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
        with cursor:
            try:
                while rows := cursor.fetchmany(BATCH_ROWS):
                    yield from rows
            except duckdb.Error as error:
                raise self._failure(error) from error

    def _failure(self, error: duckdb.Error) -> GuapaiError:
        """Return what a failed query is to its caller."""
        return QueryError(f"the columns cannot answer: {error}")

    def materialise(self, table: str, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> None:
        """Create a temporary table on first use; later calls with its name do nothing.

        Args:
            table: its name, none of SCHEMA.
            sql: query that gives its rows; the same for every call with this name.
            parameters: the values.

        Raises:
            QueryError: the query cannot be parsed or evaluated.
        """
        with self._table_lock:
            if table not in self._tables:
                self.table(f"CREATE TABLE {table} AS {sql}", parameters)
                self._tables.add(table)

    def close(self) -> None:
        """Close the files."""
        self._connection.close()


class Columns(Database):
    """Read-only columns of a release, opened from Parquet files.

    The files are read on demand, so a million designations take no memory before they are queried. They never change,
    so results are cached here, and tables can be materialised.
    """

    def __init__(self, folder: Path) -> None:
        """Open the Parquet files of a folder, each as a view.

        Raises:
            ReleaseError: a table is missing or damaged.
        """
        super().__init__()
        self._folder = folder
        for name in SCHEMA:
            path = folder / f"{name}.parquet"
            if not path.is_file():
                raise ReleaseError(f"the release has no columns {path.name} in {folder}; {REMEDY}")
            try:
                self._connection.read_parquet(str(path)).create_view(name)
            except duckdb.Error as error:
                raise ReleaseError(f"{path} is damaged: {error}; {REMEDY}") from error

    @classmethod
    def open(cls, release: Release) -> Self:
        """Open the columns of a release.

        Raises:
            ReleaseError: a table is missing or damaged.
        """
        return cls(release.path / FOLDER)

    def _failure(self, error: duckdb.Error) -> GuapaiError:
        """Return an error that names the damaged file where one is not as it was built."""
        found = damage(self._folder) or (str(error) if isinstance(error, duckdb.IOException) else "")
        return ReleaseError(f"the release is damaged: {found}; {REMEDY}") if found else super()._failure(error)

    def with_changes(self, steps: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Self:
        """Return columns with some tables replaced in memory; the files and this object do not change.

        Args:
            steps: table, query that gives its new rows from the tables after the previous steps, and its values.

        Raises:
            QueryError: a query cannot be parsed or evaluated.
        """
        other = type(self)(self._folder)
        kinds = dict.fromkeys(SCHEMA, "VIEW")
        try:
            for table, sql, parameters in steps:
                other._connection.execute(f"CREATE TABLE step AS {sql}", parameters)  # noqa: SLF001 — same class
                other._connection.execute(f"DROP {kinds[table]} {table}; ALTER TABLE step RENAME TO {table}")  # noqa: SLF001
                kinds[table] = "TABLE"
        except duckdb.Error as error:
            raise QueryError(f"the columns cannot be changed so: {error}") from error
        return other


def _cells(row: Sequence[Cell]) -> list[str]:
    return [_NULL if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in row]

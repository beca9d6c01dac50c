"""The one family of errors a user of Guapai can meet, each said in one sentence without a traceback."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

NOTHING = "nothing"
"""What a complaint says that it found where a cell is empty."""
EXPECTATIONS: Mapping[str, str] = {
    # files and columns
    "descriptor": "a data package descriptor in {folder}",
    "data-package": "a data package with resources and guapai:data_as_of",
    "readable-file": "a readable file",
    "csv": "comma-separated values",
    "csv-utf-8": "a CSV file in UTF-8",
    "utf-8": "text in UTF-8",
    "known-encoding": "text in UTF-8, UTF-16 or GB 18030",
    "workbook": "a workbook",
    "word-file": "a Word file (.docx)",
    "table-file": "a file with a table: CSV, XLSX, ODS, HTML or DOCX",
    "copy-table": "a table: copy it into a workbook and save that as XLSX",
    "save-as-docx": "a file that is read: open it and save it as .docx",
    "save-as-xlsx": "a file that is read: open it and save it as .xlsx",
    "unpacked": "one list: unpack the archive and give a file of it",
    "at-most-megabytes": "at most {count} MB",
    "at-most-lines": "at most {count} lines: part the list",
    "at-most-cells": "at most {count} cells, empty ones included: part the list or delete empty columns",
    "at-most-characters": "at most {count} characters",
    "closed-quote": "a quotation mark that is closed in its line",
    "sheet": "a sheet {name!r}",
    "this-column": "this column",
    "only-columns": "only {columns}",
    "column-once": "it once",
    "cell-count": "{count} cells",
    # one cell
    "no-control": "text without control characters",
    "value": "a value",
    "text": "a text",
    "number": "a number",
    "number-between": "a number from {minimum} to {maximum}",
    "whole-number": "a whole number",
    "whole-number-between": "a whole number from {minimum} to {maximum}",
    "one-of": "one of {values}",
    "pattern": "text of the form {pattern}",
    "date": "a date as YYYY, YYYY-MM or YYYY-MM-DD",
    "date-in-calendar": "a date as YYYY, YYYY-MM or YYYY-MM-DD that exists in the calendar",
    "day": "a day as YYYY-MM-DD",
    "no-formula": "text that no spreadsheet takes for a formula",
    # keys
    "own-key": "a key of its own (it stands in {file}, row {row} already)",
    "own-value": "a value of its own (it stands in {file}, row {row} already)",
    "key-of-table": "a key of the table {table}",
    "one-of-keys": "one of {keys}",
    "key-of-list": "a key that begins with {beginning}",
    "table-and-row": "table/row with the name of a table",
    "row-of-table": "a row of the table {table}",
    "kind-and-key": "kind/key with a kind of {kinds}",
    "used-key": "a key that is in use",
    "unused-key": "a key that is used no more",
    # records and designations
    "value-of-outcome": "a value where the outcome is {outcome}",
    "programme-of-designation": "{programme}, as of the designation",
    "programme-of-list": "a programme of the list {list}",
    "nothing-left-out": "nothing where the row was left out",
    "reason-left-out": "the reason why the row was left out",
    "reason-no-place": "the reason why no place was found",
    "reason-unread": "the reason why {column} {cell!r} was not read",
    "outcome-merged": "merged, since {record} was taken for {designation}",
    "taken-record": "a designation of which a record was taken",
    "piece-of-name": "a piece of {name!r}",
    "designation-of-programme": "a designation of {programme}",
    "several-parts": "several parts, each of another designation",
    "part-of-record": "the designation of the record among those of its parts",
    "other-designation": "another designation than the subject",
    "one-direction": "one direction only ({relation} says the opposite)",
    # corrections
    "repairable-column": "a column of records that can be repaired",
    "one-repair": "one repair of a cell",
    "cell-as-now": "{cell!r}, as the record says now",
    # other tables
    "substring": "a substring of {text!r}",
    "text-of-programme": "a text of {programme}",
    "day-from-start": "no day before the start {start}",
    "status-of-sources": "unsourced where there is no source, and only there",
    "purpose-group": "a group, which has no broader purpose itself",
    "purpose-no-group": "a purpose, not a group of purposes",
    # decisions
    "finding-or-pair": "either a finding or a pair",
    "key-of-finding": "the key of a finding of {day}",
    "finding-or-key": "a finding, or a designation or record of the tables by its key",
    "designation-or-record": "a designation or record of the tables, as designation/key or record/key",
    "designation-in-use": "what is or has a designation in use",
    "another-of-pair": "another one than the first",
    "two-designations": "two designations, but both are {designation} now",
    "two-designations-by": "two designations, but both are {designation} now by {decisions}",
    "one-programme": "designations of one programme or of two names of one, not of {one} and {other}",
    "not-same": "no same while {decision} keeps {pair} apart, which would be one",
    "further-record": "a further record of the designation {designation}: which one it is that is another designation",
    # lists to be imported
    "this-header": "this header",
    "one-list": "headers of one list, or of lists side by side that begin with the same header",
    "name-column": "a column of names (--column HEADER=name)",
    "line-kinds": "--line NUMBER=KIND or --line SHEET!NUMBER=KIND with a kind of row, section, note, blank",
    "accounted-lines": "every line to be a row, header, section, note or blank (--line NUMBER=KIND, --sheet NAME)",
    "header-line": "a line of headers such as 名称, 省份, 批准时间 among the first lines (or --column HEADER=COLUMN)",
    "key-for-list": "--list KEY with letters, digits, dots and dashes",
    "records-of-list": "records of the list {list} to be replaced",
    "source": "a source (--source ID)",
    # changes of a scenario
    "one-change": "at least one change",
    "one-end": "one end or merger of a programme (row {row} has one already)",
    "nothing-for-change": "nothing for the change {change}",
    "other-programme": "another programme than the one that is merged",
    "purposes": "one or more purposes",
    "key-or-name": "the key or name of one {kind}",
    "known-key-or-name": "the key or name of one {kind} ({reason})",
}
"""Code of what a cell, row or file should have held to the phrase that says so in English."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should stand in a cell, row or file: a code of `EXPECTATIONS`, and the parameters of its phrase by name.

    As text it is the phrase in English; an interface in another language makes a sentence of its own from both.
    """

    code: str
    parameters: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return EXPECTATIONS[self.code].format_map(dict(self.parameters))

    def __lt__(self, other: "Expectation") -> bool:
        return str(self) < str(other)


def expect(code: str, **parameters: object) -> Expectation:
    """Return the expectation of a code of `EXPECTATIONS`, with the parameters that its phrase names."""
    return Expectation(code, tuple((name, str(found)) for name, found in sorted(parameters.items())))


class GuapaiError(Exception):
    """Root of all errors that are the user's to mend; the command line prints them and exits 1.

    code: of the kind of error, the same in every release; programs are given it beside the sentence.
    """

    code: ClassVar[str] = "error"


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One fault in one cell, row or file of the input.

    file: path relative to the data folder; row: line number in the file as an editor counts it (header = 1,
    0 = the whole file); column: the column's name ("" = the whole row); found: what stands there;
    expected: what should stand there.
    """

    file: str
    row: int
    column: str
    found: str
    expected: Expectation

    def __str__(self) -> str:
        where = (
            self.file + (f", row {self.row}" if self.row else "") + (f", column {self.column}" if self.column else "")
        )
        return f"{where}: found {self.found}, expected {self.expected}"


class InputError(GuapaiError):
    """Input tables with faults; carries every complaint of every file."""

    code = "input"

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(sorted(complaints))
        count = len(self.complaints)
        super().__init__(
            "\n".join([f"{count} fault{'s' if count != 1 else ''} in the input:", *map(str, self.complaints)])
        )


def write_fault(error: OSError) -> str:
    """Return file and reason of what could not be written; of the first one where the copy of a folder failed."""
    if isinstance(error.args[0], list):  # shutil.Error: source, target and reason of every file
        _, target, reason = error.args[0][0]
        named = re.fullmatch(r"\[Errno \d+\] ([^:]+):.*", str(reason))
        return f"{target}: {named[1] if named else reason}"
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


class BuildError(GuapaiError):
    """A build that cannot go on: shapes violated, ontology inconsistent, a release that cannot be written."""

    code = "build"


REMEDY = "run `guapai build` to make it anew"
"""What helps where a file of a release is damaged."""


class ReleaseError(GuapaiError):
    """A release folder that is missing, incomplete or changed since it was written."""

    code = "release"


class QueryError(GuapaiError):
    """A query that cannot be read or is refused; `line` and `column` count from 1 where the parser knows them."""

    code = "query"

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        super().__init__(message)


class QueryTimeout(QueryError):
    """A query stopped at its wall-clock limit."""

    code = "query-timeout"


class ResultTooLarge(QueryError):
    """A query whose answer passed the limit of rows, bytes or memory."""

    code = "result-too-large"


class NotWritable(QueryError):
    """An answer that the chosen format cannot hold; another format can."""

    code = "not-writable"


class StoreError(GuapaiError):
    """A store that does not answer, answers partially, or cannot be opened."""

    code = "store"

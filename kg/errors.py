"""The one family of errors a user of Guapai can meet, each said in one sentence without a traceback."""

from collections.abc import Sequence
from dataclasses import dataclass


class GuapaiError(Exception):
    """Root of all errors that are the user's to mend; the command line prints them and exits 1."""


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One fault in one cell, row or file of the input.

    file: path relative to the data folder; row: line number in the file as an editor counts it (header = 1,
    0 = the whole file); column: the column's name ("" = the whole row); found: what stands there;
    expected: what should stand there, as a phrase.
    """

    file: str
    row: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = (
            self.file + (f", row {self.row}" if self.row else "") + (f", column {self.column}" if self.column else "")
        )
        return f"{where}: found {self.found}, expected {self.expected}"


class InputError(GuapaiError):
    """Input tables with faults; carries every complaint of every file."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(sorted(complaints))
        count = len(self.complaints)
        super().__init__(
            "\n".join([f"{count} fault{'s' if count != 1 else ''} in the input:", *map(str, self.complaints)])
        )


class BuildError(GuapaiError):
    """A build that cannot go on: shapes violated, ontology inconsistent, a release that cannot be written."""


class ReleaseError(GuapaiError):
    """A release folder that is missing, incomplete or changed since it was written."""


class QueryError(GuapaiError):
    """A query that cannot be read or is refused; `line` and `column` count from 1 where the parser knows them."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        super().__init__(message)


class QueryTimeout(QueryError):
    """A query stopped at its wall-clock limit."""


class ResultTooLarge(QueryError):
    """A query whose answer passed the limit of rows, bytes or memory."""


class StoreError(GuapaiError):
    """A store that does not answer, answers partially, or cannot be opened."""

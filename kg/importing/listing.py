"""Parsed lists: rows, lines that are none, and the account of all lines of every sheet."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kg.importing.header_lines import Column
from kg.importing.line_kinds import WHY, Kind, Remark
from kg.importing.printed_rows import Printed
from kg.importing.readers.lines import Sheet

MIN_TABLE_CELLS = 3
"""Cells of a line that make it a row of a table, where no header is known."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no row of the list: its sheet and number, its text, its kind, and why."""

    line: int
    text: str
    kind: Kind
    why: Remark
    part: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The lines of one sheet: number by kind; sheet: its name; lines: of the file; rows: made from the lines of rows.

    The numbers add up to `lines`, or lines were lost.
    """

    sheet: str
    lines: int
    kinds: Mapping[Kind, int]
    rows: int

    @property
    def unaccounted(self) -> int:
        """Number of lines that are neither row nor header nor section nor note nor blank."""
        clear = sum(number for kind, number in self.kinds.items() if kind != Kind.UNCLEAR)
        return self.lines - clear


@dataclass(frozen=True, slots=True)
class Listing:
    """A parsed list: title above the header, columns, rows, skipped lines, accounts of its sheets.

    aside: sheets that were not read, and why; encoding: of a text file, else "".
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Printed, ...]
    skipped: tuple[Skipped, ...]
    accounts: tuple[Account, ...] = ()
    aside: tuple[tuple[str, Remark], ...] = ()
    encoding: str = ""

    @property
    def unaccounted(self) -> int:
        """Number of lines of all sheets that are not accounted for."""
        return sum(account.unaccounted for account in self.accounts)


def without_header(sheet: Sheet) -> Listing:
    """Return a sheet without a header: notes of a cover, unless it has rows like a table, which are unclear."""
    skipped = []
    for line in sheet.lines:
        wide = line.table and len({cell for cell in line.cells if cell}) >= MIN_TABLE_CELLS
        kind = Kind.BLANK if line.blank else Kind.UNCLEAR if wide else Kind.NOTE
        skipped.append(Skipped(line.number, line.text, kind, WHY[kind], sheet.part))
    account = Account(sheet.part, len(sheet.lines), Counter(each.kind for each in skipped), 0)
    return Listing("", (), (), tuple(skipped), (account,))


def together(listings: Iterable[Listing]) -> Listing:
    """Return the listings of several sheets as one: the title and columns of the first that has some."""
    found = list(listings)
    titled = next((each.title for each in found if each.title), "")
    first = next((each for each in found if each.columns), found[0])
    return replace(
        first,
        title=titled,
        rows=tuple(row for each in found for row in each.rows),
        skipped=tuple(line for each in found for line in each.skipped),
        accounts=tuple(account for each in found for account in each.accounts),
        aside=tuple(part for each in found for part in each.aside),
    )

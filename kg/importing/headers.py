"""Listing of a published list: its headers, rows, sections and notes; every line of the file is accounted for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import Complaint, InputError, expect
from kg.importing import header_lines, line_kinds
from kg.importing.header_lines import Column, Header, KnownHeader, comparable, known_headers
from kg.importing.line_kinds import TITLE, WHY, Kind, Remark, Section, Words
from kg.importing.printed_rows import EXTRA, PRINTED, Printed, RowMaker
from kg.importing.readers.lines import Line, Sheet
from kg.tables import Package, Row

__all__ = ["EXTRA", "PRINTED", "Column", "KnownHeader", "Listing", "Printed", "Remark", "Vocabulary", "parse"]
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


class Vocabulary:
    """Words by which lists are read.

    headers: header (comparable form) → meaning; a star matches any prefix; words: words that tell what a line is.
    """

    def __init__(self, headers: Iterable[Row] = (), words: Words | None = None) -> None:
        """Take up known headers (data/import_headers.csv) and words (data/import_words.csv, divisions, bodies)."""
        self.headers = known_headers(headers)
        self.words = words or Words()

    @classmethod
    def of(cls, package: Package) -> "Vocabulary":
        """Read the tables of a package."""
        return cls(package.rows("import-headers"), Words.of(package))

    def meanings(self, file: str, given: Mapping[str, str]) -> dict[str, KnownHeader]:
        """Return the meanings of headers, those given by the user before the known ones.

        Raises:
            InputError: a column that is not one.
        """
        meanings = dict(self.headers)
        for header, column in given.items():
            if column not in PRINTED + EXTRA:
                expected = expect("one-of", values=", ".join(PRINTED + EXTRA))
                raise InputError([Complaint(file, 0, header, column, expected)])
            meanings[comparable(header)] = KnownHeader(column, compiled=False)
        return meanings


def parse(
    sheet: Sheet,
    known: Vocabulary,
    given: Mapping[str, str],
    told: Mapping[int, Kind] | None = None,
    *,
    by_place: bool = False,
) -> Listing:
    """Find the headers of a sheet and parse the rows below them.

    Args:
        sheet: the list.
        known: headers and words that are known.
        given: header as printed → column of a record, by the user; overrides known headers.
        told: number of a line → its kind, by the user.
        by_place: the designations of the programme are named after divisions, so that 北京市 alone may be a row.

    Raises:
        InputError: no header line, or an unknown given header or column.
    """
    meanings = known.meanings(sheet.file, given)
    top = header_lines.first(sheet.lines, meanings)
    if top is None:
        raise InputError([Complaint(sheet.file, 0, "", "no known header", expect("header-line"))])
    columns = {comparable(name): name for name in given}
    return _Sheet(sheet, meanings, columns, known.words, told or {}).parsed(top, by_place=by_place)


class _Sheet:
    """State of the parsing of one sheet: kinds of its lines as far as known."""

    def __init__(
        self,
        sheet: Sheet,
        meanings: Mapping[str, KnownHeader],
        given: Mapping[str, str],
        words: Words,
        told: Mapping[int, Kind],
    ) -> None:
        self.sheet, self.meanings, self.given, self.words, self.told = sheet, meanings, given, words, told
        self.kinds: dict[int, Kind] = {}
        self.whys: dict[int, Remark] = {}

    def parsed(self, top: Header, *, by_place: bool) -> Listing:
        """Return the listing below the first header."""
        self._above(top)
        rows: list[Printed] = []
        columns: tuple[Column, ...] = ()
        printed: set[str] = set()
        maker = RowMaker(self.sheet.part, self.words, self.told, by_place=by_place)
        maker.section = self._section_above(top)
        for header, lines in self._segments(top):
            printed |= {comparable(cell) for cell in header.cells}
            found = [
                header_lines.columns(header, block, self.meanings, set(self.given))
                for block in header_lines.blocks(header)
            ]
            self._one_name(header, found)
            columns = columns or tuple(column for each in found for column in each)
            rows += maker.rows(self._of_table(header, lines), found)
        self._note(maker.kinds)
        if missing := [name for key, name in self.given.items() if key not in printed]:
            expected = expect("this-header")
            raise InputError(
                [
                    Complaint(self.sheet.file, top_number(self.sheet, top), name, "no such header", expected)
                    for name in missing
                ]
            )
        above = (line for line in self.sheet.lines[: top.start] if not line.blank)
        title = next((line.text for line in above), "")
        return Listing(title, columns, tuple(rows), tuple(self._skipped()), (self._account(len(rows)),))

    def _above(self, top: Header) -> None:
        """Take the lines above the header as titles, unless one has as many cells as a row."""
        least = max(MIN_TABLE_CELLS, sum(map(bool, top.cells)) // 2 + 1)
        for line in self.sheet.lines[: top.start]:
            wide = line.table and len({cell for cell in line.cells if cell}) >= least
            unclear = Kind.UNCLEAR if wide else Kind.NOTE
            self.kinds[line.number] = self.told.get(line.number, Kind.BLANK if line.blank else unclear)
            if self.kinds[line.number] == Kind.NOTE:
                self.whys[line.number] = TITLE

    def _section_above(self, top: Header) -> Section | None:
        """Return the section that the last line above the first header is: the name of a province or prefecture."""
        for line in reversed(self.sheet.lines[: top.start]):
            if not line.blank:
                found = line_kinds.section(line.text, self.words)
                if found and found.province:
                    self.kinds[line.number], self.whys[line.number] = Kind.SECTION, WHY[Kind.SECTION]
                    return found
                return None
        return None

    def _of_table(self, header: Header, lines: Sequence[Line]) -> list[Line]:
        """Return the lines below a header without those of further tables of another width, which stay unclear."""
        first = self.sheet.lines[header.start]
        return [
            line
            for line in lines
            if line.table in (0, first.table) or len(line.cells) == len(first.cells) or line.number in self.told
        ]

    def _segments(self, top: Header) -> Iterator[tuple[Header, list[Line]]]:
        """Yield every header with the lines below it up to the next header."""
        header, lines, at = top, list[Line](), top.start
        while at < len(self.sheet.lines):
            here = top if at == top.start else self._header_at(at, header)
            if here is None:
                lines.append(self.sheet.lines[at])
                at += 1
                continue
            if at != top.start:
                yield header, lines
            header, lines = here, []
            for line in self.sheet.lines[at : at + here.height]:
                self.kinds[line.number] = Kind.HEADER
            at += here.height
        yield header, lines

    def _header_at(self, at: int, header: Header) -> Header | None:
        number = self.sheet.lines[at].number
        return None if number in self.told else header_lines.again(self.sheet.lines, at, header, self.meanings)

    def _one_name(self, header: Header, blocks: Sequence[Sequence[Column]]) -> None:
        """Raise InputError if a column of names stands twice in one list, which may be two lists with other headers."""
        for columns in blocks:
            names = [comparable(column.header) for column in columns if column.column == "name"]
            twice = [column.header for column in columns if column.how == "kept" and comparable(column.header) in names]
            if twice and names and self._differ(columns, twice[0]):
                row = top_number(self.sheet, header)
                found = f"the header {twice[0]!r} twice in one list"
                raise InputError([Complaint(self.sheet.file, row, twice[0], found, expect("one-list"))])

    def _differ(self, columns: Sequence[Column], header: str) -> bool:
        """Whether two columns of one header differ: they are not one merged column."""
        places = [column.position for column in columns if column.header == header]
        cells = ({line.cells[place] for place in places if place < len(line.cells)} for line in self.sheet.lines)
        return any(len(found) > 1 for found in cells)

    def _note(self, kinds: Mapping[int, tuple[Kind, Remark]]) -> None:
        for number, (kind, why) in kinds.items():
            self.kinds[number] = kind
            self.whys[number] = why

    def _skipped(self) -> Iterator[Skipped]:
        for line in self.sheet.lines:
            kind = self.kinds.get(line.number, Kind.UNCLEAR)
            if kind != Kind.ROW:
                why = self.whys.get(line.number, WHY[kind])
                yield Skipped(line.number, line.text, kind, why, self.sheet.part)

    def _account(self, rows: int) -> Account:
        kinds = Counter(self.kinds.get(line.number, Kind.UNCLEAR) for line in self.sheet.lines)
        return Account(self.sheet.part, len(self.sheet.lines), kinds, rows)


def top_number(sheet: Sheet, header: Header) -> int:
    """Return the number of the first line of a header."""
    return sheet.lines[header.start].number


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

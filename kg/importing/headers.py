"""Listing of a published list: its headers, rows, sections and notes; every line of the file is accounted for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.errors import Complaint, InputError, expect
from kg.importing import header_lines
from kg.importing.header_lines import Column, Header, KnownHeader, comparable, known_headers
from kg.importing.line_kinds import TITLE, WHY, Kind, Remark, Section, Words
from kg.importing.listing import MIN_TABLE_CELLS, Account, Listing, Skipped
from kg.importing.printed_rows import EXTRA, PRINTED, Printed, RowMaker
from kg.importing.readers.lines import Line, Sheet
from kg.tables import Package, Row

__all__ = ["EXTRA", "PRINTED", "Column", "KnownHeader", "Listing", "Printed", "Remark", "Vocabulary", "parse"]


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
                found = self.words.section(line.text)
                if found and found.province:
                    self.kinds[line.number], self.whys[line.number] = Kind.SECTION, WHY[Kind.SECTION]
                    return found
                return None
        return None

    def _of_table(self, header: Header, lines: Sequence[Line]) -> list[Line]:
        """Return the lines below a header without those of further tables that are no part of the list.

        A further table without a header of its own continues the list if it is as wide, and only blank lines, sections
        or words of continuation stand between; else its lines stay unclear.
        """
        first = self.sheet.lines[header.start]
        taken: list[Line] = []
        table, open_ = first.table, True
        for line in lines:
            if not line.table:
                open_ = open_ and self._between(line)
            elif line.table != table:
                table, wide = line.table, len(line.cells) == len(first.cells)
                open_ = open_ and wide
            if not line.table or open_ or line.number in self.told:
                taken.append(line)
        return taken

    def _between(self, line: Line) -> bool:
        """Whether a text between two tables does not end the list."""
        return (
            line.blank
            or self.words.patterns.continued.search(line.text) is not None
            or bool(self.words.section(line.text))
        )

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

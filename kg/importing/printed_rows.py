"""Rows of a list as printed: what each line below a header is, and the cells of its row by columns of a record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.importing import cell_marks
from kg.importing.header_lines import Column
from kg.importing.line_kinds import TOTAL_LINE, WHY, Kind, Remark, Section, Words
from kg.importing.readers.lines import Line

PRINTED: tuple[str, ...] = (
    "programme",
    "name",
    "province",
    "prefecture",
    "county",
    "approved",
    "ended",
    "status",
    "authority",
)
PRINTED += ("carrier", "supervisor", "field", "document")
"""The columns of a record with cells as printed, except `other`."""
EXTRA = ("place", "level", "stage", "batch", "serial", "source", "compiled", "other")
"""Further meanings of columns; all except source and compiled are stored among the other cells."""
COMPILED_NAMES = {"host": "carrier", "doc": "document"}
"""Other names of columns in the cell of derived columns (compiled)."""
SECTION = "小标题"
"""Key among the other cells of a row: the section in which it stands, as printed."""
MOSTLY = 0.6
"""Share of the rows with a serial number from which a line without one is no row."""
MARKED = ("name", "carrier", "province", "prefecture", "county")
"""Columns whose cells are read without the marks around them."""
GROUPS = ("province", "prefecture")
"""Columns that lists print only in the first row of a group, from the widest."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One row of a list as printed.

    line: in the file; cells: by the columns of a record, without marks and placeholders; other: cells by their headers,
    also those of `cells` as printed where they differ; extra: cells of the columns in `EXTRA`; compiled: columns
    derived by the compiler; sources: keys of documents; left_out: why it is no designation; part: its sheet; remarks:
    on what the cells were read as.
    """

    line: int
    cells: Mapping[str, str]
    other: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    compiled: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    left_out: Remark | None = None
    part: str = ""
    remarks: tuple[Remark, ...] = ()


class RowMaker:
    """Makes the rows below one header; `kinds` says afterwards what each line is.

    Args:
        part: name of the sheet.
        words: names of divisions and bodies.
        told: number of a line → its kind, by the user.
        by_place: designations of the programme are named after divisions.
    """

    def __init__(self, part: str, words: Words, told: Mapping[int, Kind], *, by_place: bool) -> None:
        self.part, self.words, self.told, self.by_place = part, words, told, by_place
        self.kinds: dict[int, tuple[Kind, Remark]] = {}
        self.section: Section | None = None

    def rows(self, lines: Sequence[Line], blocks: Sequence[tuple[Column, ...]]) -> list[Printed]:
        """Return the rows of the lists that stand side by side, the left one first."""
        made: list[Printed] = []
        before = self.section
        for number, columns in enumerate(blocks):
            if number and self._shared(lines):
                self.section = before
            made += self._block(lines, columns, beside=len(blocks) > 1)
        return made

    def _shared(self, lines: Sequence[Line]) -> bool:
        """Whether a section stands over all lists side by side: its line has no other text."""
        sections = {number for number, (kind, _) in self.kinds.items() if kind == Kind.SECTION}
        return any(line.number in sections and len(_texts(line)) == 1 for line in lines)

    def _block(self, lines: Sequence[Line], columns: tuple[Column, ...], *, beside: bool) -> list[Printed]:
        numbered = _numbered(lines, columns)
        made: list[Printed] = []
        for line in lines:
            own = [line.cells[column.position] for column in columns if column.position < len(line.cells)]
            single = len(_texts(line)) == 1
            cells = line.cells if single or not beside else tuple(own)
            kind, why, section = self._kind(line, cells, columns, numbered=numbered)
            self._set(line.number, kind, why)
            if kind == Kind.SECTION:
                self.section = section or Section(line.text)
            elif kind == Kind.ROW:
                made += self._made(line, columns, made[-1] if made else None)
        return list(_groups(made))

    def _set(self, number: int, kind: Kind, why: Remark) -> None:
        """Note the kind of a line; of lists side by side, a row in one of them makes it one."""
        rank = [Kind.BLANK, Kind.NOTE, Kind.SECTION, Kind.UNCLEAR, Kind.ROW]
        if number not in self.kinds or rank.index(kind) > rank.index(self.kinds[number][0]):
            self.kinds[number] = (kind, why)

    def _kind(
        self, line: Line, cells: Sequence[str], columns: Sequence[Column], *, numbered: bool
    ) -> tuple[Kind, Remark, Section | None]:
        """Return what a line is, why, and the section that it begins."""
        texts = list(dict.fromkeys(cell for cell in cells if cell))
        if line.number in self.told:
            kind = self.told[line.number]
            section = self.words.section(line.text) if kind == Kind.SECTION else None
            return kind, WHY.get(kind, TOTAL_LINE), section
        if not texts or (len(texts) == 1 and texts[0].isdecimal() and not self.words.year(texts[0])):
            return Kind.BLANK, WHY[Kind.BLANK], None
        if self.words.total(texts):
            return Kind.NOTE, TOTAL_LINE, None
        if (len(texts) < 3 or not line.table) and all(self._note(text) for text in texts):
            return Kind.NOTE, WHY[Kind.NOTE], None
        if len(texts) > 1 and not _number_and_text(texts, self.words):
            return (Kind.ROW if line.table else Kind.NOTE), WHY[Kind.NOTE], None
        return self._single(line, texts, columns, numbered=numbered)

    def _note(self, text: str) -> bool:
        """Whether a text is a note; a year is none, nor is a list of towns, however many commas it has."""
        return not self.words.year(text) and len(self.words.towns(text)) == 1 and self.words.note(text)

    def _single(
        self, line: Line, texts: Sequence[str], columns: Sequence[Column], *, numbered: bool
    ) -> tuple[Kind, Remark, Section | None]:
        """Return what a line with one text is: a section, a row with a name only, or unclear."""
        text = "".join(texts)
        section = self.words.section(text)
        alone = sum(column.column not in ("serial", "other") for column in columns) == 1
        named = self._in_name(line, texts[-1], columns)
        if section and self._is_section(text, section, alone=alone, named=named, numbered=numbered):
            return Kind.SECTION, WHY[Kind.SECTION], section
        if not line.table:
            return Kind.NOTE, WHY[Kind.NOTE], None
        if len(texts) > 1 or (named and (alone or not numbered)):
            return Kind.ROW, WHY[Kind.NOTE], None
        return Kind.UNCLEAR, WHY[Kind.UNCLEAR], None

    def _is_section(self, text: str, section: Section, *, alone: bool, named: bool, numbered: bool) -> bool:
        if self.words.counted(text):
            return True
        if section.province:  # a place alone may be the name of a designation
            return not (self.by_place and named and (alone or not numbered))
        return not (alone and named)  # numbered names of a list of names only

    def _in_name(self, line: Line, text: str, columns: Sequence[Column]) -> bool:
        """Whether a text stands where names stand, and nowhere else."""
        filled = {place for place, cell in enumerate(line.cells) if cell == text}
        bearing = {column.position for column in columns if column.column in ("name", "carrier", "county", "place")}
        return bool(filled) and filled <= bearing

    def _made(self, line: Line, columns: Sequence[Column], above: Printed | None) -> Iterator[Printed]:
        row = self._row(line, columns, above)
        row = replace(row, left_out=self._lower_level(row.extra.get("level", "")))
        if self.section:
            row = _in_section(row, self.section)
        names = self.words.towns(row.cells["name"])
        if len(names) == 1:
            yield row
            return
        header = next(column.header for column in columns if column.column == "name")
        remark = (f"一格里的{len(names)}个乡镇分成{len(names)}行", f"{len(names)} towns of one cell, a row for each")
        for name in names:
            other = {**row.other, header: row.cells["name"]}
            cells = {**row.cells, "name": name}
            yield replace(row, cells=cells, other=other, remarks=(*row.remarks, remark))

    def _row(self, line: Line, columns: Sequence[Column], above: Printed | None) -> Printed:
        """Return the row of a line: cells as they are meant, those as printed among the others where they differ."""
        cells = dict.fromkeys(PRINTED, "")
        other: dict[str, str] = {}
        extra: dict[str, str] = {}
        compiled: list[str] = []
        remarks: list[Remark] = []
        for column in columns:
            cell = line.cells[column.position] if column.position < len(line.cells) else ""
            if not cell:
                continue
            key = column.header or str(column.position + 1)
            if column.column not in cells:
                extra[column.column] = "" if self.words.nothing(cell) else cell
                if column.column not in ("source", "compiled"):
                    other[key] = cell
                continue
            cells[column.column] = self._meant(cell, column.column, above)
            if above is None and self.words.above(cell):
                remarks.append((f"“{cell}”之上没有行", f"no row stands above {cell!r}"))
            if cells[column.column] != cell:
                other[key] = cell
            compiled += [column.column] if column.compiled else []
        named = [COMPILED_NAMES.get(name, name) for name in extra.get("compiled", "").split(";")]
        compiled += [name for name in named if name in PRINTED and name not in compiled]
        sources = tuple(key for key in extra.get("source", "").split(";") if key)
        return Printed(line.number, cells, other, extra, tuple(compiled), sources, None, self.part, tuple(remarks))

    def _meant(self, cell: str, column: str, above: Printed | None) -> str:
        """Return what a cell means: nothing for a placeholder, the cell above for 同上, a name without marks."""
        if self.words.above(cell):
            return above.cells[column] if above else ""
        if self.words.nothing(cell):
            return ""
        return cell_marks.bare(cell) if column in MARKED else cell

    def _lower_level(self, level: str) -> Remark | None:
        """Return the remark on a designation that is not national, None for a national one."""
        if level.lower() in self.words.lower_levels:
            return (f"{level}牌子，不是国家级牌子", f"a designation of the level {level}, not a national one")
        return None


def _texts(line: Line) -> list[str]:
    return list(dict.fromkeys(cell for cell in line.cells if cell))


def _number_and_text(texts: Sequence[str], words: Words) -> bool:
    """Whether two texts are the number of a section and its text: 一、 | 江苏省."""
    return len(texts) == 2 and words.numbered(texts[0]) and not words.unnumbered(texts[0])


def _numbered(lines: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether most rows of a list have a serial number, so that a line without one is no row."""
    serial = next((column.position for column in columns if column.column == "serial"), None)
    if serial is None:
        return False
    rows = [line for line in lines if line.table and len(_texts(line)) > 1]
    having = sum(serial < len(line.cells) and bool(line.cells[serial]) for line in rows)
    return having > MOSTLY * len(rows)


def _in_section(row: Printed, section: Section) -> Printed:
    """Return a row with the divisions of its section where it states none, and the section among its other cells."""
    cells = dict(row.cells)
    if section.province and not cells["province"]:
        cells |= {"province": section.province, "prefecture": cells["prefecture"] or section.prefecture}
    return replace(row, cells=cells, other={**row.other, SECTION: section.text})


def _groups(rows: Sequence[Printed]) -> Iterator[Printed]:
    """Yield the rows with the divisions that a list prints only in the first row of each group.

    It does so if no value stands twice, the first row has one, and most rows have none.
    """
    found = list(rows)
    for column in GROUPS:
        values = [row.cells[column] for row in found]
        stated = [value for value in values if value]
        if not stated or not values[0] or len(set(stated)) < len(stated) or len(stated) * 2 > len(values):
            continue
        value, line = "", 0
        for number, row in enumerate(found):
            if row.cells[column]:
                value, line = row.cells[column], row.line
            elif column == "province" or row.cells["province"] == found[number - 1].cells["province"]:
                remark = (f"“{value}”取自第{line}行", f"{value!r} is taken from line {line}")
                cells = {**row.cells, column: value}
                found[number] = replace(row, cells=cells, remarks=(*row.remarks, remark))
    yield from found

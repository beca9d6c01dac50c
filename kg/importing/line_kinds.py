"""Kinds of lines that are no rows: sections (江苏省（3家）), notes (此件公开发布), totals."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kg.importing.cell_marks import bare, only_signs
from kg.places.words import PlaceWords
from kg.tables import Package, Row
from kg.text.names import normal
from kg.text.patterns import NOTHING, NUMBER, NUMERALS, any_of

Remark = tuple[str, str]
"""A sentence in Chinese and in English."""


class Kind(StrEnum):
    """What a line of a list is; an unclear one must be told by the user before anything is written."""

    ROW = "row"
    HEADER = "header"
    SECTION = "section"
    NOTE = "note"
    BLANK = "blank"
    UNCLEAR = "unclear"


WHY: Mapping[Kind, Remark] = {
    Kind.HEADER: ("表头", "header"),
    Kind.SECTION: ("小标题", "section"),
    Kind.NOTE: ("附注", "note"),
    Kind.BLANK: ("空行", "blank line"),
    Kind.UNCLEAR: ("不能判断是行、小标题还是附注", "neither clearly a row nor a section nor a note"),
}
TITLE: Remark = ("表头以上的标题", "title above the header")
TOTAL_LINE: Remark = ("合计行", "a total")
ABOUT = ("row", "line", "cell", "carrier", "name")
"""What words speak of that are not the meaning of a column of a record."""
BETWEEN_TOWNS = re.compile(r"[、，,；;\s]+(?![^(（]*[)）])")
MARKS = "[*※★☆#①②③]+"
"""Signs before a foot note."""
PAGE = r"[-—\s]*第?\s*\d+\s*页?[-—\s]*(?:[,共/]\s*\d+\s*页?)?|[-—]+\s*\d+\s*[-—]+"
DAY = re.compile(
    rf"(?:\d{{4}}|[{NUMERALS}]{{4}})年(?:\d{{1,2}}|[{NUMERALS}]+)月(?:(?:\d{{1,2}}|[{NUMERALS}]+)日)?(?:印发)?"
)
SENTENCE = re.compile(r".{30,}[。!]|.*[,。;:].*[。!;]|(?=.*[的按由为已应请须将对]).{8,}[,。;].{8,}[,。;].*")


def cell_words(package: Package, about: str) -> dict[str, str]:
    """Return word → meaning of the words in cells of lists about something: stage, standing, row, cell."""
    rows = (row for row in package.rows("import_words") if row["about"] == about)
    return {word: row["meaning"] for row in rows for word in row.many("words")}


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its text, and the divisions that it names for the rows below; "" where it names another group."""

    text: str
    province: str = ""
    prefecture: str = ""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What tells a line, made of the words about rows and lines (data/import_words.csv).

    count: number of designations after the name of a section ((3家), 共12个); numbering: number before it (一、,
    第二章); year: a year as a section (2015年, 2015年第二批); batch: 第二批名单; counted: a line that says how many a
    list has (共12家); total: the name of a total; label: a text that calls itself a note; note: foot notes, signatures,
    numbers of pages; offices: of a body that signs; continued: words between two tables of one list; others: words for
    further carriers that a cell does not name (清华大学等3家单位).
    """

    count: re.Pattern[str]
    numbering: re.Pattern[str]
    year: re.Pattern[str]
    batch: re.Pattern[str]
    counted: re.Pattern[str]
    total: re.Pattern[str]
    label: re.Pattern[str]
    note: re.Pattern[str]
    offices: re.Pattern[str]
    continued: re.Pattern[str]
    others: re.Pattern[str]

    @classmethod
    def of(cls, words: Mapping[str, Iterable[str]]) -> "Patterns":
        """Make them of words by their meaning."""
        some = defaultdict(lambda: NOTHING, {meaning: any_of(found) for meaning, found in words.items()})
        said, unit, batch = some["counted"], some["counter"], some["batch"]
        number = rf"(?:\d+|[{NUMERALS}]+)"
        parts = {
            "count": rf"\s*(?:[((]\s*(?:{said})?\s*{number}\s*(?:{unit})?\s*[))]|(?:{said})?\s*\d+\s*{unit})\s*[::]?$",
            "numbering": rf"(?:[((]\s*[{NUMERALS}]+\s*[))]|[{NUMERALS}]+[、.]|{some['part']}[、::\s]?"
            r"|\d+[.、](?!\d))\s*",
            "year": rf"(?:19|20)\d{{2}}\s*年?度?(?:{batch})?",
            "batch": f"{batch}.*",
            "counted": rf"{said}\s*\d+\s*{unit}.*",
            "total": rf"{_spaced(words.get('total', ()))}(?:(?:[::(\d\s]|{said}).*)?",
            "label": rf"(?:[*※★☆#]\s*)?[((]?{_spaced(words.get('note', ()))}\s*[::\d].*",
            "note": rf"(?:{MARKS}\s*)?[((]?(?:{some['note-beginning']}.*|{some['note-heading']}[^::]{{0,6}}[::].*"
            rf"|{some['note-whole']})[))]?|.*{some['note-part']}.*|{MARKS}\s*{some['sign-means']}.*|{PAGE}",
            "offices": f"{some['office']}$",
            "continued": some["continued"],
            "others": f"{some['and-others']}(?:{NUMBER}(?:{unit})?)?(?:{some['others']})?$",
        }
        return cls(**{name: re.compile(pattern, re.IGNORECASE) for name, pattern in parts.items()})


def _spaced(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, with blanks between Chinese characters."""
    spaced = (r"\s*".join(word) if not word.isascii() else re.escape(word) for word in words)
    return f"(?:{'|'.join(spaced) or NOTHING})"


class Words:
    """Names and words that tell what a line or cell is: divisions of sections, bodies that sign a list.

    Args:
        places: the table of divisions.
        authorities: the table of bodies.
        words: the table of words in lists.
        place_words: the table of words in names of places.
    """

    def __init__(
        self,
        places: Iterable[Row] = (),
        authorities: Iterable[Row] = (),
        words: Iterable[Row] = (),
        place_words: Iterable[Row] = (),
    ) -> None:
        said: dict[str, list[str]] = defaultdict(list)
        for row in words:
            if row["about"] in ABOUT:
                said[row["meaning"]] += row.many("words")
        self.patterns = Patterns.of(said)
        self._cells = {normal(word): meaning for meaning in ("nothing", "above") for word in said[meaning]}
        self.telling = frozenset(said["telling"])
        self.lower_levels = frozenset(said["lower-level"])
        kinds = PlaceWords.of(place_words).kinds
        self._town = re.compile(rf"[\u4e00-\u9fff()·]{{1,24}}{any_of(kinds['town-in-cell'])}")
        self.provinces: dict[str, str] = dict.fromkeys(kinds["corps"], "".join(kinds["corps"][:1]))
        self.prefectures: dict[str, set[tuple[str, str]]] = {}
        rows = {row["id"]: row for row in places}
        for row in rows.values():
            if row["level"] == "province":
                self.provinces |= {normal(name): row["name_zh"] for name in (row["name_zh"], row["short_zh"]) if name}
            elif row["level"] == "prefecture":
                province = rows[f"{row['id'][:2]}0000"]["name_zh"]
                self.prefectures.setdefault(normal(row["name_zh"]), set()).add((province, row["name_zh"]))
        self.bodies = {normal(name) for row in authorities for name in (row["name_zh"], *row.many("aliases_zh"))}

    @classmethod
    def of(cls, package: Package) -> "Words":
        """Return the words of the tables."""
        return cls(*map(package.rows, ("places", "authorities", "import_words", "place_words")))

    def place(self, text: str) -> tuple[str, str] | None:
        """Return province and prefecture that a text is, None if it is neither."""
        plain = normal(text)
        if plain in self.provinces:
            return self.provinces[plain], ""
        found = self.prefectures.get(plain, set())
        if len(found) == 1:
            return next(iter(found))
        for name, province in self.provinces.items():
            rest = self.prefectures.get(plain.removeprefix(name), set()) if plain.startswith(name) else set()
            if (whole := [pair for pair in rest if pair[0] == province]) and len(whole) == 1:
                return whole[0]
        return None

    def total(self, cells: Iterable[str]) -> bool:
        """Whether a line is a total: one of its first two cells says so."""
        filled = [unicodedata.normalize("NFKC", cell) for cell in cells if cell]
        return any(self.patterns.total.fullmatch(cell) or self.patterns.counted.fullmatch(cell) for cell in filled[:2])

    def nothing(self, cell: str) -> bool:
        """Whether a cell is a placeholder: 无, 暂无, —, /."""
        return self._cells.get(normal(cell)) == "nothing" or only_signs(cell)

    def above(self, cell: str) -> bool:
        """Whether a cell stands for the one above it: 同上, 〃."""
        return self._cells.get(normal(cell)) == "above"

    def says_note(self, text: str) -> bool:
        """Whether a text calls itself a note: 注：…, 资料来源：…."""
        return bool(self.patterns.label.fullmatch(unicodedata.normalize("NFKC", text).replace("\n", " ")))

    def signs(self, text: str) -> bool:
        """Whether a text is a body that signs a list: 科技部, 工业和信息化部办公厅."""
        plain = normal(text)
        return plain in self.bodies or self.patterns.offices.sub("", plain) in self.bodies

    def counted(self, text: str) -> bool:
        """Whether a text ends with a number of designations, or is a year: no name does."""
        plain = unicodedata.normalize("NFKC", text)
        return bool(self.patterns.count.search(plain)) or self.year(plain)

    def year(self, text: str) -> bool:
        """Whether a text is a year, with its batch."""
        return bool(self.patterns.year.fullmatch(unicodedata.normalize("NFKC", text).strip()))

    def section(self, text: str) -> Section | None:
        """Return the section that a text is: a province or prefecture, or another group that is numbered or counted."""
        plain = self.patterns.count.sub("", unicodedata.normalize("NFKC", text))
        core = self.unnumbered(plain).strip().rstrip(":").strip()
        if place := self.place(core):
            return Section(text, *place)
        if self.counted(text) or self.patterns.batch.fullmatch(core) or self.numbered(text):
            return Section(text)
        return None

    def unnumbered(self, text: str) -> str:
        """Return a text in NFKC without the number of a section before it."""
        return self.patterns.numbering.sub("", text, count=1)

    def numbered(self, text: str) -> bool:
        """Whether a text begins with the number of a section in Chinese: 一、, (二)."""
        match = self.patterns.numbering.match(unicodedata.normalize("NFKC", text))
        return match is not None and not any(character.isdecimal() for character in match[0])

    def note(self, text: str) -> bool:
        """Whether a text is a note, a signature, a date or the number of a page."""
        core = self.unnumbered(unicodedata.normalize("NFKC", text).strip())
        patterns = (self.patterns.note, DAY, SENTENCE)
        return (
            self.says_note(core)
            or self.signs(core)
            or any(pattern.fullmatch(core.replace("\n", " ")) for pattern in patterns)
        )

    def towns(self, cell: str) -> list[str]:
        """Return the towns in one cell (甲镇、乙乡), the cell itself where it is not a list of towns."""
        pieces = [bare(piece) for piece in BETWEEN_TOWNS.split(cell) if piece.strip()]
        if len(pieces) > 1 and all(self._town.fullmatch(unicodedata.normalize("NFKC", piece)) for piece in pieces):
            return pieces
        return [cell]

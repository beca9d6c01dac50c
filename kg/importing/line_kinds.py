"""Kinds of lines that are no rows: sections (江苏省（3家）), notes (此件公开发布), totals."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kg.importing.cell_marks import only_signs
from kg.tables import Package, Row
from kg.text.names import normal

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
CHINESE = "一二三四五六七八九十百零〇"
UNITS = "家个所项名县市区镇乡处块片座组条户支批种类"
COUNT = re.compile(
    rf"\s*(?:[((]\s*(?:共|计|共计|合计)?\s*(?:\d+|[{CHINESE}]+)\s*[{UNITS}]?\s*[))]|(?:共|计|共计|合计)?\s*\d+\s*[{UNITS}])\s*[::]?$"
)
"""Number of designations after the name of a section: (3家), 共12个."""
NUMBERING = re.compile(
    rf"(?:[((]\s*[{CHINESE}]+\s*[))]|[{CHINESE}]+[、.]|第[{CHINESE}\d]+(?:部分|章|节|类)[、::\s]?|\d+[.、](?!\d))\s*"
)
YEAR = re.compile(r"(?:19|20)\d{2}\s*年?度?(?:第?[一二三四五六七八九十\d]+批)?")
"""A year as a section: 2015年, 2015年第二批."""
BATCH = re.compile(rf"第[{CHINESE}\d]+批.*")
COUNTED = re.compile(r"共\s*\d+\s*[家个所项名].*")
"""A line that says how many a list has: 共12家."""
NOTE = re.compile(
    r"(?:[*※★☆#①②③]+\s*)?[((]?(?:"
    r"(?:附件|附表|抄送|抄报|主送|此件|印发|责任编辑|本表|本名单|名单中|表中|以上|上述|以下空白|以下无正文|排名|排序|公示期|如有异议|特此|续表"
    r"|接上页|转下页|截至|截止|其中[,::]|据.{0,20}(?:统计|公布|显示)|按照?.{0,20}(?:排列|排序|为序)|[带标加].{0,4}号).*"
    r"|(?:联系人|联系电话|联系方式|电话|传真|邮编|网址|更新时间|发布时间|发布日期|填表|填报|制表|审核|审批人|负责人|单位|日期|时间|来源|盖章)"
    r"[^::]{0,6}[::].*|(?:打印|关闭)(?:本页|此页|窗口)?|完)[))]?"
    r"|.*(?:不分先后|不分名次|公开发布|有异议|以批复文件为准|以公告为准).*"
    r"|[*※★☆①②③]+\s*(?:表示|为|指).*"
    r"|[-—\s]*第?\s*\d+\s*页?[-—\s]*(?:[,共/]\s*\d+\s*页?)?|[-—]+\s*\d+\s*[-—]+",
    re.IGNORECASE,
)
"""Texts of foot notes, signatures, page numbers."""
DAY = re.compile(
    rf"(?:\d{{4}}|[{CHINESE}]{{4}})年(?:\d{{1,2}}|[{CHINESE}]+)月(?:(?:\d{{1,2}}|[{CHINESE}]+)日)?(?:印发)?"
)
SENTENCE = re.compile(r".{30,}[。!]|.*[,。;:].*[。!;]|(?=.*[的按由为已应请须将对]).{8,}[,。;].{8,}[,。;].*")
OFFICES = re.compile("(?:办公厅|办公室|秘书处|综合司)$")


def cell_words(package: Package, about: str) -> dict[str, str]:
    """Return word → meaning of the words in cells of lists about something: stage, standing, row, cell."""
    rows = (row for row in package.rows("import_words") if row["about"] == about)
    return {word: row["meaning"] for row in rows for word in row.many("words")}


def _any(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, with blanks between Chinese characters; of none, what never matches."""
    return "|".join(r"\s*".join(word) if not word.isascii() else re.escape(word) for word in words) or "(?!)"


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its text, and the divisions that it names for the rows below; "" where it names another group."""

    text: str
    province: str = ""
    prefecture: str = ""


class Words:
    """Names that tell what a line is: divisions of sections, bodies that sign a list.

    Args:
        places: the table of divisions.
        authorities: the table of bodies.
        row_words: word → what it says of a row (lower-level, total, note), by the table of words of lists.
        cells: word → what it says of a cell (nothing, above), by the same table.
    """

    def __init__(
        self,
        places: Iterable[Row] = (),
        authorities: Iterable[Row] = (),
        row_words: Mapping[str, str] | None = None,
        cells: Mapping[str, str] | None = None,
    ) -> None:
        said: dict[str, list[str]] = {"lower-level": [], "total": [], "note": []}
        for word, meaning in (row_words or {}).items():
            said[meaning].append(word)
        self._cells = {normal(word): meaning for word, meaning in (cells or {}).items()}
        self.lower_levels = frozenset(said["lower-level"])
        self._total = re.compile(rf"(?:全国)?(?:{_any(said['total'])})(?:[::(\d\s共].*)?", re.IGNORECASE)
        self._note = re.compile(rf"(?:[*※★☆#]\s*)?[((]?(?:{_any(said['note'])})\s*[::\d].*", re.IGNORECASE)
        self.provinces: dict[str, str] = {
            "新疆生产建设兵团": "新疆生产建设兵团",
            "新疆兵团": "新疆生产建设兵团",
            "兵团": "新疆生产建设兵团",
        }
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
        return cls(
            package.rows("places"), package.rows("authorities"), cell_words(package, "row"), cell_words(package, "cell")
        )

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
        return any(self._total.fullmatch(cell) or COUNTED.fullmatch(cell) for cell in filled[:2])

    def nothing(self, cell: str) -> bool:
        """Whether a cell is a placeholder: 无, 暂无, —, /."""
        return self._cells.get(normal(cell)) == "nothing" or only_signs(cell)

    def above(self, cell: str) -> bool:
        """Whether a cell stands for the one above it: 同上, 〃."""
        return self._cells.get(normal(cell)) == "above"

    def says_note(self, text: str) -> bool:
        """Whether a text calls itself a note: 注：…, 资料来源：…."""
        return bool(self._note.fullmatch(unicodedata.normalize("NFKC", text).replace("\n", " ")))

    def signs(self, text: str) -> bool:
        """Whether a text is a body that signs a list: 科技部, 工业和信息化部办公厅."""
        plain = normal(text)
        return plain in self.bodies or OFFICES.sub("", plain) in self.bodies


def counted(text: str) -> bool:
    """Whether a text ends with a number of designations, or is a year: no name does."""
    plain = unicodedata.normalize("NFKC", text)
    return bool(COUNT.search(plain)) or year(plain)


def year(text: str) -> bool:
    """Whether a text is a year, with its batch."""
    return bool(YEAR.fullmatch(unicodedata.normalize("NFKC", text).strip()))


def section(text: str, words: Words) -> Section | None:
    """Return the section that a text is: a province or prefecture, or another group that is numbered or counted."""
    plain = unicodedata.normalize("NFKC", text)
    core = NUMBERING.sub("", COUNT.sub("", plain), count=1).strip().rstrip(":").strip()
    if place := words.place(core):
        return Section(text, *place)
    if counted(text) or BATCH.fullmatch(core) or numbered(text):
        return Section(text)
    return None


def numbered(text: str) -> bool:
    """Whether a text begins with the number of a section in Chinese: 一、, (二)."""
    match = NUMBERING.match(unicodedata.normalize("NFKC", text))
    return match is not None and not any(character.isdecimal() for character in match[0])


def note(text: str, words: Words) -> bool:
    """Whether a text is a note, a signature, a date or the number of a page."""
    plain = unicodedata.normalize("NFKC", text).strip()
    core = NUMBERING.sub("", plain, count=1)
    return (
        words.says_note(core)
        or words.signs(core)
        or any(pattern.fullmatch(core.replace("\n", " ")) for pattern in (NOTE, DAY, SENTENCE))
    )

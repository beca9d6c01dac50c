"""Read the organisations that a cell names: one carrier for one organisation, one body for one authority."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Protocol

from kg.text.names import normal, slug

WHOLE_LINE = 12
"""A piece of this many characters that does not end as an organisation does is a line that the source broke."""
KINDS = (
    ("other", r"(合作社|联盟)$"),
    ("company", r"(公司|集团|厂|企业|农场|马场|园艺场|石油管理局)$"),
    ("hospital", r"医院$"),
    ("university", r"(大学|(?<!科)学院|研究生院)$"),
    ("government", r"(人民政府|地震局|气象局|环境保护局|委员会|管委会|厅)$"),
    ("zone", r"(区|产业园|工业园|科技园|科技城|科技创新中心|国家科学中心|合作中心)$"),
    ("institute", r"(研究所|研究院|科学院|中心|实验室|设计院|植物园|所|院|站|资源圃|科学研究)$"),
)
"""Kinds of carriers (datapackage.json) by the end of the name; the first that fits, else other."""
COMPLETE = re.compile(r"(公司|集团|厂|大学|学院|院|所|医院|中心|局|站|室|园|区|厅|部|会|社|场|圃|政府|联盟)$")
LOCAL = re.compile(r"^.{1,5}?(农场|林场|牧场|分公司)(有限公司)?$")
"""A name that many provinces have (胜利农场): it tells one organisation only within a province."""
PARENTS = re.compile(r"(大学|学院|科学院|研究院|总院|公司|集团|医院|研究所)$")


class Cells(Protocol):
    """A row of a table, by the names of its columns."""

    def __getitem__(self, column: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """One row of data/carriers.csv; the columns are described in data/datapackage.json, `names` are other spellings."""

    id: str
    name_zh: str
    name_en: str = ""
    names: tuple[str, ...] = ()
    kind: str = "other"
    parent_id: str = ""
    place_id: str = ""
    designation_id: str = ""
    source_ids: tuple[str, ...] = ()

    @classmethod
    def read(cls, row: Cells) -> "CarrierRow":
        """Make one of a row of the table."""
        lists = {"names", "source_ids"}
        cells = {field.name: row[field.name] for field in fields(cls) if field.name not in lists}
        return cls(**cells, **{name: tuple(entry for entry in row[name].split(";") if entry) for name in lists})  # type: ignore[arg-type]

    def cells(self) -> dict[str, str]:
        """Return the row as the table has it."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: cell if isinstance(cell, str) else ";".join(cell) for name, cell in found.items()}


def split(cell: str) -> list[str]:
    """Return the names in a cell, parted by semicolon, 、 or line, not inside brackets.

    A name that the source broke over two lines is put together again: a long piece that ends as no organisation does
    (中国电子科技集团公司第五十五研究;所), or a piece that is but a number of the one before (第五〇三研究所).
    """
    names: list[str] = []
    for piece in re.split(r"[;；、\n\r]+(?![^（(]*[)）])", cell):
        name = piece.strip()
        if not name:
            continue
        broken = names and len(names[-1]) >= WHOLE_LINE and not COMPLETE.search(normal(names[-1]).rstrip(")"))
        if names and (broken or re.match(r"第[一二三四五六七八九十〇0-9]+研究", name)):
            names[-1] += name
        else:
            names.append(name)
    return names


@lru_cache(maxsize=100_000)
def normal_organisation(name: str) -> str:
    """Return the form in which spellings of one organisation agree.

    Beyond the comparable form of all names: brackets go, their content stays (but not 原…, a former name); by law
    (公司法 of 2023, article 7) 有限责任公司 and 有限公司 are one form, 股份有限公司 and 股份公司 another; 国家 before
    the title of a zone is a mark of honour.
    """
    plain = re.sub(r"\(原[^()]*\)", "", normal(name))
    plain = plain.replace("有限责任公司", "有限公司").replace("股份有限公司", "股份公司")
    if kind_of(name) == "zone":
        plain = re.sub(r"国家级?(?=高新|高技术|经济技术|农业|现代农业|自主创新)", "", plain)
    return re.sub(r"[()·\-,.]", "", plain)


@lru_cache(maxsize=100_000)
def kind_of(name: str) -> str:
    """Return the kind of carrier that a name tells: a key of the column `kind` of carriers."""
    plain = re.sub(r"\([^()]*\)$", "", normal(name))
    return next((kind for kind, ending in KINDS if re.search(ending, plain)), "other")


class CarrierIndex:
    """Carriers by every spelling; grows by `add` while a list is read.

    Args:
        rows: the table carriers.
        equivalents: the table carrier_equivalents; what is the same organisation stands there, never in code.
    """

    def __init__(self, rows: Iterable[Cells] = (), equivalents: Iterable[Cells] = ()) -> None:
        self.rows: dict[str, CarrierRow] = {}
        self._keys: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._beginnings: dict[str, str] = {}
        self._wholes: dict[str, str] = {}
        self._local: set[str] = set()
        for row in equivalents:
            spelling = normal_organisation(row["spelling"])
            if row["relation"] == "beginning":
                self._beginnings[normal(row["spelling"])] = row["name"]
            elif row["relation"] == "part":
                self._wholes[spelling] = row["name"]
            else:
                self._names[spelling, row["province"]] = row["name"]
                self._local |= {spelling} if row["province"] else set()
        for cells in rows:
            self.add(CarrierRow.read(cells))

    def full_name(self, name: str, province: str = "") -> str:
        """Return the full name of today where the table of equivalents has it for a spelling, else the spelling.

        A short name that only one province understands (交通大学 in 上海市) has that province in the table; one that
        many provinces have gets the province before it (黑龙江省胜利农场).
        """
        plain = normal(name)
        for beginning, full in self._beginnings.items():
            if plain.startswith(beginning):
                name = full + plain[len(beginning) :]
        key = normal_organisation(name)
        if known := self._names.get((key, province)) or self._names.get((key, "")):
            return known
        return province + name if LOCAL.match(normal(name)) else name

    def find(self, name: str, province: str = "") -> str | None:
        """Return the key of a carrier by any of its spellings, None where there is none.

        Args:
            name: one name, as `split` returns it.
            province: the name of the province that the row states, "" where it states none.
        """
        return self._keys.get(normal_organisation(self.full_name(name, province)))

    def propose(self, name: str, province: str = "", source_ids: Iterable[str] = ()) -> CarrierRow:
        """Return a new row with a minted key for a name that is not found; it counts only once it is added."""
        full = self.full_name(name, province)
        short = re.sub(r"(股份|有限|责任)+公司", "", normal(full)) or full
        other = (name,) if name != full else ()
        parent = self.parent(full) or ""
        return CarrierRow(slug(short, self.rows), full, "", other, kind_of(full), parent, source_ids=tuple(source_ids))

    def add(self, row: CarrierRow) -> None:
        """Take a row in, or a row in its place."""
        self.rows[row.id] = row
        for spelling in (row.name_zh, *row.names):
            name = normal_organisation(self.full_name(spelling))
            local = name in self._local or LOCAL.match(normal(spelling))
            if spelling == row.name_zh or not local:
                self._keys.setdefault(name, row.id)

    def parent(self, name: str) -> str | None:
        """Return the carrier of which one is a campus, branch or institute, where the table or its name says so.

        By name it is the longest other carrier that the name begins with; not so where a bracket follows, for
        中国石油大学(北京) is no part of 中国石油大学(华东).
        """
        if whole := self._wholes.get(normal_organisation(name)):
            return self.find(whole)
        plain = normal(name)
        for length in range(len(plain) - 1, 3, -1):
            head = plain[:length]
            if plain[length] != "(" and PARENTS.search(head) and (key := self.find(head)):
                return key
        return None


def mint(index: CarrierIndex, cells: Iterable[tuple[str, str, str]]) -> list[CarrierRow]:
    """Find or make the carriers of many cells; the same cells in the same order make the same keys.

    Args:
        index: the carriers there are; it grows.
        cells: cell of carriers as printed, province as stated, keys of documents parted by semicolons.

    Returns:
        All rows of the table, those that were there first: new spellings and documents added, parents set.
    """
    for cell, province, documents in cells:
        for name in split(cell):
            sources = [entry for entry in documents.split(";") if entry]
            key = index.find(name, province)
            row = index.rows[key] if key else index.propose(name, province, sources)
            spellings = {row.name_zh: None} | dict.fromkeys(row.names) | {name: None}
            index.add(
                replace(
                    row,
                    names=tuple(spelling for spelling in spellings if spelling != row.name_zh),
                    source_ids=tuple(dict.fromkeys((*row.source_ids, *sources))),
                )
            )
    for row in list(index.rows.values()):
        parent = index.parent(row.name_zh)
        if not row.parent_id and parent and parent != row.id:
            index.add(replace(row, parent_id=parent))
    return list(index.rows.values())

"""Organisations in cells: one carrier for each organisation, one body for each authority."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Protocol

from kg.text.names import normal, slug

MIN_BROKEN_LINE_CHARS = 12
"""Minimum length of a piece without the suffix of an organisation to be joined with the next one, as a broken line."""
KINDS = (
    ("other", r"(合作社|联盟)$"),
    ("company", r"(公司|集团|厂|企业|农场|马场|园艺场|石油管理局)$"),
    ("hospital", r"医院$"),
    ("university", r"(大学|(?<!科)学院|研究生院)$"),
    ("government", r"(人民政府|地震局|气象局|环境保护局|委员会|管委会|厅)$"),
    ("zone", r"(区|产业园|工业园|科技园|科技城|科技创新中心|国家科学中心|合作中心)$"),
    ("institute", r"(研究所|研究院|科学院|中心|实验室|设计院|植物园|所|院|站|资源圃|科学研究)$"),
)
"""Kinds of carriers (datapackage.json) by suffix of the name; the first match, else other."""
COMPLETE = re.compile(r"(公司|集团|厂|大学|学院|院|所|医院|中心|局|站|室|园|区|厅|部|会|社|场|圃|政府|联盟)$")
LOCAL = re.compile(r"^.{1,5}?(农场|林场|牧场|分公司)(有限公司)?$")
"""Names that occur in many provinces (胜利农场), unique only within a province."""
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
        """Create one from a row of the table."""
        lists = {"names", "source_ids"}
        cells = {field.name: row[field.name] for field in fields(cls) if field.name not in lists}
        return cls(**cells, **{name: tuple(entry for entry in row[name].split(";") if entry) for name in lists})  # type: ignore[arg-type]

    def cells(self) -> dict[str, str]:
        """Return the row as cells of the table."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: cell if isinstance(cell, str) else ";".join(cell) for name, cell in found.items()}


def split(cell: str) -> list[str]:
    """Return the names in a cell, separated by semicolon, 、 or line break outside brackets.

    Names broken over two lines are joined: a long piece without the suffix of an organisation
    (中国电子科技集团公司第五十五研究;所) and the next, or a piece that begins with a number (第五〇三研究所) and the
    previous one.
    """
    names: list[str] = []
    for piece in re.split(r"[;；、\n\r]+(?![^（(]*[)）])", cell):
        name = piece.strip()
        if not name:
            continue
        broken = (
            names and len(names[-1]) >= MIN_BROKEN_LINE_CHARS and not COMPLETE.search(normal(names[-1]).rstrip(")"))
        )
        if names and (broken or re.match(r"第[一二三四五六七八九十〇0-9]+研究", name)):
            names[-1] += name
        else:
            names.append(name)
    return names


@lru_cache(maxsize=100_000)
def normal_organisation(name: str) -> str:
    """Return the form that is equal for spellings of one organisation.

    In addition to the normalisation of names: brackets are removed, not their content (except 原…, a former name); by
    law (公司法 of 2023, article 7) 有限责任公司 and 有限公司 are one form, 股份有限公司 and 股份公司 another; 国家
    before the title of a zone is dropped.
    """
    plain = re.sub(r"\(原[^()]*\)", "", normal(name))
    plain = plain.replace("有限责任公司", "有限公司").replace("股份有限公司", "股份公司")
    if kind_of(name) == "zone":
        plain = re.sub(r"国家级?(?=高新|高技术|经济技术|农业|现代农业|自主创新)", "", plain)
    return re.sub(r"[()·\-,.]", "", plain)


@lru_cache(maxsize=100_000)
def kind_of(name: str) -> str:
    """Return the kind of carrier by its name: a key of the column `kind` of carriers."""
    plain = re.sub(r"\([^()]*\)$", "", normal(name))
    return next((kind for kind, suffix in KINDS if re.search(suffix, plain)), "other")


class CarrierIndex:
    """Carriers by spelling; extended by `add` while a list is read.

    Args:
        rows: the table carriers.
        equivalents: the table carrier_equivalents.
    """

    def __init__(self, rows: Iterable[Cells] = (), equivalents: Iterable[Cells] = ()) -> None:
        self.rows: dict[str, CarrierRow] = {}
        self._keys: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._beginnings: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._local: set[str] = set()
        for row in equivalents:
            spelling = normal_organisation(row["spelling"])
            if row["relation"] == "beginning":
                self._beginnings[normal(row["spelling"])] = row["name"]
            elif row["relation"] == "part":
                self._parents[spelling] = row["name"]
            else:
                self._names[spelling, row["province"]] = row["name"]
                self._local |= {spelling} if row["province"] else set()
        for cells in rows:
            self.add(CarrierRow.read(cells))

    def full_name(self, name: str, province: str = "") -> str:
        """Return the current full name of a spelling by the table of equivalents, else the spelling.

        A short name specific to a province (交通大学 in 上海市) has that province in the table; a name that occurs in
        many provinces is prefixed with the province (黑龙江省胜利农场).
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
        """Return the key of a carrier by any of its spellings, None if there is none.

        Args:
            name: one name, as returned by `split`.
            province: name of the stated province, "" if none.
        """
        return self._keys.get(normal_organisation(self.full_name(name, province)))

    def propose(self, name: str, province: str = "", source_ids: Iterable[str] = ()) -> CarrierRow:
        """Return a new row with a new key for an unknown name, without adding it."""
        full = self.full_name(name, province)
        short = re.sub(r"(股份|有限|责任)+公司", "", normal(full)) or full
        other = (name,) if name != full else ()
        parent = self.parent(full) or ""
        return CarrierRow(slug(short, self.rows), full, "", other, kind_of(full), parent, source_ids=tuple(source_ids))

    def add(self, row: CarrierRow) -> None:
        """Add a row or replace the one with its key."""
        self.rows[row.id] = row
        for spelling in (row.name_zh, *row.names):
            name = normal_organisation(self.full_name(spelling))
            local = name in self._local or LOCAL.match(normal(spelling))
            if spelling == row.name_zh or not local:
                self._keys.setdefault(name, row.id)

    def parent(self, name: str) -> str | None:
        """Return the parent of a campus, branch or institute, by the table or by its name.

        By name it is the longest other carrier that is a prefix of the name, unless a bracket follows:
        中国石油大学(北京) is no part of 中国石油大学(华东).
        """
        if parent := self._parents.get(normal_organisation(name)):
            return self.find(parent)
        plain = normal(name)
        for length in range(len(plain) - 1, 3, -1):
            prefix = plain[:length]
            if plain[length] != "(" and PARENTS.search(prefix) and (key := self.find(prefix)):
                return key
        return None


def mint(index: CarrierIndex, cells: Iterable[tuple[str, str, str]]) -> list[CarrierRow]:
    """Find or create the carriers of many cells; deterministic for the same cells in the same order.

    Args:
        index: the existing carriers; modified.
        cells: cell of carriers as printed, province as stated, keys of documents separated by semicolons.

    Returns:
        All rows of the table, existing ones first, with new spellings, documents and parents.
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

"""Organisations in cells: one carrier for each organisation, one body for each authority."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from kg.text.names import Cells, NameWords, normal, slug
from kg.text.patterns import NOTHING, any_of, longest_first, one_of

MIN_BROKEN_LINE_CHARS = 12
"""Minimum length of a piece without the suffix of an organisation to be joined with the next one, as a broken line."""


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


class OrganisationNames:
    """What the last words of names of organisations say (data/organisation_words.csv); the longest one counts."""

    def __init__(self, rows: Iterable[Cells] = (), names: NameWords | None = None) -> None:
        """Take up the rows of the table, and the words of names of designations, by which titles of zones are read."""
        known, titled = list(rows), names or NameWords()
        self._rank = re.compile(f"(?:{one_of(titled.ranks)})(?={any_of(titled.titles)})")
        self._kinds = {row["word"]: row["kind"] for row in known if row["kind"]}
        self._uses = {
            use: frozenset(row["word"] for row in known if use in row["uses"].split(";"))
            for use in ("complete", "parent", "local", "legal-form", "continued", "former")
        }
        self._same = {row["word"]: row["same_as"] for row in known if row["same_as"]}
        legal = one_of(self._uses["legal-form"])
        self._local = re.compile(rf"^.{{1,5}}?(?:{one_of(self._uses['local'])})(?:{legal})?$")
        self._legal = re.compile(legal)
        self._continued = re.compile(any_of(self._uses["continued"]))
        self._former = re.compile(rf"\((?:{one_of(self._uses['former'])})[^()]*\)")
        self._normal: dict[str, str] = {}

    def split(self, cell: str) -> list[str]:
        """Return the names in a cell, separated by semicolon, 、 or line break outside brackets.

        Names broken over two lines are joined: a long piece without the suffix of an organisation
        (中国电子科技集团公司第五十五研究;所) and the next, or a piece that begins with a number (第五〇三研究所)
        and the previous one.
        """
        names: list[str] = []
        for piece in re.split(r"[;；、\n\r]+(?![^（(]*[)）])", cell):
            name = piece.strip()
            if not name:
                continue
            broken = (
                names
                and len(names[-1]) >= MIN_BROKEN_LINE_CHARS
                and not self.ends(normal(names[-1]).rstrip(")"), "complete")
            )
            if names and (broken or self._continued.match(name)):
                names[-1] += name
            else:
                names.append(name)
        return names

    def normal(self, name: str) -> str:
        """Return the form that is equal for spellings of one organisation.

        In addition to the normalisation of names: brackets are removed, not their content (except 原…, a former name);
        by law (公司法 of 2023, article 7) 有限责任公司 and 有限公司 are one form, 股份有限公司 and 股份公司 another;
        国家 before the title of a zone is dropped.
        """
        if (known := self._normal.get(name)) is not None:
            return known
        plain = self._former.sub("", normal(name))
        for word in longest_first(self._same):
            plain = plain.replace(word, self._same[word])
        if self.kind(name) == "zone":
            plain = self._rank.sub("", plain)
        found = self._normal[name] = re.sub(r"[()·\-,.]", "", plain)
        return found

    def kind(self, name: str) -> str:
        """Return the kind of carrier by its name: a key of the column `kind` of carriers."""
        plain = re.sub(r"\([^()]*\)$", "", normal(name))
        endings = (plain[start:] for start in range(len(plain)))
        return next((self._kinds[ending] for ending in endings if ending in self._kinds), "other")

    def ends(self, name: str, use: str) -> bool:
        """Return whether a normalised name ends in a word of a use (complete, parent)."""
        return any(name[start:] in self._uses[use] for start in range(len(name)))

    def without_legal_form(self, name: str) -> str:
        """Return a normalised name without the legal form of a company."""
        return self._legal.sub("", normal(name))

    def named(self, kind: str) -> re.Pattern[str]:
        """Return the pattern of names of a kind up to their last word: 中国农业大学 in 中国农业大学小麦中心.

        A word that ends a longer one of another kind does not count there (学院 in 科学院).
        """
        words = (word for word, known in self._kinds.items() if known == kind)
        ends = (f"{self._not_in_longer(word, kind)}{re.escape(word)}" for word in longest_first(words))
        return re.compile(rf"[^、;,()]*?(?:{'|'.join(ends) or NOTHING})")

    def _not_in_longer(self, word: str, kind: str) -> str:
        longer = (other for other, known in self._kinds.items() if known != kind and len(other) > len(word))
        return "".join(f"(?<!{re.escape(other[: -len(word)])})" for other in longer if other.endswith(word))

    def is_local(self, name: str) -> bool:
        """Return whether a name occurs in many provinces (胜利农场), unique only within one."""
        return self._local.match(normal(name)) is not None


class CarrierIndex:
    """Carriers by spelling; extended by `add` while a list is read.

    Args:
        rows: the table carriers.
        equivalents: the table carrier_equivalents.
        names: what names of organisations say.
    """

    def __init__(self, rows: Iterable[Cells], equivalents: Iterable[Cells], names: OrganisationNames) -> None:
        self.names = names
        self.rows: dict[str, CarrierRow] = {}
        self._keys: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._beginnings: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._local: set[str] = set()
        for row in equivalents:
            spelling = self.names.normal(row["spelling"])
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
        key = self.names.normal(name)
        if known := self._names.get((key, province)) or self._names.get((key, "")):
            return known
        return province + name if self.names.is_local(name) else name

    def find(self, name: str, province: str = "") -> str | None:
        """Return the key of a carrier by any of its spellings, None if there is none.

        Args:
            name: one name, as returned by `OrganisationNames.split`.
            province: name of the stated province, "" if none.
        """
        return self._keys.get(self.names.normal(self.full_name(name, province)))

    def propose(self, name: str, province: str = "", source_ids: Iterable[str] = ()) -> CarrierRow:
        """Return a new row with a new key for an unknown name, without adding it."""
        full = self.full_name(name, province)
        short = self.names.without_legal_form(full) or full
        other = (name,) if name != full else ()
        kind, parent = self.names.kind(full), self.parent(full) or ""
        return CarrierRow(slug(short, self.rows), full, "", other, kind, parent, source_ids=tuple(source_ids))

    def add(self, row: CarrierRow) -> None:
        """Add a row or replace the one with its key."""
        self.rows[row.id] = row
        for spelling in (row.name_zh, *row.names):
            name = self.names.normal(self.full_name(spelling))
            local = name in self._local or self.names.is_local(spelling)
            if spelling == row.name_zh or not local:
                self._keys.setdefault(name, row.id)

    def parent(self, name: str) -> str | None:
        """Return the parent of a campus, branch or institute, by the table or by its name.

        By name it is the longest other carrier that is a prefix of the name, unless a bracket follows:
        中国石油大学(北京) is no part of 中国石油大学(华东).
        """
        if parent := self._parents.get(self.names.normal(name)):
            return self.find(parent)
        plain = normal(name)
        for length in range(len(plain) - 1, 3, -1):
            prefix = plain[:length]
            if plain[length] != "(" and self.names.ends(prefix, "parent") and (key := self.find(prefix)):
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
        for name in index.names.split(cell):
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

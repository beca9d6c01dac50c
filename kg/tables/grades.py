"""Grade of a source by the kind of its publisher: the one rule, by address and kind of document.

What a table says of its own reliability is not asked. The rules are tried in order; the first that holds gives the
grade and the reason.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kg.tables import Package, Row
from kg.text.patterns import NOTHING, any_of

GRADES = ("official", "reprint", "compilation", "encyclopaedia", "low", "unsourced")
"""Grades of sources, the best first."""
REPOSITORY = "[a-z]+/[a-z]+"
"""Owner and name of a repository."""
MAX_GAP_CHARS = 200
"""Maximum length of what a document is about, in its title (关于…的通知)."""


@dataclass(frozen=True, slots=True)
class Grade:
    """Grade of a source, one of `GRADES`, and why, in Chinese and English."""

    key: str
    reason_zh: str
    reason_en: str


UNSOURCED = Grade("unsourced", "没有文件", "there is no document")
OWN = Grade("compilation", "本项目自有表格", "the project's own tables")
OFFICIAL = Grade("official", "载于政府或机关的网站", "on a site of a government or an authority")
ENTRY = Grade("encyclopaedia", "百科词条", "an entry of an encyclopaedia")
MENTIONED = Grade("low", "只是顺带提及", "a mention in passing only")
COLLECTED = Grade("compilation", "他人的汇编、数据集或代码库", "a collection, data set or repository of somebody")
REPRINTED = Grade("reprint", "机关文件，由他处转载", "a document of an authority, printed by another publisher")
NUMBERED = Grade("reprint", "机关文件，网址不详", "a document of an authority, its address not known")
REPORTED = Grade("compilation", "报刊的报道", "a report of a newspaper, agency or broadcaster")
STUDIED = Grade("compilation", "论文、书籍或机构的介绍", "an article, a book or an account by an institution")
UNREACHED = Grade("low", "网址不详，也不是机关文件", "no address is known, and it is no document of an authority")
STRANGER = Grade("low", "发布者不明的网页", "a page of an unknown publisher")


class Grader:
    """Grades sources by the tables of publishers and of words in titles."""

    def __init__(self, publishers: Mapping[str, str], words: Iterable[Row] = ()) -> None:
        """Take the kinds of publishers by host; a host is one if it ends with that name, the longest name first."""
        self._kinds = publishers
        patterns = dict.fromkeys(("collection", "genre", "official", "press"), NOTHING)
        for row in words:
            patterns[row["kind"]] = f"{patterns.get(row['kind'], NOTHING)}|{_pattern(row)}"
        patterns["collection"] += f"|{REPOSITORY}"
        patterns["official"] += rf"|〔\d{{4}}〕|\[\d{{4}}\]|^[^（]*(?:{patterns['genre']})(?:（|\(|$|》)"
        self._words = {kind: re.compile(pattern) for kind, pattern in patterns.items()}

    @classmethod
    def of(cls, package: Package) -> "Grader":
        """Return the grader of a package."""
        return cls({row["id"]: row["kind"] for row in package.rows("publishers")}, package.rows("source_words"))

    def grade(self, row: Row | Mapping[str, str]) -> Grade:
        """Return the grade of a source by the cells of its row."""
        title, kind = row["title_zh"], self.publisher(row["address"])
        says = {word for word, pattern in self._words.items() if pattern.search(title)}
        official = bool(row["document_number"] or "official" in says) and "report" not in says
        press = kind == "press" or bool(self._words["press"].search(f"{title} {row['issuer_zh']}"))
        study = kind in ("journal", "institution") or "study" in says
        rules = (
            (row["reliability"] == "unsourced", UNSOURCED),
            (row["id"] == "guapai", OWN),
            (kind == "authority", OFFICIAL),
            (kind == "encyclopaedia" or "encyclopaedia" in says, ENTRY),
            ("mention" in says, MENTIONED),
            (kind == "repository" or "collection" in says, COLLECTED),
            (official and bool(row["address"]), REPRINTED),
            (official, NUMBERED),
            (press, REPORTED),
            (study, STUDIED),
            (not row["address"], UNREACHED),
        )
        return next((grade for holds, grade in rules if holds), STRANGER)

    def publisher(self, address: str) -> str:
        """Return the kind of publisher at an address, "" if it is not in the table."""
        labels = (urlsplit(address).hostname or "").split(".")
        names = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self._kinds[name] for name in names if name in self._kinds), "")


def _pattern(row: Row) -> str:
    """Return the pattern of the words of a row of data/source_words.csv."""
    return any_of(row.many("words"), (), row.many("not_followed_by"), max_gap_chars=MAX_GAP_CHARS)


def grades(package: Package) -> dict[str, Grade]:
    """Return the grade of every source of a package."""
    grader = Grader.of(package)
    return {row["id"]: grader.grade(row) for row in package.rows("sources")}


def span(keys: Iterable[str], known: Mapping[str, Grade]) -> tuple[str, str]:
    """Return the best and the worst grade of some sources; without a source both are unsourced."""
    ranks = sorted(GRADES.index(known[key].key) for key in keys) or [len(GRADES) - 1]
    return GRADES[ranks[0]], GRADES[ranks[-1]]

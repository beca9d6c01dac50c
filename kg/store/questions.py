"""Competency questions: files read, queries run, results as tables."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import REMEDY, QueryError, ReleaseError
from kg.store import Literal, Solutions, Store, Term
from kg.vocab import PREFIXES

HEADER = re.compile(r"#\s*(zh|en):\s*(.+)")
HEADING = re.compile(r"#\s*\?(\w+):\s*(.+?)\s*\|\s*(.+)")
TOPIC = re.compile(r"#\s*topic:\s*(.+?)\s*\|\s*(.+)")
FINDS = re.compile(r"#\s*finds:\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Question:
    """One competency question: key = file name without extension, title by language, query in SPARQL.

    headings: variable to the heading of its column by language (`# ?variable: Chinese | English` below the titles);
    topic: by language (`# topic: Chinese | English` below the titles), empty for rules;
    finds: the kind of finding whose groups the query finds by SPARQL alone (`# finds: …` below the titles), or empty;
    expected: CSV file of the expected rows.
    """

    key: str
    titles: Mapping[str, str]
    query: str
    expected: Path
    topic: Mapping[str, str] = field(default_factory=dict)
    finds: str = ""
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Number at the start of the key."""
        return int(self.key.partition("-")[0])


def questions(folder: Path) -> list[Question]:
    """Read the questions of a folder, ordered by number.

    Raises:
        QueryError: a file lacks its titles `# zh: …` and `# en: …`.
        ReleaseError: there are none.
    """
    found, paths = [], sorted(folder.glob("*.rq"))
    if not paths:
        raise ReleaseError(f"there are no queries in {folder}; {REMEDY}")
    for path in paths:
        query = path.read_text(encoding="utf-8")
        titles = dict(HEADER.findall(query))
        if titles.keys() != {"zh", "en"}:
            raise QueryError(f"{path.name} must begin with `# zh: …` and `# en: …`")
        topic = TOPIC.search(query)
        finds = FINDS.search(query)
        headings = {variable: {"zh": zh, "en": en} for variable, zh, en in HEADING.findall(query)}
        found.append(
            Question(
                path.stem,
                titles,
                query,
                path.with_suffix(".csv"),
                dict(zip(("zh", "en"), topic.groups(), strict=True)) if topic else {},
                finds[1] if finds else "",
                headings,
            )
        )
    return sorted(found, key=lambda question: question.number)


def by_topic(found: Sequence[Question]) -> list[tuple[Mapping[str, str], list[Question]]]:
    """Return questions by topic (title by language), topics in the order of their first question."""
    groups: dict[tuple[str, ...], list[Question]] = {}
    for question in found:
        groups.setdefault(tuple(question.topic.values()), []).append(question)
    return [(group[0].topic, group) for group in groups.values()]


def find(folder: Path, asked: str) -> Question:
    """Return the question with this key or number.

    Raises:
        QueryError: no question has it.
    """
    known = questions(folder)
    for question in known:
        if asked in (question.key, str(question.number)):
            return question
    raise QueryError(f"no question {asked!r}; there are 1 to {len(known)}, see `guapai query --list`")


def with_prefixes(query: str) -> str:
    """Return the query with declarations of the project's prefixes that it uses undeclared."""
    declared = set(re.findall(r"(?i)\bPREFIX\s+([\w-]*):", query))
    used = {prefix for prefix in PREFIXES if prefix not in declared and re.search(rf"(?<![\w-]){prefix}:", query)}
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in PREFIXES if prefix in used) + query


def rows(store: Store, query: str) -> Solutions:
    """Run a SELECT query in which the project's prefixes need no declaration."""
    return store.select(with_prefixes(query), {})


def cell_text(term: Term | None) -> str:
    """Return a term as text of a cell: a literal's value, an IRI with the project's prefix, empty for None."""
    if term is None:
        return ""
    if isinstance(term, Literal):
        return term.value
    value = str(term.value)
    for prefix, base in PREFIXES.items():
        if value.startswith(base):
            return f"{prefix}:{value[len(base) :]}"
    return value


def as_cells(solutions: Solutions) -> Iterator[list[str]]:
    """Yield the rows of a result as cells of text."""
    return ([cell_text(term) for term in row] for row in solutions.rows)


def expected(question: Question) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of a question's file of expected rows."""
    with question.expected.open(encoding="utf-8", newline="") as stream:
        table = list(csv.reader(stream))
    return table[0], table[1:]

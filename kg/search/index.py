"""Build the search index of a release from the names in its graphs."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from kg.search import FILE, FORMAT, SCHEMA
from kg.search.tokens import RUNS, folded, name_words
from kg.text import names, pinyin
from kg.vocab import SCHEMES, THINGS, term

GRAPHS = ("schemes", "designations", "provenance")
KINDS = (
    *("place", "former-place", "programme", "region", "authority", "purpose", "field", "position", "carrier"),
    *("designation", "strategy", "cluster", "indicator", "table", "source", "claim"),
)
"""Searchable kinds of things and concept schemes, in the order of the results."""
LEVELS = ("country", "province", "prefecture", "county")
"""Levels of places; of equally good matches the higher level comes first."""

STANDINGS = {term("skos:prefLabel"): "preferred", term("skos:altLabel"): "other"}
READING = term("gp:pinyin")
LEVEL = term("gp:hasLevel")
CONTINUED = term("gp:liesTodayIn")
CONTEXT = {term("gp:directlyWithin"), term("gp:underProgramme"), term("gp:locatedIn")}
"""Properties that distinguish things of the same name."""
INDEXED = {*STANDINGS, READING, LEVEL, CONTINUED, *CONTEXT}

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([a-zA-Z-]+))?')
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
HAN = (range(0x3400, 0xA000), range(0x20000, 0x2A6E0))
"""Unicode blocks that contain traditional characters."""
MAX_CONTEXT_IRIS = 4
MAX_READING_CHARS = 40
"""Maximum length of a name indexed by its reading: nobody types the pinyin of a sentence."""


@dataclass(slots=True)
class Thing:
    """Data of a thing for the index.

    names: (text, language, standing) in the order of the graph; reading: stated pinyin, syllables separated by spaces;
    level: key of the level of a place; continued: IRIs of its successors; context: IRIs that distinguish it from
    others; former: (IRI, name, language) of its predecessors.
    """

    names: list[tuple[str, str, str]] = field(default_factory=list)
    reading: str = ""
    level: str = ""
    continued: list[str] = field(default_factory=list)
    context: list[str] = field(default_factory=list)
    former: list[tuple[str, str, str]] = field(default_factory=list)


def build_index(folder: Path) -> int:
    """Write the search index of a release folder, replacing an existing one.

    Args:
        folder: a release, with its `graphs/`.

    Returns:
        The number of searchable things.
    """
    path, building = folder / FILE, folder / f".{FILE}"
    building.unlink(missing_ok=True)
    things = gather(folder / "graphs" / f"{name}.nt" for name in GRAPHS)
    _pass_on(things)
    with closing(sqlite3.connect(building)) as connection:
        count = _write(connection, things)
    building.replace(path)
    return count


def gather(paths: Iterable[Path]) -> dict[str, Thing]:
    """Return the named things of the searchable kinds in N-Triples files, by IRI."""
    things: dict[str, Thing] = {}
    for path in paths:
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                subject, property_, rest = line.split(" ", 2)
                if property_ in INDEXED and kind(subject[1:-1]) in KINDS:
                    _add(things.setdefault(subject[1:-1], Thing()), property_, rest)
    named = {iri: thing for iri, thing in things.items() if thing.names}
    for iri, thing in named.items():
        if acronym := _acronym(iri):
            thing.names.append((acronym, "en", "other"))
    return named


def kind(iri: str) -> str:
    """Return the kind of a thing, or the scheme of a concept, by its IRI; "" for anything else."""
    for base in (THINGS, SCHEMES):
        if iri.startswith(base):
            return iri[len(base) :].partition("/")[0]
    return ""


def _acronym(iri: str) -> str:
    """Return the English acronym of a body, such as NDRC, if its key is one, else ""."""
    key = iri.rpartition("/")[2]
    return key.upper() if kind(iri) == "authority" and "-" not in key else ""


def _add(thing: Thing, property_: str, rest: str) -> None:
    if literal := LITERAL.match(rest):
        text = ESCAPE.sub(_unescaped, literal[1]) if "\\" in literal[1] else literal[1]
        if property_ in STANDINGS:
            thing.names.append((text, literal[2] or "", STANDINGS[property_]))
        elif property_ == READING:
            thing.reading = text
        return
    iri = rest[1 : rest.index(">")]
    if property_ == LEVEL:
        thing.level = iri.rpartition("/")[2]
    elif property_ == CONTINUED:
        thing.continued.append(iri)
    elif len(thing.context) < MAX_CONTEXT_IRIS:
        thing.context.append(iri)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else ESCAPED.get(found[3], found[3])


def _pass_on(things: dict[str, Thing]) -> None:
    """Move the names of predecessors to their current successors, and remove the predecessors."""
    today = {iri: _today(things, iri) for iri, thing in things.items() if thing.continued}
    for iri, followers in today.items():
        for follower in followers:
            things[follower].former += [(iri, text, language) for text, language, _ in things[iri].names]
    for iri, followers in today.items():
        if followers:
            del things[iri]


def _today(things: Mapping[str, Thing], iri: str) -> list[str]:
    """Return the current successors of a thing, over any number of steps."""
    seen, waiting, found = {iri}, list(things[iri].continued), []
    while waiting:
        follower = waiting.pop(0)
        if follower in seen or follower not in things:
            continue
        seen.add(follower)
        waiting += things[follower].continued
        if not things[follower].continued:
            found.append(follower)
    return found


def _write(connection: sqlite3.Connection, things: Mapping[str, Thing]) -> int:
    connection.executescript(SCHEMA)
    variants, syllables, known = _variants(), set[str](), dict[str, list[int]]()
    ordered = sorted(things.items(), key=_order)
    for number, (iri, _) in enumerate(ordered, 1):
        first, _end = known.setdefault(kind(iri), [number, number])
        known[kind(iri)] = [first, number + 1]

    def rows() -> Iterator[tuple[int, str, str, str, str]]:
        for number, (iri, thing) in enumerate(ordered, 1):
            words, named = _described(thing, variants, syllables)
            yield number, iri, "\n".join(thing.context), json.dumps(named, ensure_ascii=False), " ".join(words)

    for chunk in _chunks(rows(), 20_000):
        connection.executemany("INSERT INTO things VALUES (?, ?, ?, ?)", (row[:4] for row in chunk))
        connection.executemany("INSERT INTO words (rowid, cut) VALUES (?, ?)", ((row[0], row[4]) for row in chunk))
    meta = {"kinds": known, "variants": variants, "syllables": sorted(syllables)}
    connection.execute("INSERT INTO meta VALUES (?)", (json.dumps(meta),))
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.commit()
    return len(ordered)


def _order(entry: tuple[str, Thing]) -> tuple[int, int, int, str, str]:
    """Return the sort key of a thing among equally good matches: kind, level, length of its name, name, IRI."""
    iri, thing = entry
    name = next((text for text, _, standing in thing.names if standing == "preferred"), thing.names[0][0])
    level = LEVELS.index(thing.level) if thing.level in LEVELS else len(LEVELS)
    return KINDS.index(kind(iri)), level, len(name), name, iri


def _described(
    thing: Thing, variants: Mapping[int, str], syllables: set[str]
) -> tuple[list[str], list[tuple[str, str, str, str, str]]]:
    """Return the index words of a thing, and its names: text, language, standing, bearer, reading.

    The bearer is "" for the thing itself. Repeated names are dropped.
    """
    known = [(text, language, standing, "") for text, language, standing in thing.names]
    known += [(text, language, "former", iri) for iri, text, language in thing.former]
    words: list[str] = []
    described: dict[str, tuple[str, str, str, str, str]] = {}
    given = [pinyin.plain(syllable) for syllable in thing.reading.split()]
    official = "".join(RUNS.findall(folded(known[0][0], variants)))
    for text, language, standing, bearer in known:
        name = folded(text, variants)
        joined = "".join(RUNS.findall(name))
        if not joined or (standing != "preferred" and joined in described):
            continue
        reading: list[str] = []
        if not joined.isascii() and len(joined) <= MAX_READING_CHARS:
            fits = len(given) == len(official) and official.startswith(joined) and not bearer
            reading = given[: len(joined)] if fits else pinyin.syllables(joined)
            if not any(sign.isascii() for sign in joined):
                syllables.update(reading)
        words += name_words(name, reading, former=standing == "former")
        described.setdefault(
            joined + language * (standing == "preferred"), (text, language, standing, bearer, " ".join(reading))
        )
    return words, list(described.values())


def _variants() -> dict[int, str]:
    """Return the simplified form of every traditional character, by code."""
    forms = ((code, names.normal(chr(code))) for code in chain.from_iterable(HAN))
    return {code: form for code, form in forms if form != chr(code) and len(form) == 1}


def _chunks(
    rows: Iterator[tuple[int, str, str, str, str]], size: int
) -> Iterator[list[tuple[int, str, str, str, str]]]:
    while chunk := list(islice(rows, size)):
        yield chunk

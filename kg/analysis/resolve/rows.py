"""The names of things as rows: written into the columns of a release, and made from its tables."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from kg.places.division_words import FULL, DivisionWords
from kg.release.columns import Columns
from kg.tables import Package, Resource, Row, dates
from kg.text import pinyin
from kg.text.english import STEM, stems
from kg.text.names import NameWords, normal

Standing = Literal["preferred", "short", "other", "former"]
STANDINGS: tuple[Standing, ...] = ("preferred", "short", "other", "former")
"""preferred: the whole name; short: the official short form, or the name without or with a cut word for the kind of
place (昆山, 靖州县); other: an alias; former: a name that the thing, or a former unit on its land, bore."""
PINYIN = "pinyin"
"""Language of a reading in pinyin without tones; ü is v, as on keyboards."""
COUNTRY = "country"
CALLED = {"province": "Province", "prefecture": "City"}
"""Level of a place to the word that its English name may have."""

Above = Mapping[tuple[str, str], tuple[str, ...]]
"""Kind and key of a thing to the keys of the things of its kind in which it lies, the widest first."""


class NameRow(NamedTuple):
    """One name of one thing, in the order of the columns' table `names`.

    kind: place, programme, purpose, field, authority, region, designation, carrier or
    source; key: of the thing; name: as printed;
    language: zh, en, pinyin or empty; standing: see `STANDINGS`; level: of the place that bears the name today, empty
    for other kinds; first, last: days between which the name was borne, None where not known or without end.
    """

    kind: str
    key: str
    name: str
    language: str
    standing: Standing
    level: str = ""
    first: date | None = None
    last: date | None = None


class NameColumns(NamedTuple):
    """Columns in which the names of a table stand: whole in Chinese and English, short ones, others."""

    chinese: str
    english: str
    short: tuple[str, ...]
    others: tuple[str, ...]


CONCEPTS = ("purpose", "field")
"""Kinds of concepts that lie within one another."""
READ = ("programme", "purpose", "field", "authority", "region")
"""Kinds whose Chinese names are also found as they are read; places have their readings in their table."""


def from_tables(package: Package, kind: str) -> Iterator[NameRow]:
    """Yield the names of a kind that the tables hold, and the forms and readings that follow from them."""
    if kind == "place":
        yield from _places(package)
        return
    table = package.by_name.get(kind, "")
    if not table:
        return
    columns = name_columns(package.resources[table])
    words = _programme_words(package) if kind == "designation" else {}
    for row in package.rows(table):
        if words:
            yield from (NameRow(kind, row["id"], name, "zh", "short") for name in _abbreviated(row, words))
        span = _span(row) if kind == "authority" else (None, None)
        for name, language, standing in _named(row, columns):
            yield NameRow(kind, row["id"], name, language, standing, "", *span)
            if kind in READ and language == "zh":
                yield NameRow(kind, row["id"], "".join(pinyin.syllables(name)), PINYIN, "other", "", *span)


def from_columns(columns: Columns, kind: str) -> Iterator[NameRow]:
    """Yield the names of a kind that the columns of a release hold: the same rows as from its tables."""
    yield from map(NameRow._make, columns.query("SELECT * FROM names WHERE kind = $kind", {"kind": kind}))


def above_in_tables(package: Package) -> Above:
    """Return what each place, purpose and field lies in, as the tables say it."""
    places = package.index("places")
    found = {("place", key): tuple(_chain(places, row)) for key, row in places.items()}
    for kind in CONCEPTS:
        rows = package.rows(package.by_name[kind])
        found |= {(kind, row["id"]): (row["broader_id"],) for row in rows if row["broader_id"]}
    return found


def above_in_columns(columns: Columns) -> Above:
    """Return what each place, purpose and field lies in, as the columns say it."""
    places = columns.query("SELECT place, province, prefecture, county FROM places")
    found = {
        ("place", key): tuple(dict.fromkeys(unit for unit in units if unit not in ("", key))) for key, *units in places
    }
    concepts = columns.query(
        """SELECT 'purpose', purpose, purpose_group FROM purposes WHERE purpose_group NOT IN ('', purpose)
        UNION ALL SELECT 'field', field, broader FROM fields WHERE broader <> ''"""
    )
    return found | {(kind, key): (broader,) for kind, key, broader in concepts}


def _chain(places: Mapping[str, Row], row: Row) -> list[str]:
    """Return the places in which one lies, the province first, the country left out."""
    above = places.get(row["parent_id"])
    return [] if above is None or above["level"] == COUNTRY else [*_chain(places, above), above["id"]]


def _places(package: Package) -> Iterator[NameRow]:
    levels, words = {}, DivisionWords.of(package.rows("place_words"))
    for row in package.rows("places"):
        levels[row["id"]] = row["level"]
        yield from _place(row, words)
    for row in package.rows("place_aliases"):
        if len(keys := row.many("place_ids")) == 1:
            yield NameRow("place", keys[0], row["name"], "zh", "short", levels[keys[0]])
    for row in package.rows("former_places"):
        span = dates.parse(row["valid_from"]).first, dates.parse(row["valid_to"]).last
        for key in row.many("place_ids"):
            for name in dict.fromkeys(filter(None, (row["name_zh"], row["short_zh"]))):
                yield NameRow("place", key, name, "zh", "former", levels.get(key, ""), *span)


def _place(row: Row, words: DivisionWords) -> Iterator[NameRow]:
    key, level, name, short = row["id"], row["level"], row["name_zh"], row["short_zh"]
    yield NameRow("place", key, name, "zh", "preferred", level)
    cut = [] if level == COUNTRY else [form for form, how in words.forms(name, short, level) if how != FULL]
    for form in dict.fromkeys(filter(None, (short, *cut))):
        yield NameRow("place", key, form, "zh", "short", level)
    for form, standing in _english(row["name_en"], level):
        yield NameRow("place", key, form, "en", standing, level)
    syllables = [pinyin.plain(syllable) for syllable in row["pinyin"].split()]
    if len(syllables) == len(name):
        lengths = dict.fromkeys((len(name), len(short) if short and name.startswith(short) else len(name)))
        for length in lengths:
            yield NameRow("place", key, "".join(syllables[:length]), PINYIN, "other", level)


def _english(name: str, level: str) -> Iterator[tuple[str, Standing]]:
    """Yield an English name of a place, and what is left of it without the words for its kind, or what has them."""
    if not name:
        return
    yield name, "preferred"
    found = stems(name)
    yield from ((form, "short") for form in found)
    if not STEM.fullmatch(name.partition(" (")[0]) and level in CALLED:
        yield f"{(found or [name])[0]} {CALLED[level]}", "short"


def _programme_words(package: Package) -> Mapping[str, tuple[str, ...]]:
    """Return by programme the words by which it shows in names of its designations, the longest first."""
    words = NameWords.of(package.rows("name_words"))
    named = ((row["id"], (row["name_zh"], *row.many("aliases_zh"))) for row in package.rows("programmes"))
    return {key: words.of_programme(names) for key, names in named}


def _abbreviated(row: Row, words: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the name of a designation with shorter words for its programme at the end: 昆山高新区."""
    name = normal(row["name_zh"])
    known = words[row["programme_id"]]
    if ending := next((word for word in known if name.endswith(word) and name != word), ""):
        yield from (name.removesuffix(ending) + word for word in known if len(word) < len(ending))


def _span(row: Row) -> tuple[date | None, date | None]:
    """Return the first and last day on which a body can have been there."""
    start, end = row["valid_from"], row["valid_to"]
    return dates.parse(start).first if start else None, dates.parse(end).last if end else None


def name_columns(table: Resource) -> NameColumns:
    """Return the columns of a table in which names stand, as its description says: preferred and other labels."""
    columns = table.described.values()
    whole = {column.language: column.name for column in columns if column.predicate == "skos:prefLabel"}
    labels = [column for column in columns if column.predicate == "skos:altLabel" or column.found_by]
    short = tuple(column.name for column in labels if not column.is_list and not column.found_by)
    return NameColumns(
        whole["zh"], whole["en"], short, tuple(column.name for column in labels if column.name not in short)
    )


def _named(row: Row, columns: NameColumns) -> Iterator[tuple[str, str, Standing]]:
    """Yield the names that stand in some columns of a row, with language and standing."""
    whole = row[columns.chinese]
    yield whole, "zh", "preferred"
    yield from ((row[column], "zh", "short") for column in columns.short if row[column] not in ("", whole))
    for name in dict.fromkeys(name for column in columns.others for name in row.many(column)):
        yield name, "zh", "other"
    if row[columns.english]:
        yield row[columns.english], "en", "preferred"

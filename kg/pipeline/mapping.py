"""Rows as triples, by what data/datapackage.json says of their columns; names, dates and concepts of all else.

The package says what the rows of a table are (kind or scheme, classes) and what each column becomes (property, and
language, scheme, kind or reference of its values): `Mapper` makes these plain triples.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kg.tables import ANY_KIND, Column, Package, Resource, Row, dates
from kg.text import pinyin
from kg.vocab import TYPE, Node, Triple, concept, link, scheme, term, text, thing, typed

PREF, ALT, LABEL = term("skos:prefLabel"), term("skos:altLabel"), term("rdfs:label")
PINYIN = "zh-latn-pinyin"
"""Language tag (RFC 5646) of Chinese written in pinyin, in the lower case in which the store spells language tags."""
DATATYPES = {"integer": "integer", "number": "decimal", "boolean": "boolean"}
"""Type of a column (Table Schema) to the XSD datatype of its literals."""

Objects = Callable[[str], Node]
"""Takes a cell or an entry of a list; returns what stands for it in the graph."""
Emit = Callable[[Node, Sequence[str]], Iterable[Triple]]
"""Takes a subject and the entries of a cell; returns their triples."""


class Mapper:
    """Makes the plain triples of the rows of one table."""

    def __init__(self, package: Package, table: str) -> None:
        """Read what the package says of a table.

        Args:
            package: the tables.
            table: one whose rows are resources or concepts.
        """
        resource = package.resources[table]
        self._mint, self._label = minting(resource), resource.own("label")
        self._classes = [term(name) for name in resource.classes]
        self._cells: list[tuple[str, bool, Emit]] = []
        self._others: list[tuple[str, bool]] = []
        self._objects: list[tuple[str, str, bool, Objects]] = []
        for name, column in resource.described.items():
            if column.predicate == "skos:altLabel" and column.language == "zh":
                self._others.append((name, column.is_list))
            elif column.predicate:
                self._cells.append((name, column.is_list, emitting(package, column, column.predicate)))
                self._objects.append((name, column.predicate, column.is_list, objects(package, column)))

    def subject(self, row: Row) -> Node:
        """Return the resource or concept that a row is."""
        return self._mint(row["id"])

    def triples(self, row: Row, others: Iterable[str] = ()) -> Iterator[Triple]:
        """Yield classes, label and plain triples of a row.

        Args:
            row: a row of the table.
            others: further Chinese names, which become `skos:altLabel` beside those of its columns.
        """
        node, cells = self._mint(row["id"]), row.cells
        for found in self._classes:
            yield node, TYPE, found
        if self._label:
            yield node, PREF, text(cells[self._label], "zh")
        for name, is_list, emit in self._cells:
            if cell := cells[name]:
                yield from emit(node, _entries(cell) if is_list else (cell,))
        named = [entry for name, is_list in self._others for entry in (row.many(name) if is_list else [cells[name]])]
        for other in dict.fromkeys([*named, *others]):
            if other and other != cells.get("name_zh"):
                yield node, ALT, text(other, "zh")

    def referenced(self, row: Row, property_name: str) -> list[Node]:
        """Return what the columns of a property name in a row."""
        return [
            make(entry)
            for name, property_, is_list, make in self._objects
            if property_ == property_name and row[name]
            for entry in (_entries(row[name]) if is_list else (row[name],))
        ]


def minting(resource: Resource) -> Objects:
    """Return what makes the IRI of a row of a table from its key.

    Raises:
        ValueError: the rows of the table are no resources.
    """
    kind_name, scheme_name = resource.kind, resource.scheme
    if scheme_name:
        return lambda key: concept(scheme_name, key)
    if not kind_name:
        raise ValueError(f"the rows of {resource.name} are no resources: the table has no guapai:kind or guapai:scheme")
    return _things(kind_name)


def merged(package: Package) -> Mapping[str, Emit]:
    """Return the columns of records that are merged into designations, and how their values become triples."""
    columns = package.resources["records"].described
    return {name: emitting(package, column, column.merged) for name, column in columns.items() if column.merged}


def emitting(package: Package, column: Column, property_name: str) -> Emit:
    """Return how the cells of a column become triples of a property."""
    property_, make = term(property_name), objects(package, column)
    if column.first or column.last:
        return _dates(property_, column)
    if column.inverse:
        return lambda node, entries: [(make(entry), property_, node) for entry in entries]
    return lambda node, entries: [(node, property_, make(entry)) for entry in entries]


def objects(package: Package, column: Column) -> Objects:
    """Return what makes of an entry of a column: a link, concept, thing or literal."""
    if column.link:
        return lambda cell: link(column.link.format(cell))
    if column.scheme:
        return lambda cell: concept(column.scheme, cell)
    if column.kind:
        return _things(column.kind)
    if column.reference:
        return minting(package.resources[column.reference])
    if column.type in DATATYPES and not column.printed:
        return lambda cell: typed(cell, DATATYPES[column.type])
    return lambda cell: text(cell, column.language or None)


def _things(kind_name: str) -> Objects:
    """Return what makes the IRI of a thing of a kind, of a kind and first part of the key, or of a kind in the cell."""
    if kind_name == ANY_KIND:
        return any_thing
    name, _, before = kind_name.partition("/")
    return (lambda key: thing(name, f"{before}/{key}")) if before else (lambda key: thing(name, key))


def any_thing(entry: str) -> Node:
    """Return the IRI of a thing that is named as `kind/key`."""
    kind_name, _, key = entry.partition("/")
    return thing(kind_name, key)


def _dates(property_: Node, column: Column) -> Emit:
    """Return how a date becomes its text and the first and last possible day that the column has a property for."""
    first, last = (term(name) if name else None for name in (column.first, column.last))

    def emit(node: Node, entries: Sequence[str]) -> Iterator[Triple]:
        for entry in entries:
            span = dates.parse(entry)
            yield node, property_, text(span.text)
            if first:
                yield node, first, typed(span.first, "date")
            if last:
                yield node, last, typed(span.last, "date")

    return emit


def _entries(cell: str) -> list[str]:
    """Return the entries of a list cell, each once."""
    return [entry for entry in dict.fromkeys(cell.split(";")) if entry]


def kind(subject: Node, *classes: str) -> Iterator[Triple]:
    """Yield the classes of a resource."""
    for name in classes:
        yield subject, TYPE, term(name)


def names(subject: Node, chinese: str, english: str = "", others: Iterable[str] = ()) -> Iterator[Triple]:
    """Yield the preferred names and, once each, the other Chinese names of a resource."""
    yield subject, PREF, text(chinese, "zh")
    if english:
        yield subject, PREF, text(english, "en")
    for other in dict.fromkeys(others):
        if other and other != chinese:
            yield subject, ALT, text(other, "zh")


def readings(package: Package) -> pinyin.KnownNames:
    """Return short names of places with their syllables, and words, for the transcription of names that have them."""
    found: dict[str, Sequence[str]] = {}
    for row in package.rows("places"):
        name, syllables = row["name_zh"], [pinyin.plain(syllable) for syllable in row["pinyin"].split()]
        short = row["short_zh"] if len(row["short_zh"]) > 1 else name
        found[short] = syllables[: len(short)] if name.startswith(short) else pinyin.syllables(short)
    return pinyin.KnownNames(found, frozenset(row["word"] for row in package.rows("pinyin_words")))


def carriers_in_english(package: Package) -> dict[str, str]:
    """Return the English names of carriers that have one, in their own row or in the table of such names."""
    listed = {row["id"]: row["name_en"] for row in package.rows("carrier_names")}
    names = ((row["id"], row["name_en"] or listed.get(row["id"], "")) for row in package.rows("carriers"))
    return {key: name for key, name in names if name}


def transcription(subject: Node, row: Row, known: pinyin.KnownNames) -> Iterator[Triple]:
    """Yield the pinyin transcription of a resource's Chinese name, if it has no English name."""
    if not row.cells.get("name_en"):
        yield subject, term("gp:transcription"), text(pinyin.transcribed(row["name_zh"], known), PINYIN)


def dated(subject: Node, cell: str, prefix: str) -> Iterator[Triple]:
    """Yield text, first and last possible day of a date cell (`gp:<prefix>Text`, `From`, `To`)."""
    if cell:
        span = dates.parse(cell)
        yield subject, term(f"gp:{prefix}Text"), text(span.text)
        yield subject, term(f"gp:{prefix}From"), typed(span.first, "date")
        yield subject, term(f"gp:{prefix}To"), typed(span.last, "date")


def years(row: Row) -> str:
    """Return the validity of a row for a label, such as ` (1998-03–2023-03-16)`; empty if unknown."""
    start, end = row["valid_from"], row["valid_to"]
    return f" ({start}–{end})" if start or end else ""


def concepts(package: Package, table: str) -> Iterator[Triple]:
    """Yield the scheme of a table of concepts; a concept without a broader one is a top concept."""
    resource, mapper = package.resources[table], Mapper(package, table)
    whole = scheme(resource.scheme)
    yield from kind(whole, "skos:ConceptScheme")
    yield from names(whole, resource.own("scheme_title_zh"), resource.own("scheme_title_en"))
    for row in package.rows(table):
        node = mapper.subject(row)
        yield from kind(node, "skos:Concept")
        yield from mapper.triples(row)
        yield node, term("skos:inScheme"), whole
        if not row.cells.get("broader_id"):
            yield node, term("skos:topConceptOf"), whole


def optional(subject: Node, name: str, cell: str) -> Iterator[Triple]:
    """Yield a text cell if it is not empty."""
    if cell:
        yield subject, term(name), text(cell)

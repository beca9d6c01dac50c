"""Programmes, authorities, mandates, purposes, places, carriers and decisions as triples."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from kg.pipeline import mapping
from kg.pipeline.mapping import Mapper
from kg.tables import Package
from kg.tables.completeness import Held
from kg.text import pinyin
from kg.vocab import Triple, concept, scheme, term, text, thing, typed

Names = Mapping[tuple[str, str], AbstractSet[str]]
"""Names as printed in the papers, by kind and key of the resource."""


def statement_words(package: Package, scheme_key: str) -> Mapping[str, tuple[str, str]]:
    """Return the Chinese and English words of statements (data/statement_words.csv) by key of a concept of a scheme."""
    rows = ((row["id"].partition("/"), row) for row in package.rows("statement_words"))
    return {key: (row["words_zh"], row["words_en"]) for (name, _, key), row in rows if name == scheme_key}


def purposes(package: Package) -> Iterator[Triple]:
    """Yield the scheme of purposes in two levels and the collection of the generic ones."""
    yield from mapping.concepts(package, "purposes")
    generic = scheme("purpose/generic")
    yield from mapping.kind(generic, "skos:Collection")
    yield from mapping.names(generic, "通用目的", "Generic purposes")
    for row in package.rows("purposes"):
        if row["generic"] == "true":
            yield generic, term("skos:member"), concept("purpose", row["id"])


def fields(package: Package) -> Iterator[Triple]:
    """Yield the scheme of fields of technology and industry."""
    if any(True for _ in package.rows("fields")):
        yield from mapping.concepts(package, "fields")


def programmes(package: Package, printed: Names, held: Mapping[str, Held]) -> Iterator[Triple]:
    """Yield triples for programmes; variant names printed in the papers become `skos:altLabel`."""
    yield from _named(package, "programmes", "programme", printed)
    for key, found in held.items():
        if found.list_id:
            node = thing("programme", key)
            yield node, term("gp:hasCompleteness"), concept("completeness", found.state)
            yield node, term("gp:hasDecidingList"), thing("table", found.list_id)
            yield node, term("gp:heldCount"), typed(found.held, "integer")
            if found.official is not None:
                yield node, term("gp:officialTotal"), typed(found.official, "integer")
    for row in package.rows("eligible_units"):
        node, ranks = thing("programme", row["id"]), row.many("ranks")
        yield from ((node, term("gp:isLimitedToRank"), concept("rank", rank)) for rank in ranks)
        if not ranks:
            yield node, term("gp:collectiveName"), typed(True, "boolean")  # noqa: FBT003 — the value of a literal


def _named(package: Package, table: str, kind: str, printed: Names) -> Iterator[Triple]:
    """Yield the rows of a table, with the names that the papers print."""
    mapper = Mapper(package, table)
    for row in package.rows(table):
        yield from mapper.triples(row, sorted(printed.get((kind, row["id"]), ())))


def purpose_texts(package: Package) -> Iterator[Triple]:
    """Yield triples for passages of documents and the purposes that their quotes assign."""
    programmes_by_key, purposes_by_key = package.index("programmes"), package.index("purposes")
    mapper = Mapper(package, "purpose_texts")
    for row in package.rows("purpose_texts"):
        programme = programmes_by_key[row["programme_id"]]
        yield from mapper.triples(row)
        english = f"{programme['name_en']}: {row['document_en'] or row['document_zh']}"
        yield from mapping.names(mapper.subject(row), f"{programme['name_zh']}：{row['document_zh']}", english)
    mapper = Mapper(package, "purpose_assignments")
    for row in package.rows("purpose_assignments"):
        programme, purpose = programmes_by_key[row["programme_id"]], purposes_by_key[row["purpose_id"]]
        yield from mapper.triples(row)
        english = f"{programme['name_en']}: {purpose['label_en']}"
        yield from mapping.names(mapper.subject(row), f"{programme['name_zh']}：{purpose['label_zh']}", english)


def authorities(package: Package) -> Iterator[Triple]:
    """Yield triples for authorities, their dated parents and successors."""
    by_key, mapper = package.index("authorities"), Mapper(package, "authorities")
    for row in by_key.values():
        yield from mapper.triples(row)
        if row["successor_id"]:
            after = by_key[row["successor_id"]]
            change = thing("change", row["id"])
            yield from mapping.kind(change, "org:ChangeEvent")
            english = f"{row['name_en']} becomes {after['name_en']}"
            yield from mapping.names(change, f"{row['name_zh']}改为{after['name_zh']}", english)
            yield change, term("org:originalOrganization"), mapper.subject(row)
            yield change, term("org:resultingOrganization"), mapper.subject(after)
    mapper = Mapper(package, "affiliations")
    for row in package.rows("affiliations"):
        lower, upper, years = by_key[row["authority_id"]], by_key[row["parent_id"]], mapping.years(row)
        yield from mapper.triples(row)
        chinese = f"{lower['name_zh']}隶属{upper['name_zh']}{years}"
        yield from mapping.names(mapper.subject(row), chinese, f"{lower['name_en']} under {upper['name_en']}{years}")


def mandates(package: Package) -> Iterator[Triple]:
    """Yield triples for the mandates of authorities in programmes: role, validity, status."""
    programmes_by_key, authorities_by_key = package.index("programmes"), package.index("authorities")
    mapper, words = Mapper(package, "mandates"), statement_words(package, "mandate-role")
    for row in package.rows("mandates"):
        programme, authority = programmes_by_key[row["programme_id"]], authorities_by_key[row["authority_id"]]
        role_zh, role_en = words[row["role"]]
        years = mapping.years(row)
        yield from mapper.triples(row)
        english = f"{authority['name_en']} {role_en} {programme['name_en']}{years}"
        chinese = f"{authority['name_zh']}{role_zh}{programme['name_zh']}{years}"
        yield from mapping.names(mapper.subject(row), chinese, english)


def relations(package: Package) -> Iterator[Triple]:
    """Yield triples for relations by design between programmes."""
    by_key, mapper = package.index("programmes"), Mapper(package, "programme_relations")
    words = statement_words(package, "relation")
    for row in package.rows("programme_relations"):
        subject, other = by_key[row["subject_id"]], by_key[row["object_id"]]
        word_zh, word_en = words[row["relation"]]
        yield from mapper.triples(row)
        english = f"{subject['name_en']} {word_en} {other['name_en']}"
        yield from mapping.names(mapper.subject(row), f"{subject['name_zh']}{word_zh}{other['name_zh']}", english)


def decisions(package: Package) -> Iterator[Triple]:
    """Yield triples for decisions; contradicting ones are all kept."""
    mapper = Mapper(package, "decisions")
    for row in package.rows("decisions"):
        subject = row["finding"] or f"{row['one_id']} · {row['other_id']}"
        yield from mapper.triples(row)
        yield from mapping.names(mapper.subject(row), f"裁定：{subject}", f"Decision: {subject}")


def places(package: Package, printed: Names) -> Iterator[Triple]:
    """Yield triples for today's divisions: names, code, level, ranks, parent, point (WGS84), external matches."""
    yield from _named(package, "places", "place", printed)
    for row in package.rows("places"):
        if row["longitude"] and row["latitude"]:
            point = thing("geometry", row["id"])
            yield thing("place", row["id"]), term("geo:hasGeometry"), point
            yield from mapping.kind(point, "geo:Geometry")
            literal = f'"POINT({row["longitude"]} {row["latitude"]})"^^{term("geo:wktLiteral")}'
            yield point, term("geo:asWKT"), literal


def regions(package: Package, printed: Names) -> Iterator[Triple]:
    """Yield triples for macro-regions and their complete and partial members."""
    yield from _named(package, "regions", "region", printed)
    for row in package.rows("region_members"):
        relation = "gp:inRegion" if row["scope"] == "whole" else "gp:partlyInRegion"
        yield thing("place", row["place_id"]), term(relation), thing("region", row["region_id"])


def former_places(package: Package, readings: pinyin.KnownNames) -> Iterator[Triple]:
    """Yield triples for former divisions: names, codes, years, today's divisions on their territory.

    Their years have properties of their own, so that queries about mandates need not skip thousands of them.
    """
    shorts = {row["short_zh"] for row in package.rows("former_places") if len(row["short_zh"]) > 1}
    words = {**{short: pinyin.syllables(short) for short in shorts}, **readings.words}
    known = pinyin.KnownNames(words, readings.vocabulary)
    mapper = Mapper(package, "former_places")
    for row in package.rows("former_places"):
        yield from mapper.triples(row)
        yield from mapping.transcription(mapper.subject(row), row, known)


def carriers(package: Package, readings: pinyin.KnownNames) -> Iterator[Triple]:
    """Yield triples for carriers (organisations, zones, companies) under every name that the lists print.

    English names are in a separate table, or made (zones); other names are transcribed. The seat of a place statement
    takes the place of a coarser one.
    """
    english, mapper, naming = (
        package.index("carrier_names"),
        Mapper(package, "carriers"),
        Mapper(package, "carrier_names"),
    )
    seats = {row["carrier_id"]: row["place_id"] for row in package.rows("carrier_seats")}
    for row in package.rows("carriers"):
        known = english.get(row["id"])
        seat = seats.get(row["id"], row["place_id"])
        yield from mapper.triples(replace(row, cells={**row.cells, "place_id": seat}))
        if known:
            yield from naming.triples(known)
            if not row["name_en"]:
                yield mapper.subject(row), mapping.PREF, text(known["name_en"], "en")
        else:
            yield from mapping.transcription(mapper.subject(row), row, readings)
        if derived := row.cells.get("derived"):
            yield mapper.subject(row), term("gp:derivedCell"), text(derived)


def place_statements(package: Package) -> Iterator[Triple]:
    """Yield triples for the statements of where carriers and designations lie, named after both."""
    places = package.index("places")
    for table, about in (("carrier_seats", "carriers"), ("designation_places", "designations")):
        mapper, located = Mapper(package, table), package.index(about)
        column = package.resources[table].columns[1]
        for row in package.rows(table):
            name, place = located[row[column]], places[row["place_id"]]
            english = name["name_en"] or name["name_zh"]
            yield from mapper.triples(row)
            yield from mapping.names(
                mapper.subject(row), f"{name['name_zh']}在{place['name_zh']}", f"{english} lies in {place['name_en']}"
            )

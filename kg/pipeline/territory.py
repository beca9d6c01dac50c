"""Places of today and of former days, regions, and carriers, as triples."""

from collections.abc import Iterator

from kg.pipeline import mapping
from kg.pipeline.registry import Names
from kg.tables import Package
from kg.text import pinyin
from kg.vocab import Triple, concept, term, text, thing


def places(package: Package, printed: Names) -> Iterator[Triple]:
    """Say the divisions of today: names, code, level, ranks, parent, point (WGS84) and matches elsewhere."""
    for row in package.rows("places"):
        node = thing("place", row["id"])
        yield from mapping.kind(node, "gp:Place")
        others = [row["short_zh"], *sorted(printed.get(("place", row["id"]), set()))]
        yield from mapping.names(node, row["name_zh"], row["name_en"], others)
        yield node, term("gp:divisionCode"), text(row["id"])
        yield from mapping.optional(node, "gp:pinyin", row["pinyin"])
        yield node, term("gp:hasLevel"), concept("level", row["level"])
        for rank in row.many("ranks"):
            yield node, term("gp:hasRank"), concept("rank", rank)
        if row["parent_id"]:
            yield node, term("gp:directlyWithin"), thing("place", row["parent_id"])
        if row["longitude"] and row["latitude"]:
            point = thing("geometry", row["id"])
            yield node, term("geo:hasGeometry"), point
            yield from mapping.kind(point, "geo:Geometry")
            literal = f'"POINT({row["longitude"]} {row["latitude"]})"^^{term("geo:wktLiteral")}'
            yield point, term("geo:asWKT"), literal
        if row["wikidata"]:
            yield node, term("skos:exactMatch"), f"<http://www.wikidata.org/entity/{row['wikidata']}>"
        if row["geonames"]:
            yield node, term("skos:closeMatch"), f"<https://sws.geonames.org/{row['geonames']}/>"


def regions(package: Package, printed: Names) -> Iterator[Triple]:
    """Say the macro-regions and their whole and partial members."""
    for row in package.rows("regions"):
        node = thing("region", row["id"])
        yield from mapping.kind(node, "gp:Region")
        others = sorted(printed.get(("region", row["id"]), set()))
        yield from mapping.names(node, row["name_zh"], row["name_en"], others)
    for row in package.rows("region_members"):
        relation = "gp:inRegion" if row["scope"] == "whole" else "gp:partlyInRegion"
        yield thing("place", row["place_id"]), term(relation), thing("region", row["region_id"])


def former_places(package: Package, readings: pinyin.Known) -> Iterator[Triple]:
    """Say the names and codes that divisions had, with their years, and the divisions of today on their land.

    Their years are properties of their own: thousands of them would stand in the way of questions about mandates.
    """
    shorts = {row["short_zh"] for row in package.rows("former_places") if len(row["short_zh"]) > 1}
    known = pinyin.Known({**{short: pinyin.syllables(short) for short in shorts}, **readings.words})
    for row in package.rows("former_places"):
        node = thing("former-place", row["id"])
        yield from mapping.kind(node, "gp:FormerPlace")
        yield from mapping.names(node, row["name_zh"], others=[row["short_zh"]])
        yield from mapping.transcription(node, row, known)
        yield node, term("gp:divisionCode"), text(row["code"])
        yield node, term("gp:hasLevel"), concept("level", row["level"])
        yield from mapping.valid(node, row, "used")
        for key in row.many("place_ids"):
            yield node, term("gp:liesTodayIn"), thing("place", key)


def carriers(package: Package, readings: pinyin.Known) -> Iterator[Triple]:
    """Say the organisations, zones and companies that bear plates, under every name that the lists print.

    Their English names stand in a table of their own; where that has none, the name is transcribed.
    """
    english = package.index("carrier_names")
    for row in package.rows("carriers"):
        node, known = thing("carrier", row["id"]), english.get(row["id"])
        yield from mapping.kind(node, "gp:Carrier")
        name = row["name_en"] or (known["name_en"] if known else "")
        yield from mapping.names(node, row["name_zh"], name, row.many("names"))
        if not name:
            yield from mapping.transcription(node, row, readings)
        if known and known["short_en"]:
            yield node, mapping.ALT, text(known["short_en"], "en")
        yield node, term("gp:hasCarrierKind"), concept("carrier-kind", row["kind"])
        for column, relation, kind in (
            ("place_id", "gp:seatedIn", "place"),
            ("parent_id", "gp:hasParentCarrier", "carrier"),
            ("designation_id", "gp:hasOwnPlate", "designation"),
        ):
            if row[column]:
                yield node, term(relation), thing(kind, row[column])

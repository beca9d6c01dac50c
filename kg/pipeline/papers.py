"""Tables of the two papers as records with printed cells, and the resources and figures in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.pipeline import mapping
from kg.pipeline.mapping import Mapper
from kg.tables import Package, Row, dates, figures
from kg.vocab import Node, Triple, concept, term, text, thing, typed

TEXTS = ("p1-text", "p2-text")
"""Tables of the figures in the papers' texts; each row names its measure."""
DESCRIBES = "gp:describes"


@dataclass(frozen=True, slots=True)
class Observation:
    """A printed figure. about, areas: IRIs of the resources and areas that it describes."""

    key: str
    row: Row
    printed: str
    measure: str
    unit: str
    period: str
    about: list[Node]
    areas: list[Node]


def tables(package: Package) -> list[str]:
    """Return the tables of the papers, each row of which is a record."""
    return [name for name, table in package.resources.items() if "gp:Record" in table.classes and name != "records"]


def records(package: Package, table: str, designations: Mapping[str, Sequence[str]]) -> Iterator[Triple]:
    """Yield every row of a paper's table as a record: printed cells, described resources, derived cells.

    Args:
        package: the tables.
        table: one of the papers' tables.
        designations: row of a paper's table to the keys of the designations that it describes
            (`printed_designations`).
    """
    resource, mapper = package.resources[table], Mapper(package, table)
    read = [column for column in resource.columns if column not in ("id", *resource.printed)]
    for row in package.rows(table):
        node = mapper.subject(row)
        yield from mapper.triples(row)
        for key in designations.get(f"{table}/{row['id']}", ()):
            yield node, term("gp:describes"), thing("designation", key)
        for column in read:
            if row[column]:
                yield node, term("gp:derivedCell"), text(column)


def printed_names(package: Package) -> dict[tuple[str, str], set[str]]:
    """Return the names that the papers print for programmes, designations, places and regions, by kind and key."""
    names: dict[tuple[str, str], set[str]] = {}
    designations = printed_designations(package)
    for table, column in (("p1-t1", "name"), ("p1-t3", "name"), ("p1-t4", "name"), ("p1-t5", "name")):
        for row in package.rows(table):
            for key in row.many("programme_ids"):
                names.setdefault(("programme", key), set()).add(row[column])
    for row in package.rows("p1-t2"):
        names.setdefault(("designation", designations[f"p1-t2/{row['id']}"][-1]), set()).add(row["name"])
    for table in ("p2-t2", "p2-t4"):
        for row in package.rows(table):
            for kind, column in (("place", "place_ids"), ("region", "region_ids")):
                for key in row.many(column):
                    names.setdefault((kind, key), set()).add(row["region"])
    official = {("place", row["id"]): {row["name_zh"], row["short_zh"]} for row in package.rows("places")}
    return {key: found - official.get(key, set()) for key, found in names.items()}


def figures_of(package: Package) -> dict[str, dict[str, str]]:
    """Return the tables of the papers that have columns of figures, with the measure of each."""
    found = {
        table: {name: column.measure for name, column in package.resources[table].described.items() if column.measure}
        for table in tables(package)
    }
    return {table: columns for table, columns in found.items() if columns}


def observations(package: Package) -> Iterator[Observation]:
    """Yield every figure of the papers' tables, texts and footnotes."""
    measures = package.index("measures")
    whole_table = {row["id"]: row["reference_period"] for row in package.rows("papers-tables")}
    for table, columns in figures_of(package).items():
        mapper = Mapper(package, table)
        for row in package.rows(table):
            period, about = row.cells.get("reference_period") or whole_table[table], mapper.referenced(row, DESCRIBES)
            for column, measure in columns.items():
                key, unit = f"{table}/{row['id']}/{column}", measures[measure]["unit"]
                yield Observation(key, row, row[column], measure, unit, period, about, [])
    for table in TEXTS:
        mapper = Mapper(package, table)
        for row in package.rows(table):
            about = [thing("programme", key) for key in row.many("programme_ids")]
            areas = [node for node in mapper.referenced(row, DESCRIBES) if node not in about]
            key = f"{table}/{row['id']}"
            yield Observation(
                key, row, row["printed"], row["measure"], row["unit"], row["reference_period"], about, areas
            )


def figure_triples(package: Package) -> Iterator[Triple]:
    """Yield figures as observations of data cubes, one structure for each printed table (W3C RDF Data Cube)."""
    measures = package.index("measures")
    for table in [*figures_of(package), *TEXTS]:
        yield from _structure(table)
    for found in observations(package):
        node, reading = thing("observation", found.key), figures.read(found.printed)
        measure = measures[found.measure]
        yield from mapping.kind(node, "qb:Observation")
        subject = found.row[package.resources[found.row.resource].own("label")]
        english = f"{measure['label_en']}: {found.printed} ({found.row.resource}, {found.row['id']})"
        yield from mapping.names(node, f"{subject}：{measure['label_zh']} {found.printed}", english)
        yield node, term("qb:dataSet"), thing("table", found.row.resource)
        yield node, term("gp:observedMeasure"), concept("measure", found.measure)
        yield node, term("gp:hasUnit"), concept("unit", found.unit)
        yield node, term("gp:printed"), text(found.printed)
        yield node, term("gp:approximate"), typed(reading.approximate, "boolean")
        if reading.value is not None:
            yield node, term("gp:value"), typed(reading.value, "decimal")
        for about in found.about:
            yield node, term("gp:observationOf"), about
        for area in found.areas:
            yield node, term("gp:observedArea"), area
        evidence = found.row.cells.get("quote") or found.row.cells.get("reference_quote", "")
        yield from mapping.optional(node, "gp:quote", evidence)
        if found.period:
            span = dates.parse(found.period)
            yield node, term("gp:referencePeriodText"), text(found.period)
            yield node, term("gp:referenceFrom"), typed(span.first, "date")
            yield node, term("gp:referenceTo"), typed(span.last, "date")


def _structure(table: str) -> Iterator[Triple]:
    """Yield the data structure of a table and its components; the table is the data set."""
    structure = thing("structure", table)
    yield thing("table", table), term("qb:structure"), structure
    yield from mapping.kind(thing("table", table), "qb:DataSet")
    yield from mapping.kind(structure, "qb:DataStructureDefinition")
    yield from mapping.names(structure, f"{table} 的数据结构", f"Data structure of {table}")
    components = {"observedMeasure": "dimension", "value": "measure", "hasUnit": "attribute", "printed": "attribute"}
    components |= {"approximate": "attribute", "referencePeriodText": "attribute"}
    components |= {"observationOf": "dimension"} | ({"observedArea": "dimension"} if table.endswith("text") else {})
    for local, role in components.items():
        component = thing("structure", f"{table}/{local}")
        yield structure, term("qb:component"), component
        yield from mapping.kind(component, "qb:ComponentSpecification")
        yield component, term(f"qb:{role}"), term(f"gp:{local}")


def entities(package: Package) -> Iterator[Triple]:
    """Yield triples for the clusters, indicators, positionings, strategies and claims of the papers."""
    mapper = Mapper(package, "p2-t1")
    for row in package.rows("p2-t1"):
        node = thing("cluster", row["cluster_id"])
        yield from mapping.kind(node, "gp:ScienceCluster")
        yield from mapping.names(node, row["name"], row["name_en"])
        for area in mapper.referenced(row, DESCRIBES):
            if area != node:
                yield node, term("gp:coversArea"), area
    for row in package.rows("p2-t3"):
        node = thing("indicator", row["indicator_id"])
        yield from mapping.kind(node, "gp:Indicator")
        yield from mapping.names(node, row["indicator"], row["indicator_en"])
        yield node, term("gp:hasHeading"), concept("indicator-heading", row["heading_id"])
        yield node, term("gp:contentDescription"), text(row["content"])
    yield from _positionings(package)
    mapper = Mapper(package, "strategies")
    for row in package.rows("strategies"):
        yield from mapper.triples(row)
    mapper = Mapper(package, "claims")
    for row in package.rows("claims"):
        yield from mapper.triples(row)
        yield from mapping.optional(mapper.subject(row), "gp:claimedNumbers", row["numbers"])


def claimed_positions(package: Package) -> Iterator[tuple[Row, Row, str]]:
    """Yield the positions that areas claim, from table 2 and the running text of the second paper.

    Yields:
        The row that names the position, the row that names areas and plan, and the quote.
    """
    cells = package.index("p2-t2")
    for row in package.rows("p2-positions"):
        yield row, cells[row["row_id"]], row["phrase"]
    for row in package.rows("p2-text-positions"):
        yield row, row, row["quote"]


def _positionings(package: Package) -> Iterator[Triple]:
    """Yield triples for the positions that areas claim; in table 2 areas and plan stand in a row of their own."""
    positions, places, regions = package.index("positionings"), package.index("places"), package.index("regions")
    mappers = {table: Mapper(package, table) for table in ("p2-positions", "p2-text-positions", "p2-t2")}
    for row, area_row, _ in claimed_positions(package):
        mapper = mappers[row.resource]
        node, position = mapper.subject(row), positions[row["positioning_id"]]
        keys = [places[key] for key in area_row.many("place_ids")] + [
            regions[key] for key in area_row.many("region_ids")
        ]
        chinese = f"{'、'.join(key['name_zh'] for key in keys)}：{position['label_zh']}"
        english = f"{', '.join(key['name_en'] for key in keys)}: {position['label_en']}"
        yield from mapper.triples(row)
        yield from mapping.names(node, chinese, english)
        if area_row is not row:
            for area in mappers[area_row.resource].referenced(area_row, DESCRIBES):
                yield node, term("gp:positionsArea"), area
            yield from mapping.optional(node, "gp:planTitle", area_row["plan"])


def schemes(package: Package) -> Iterator[Triple]:
    """Yield triples for the measures, sectors and positions."""
    for table in ("measures", "sectors", "positionings"):
        yield from mapping.concepts(package, table)


def printed_designations(package: Package) -> dict[str, list[str]]:
    """Return table and row of the papers' rows that describe designations, with the keys of the designations."""
    designations: dict[str, list[str]] = {}
    for row in package.rows("designations"):
        for entry in row.many("record_ids"):
            designations.setdefault(entry, []).append(row["id"])
    return designations

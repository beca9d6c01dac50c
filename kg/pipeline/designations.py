"""The plates as triples: what their records, taken together, tell us, and where each told value comes from."""

from collections.abc import Iterable, Iterator

from kg.pipeline import mapping
from kg.pipeline.merge import Plate, Value
from kg.pipeline.registry import RELATION_WORDS, Names
from kg.tables import Package
from kg.text import pinyin
from kg.vocab import Triple, concept, term, text, thing

LINKS = (
    ("carrier_ids", "gp:borneBy", "carrier"),
    ("place_ids", "gp:locatedIn", "place"),
    ("authority_ids", "gp:approvedBy", "authority"),
    ("supervisor_ids", "gp:supervisedBy", "authority"),
)
"""Merged column, the property that says it, and the kind of thing that its keys name."""

CONCEPTS = (
    ("field_ids", "gp:hasField", "field"),
    ("place_basis", "gp:hasPlaceBasis", "place-basis"),
    ("standing", "gp:hasStanding", "standing"),
)
"""Merged column, the property that says it, and the scheme of its concepts."""

STAGE_WORDS = {"begun": ("创建", "begun"), "recognised": ("认定", "recognised")}
RELATIONS = {"lies-on": "gp:liesOn", "contains": "gp:containsPlate", "succeeds": "gp:succeedsPlate"}


def designations(package: Package, plates: Iterable[Plate], printed: Names, readings: pinyin.Known) -> Iterator[Triple]:
    """Say the plates. Names that records or papers print and that differ from the plate's own stay as other names."""
    programmes = package.index("programmes")
    unsourced = {row["id"] for row in package.rows("sources") if row["reliability"] == "unsourced"}
    for plate in plates:
        node, row = thing("designation", plate.key), plate.row
        programme = programmes[row["programme_id"]]
        yield from mapping.kind(node, "gp:Designation", f"gp:{programme['category'].capitalize()}")
        others = [record["name"] for record in plate.records] + sorted(printed.get(("designation", plate.key), set()))
        yield from mapping.names(node, row["name_zh"], row["name_en"], others)
        yield from mapping.transcription(node, row, readings)
        yield node, term("gp:underProgramme"), thing("programme", row["programme_id"])
        yield node, term("gp:hasBearerKind"), concept("bearer-kind", programme["bearer"])
        yield node, term("gp:hasExtent"), concept("extent", plate.cell("extent") or "unknown")
        for column, relation, kind in LINKS:
            for key in plate.many(column):
                yield node, term(relation), thing(kind, key)
        for column, relation, scheme in CONCEPTS:
            for key in plate.many(column):
                yield node, term(relation), concept(scheme, key)
        yield from mapping.dated(node, plate.cell("approved_date"), "approved")
        yield from mapping.dated(node, plate.cell("ended_date"), "ended")
        for document in plate.many("document"):
            yield node, term("gp:documentNumber"), text(document)
        derived = [column for column, value in plate.values.items() if value.derived]
        for column in dict.fromkeys([*row.many("derived"), *derived]):
            yield node, term("gp:derivedCell"), text(column)
        if unsourced.issuperset(plate.sources):
            yield node, term("gp:statementStatus"), concept("status", "unsourced")
        yield from _stages(plate)


def _stages(plate: Plate) -> Iterator[Triple]:
    for stage, value in plate.stages.items():
        node = thing("stage", f"{plate.key}/{stage}")
        chinese, english = STAGE_WORDS[stage]
        yield thing("designation", plate.key), term("gp:hasStage"), node
        yield from mapping.kind(node, "gp:Stage")
        yield from mapping.names(node, f"{plate.row['name_zh']}：{chinese}", f"{plate.row['name_zh']}: {english}")
        yield node, term("gp:hasStageKind"), concept("stage", stage)
        yield from mapping.dated(node, value.cell, "approved")


def relations(package: Package) -> Iterator[Triple]:
    """Say how plates stand to one another: directly, and as a statement with its status."""
    names = {row["id"]: row["name_zh"] for row in package.rows("designations")}
    for row in package.rows("designation_relations"):
        one, other = thing("designation", row["subject_id"]), thing("designation", row["object_id"])
        yield one, term(RELATIONS[row["relation"]]), other
        node = thing("plate-relation", row["id"])
        chinese, english = RELATION_WORDS[row["relation"]]
        subject, object_ = names[row["subject_id"]], names[row["object_id"]]
        yield from mapping.kind(node, "gp:PlateRelation")
        yield from mapping.names(node, f"{subject}{chinese}{object_}", f"{subject} {english} {object_}")
        yield node, term("gp:relatesPlate"), one
        yield node, term("gp:relatesToPlate"), other
        yield node, term("gp:relationKind"), concept("relation", row["relation"])
        yield node, term("gp:statementStatus"), concept("status", row["status"])


def readings(plates: Iterable[Plate]) -> Iterator[Triple]:
    """Say of each plate its records, and of plates with several which of them say what, and what others say instead.

    With one record there is nothing to tell apart, and a node for each value would only repeat the plate.
    """
    for plate in plates:
        designation = thing("designation", plate.key)
        for record in plate.records:
            yield designation, term("prov:wasDerivedFrom"), thing("record", record["id"])
        if len(plate.records) > 1:
            for column, value in plate.values.items():
                yield from _reading(plate, column, column, value)
            for stage, value in plate.stages.items():
                if value != plate.values["approved_date"]:
                    yield from _reading(plate, f"approved_date/{stage}", "approved_date", value)


def _reading(plate: Plate, key: str, column: str, value: Value) -> Iterator[Triple]:
    node = thing("reading", f"{plate.key}/{key}")
    yield from mapping.kind(node, "gp:Reading")
    yield node, term("gp:readingOf"), thing("designation", plate.key)
    yield node, term("gp:columnName"), text(column)
    yield node, term("gp:takenValue"), text(value.cell)
    for record in value.records:
        yield node, term("prov:wasDerivedFrom"), thing("record", record)
    for entries, records in value.others:
        yield node, term("gp:disregardedValue"), text(";".join(entries))
        for record in records:
            yield node, term("gp:disregardsRecord"), thing("record", record)


def withdrawn(package: Package) -> Iterator[Triple]:
    """Say which keys were withdrawn, why and when, and what follows them."""
    for row in package.rows("withdrawn"):
        kind, _, key = row["id"].partition("/")
        node = thing(kind, key)
        yield from mapping.kind(node, "gp:WithdrawnKey")
        yield node, term("gp:reason"), text(row["reason"])
        yield from mapping.dated(node, row["withdrawn_on"], "withdrawn")
        for successor in row.many("successor_ids"):
            kind, _, key = successor.partition("/")
            yield node, term("gp:replacedBy"), thing(kind, key)

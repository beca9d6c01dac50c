"""Designations as triples: values merged from their records, and the records behind each value."""

from collections.abc import Iterable, Iterator

from kg.pipeline import mapping
from kg.pipeline.merge import Designation, Value
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
"""Merged column, its property, and the kind of resource that its keys name."""

CONCEPTS = (
    ("field_ids", "gp:hasField", "field"),
    ("place_basis", "gp:hasPlaceBasis", "place-basis"),
    ("standing", "gp:hasStanding", "standing"),
)
"""Merged column, its property, and the scheme of its concepts."""

STAGE_WORDS = {"begun": ("创建", "begun"), "recognised": ("认定", "recognised")}
RELATIONS = {"lies-on": "gp:liesOn", "contains": "gp:containsDesignation", "succeeds": "gp:succeeds"}


def triples(
    package: Package, designations: Iterable[Designation], printed: Names, readings: pinyin.KnownNames
) -> Iterator[Triple]:
    """Yield triples for designations; names printed in records or papers that differ become `skos:altLabel`."""
    programmes = package.index("programmes")
    unsourced = {row["id"] for row in package.rows("sources") if row["reliability"] == "unsourced"}
    for designation in designations:
        node, row = thing("designation", designation.key), designation.row
        programme = programmes[row["programme_id"]]
        yield from mapping.kind(node, "gp:Designation", f"gp:{programme['category'].capitalize()}")
        others = [record["name"] for record in designation.records] + sorted(
            printed.get(("designation", designation.key), set())
        )
        yield from mapping.names(node, row["name_zh"], row["name_en"], others)
        yield from mapping.transcription(node, row, readings)
        yield node, term("gp:underProgramme"), thing("programme", row["programme_id"])
        yield node, term("gp:hasBearerKind"), concept("bearer-kind", programme["bearer"])
        yield node, term("gp:hasExtent"), concept("extent", designation.cell("extent") or "unknown")
        for column, relation, kind in LINKS:
            for key in designation.many(column):
                yield node, term(relation), thing(kind, key)
        for column, relation, scheme in CONCEPTS:
            for key in designation.many(column):
                yield node, term(relation), concept(scheme, key)
        yield from mapping.dated(node, designation.cell("approved_date"), "approved")
        yield from mapping.dated(node, designation.cell("ended_date"), "ended")
        for document in designation.many("document"):
            yield node, term("gp:documentNumber"), text(document)
        derived = [column for column, value in designation.values.items() if value.derived]
        for column in dict.fromkeys([*row.many("derived"), *derived]):
            yield node, term("gp:derivedCell"), text(column)
        if unsourced.issuperset(designation.sources):
            yield node, term("gp:statementStatus"), concept("status", "unsourced")
        yield from _stages(designation)


def _stages(designation: Designation) -> Iterator[Triple]:
    for stage, value in designation.stages.items():
        node = thing("stage", f"{designation.key}/{stage}")
        chinese, english = STAGE_WORDS[stage]
        yield thing("designation", designation.key), term("gp:hasStage"), node
        yield from mapping.kind(node, "gp:Stage")
        yield from mapping.names(
            node, f"{designation.row['name_zh']}：{chinese}", f"{designation.row['name_zh']}: {english}"
        )
        yield node, term("gp:hasStageKind"), concept("stage", stage)
        yield from mapping.dated(node, value.cell, "approved")


def relations(package: Package) -> Iterator[Triple]:
    """Yield relations between designations: as a direct property, and as a statement with its status."""
    names = {row["id"]: row["name_zh"] for row in package.rows("designations")}
    for row in package.rows("designation_relations"):
        one, other = thing("designation", row["subject_id"]), thing("designation", row["object_id"])
        yield one, term(RELATIONS[row["relation"]]), other
        node = thing("designation-relation", row["id"])
        chinese, english = RELATION_WORDS[row["relation"]]
        subject, object_ = names[row["subject_id"]], names[row["object_id"]]
        yield from mapping.kind(node, "gp:DesignationRelation")
        yield from mapping.names(node, f"{subject}{chinese}{object_}", f"{subject} {english} {object_}")
        yield node, term("gp:relatesDesignation"), one
        yield node, term("gp:relatesToDesignation"), other
        yield node, term("gp:relationKind"), concept("relation", row["relation"])
        yield node, term("gp:statementStatus"), concept("status", row["status"])


def readings(designations: Iterable[Designation]) -> Iterator[Triple]:
    """Yield the records of each designation and, if it has several, the records for and against each value.

    With a single record, a node for each value would only repeat the designation.
    """
    for designation in designations:
        node = thing("designation", designation.key)
        for record in designation.records:
            yield node, term("prov:wasDerivedFrom"), thing("record", record["id"])
        if len(designation.records) > 1:
            for column, value in designation.values.items():
                yield from _reading(designation, column, column, value)
            for stage, value in designation.stages.items():
                if value != designation.values["approved_date"]:
                    yield from _reading(designation, f"approved_date/{stage}", "approved_date", value)


def _reading(designation: Designation, key: str, column: str, value: Value) -> Iterator[Triple]:
    node = thing("reading", f"{designation.key}/{key}")
    yield from mapping.kind(node, "gp:Reading")
    yield node, term("gp:readingOf"), thing("designation", designation.key)
    yield node, term("gp:columnName"), text(column)
    yield node, term("gp:takenValue"), text(value.cell)
    for record in value.records:
        yield node, term("prov:wasDerivedFrom"), thing("record", record)
    for entries, records in value.others:
        yield node, term("gp:disregardedValue"), text(";".join(entries))
        for record in records:
            yield node, term("gp:disregardsRecord"), thing("record", record)


def withdrawn(package: Package) -> Iterator[Triple]:
    """Yield triples for withdrawn keys: reason, date, successors."""
    for row in package.rows("withdrawn"):
        kind, _, key = row["id"].partition("/")
        node = thing(kind, key)
        yield from mapping.kind(node, "gp:WithdrawnKey")
        yield node, term("gp:reason"), text(row["reason"])
        yield from mapping.dated(node, row["withdrawn_on"], "withdrawn")
        for successor in row.many("successor_ids"):
            kind, _, key = successor.partition("/")
            yield node, term("gp:replacedBy"), thing(kind, key)

"""Designations as triples: values merged from their records, and the records behind each value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from kg.pipeline import mapping
from kg.pipeline.mapping import Mapper
from kg.pipeline.merge import Designation, Value
from kg.pipeline.registry import Names, statement_words
from kg.tables import Package, Row, dates, grades
from kg.text import pinyin
from kg.vocab import Triple, concept, term, text, thing, typed

DEFAULTS = {"extent": ("unknown",)}
"""Merged column to what stands where no record says anything."""


def triples(
    package: Package, designations: Iterable[Designation], printed: Names, readings: pinyin.KnownNames
) -> Iterator[Triple]:
    """Yield triples for designations; names printed in records or papers that differ become `skos:altLabel`."""
    programmes, mapper, merged = package.index("programmes"), Mapper(package, "designations"), mapping.merged(package)
    lists, forms, known = package.index("lists"), replaced_forms(package), grades.grades(package)
    stages = statement_words(package, "stage")
    unsourced = {row["id"] for row in package.rows("sources") if row["reliability"] == "unsourced"}
    for designation in designations:
        row = designation.row
        node, programme = mapper.subject(row), programmes[row["programme_id"]]
        yield from mapping.kind(node, f"gp:{programme['category'].capitalize()}")
        others = [record["name"] for record in designation.records] + sorted(
            printed.get(("designation", designation.key), set())
        )
        yield from mapper.triples(row, others)
        yield from mapping.transcription(node, row, readings)
        yield node, term("gp:hasBearerKind"), concept("bearer-kind", programme["bearer"])
        for column, emit in merged.items():
            yield from emit(node, designation.many(column) or DEFAULTS.get(column, ()))
        derived = [column for column, value in designation.values.items() if value.derived]
        for column in dict.fromkeys([*row.many("derived"), *derived]):
            yield node, term("gp:derivedCell"), text(column)
        if unsourced.issuperset(designation.sources):
            yield node, term("gp:statementStatus"), concept("status", "unsourced")
        for row in designation.statements:
            yield node, term("gp:isPlacedBy"), mapping.minting(package.resources[row.resource])(row["id"])
        if day := known_to(designation, lists, programme, forms[programme["id"]]):
            yield node, term("gp:knownTo"), typed(day, "date")
        best, worst = grades.span(designation.sources, known)
        yield node, term("gp:hasBestGrade"), concept("source-grade", best)
        yield node, term("gp:hasWorstGrade"), concept("source-grade", worst)
        yield from _stages(designation, stages)


def counted_from(designation: Designation, lists: Mapping[str, Row]) -> date | None:
    """Return the first possible day of approval, else 1 January of the year of the oldest list that names it."""
    if approved := designation.cell("approved_date"):
        return dates.parse(approved).first
    editions = (lists[record["list_id"]]["edition"] for record in designation.records)
    named = [dates.parse(edition).first.year for edition in editions if edition]
    return date(min(named), 1, 1) if named else None


def replaced_forms(package: Package) -> Mapping[str, Sequence[Row]]:
    """Return the replaced forms of every programme (replaced_forms.csv)."""
    found: dict[str, Sequence[Row]] = dict.fromkeys(package.index("programmes"), ())
    return found | package.grouped("replaced_forms", "programme_id")


def known_to(
    designation: Designation, lists: Mapping[str, Row], programme: Row, forms: Iterable[Row] = ()
) -> date | None:
    """Return the last day for which it is known that a designation is in force; None if nothing sets a limit.

    A list of a closed period speaks up to its end; one whose designations are reviewed every few years speaks of each
    up to the end of the year in which its review falls. Of a programme, or a form of its designations (出口加工区),
    that another one replaced as a whole it is known up to then, unless a later list names the designation. A stated end
    takes the place of all.
    """
    if designation.cell("ended_date"):
        return None
    limits = [_limit(record, lists[record["list_id"]]) for record in designation.records]
    days = [day for day in limits if day is not None]
    known = [max(days)] if len(days) == len(limits) else []
    limited = [programme, *(form for form in forms if form["word"] in designation.row["name_zh"])]
    replaced = [dates.parse(row["known_to"]).last for row in limited if row["known_to"]]
    editions = [lists[record["list_id"]]["edition"] for record in designation.records]
    named = max((dates.parse(edition).first for edition in editions if edition), default=date.min)
    return min([*known, *(day for day in replaced if named <= day)], default=None)


def _limit(record: Row, row: Row) -> date | None:
    if row["known_to"]:
        return dates.parse(row["known_to"]).last
    if row["review_years"] and record["approved_date"]:
        return date(dates.parse(record["approved_date"]).last.year + int(row["review_years"]), 12, 31)
    return None


def _stages(designation: Designation, words: Mapping[str, tuple[str, str]]) -> Iterator[Triple]:
    for stage, value in designation.stages.items():
        node = thing("stage", f"{designation.key}/{stage}")
        chinese, english = words[stage]
        yield thing("designation", designation.key), term("gp:hasStage"), node
        yield from mapping.kind(node, "gp:Stage")
        name_zh, name_en = designation.row["name_zh"], designation.row["name_en"]
        yield from mapping.names(node, f"{name_zh}：{chinese}", f"{name_en or name_zh}: {english}")
        yield node, term("gp:hasStageKind"), concept("stage", stage)
        yield from mapping.dated(node, value.cell, "approved")


def relations(package: Package) -> Iterator[Triple]:
    """Yield relations between designations: as a direct property, and as a statement with its status."""
    names = package.index("designations")
    mapper, words = Mapper(package, "designation_relations"), statement_words(package, "relation")
    properties = package.resources["designation_relations"].described["relation"].value_properties
    for row in package.rows("designation_relations"):
        one, other = thing("designation", row["subject_id"]), thing("designation", row["object_id"])
        yield one, term(properties[row["relation"]]), other
        chinese, english = words[row["relation"]]
        (subject_zh, subject_en), (object_zh, object_en) = (
            (named["name_zh"], named["name_en"] or named["name_zh"])
            for named in (names[row["subject_id"]], names[row["object_id"]])
        )
        yield from mapper.triples(row)
        joined = f"{subject_zh}{chinese}{object_zh}", f"{subject_en} {english} {object_en}"
        yield from mapping.names(mapper.subject(row), *joined)


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
    mapper = Mapper(package, "withdrawn")
    for row in package.rows("withdrawn"):
        yield from mapper.triples(row)

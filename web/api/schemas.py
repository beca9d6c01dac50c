"""JSON Schemas of what the JSON addresses answer, made from the definitions and data classes that serve them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from kg.analysis.ask.ask import Answer
from kg.analysis.findings.finding import Finding
from web.lists.definitions import PAIRS, THINGS_KINDS, Column, Definition

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
IRI: Schema = {"type": "string", "format": "iri"}
NAMED: Schema = {
    "type": "object",
    "properties": {"iri": IRI, "name": TEXT},
    "required": ["iri", "name"],
    "additionalProperties": False,
}
"""A thing with its name in the language of the answer."""


def listed(schema: Schema) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": schema}


def nullable(kind: str, **more: object) -> Schema:
    """Return the schema of a value of a JSON type that may be unknown."""
    return {"type": [kind, "null"], **more}


def closed(properties: Mapping[str, Schema], *optional: str) -> Schema:
    """Return the schema of an object with these properties and no others; all but the optional ones are required."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def entry_of(definition: Definition) -> Schema:
    """Return the schema of an entry of a list: IRI, name, and the members of each column."""
    members = {"iri": IRI, "name": TEXT}
    for column in definition.columns:
        members |= _members(column)
    return closed(members, *(name for name in members if name not in ("iri", "name")))


def _members(column: Column) -> dict[str, Schema]:
    if column.kind in THINGS_KINDS:
        return {column.name: listed(NAMED)}
    if column.kind in PAIRS:
        value = nullable("string", format="date") if column.kind == "days" else nullable("integer")
        return dict.fromkeys(column.headers, value)
    if column.printed:
        return {column.name: TEXT}
    return {column.name: nullable({"number": "integer", "boolean": "boolean"}.get(column.kind, "string"))}


def list_of(definition: Definition, entry: Schema) -> Schema:
    """Return the schema of a whole list as JSON: what was asked, the entries, their number."""
    keys: Schema = {"anyOf": [TEXT, listed(TEXT)]}
    members: dict[str, Schema] = {
        "list": {"const": definition.name},
        "language": {"enum": ["zh", "en"]},
        "filters": closed({facet.name: keys for facet in definition.facets}, *(f.name for f in definition.facets)),
        "q": TEXT,
        "unknown": listed(TEXT),
        "entries": listed(entry),
        "total": NUMBER,
    }
    return closed(members, "q")


def of_type(kind: type) -> Schema:
    """Return the schema of a data class as JSON, its parts in place: none of ours contains itself.

    A tuple of equal parts is an array of a fixed length, which more tools understand than `prefixItems`.
    """
    made = TypeAdapter(kind).json_schema(mode="serialization")
    parts = made.pop("$defs", {})

    def whole(part: Any) -> Any:  # noqa: ANN401 — any part of a schema
        if isinstance(part, dict):
            if "$ref" in part:
                return whole(parts[part["$ref"].rpartition("/")[2]])
            ordered = [
                {name: value for name, value in each.items() if name != "title"} for each in part.get("prefixItems", ())
            ]
            same = ordered and all(each == ordered[0] for each in ordered)
            kept = {name: whole(value) for name, value in part.items() if not (same and name == "prefixItems")}
            return {**kept, "items": whole(ordered[0])} if same else kept
        return [whole(each) for each in part] if isinstance(part, list) else part

    return dict(whole(made))


@cache
def ask() -> Schema:
    """Return the schema of `/ask.json`, from the data class of the answer."""
    answer = of_type(Answer)
    counts: Schema = {"type": "object", "additionalProperties": NUMBER}
    return {**answer, "properties": {**answer["properties"], "counts": counts}}


@cache
def finding() -> Schema:
    """Return the schema of a finding: its group, and its state on each day of the list."""
    state = of_type(Finding)
    properties = {name: part for name, part in state["properties"].items() if name not in ("key", "kind", "group")}
    group: Schema = {"type": "object", "additionalProperties": TEXT}
    return closed({"iri": IRI, "title": TEXT, "kind": TEXT, "group": group, "states": listed(closed(properties))})


def hit() -> Schema:
    """Return the schema of an entry of `/search.json`."""
    matched = closed(dict.fromkeys(("name", "standing", "how", "bearer"), TEXT))
    return closed(
        {
            "iri": IRI,
            "kind": TEXT,
            "names": {"type": "object", "additionalProperties": TEXT},
            "context": listed(IRI),
            "matched": {"anyOf": [matched, {"type": "null"}]},
        }
    )


def hits() -> Schema:
    """Return the schema of `/search.json`."""
    kinds: Schema = {"type": "object", "additionalProperties": NUMBER}
    members = {"query": TEXT, "kind": TEXT, "total": NUMBER, "complete": {"type": "boolean"}, "kinds": kinds}
    return closed({**members, "entries": listed(hit())})

"""Names of things that have none of their own: rows, readings, points and messages are called after their kin."""

import re
from collections.abc import Callable, Mapping

from kg.store import NamedNode
from kg.vocab import SCHEMES, SHAPES, TERMS, THINGS
from web.graph.queries import Graph, Label, expanded, last_part, value

COLUMNS = {
    "name_zh": "skos:prefLabel",
    "place_ids": "gp:locatedIn",
    "carrier_ids": "gp:borneBy",
    "authority_ids": "gp:approvedBy",
    "supervisor_ids": "gp:supervisedBy",
    "field_ids": "gp:hasField",
    "extent": "gp:hasExtent",
    "standing": "gp:hasStanding",
    "place_basis": "gp:hasPlaceBasis",
    "document": "gp:documentNumber",
    "approved_date": "gp:approvedText",
    "ended_date": "gp:endedText",
}
"""Column of a designation's readings to the property that says its value."""
PRINTED = re.compile(r"p\d-t\d")
"""Key of a table that a paper prints; each of its rows has a record of the same key."""
Named = Callable[[str], Label]
"""The name of another thing in the asked language."""


def composed(graph: Graph, iri: str, asked: str, named: Named) -> Label | None:
    """Return a name for a thing that has none, made from the names of those that it belongs to; None for other things.

    Args:
        graph: is asked for the message of the validation, which its IRI does not tell.
        iri: of the thing.
        asked: language of the reader, `zh` or `en`.
        named: gives the name of another thing in that language.
    """
    if iri.startswith(SHAPES):
        return Label(iri.removeprefix(SHAPES), "")
    kind, _, key = iri.removeprefix(THINGS).partition("/")
    make = KINDS.get(kind) if iri.startswith(THINGS) else None
    return make(graph, key, asked, named) if make else None


def _row(_graph: Graph, key: str, asked: str, named: Named) -> Label:
    """The short name of its table and its key there; of a table printed in a paper, what the row is about, too."""
    table, _, row = key.partition("/")
    label = named(f"{THINGS}table/{table}")
    short = f"{re.split('[:：]', label.text)[0]} {row}"
    if not PRINTED.fullmatch(table):
        return Label(short, label.language)
    return _joined(Label(short, label.language), named(f"{THINGS}record/{key}").text, asked)


def _reading(_graph: Graph, key: str, asked: str, named: Named) -> Label:
    """The designation and the property that the column becomes; of a stage, the stage with it."""
    designation, _, column = key.partition("/")
    column, _, stage = column.partition("/")
    property_name = COLUMNS.get(column)
    said = named(expanded(property_name) or "").text if property_name else column
    if stage:
        said = f"{said} ({named(f'{SCHEMES}stage/{stage}').text})"
    return _joined(named(f"{THINGS}designation/{designation}"), said, asked)


def _geometry(_graph: Graph, key: str, asked: str, named: Named) -> Label:
    return _joined(named(f"{THINGS}place/{key}"), "坐标点" if asked == "zh" else "point on the map", asked)


def _structure(_graph: Graph, key: str, asked: str, named: Named) -> Label | None:
    """The table, and the component of its structure; a structure itself has a name."""
    table, _, component = key.partition("/")
    return _joined(named(f"{THINGS}table/{table}"), named(TERMS + component).text, asked) if component else None


def _subtraction(_graph: Graph, key: str, asked: str, named: Named) -> Label:
    """The two designations, and how they stand to each other by design."""
    one, _, rest = key.partition("/")
    relation, _, rest = rest.partition("/")
    other = rest.partition("/")[0]
    designations = [named(f"{THINGS}designation/{designation}") for designation in (one, other)]
    text = f" · {named(f'{SCHEMES}relation/{relation}').text} · ".join(designation.text for designation in designations)
    return Label(text, asked)


def _result(graph: Graph, key: str, asked: str, named: Named) -> Label:
    """The thing that a message of the validation is about, and what it says."""
    if key == "report":
        return Label("校验报告" if asked == "zh" else "Report of the validation", asked)
    rows = graph.rows("graph/result", result=NamedNode(f"{THINGS}result/{key}"))
    if not rows:
        return Label(key, "")
    return _joined(named(value(rows[0], "focus")), value(rows[0], asked) or last_part(value(rows[0], "shape")), asked)


def _joined(thing: Label, said: str, asked: str) -> Label:
    """Return the name of a thing and what is said of it; in the language of the page, whatever that of the thing."""
    return Label(f"{thing.text}{'：' if asked == 'zh' else ': '}{said}", asked)


KINDS: Mapping[str, Callable[[Graph, str, str, Named], Label | None]] = {
    "row": _row,
    "reading": _reading,
    "geometry": _geometry,
    "structure": _structure,
    "subtraction": _subtraction,
    "result": _result,
}
"""Kind of thing to how it is called."""

"""The page of a designation: programme, bearer, place and date, and what each record about it says as printed."""

from collections.abc import Mapping

from kg.store import NamedNode
from web.graph import Graph
from web.parts.papers import cells


def designation(graph: Graph, iri: str, _today: str) -> Mapping[str, object]:
    """Return the records that speak of a plate, each with its cells under the headings of its table."""
    records = graph.rows("plate_records", plate=NamedNode(iri))
    return {"records": [(row, cells(graph, str(row["record"].value))) for row in records]}

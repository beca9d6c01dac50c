"""The page of a carrier: designations by programme and ministry, spellings, branches."""

from collections.abc import Mapping
from itertools import groupby

from kg.store import NamedNode
from web.graph import ministries
from web.graph.queries import Graph, value
from web.graph.resource import Thing


def carrier(graph: Graph, thing: Thing, today: str) -> Mapping[str, object]:
    """Return the designations by programme with today's ministries, spellings and branches."""
    node = NamedNode(thing.iri)
    designations, answering = graph.rows("resource/carrier_designations", carrier=node), ministries.on(graph, today)
    programmes = [
        (programme, list(rows), answering.get(programme, ()))
        for programme, rows in groupby(designations, key=lambda row: value(row, "programme"))
    ]
    return {
        "programmes": programmes,
        "total": len(designations),
        "ministries": sorted({tie.ministry for _, _, ties in programmes for tie in ties}),
        "spellings": [value(row, "label") for row in graph.rows("graph/other_names", thing=node)],
        "branches": graph.rows("resource/carrier_branches", carrier=node),
        "seats": graph.rows("resource/carrier_seats", carrier=node),
    }

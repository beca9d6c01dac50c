"""The page of a carrier: its plates by programme and ministry, its spellings, what is above and below it."""

from collections.abc import Mapping
from itertools import groupby

from kg.store import NamedNode
from web.graph.iris import key_of
from web.graph.queries import Graph, value
from web.graph.resource import Thing
from web.lists import counts


def carrier(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the plates of a carrier by programme with the ministries behind each today, its names and branches."""
    node = NamedNode(thing.iri)
    plates = graph.rows("resource/carrier_plates", carrier=node)
    programmes = [
        (programme, list(rows), counts.ministries(key_of(programme)), counts.inferred(key_of(programme)))
        for programme, rows in groupby(plates, key=lambda row: value(row, "programme"))
    ]
    return {
        "programmes": programmes,
        "total": len(plates),
        "ministries": sorted({ministry for _, _, behind, _ in programmes for ministry in behind}),
        "spellings": [value(row, "label") for row in graph.rows("graph/other_names", thing=node)],
        "branches": graph.rows("resource/carrier_branches", carrier=node),
    }

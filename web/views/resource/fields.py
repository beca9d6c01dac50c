"""The page of a field: designations by programme, province and year, narrower fields."""

from collections.abc import Mapping

from kg.store import NamedNode
from web.graph.iris import key_of
from web.graph.queries import Graph, value
from web.graph.resource import Thing
from web.lists import counts


def field(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the narrower fields and the designations by programme, province and year."""
    key, designations = key_of(thing.iri), counts.fields()
    narrower = [value(row, "concept") for row in graph.rows("resource/narrower", thing=NamedNode(thing.iri))]
    held = counts.stack("field", key)
    return {
        "total": designations.get(key, 0),
        "narrower": [(concept, designations.get(key_of(concept), 0)) for concept in narrower],
        "held": held,
        "matrix": counts.matrix(held),
        "provinces": counts.provinces("field", key),
        "years": counts.years("field", key),
        "undated": counts.undated("field", key),
        "spread": counts.spread("field", key),
    }

"""Pages of resources: for each kind with content of its own, a function and a template."""

from collections.abc import Callable, Mapping

from web.graph.queries import Graph
from web.graph.resource import Thing
from web.views.resource import authorities, carriers, concepts, designations, fields, papers, places, programmes

Part = Callable[[Graph, Thing, str], Mapping[str, object]]
"""Takes graph, resource and today (YYYY-MM-DD); returns the template context."""

PARTS: Mapping[str, Part] = {
    "programme": programmes.programme,
    "authority": authorities.authority,
    "designation": designations.designation,
    "carrier": carriers.carrier,
    "place": places.place,
    "region": places.region,
    "table": papers.table,
    "row": papers.row,
    "record": papers.record,
    "source": papers.source,
    "claim": papers.claim,
}
"""Kind to its part; the template is `resource/<kind>.html`."""

CONCEPT_PARTS: Mapping[str, Part] = {
    "purpose": concepts.purpose,
    "position": concepts.position,
    "measure": concepts.measure,
    "field": fields.field,
}
"""Scheme to the part of its concepts; the template is `resource/<scheme>.html`."""

"""What the page of a kind of thing shows above its statements: one function and one template for each such kind."""

from collections.abc import Callable, Mapping

from web.graph.queries import Graph
from web.graph.resource import Thing
from web.views.resource import authorities, carriers, concepts, designations, fields, papers, places, programmes

Part = Callable[[Graph, Thing, str], Mapping[str, object]]
"""Takes the graph, the thing and the day called today; returns what the template shows."""

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
"""Kind of thing to its part; the template is `resource/<kind>.html`."""

CONCEPT_PARTS: Mapping[str, Part] = {
    "purpose": concepts.purpose,
    "position": concepts.position,
    "measure": concepts.measure,
    "field": fields.field,
}
"""Scheme of concepts to the part of its concepts; the template is `resource/<scheme>.html`."""

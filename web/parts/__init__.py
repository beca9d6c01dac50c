"""What the page of a kind of thing shows above its statements: one function and one template for each such kind."""

from collections.abc import Callable, Mapping

from web.graph import Graph
from web.parts import areas, authorities, carriers, concepts, fields, papers, plates, programmes
from web.things import Thing

Part = Callable[[Graph, Thing, str], Mapping[str, object]]
"""Takes the graph, the thing and the day called today; returns what the template shows."""

PARTS: Mapping[str, Part] = {
    "programme": programmes.programme,
    "authority": authorities.authority,
    "designation": plates.designation,
    "carrier": carriers.carrier,
    "place": areas.place,
    "region": areas.region,
    "table": papers.table,
    "row": papers.row,
    "record": papers.record,
    "source": papers.source,
    "claim": papers.claim,
}
"""Kind of thing to its part; the template is `parts/<kind>.html`."""

CONCEPT_PARTS: Mapping[str, Part] = {
    "purpose": concepts.purpose,
    "position": concepts.position,
    "measure": concepts.measure,
    "field": fields.field,
}
"""Scheme of concepts to the part of its concepts; the template is `parts/<scheme>.html`."""

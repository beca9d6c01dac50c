"""Pictures of an answer: which of them it can be drawn as, and what is on each: bars, circles on the map, a graph."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kg.charts import maps
from kg.charts.maps import MAX_RADIUS, Ground, Point
from kg.store.formats import BlankNode, Literal, NamedNode, Row, Solutions, Term, number
from kg.vocab import PREFIXES, THINGS
from web.charts import choropleth
from web.graph.iris import POINT, address
from web.graph.labels import name
from web.graph.queries import Graph, last_part, prefixed, value
from web.html.fragments import shown

TABLE, BAR, MAP, GRAPH = "table", "bar", "map", "graph"
MOST_BARS, MOST_EDGES = 100, 200
"""What one picture holds; the page says what it leaves out, and the table has it."""
LONGEST = 40
"""Characters of a text in the graph; the table has the whole."""
PLACE = THINGS + "place/"
WKT = PREFIXES["geo"] + "wktLiteral"
NAMING = {PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label"}
"""Properties that name a node of the graph and are drawn as its name."""
TRIPLE = ({"s", "subject"}, {"p", "predicate", "property"}, {"o", "object", "value"})
"""Variables by which an answer of three columns is known as triples."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row as a bar: what it is of, its number as written, where the bar begins and how wide it is, in percent."""

    label: Markup
    text: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle on the map: its names, its number, address of the first thing there, centre and radius in units."""

    label: str
    value: float
    address: str | None
    x: float
    y: float
    radius: float


def ground(graph: Graph) -> Ground:
    """Return what maps of answers lie on: the places of the release and, if it has them, outlines of provinces."""
    return graph.cached("ground of maps", lambda: _ground(graph))


def _ground(graph: Graph) -> Ground:
    rows = graph.rows("charts/place_points")
    matches = {last_part(value(row, "place")): POINT.fullmatch(value(row, "point")) for row in rows}
    degrees = {code: (float(match[1]), float(match[2])) for code, match in matches.items() if match}
    country = choropleth.sheets().get("")
    if country is None:
        return maps.ground(degrees)
    return maps.ground(degrees, "".join(area.path for area in country.areas), country.frame)


def numbers(solutions: Solutions) -> list[str]:
    """Return the variables whose every value is a number."""
    return [
        variable
        for variable, column in zip(solutions.variables, _columns(solutions), strict=True)
        if any(column) and all(term is None or number(term) is not None for term in column)
    ]


def drawable(solutions: Solutions, ground: Ground) -> list[str]:
    """Return the pictures that an answer can be drawn as, the table first."""
    found = [TABLE]
    if numbers(solutions):
        found.append(BAR)
    if any(_placed(row, ground) for row in solutions.rows):
        found.append(MAP)
    if edges(solutions):
        found.append(GRAPH)
    return found


def bars(solutions: Solutions, variable: str) -> list[Bar]:
    """Return a bar for each of the first rows, in their order, all on one scale that begins at 0."""
    at, others = solutions.variables.index(variable), _labelling(solutions)
    rows = [(row, term, found) for row in solutions.rows if (term := row[at]) and (found := number(term)) is not None]
    rows = rows[:MOST_BARS]
    low, high = min([0.0, *(found for _, _, found in rows)]), max([0.0, *(found for _, _, found in rows)])
    scale = 100 / ((high - low) or 1)
    return [
        Bar(
            Markup(" · ").join(dict.fromkeys(shown(label) for place in others if (label := row[place]) is not None)),
            str(term.value),
            round((min(found, 0) - low) * scale, 2),
            round(abs(found) * scale, 2),
        )
        for row, term, found in rows
    ]


def spots(solutions: Solutions, variable: str, ground: Ground) -> tuple[list[Spot], int]:
    """Return a circle for each point of an answer, the largest first, and the count of rows without a point.

    Args:
        solutions: rows with places that have points, or with points as well-known text.
        variable: the number that a circle shows, summed up over its rows; empty for the count of rows.
        ground: where places lie.
    """
    at, others = solutions.variables.index(variable) if variable else None, _labelling(solutions)
    rows: dict[Point, list[Row]] = defaultdict(list)
    for row in solutions.rows:
        if point := _placed(row, ground):
            rows[point].append(row)
    sums = {point: sum(number(row[at]) or 0 if at is not None else 1 for row in found) for point, found in rows.items()}
    most = max([abs(total) for total in sums.values()], default=0) or 1
    made = [
        Spot(
            _called(found, others),
            sums[point],
            _leading(found),
            *point,
            round(max(MAX_RADIUS * math.sqrt(abs(sums[point]) / most), 2.5), 1),
        )
        for point, found in rows.items()
    ]
    return sorted(made, key=lambda spot: (-spot.radius, spot.label)), len(solutions.rows) - sum(map(len, rows.values()))


def edges(solutions: Solutions) -> list[tuple[Term, Term | None, Term]]:
    """Return the edges of an answer: its triples, or its first two columns of things, row by row; none elsewhere."""
    if len(solutions.variables) == 3 and all(
        variable.lower() in known for variable, known in zip(solutions.variables, TRIPLE, strict=True)
    ):
        return [(row[0], row[1], row[2]) for row in solutions.rows if row[0] is not None and row[2] is not None]
    things = [at for at, column in enumerate(_columns(solutions)) if any(column) and all(map(_is_thing, column))][:2]
    if len(things) < 2:
        return []
    pairs = ((row[things[0]], row[things[1]]) for row in solutions.rows)
    return [(source, None, target) for source, target in pairs if source is not None and target is not None]


def network(solutions: Solutions) -> tuple[dict[str, list[dict[str, str]]], int]:
    """Return nodes and edges with their names, ready to be drawn, and the count of edges that are left out."""
    found = edges(solutions)
    names = {_id(source): _text(target) for source, edge, target in found if _names(edge)}
    drawn = [(source, edge, target) for source, edge, target in found if not _names(edge)]
    kept = drawn[:MOST_EDGES]
    nodes = {_id(term): term for source, _, target in kept for term in (source, target)}
    return {
        "nodes": [
            {
                "id": identity,
                "label": names.get(identity) or _text(term),
                "kind": "text" if isinstance(term, Literal) else "thing",
                "address": (address(term.value) or "") if isinstance(term, NamedNode) else "",
            }
            for identity, term in nodes.items()
        ],
        "edges": [
            {"source": _id(source), "target": _id(target), "label": _text(edge) if edge is not None else ""}
            for source, edge, target in kept
        ],
    }, len(drawn) - len(kept)


def _names(edge: Term | None) -> bool:
    return isinstance(edge, NamedNode) and edge.value in NAMING


def _columns(solutions: Solutions) -> Iterable[Sequence[Term | None]]:
    return ([row[at] for row in solutions.rows] for at in range(len(solutions.variables)))


def _labelling(solutions: Solutions) -> list[int]:
    """Return the columns that say what a row is of: the first three that are neither numbers nor points."""
    taken = set(numbers(solutions))
    points = [any(_is_point(term) for term in column) for column in _columns(solutions)]
    return [at for at, variable in enumerate(solutions.variables) if variable not in taken and not points[at]][:3]


def _placed(row: Row, ground: Ground) -> Point | None:
    """Return where the first place or point of a row lies on the picture."""
    for term in row:
        if isinstance(term, NamedNode) and term.value.startswith(PLACE):
            found = ground.points.get(term.value.removeprefix(PLACE))
        elif isinstance(term, Literal) and _is_point(term) and (match := POINT.fullmatch(term.value)):
            found = ground.at(float(match[1]), float(match[2]))
        else:
            continue
        if found:
            return found
    return None


def _is_point(term: Term | None) -> bool:
    return isinstance(term, Literal) and term.datatype.value == WKT


def _is_thing(term: Term | None) -> bool:
    return term is None or isinstance(term, (NamedNode, BlankNode))


def _leading(rows: Iterable[Row]) -> str | None:
    """Return the address of the first thing in rows that has one."""
    named = (term.value for row in rows for term in row if isinstance(term, NamedNode))
    return next((found for iri in named if (found := address(iri))), None)


def _called(rows: Sequence[Row], columns: Sequence[int]) -> str:
    """Return the names of the first three rows at one point, once each."""
    texts = dict.fromkeys(
        " · ".join(dict.fromkeys(_text(term) for at in columns if (term := row[at]) is not None)) for row in rows[:3]
    )
    return "; ".join(texts) + (" …" if len(rows) > 3 else "")


def _id(term: Term) -> str:
    return str(term)


def _text(term: Term) -> str:
    """Return what a term is called, shortened to what a picture can hold."""
    if isinstance(term, NamedNode):
        label = name(term)
        text = label.text if label.language else prefixed(term.value)
    else:
        text = term.value if isinstance(term, Literal) else str(term)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

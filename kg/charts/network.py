"""Layout of the neighbourhood of a thing: relations with a few neighbours each, as nodes and lines of SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDE, NARROW = 980, 400
"""Width of the two-sided drawing, and of that for small screens, in SVG units."""
LINE_HEIGHT, RELATION_GAP, INDENT = 21, 12, 18
"""Height of a line, gap between relations, indent of neighbours, in SVG units."""
RELATION_OFFSET = 132
"""Distance of relations from the centre, in SVG units."""
CENTRE_RADIUS, RELATION_RADIUS = 9, 5
"""Distance of lines from the middle of a node, in SVG units."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a node shows: id, label, address (empty without a page)."""

    id: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A relation: the node of its property, its direction, its neighbours; more: the link to those not shown."""

    hub: Leaf
    outward: bool
    leaves: tuple[Leaf, ...]
    more: Leaf | None = None

    @property
    def height(self) -> int:
        """Height of the drawing of the relation, with the gap below it."""
        return LINE_HEIGHT * (1 + len(self.leaves) + bool(self.more)) + RELATION_GAP


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the drawing: id, label, kind (centre, relation, thing, more), address, position, side."""

    id: str
    label: str
    kind: str
    address: str
    x: float
    y: float
    side: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes, lines (ids of both ends and SVG path) and size."""

    nodes: tuple[Node, ...]
    lines: tuple[tuple[str, str, str], ...]
    width: int
    height: int


def two_sided(centre: Leaf, branches: Sequence[Branch]) -> Drawing:
    """Lay out incoming relations on the left of a thing, outgoing ones on the right."""
    sides = {
        "left": [branch for branch in branches if not branch.outward],
        "right": [branch for branch in branches if branch.outward],
    }
    heights = {side: _height(held) for side, held in sides.items()}
    height = max(*heights.values(), 3 * LINE_HEIGHT) + 2 * RELATION_GAP
    x, y = WIDE / 2, height / 2
    nodes, lines = [_node(centre, "centre", x, y, "centre")], []
    for side, held in sides.items():
        sign = -1 if side == "left" else 1
        near, start = x + sign * RELATION_OFFSET, x + sign * CENTRE_RADIUS
        bend, top = near - sign * RELATION_OFFSET / 2, (height - heights[side]) / 2
        for branch in held:
            lines.append(
                (centre.id, branch.hub.id, f"M{start:g} {y:g}C{bend:g} {y:g} {bend:g} {top:g} {near:g} {top:g}")
            )
            nodes += _placed(branch, near, top, side)
            lines += _twigs(nodes[-_count(branch) :])
            top += branch.height
    return Drawing(tuple(nodes), tuple(lines), WIDE, round(height))


def one_sided(centre: Leaf, branches: Sequence[Branch]) -> Drawing:
    """Lay out all relations below a thing."""
    height = max(_height(branches), 3 * LINE_HEIGHT) + 2 * RELATION_GAP + 2 * LINE_HEIGHT
    x, y, top = 14.0, LINE_HEIGHT * 1.0, 3.0 * LINE_HEIGHT
    nodes, lines = [_node(centre, "centre", x, y, "centre")], []
    for branch in branches:
        lines.append((centre.id, branch.hub.id, f"M{x:g} {y + CENTRE_RADIUS:g}V{top:g}H{x + INDENT:g}"))
        nodes += _placed(branch, x + INDENT, top, "right")
        lines += _twigs(nodes[-_count(branch) :])
        top += branch.height
    return Drawing(tuple(nodes), tuple(lines), NARROW, round(height))


def _height(branches: Sequence[Branch]) -> int:
    return sum(branch.height for branch in branches) - RELATION_GAP


def _count(branch: Branch) -> int:
    return 1 + len(branch.leaves) + bool(branch.more)


def _placed(branch: Branch, x: float, y: float, side: str) -> Iterator[Node]:
    """Yield the nodes of a relation: its property, and below it its neighbours."""
    yield _node(branch.hub, "relation", x, y, side)
    inner = x + (-INDENT if side == "left" else INDENT)
    for leaf in branch.leaves:
        y += LINE_HEIGHT
        yield _node(leaf, "thing", inner, y, side)
    if branch.more:
        yield _node(branch.more, "more", inner, y + LINE_HEIGHT, side)


def _node(leaf: Leaf, kind: str, x: float, y: float, side: str) -> Node:
    return Node(leaf.id, leaf.label, kind, leaf.address, x, y, side)


def _twigs(nodes: Sequence[Node]) -> Iterator[tuple[str, str, str]]:
    """Yield the lines from the node of a property to each of its neighbours."""
    hub = nodes[0]
    for leaf in nodes[1:]:
        yield hub.id, leaf.id, f"M{hub.x:g} {hub.y + RELATION_RADIUS:g}V{leaf.y:g}H{leaf.x:g}"

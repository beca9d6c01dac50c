"""Quotient graph: merge individuals indistinguishable for the ontology, to reduce reasoner input.

Also splits a graph into independent components for rule-based reasoning.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rdflib import OWL, RDF, Graph, Node


@dataclass(frozen=True)
class Folded:
    """Quotient graph, and each merged individual to its representative."""

    graph: Graph
    standing_for: Mapping[Node, Node]

    def of(self, thing: Node) -> Node:
        """Return the representative of an individual, itself if it was not merged."""
        return self.standing_for.get(thing, thing)


def fold(graph: Graph, classes: Sequence[Node]) -> Folded:
    """Merge the indistinguishable individuals of some classes to one representative with the statements of all.

    It loses no contradiction: in OWL two names may mean one thing, and nothing in the graph says that the folded things
    differ; so a model of the folded graph is a model of the whole, every name read as the one that stands for it. What
    it could do is find a contradiction that is none, where two things that must differ become one: a designation that
    lies on another of its kind would lie on itself. Therefore things are alike only if they have the same classes, the
    same properties in both directions, the same values of functional properties, and stand equally high on the chains
    of each irreflexive or asymmetric property; what stands on a circle of such a property is never folded.

    Args:
        graph: data and ontology.
        classes: the classes whose things are folded, in an order in which the values of functional properties come
            before the things that have them. None of them may be told apart by `owl:AllDifferent`.
    """
    functional = set(graph.subjects(RDF.type, OWL.FunctionalProperty))
    strict = {
        *graph.subjects(RDF.type, OWL.IrreflexiveProperty),
        *graph.subjects(RDF.type, OWL.AsymmetricProperty),
    }
    heights = {relation: _heights(graph, relation) for relation in sorted(strict, key=str)}
    looks = _looks(graph, {thing for name in classes for thing in graph.subjects(RDF.type, name)}, functional)
    standing_for: dict[Node, Node] = {}
    for name in classes:
        alike: dict[tuple[object, ...], Node] = {}
        for thing in sorted(set(graph.subjects(RDF.type, name)), key=str):
            places = [known.get(thing, 0) for known in heights.values()]
            if None in places:
                continue
            look = looks[thing]
            values = frozenset((relation, standing_for.get(value, value)) for relation, value in look.values)
            key = (frozenset(look.relations), frozenset(look.pointed_at_by), values, *places)
            standing_for[thing] = alike.setdefault(key, thing)
    folded = Graph(store="SimpleMemory")
    for subject, predicate, thing in graph:
        folded.add((standing_for.get(subject, subject), predicate, standing_for.get(thing, thing)))
    return Folded(folded, standing_for)


@dataclass(slots=True)
class _Look:
    """What axioms can see of a thing: its properties, those that lead to it, its classes and functional values."""

    relations: set[Node] = field(default_factory=set)
    pointed_at_by: set[Node] = field(default_factory=set)
    values: set[tuple[Node, Node]] = field(default_factory=set)


def _looks(graph: Graph, things: set[Node], functional: set[Node]) -> Mapping[Node, _Look]:
    looks: dict[Node, _Look] = defaultdict(_Look)
    for subject, predicate, thing in graph:
        if subject in things:
            looks[subject].relations.add(predicate)
            if predicate == RDF.type or predicate in functional:
                looks[subject].values.add((predicate, thing))
        if thing in things:
            looks[thing].pointed_at_by.add(predicate)
    return looks


def _heights(graph: Graph, relation: Node) -> dict[Node, int | None]:
    """Return the length of the longest path of a relation from each individual; None if it leads to a cycle."""
    ahead: dict[Node, set[Node]] = defaultdict(set)
    behind: dict[Node, set[Node]] = defaultdict(set)
    for subject, thing in graph.subject_objects(relation):
        ahead[subject].add(thing)
        behind[thing].add(subject)
    heights: dict[Node, int | None] = dict.fromkeys([*ahead, *behind])
    waiting = {thing: len(ahead[thing]) for thing in list(heights)}
    ready = [thing for thing, number in waiting.items() if not number]
    while ready:
        thing = ready.pop()
        heights[thing] = _above(heights[upper] for upper in ahead[thing])
        for lower in behind[thing]:
            waiting[lower] -= 1
            if not waiting[lower]:
                ready.append(lower)
    return heights


def _above(heights: Iterable[int | None]) -> int:
    return max((height + 1 for height in heights if height is not None), default=0)


Statement = tuple[Node, Node, Node]
Close = Callable[[Collection[Statement]], set[Statement]]
"""Returns everything that follows from some statements by OWL 2 RL, the statements included."""

JOINED_BEHIND = frozenset((OWL.InverseFunctionalProperty, OWL.hasKey))
"""Axioms by which two individuals with a common object are the same."""


def closures(
    statements: Collection[Statement], members: set[Node], most: int, close: Close
) -> Iterator[set[Statement]]:
    """Yield sets of statements that together are the closure of all statements.

    A graph is parted at its members, such as designations: those that lead to one another, at whatever distance, stay
    together; what is said of no member (vocabulary, places, programmes) is common to all parts. Each set is the closure
    of a part and the common statements, so it holds nothing but what follows from the whole. And together they miss
    nothing, where three things are true of them: no thing that is common leads to a member; nothing follows from a part
    about common things alone that does not follow from the common statements; and no property or key makes one of two
    things that only point to the same third. For take a rule whose premises are found in several of the closures. Those
    that are about common things alone are found in each of them, by the second condition. Of the others, about members
    of different parts, no two can be joined: rules of OWL 2 RL join premises at a subject, which would be one member;
    or where the object of one is the subject of the next, and from a common thing none leads on to a member; or, keys
    and inverse functional properties alone, at the object.

    The last condition is held against the statements, the others against each closure: what a part tells of common
    things is made common and the parts are closed once more, until nothing is new; and where a common thing leads to a
    member, as by an inverse property, the whole is closed at once.

    Args:
        statements: data and vocabulary.
        members: the things at which the graph is parted.
        most: number of statements of a part, above which no more members are put into it.
        close: the reasoner.
    """
    common, parts = _parted(statements, members, most)
    joined = any(not JOINED_BEHIND.isdisjoint(statement) for statement in common)
    if len(parts) < 2 or joined or _leads_back(common, members):
        yield close(statements)
        return
    new: set[Statement] = set()
    while True:
        common = [*common, *new]
        known, new = close(common), set()
        for part in parts:
            closure = close([*common, *part])
            yield closure
            if _leads_back(closure, members):
                yield close(statements)
                return
            new.update(statement for statement in closure - known if members.isdisjoint(statement))
        if not new:
            return


def _leads_back(statements: Iterable[Statement], members: set[Node]) -> bool:
    return any(thing in members and subject not in members for subject, _, thing in statements)


def _parted(
    statements: Iterable[Statement], members: set[Node], most: int
) -> tuple[list[Statement], list[list[Statement]]]:
    """Return what is said of no member, and what is said of members, those that hang together in one part."""
    standing_for = {member: member for member in members}

    def first(member: Node) -> Node:
        while (nearer := standing_for[member]) is not member:
            standing_for[member] = member = standing_for[nearer]
        return member

    common, of_members = [], []
    for statement in statements:
        subject, _, thing = statement
        if subject not in members:
            common.append(statement)
            continue
        of_members.append(statement)
        if thing in members:
            standing_for[first(subject)] = first(thing)
    together: dict[Node, list[Statement]] = defaultdict(list)
    for statement in of_members:
        together[first(statement[0])].append(statement)
    parts: list[list[Statement]] = []
    for group in sorted(together.values(), key=len):
        if not parts or len(parts[-1]) + len(group) > most:
            parts.append([])
        parts[-1].extend(group)
    return common, parts

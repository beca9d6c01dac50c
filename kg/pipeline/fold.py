"""Quotient graph: merge individuals indistinguishable for the ontology, to reduce reasoner input."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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

"""Part a graph, so that a reasoner need not hold all of it at once, where nothing that follows is lost by it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from rdflib import OWL, Node

Statement = tuple[Node, Node, Node]
Close = Callable[[Collection[Statement]], set[Statement]]
"""Returns everything that follows from some statements by OWL 2 RL, the statements included."""

JOINED_BEHIND = frozenset((OWL.InverseFunctionalProperty, OWL.hasKey))
"""What tells that two things which point to a third are one."""


def closures(
    statements: Collection[Statement], members: set[Node], most: int, close: Close
) -> Iterator[set[Statement]]:
    """Yield sets of statements that together are the closure of all statements.

    A graph is parted at its members, such as plates: those that lead to one another, at whatever distance, stay
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

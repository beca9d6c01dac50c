"""Findings of a resource, the strongest of a kind, and what the reform moved, on the standing days, from the graph."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.findings.find import KINDS
from kg.analysis.findings.finding import precedence
from kg.store import Literal, NamedNode
from kg.vocab import PREFIXES, SCHEMES, TERMS
from web.graph.iris import key_of
from web.graph.queries import Graph, Row, expanded, last_part, value
from web.graph.resource import Thing

LINKS = {
    "place": ("graph/findings_meeting", "gp:meetsAt"),
    "carrier": ("graph/findings_meeting", "gp:meetsOn"),
    "designation": ("graph/findings_with", "gp:hasMember"),
    "programme": ("graph/findings_with", "gp:involvesProgramme"),
    "authority": ("graph/findings_with", "gp:involvesMinistry"),
}
"""Kind of resource to the query for its findings, and the property that links them."""
FACETS = {"place": "place", "programme": "programme", "authority": "ministry"}
"""Kind of resource to the facet of `/findings` that selects its findings."""
MAX_SHOWN, FIRST_SHOWN = 8, 3
"""Findings of a kind up to which all are shown; of more, the first few and a link."""
TOP = 5
"""Number of the strongest findings of a kind."""
POSSIBLE = SCHEMES + "certainty/possible"
DATE = NamedNode(PREFIXES["xsd"] + "date")


@dataclass(frozen=True, slots=True)
class State:
    """A state of a finding: IRI, score (None if only possible), strength ("" without one), and what orders it.

    listed_under: IRI of the state with equal members under which lists show it, "" where they show it itself.
    """

    iri: str
    score: float | None
    strength: str
    precedence: tuple[float, ...]
    listed_under: str = ""


@dataclass(frozen=True, slots=True)
class RelatedFinding:
    """A finding: its IRI, its state by day, and the IRIs of findings with equal members that are listed under it."""

    iri: str
    states: Mapping[str, State]
    others: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether the finding is only possible on every day."""
        return all(state.score is None for state in self.states.values())

    @property
    def last(self) -> State:
        """Its state on the last day on which it is there."""
        return self.states[max(self.states)]

    @property
    def precedence(self) -> tuple[bool, tuple[float, ...]]:
        """What orders it within its kind: that of its strongest state; what is only possible comes last."""
        return self.possible, min(state.precedence for state in self.states.values())


@dataclass(frozen=True, slots=True)
class FindingKind:
    """The findings of one kind: key, number, how many of them are listed themselves, and those shown, in their order.

    The others have the members of a finding that is listed here, too.
    """

    key: str
    count: int
    listed: int
    shown: tuple[RelatedFinding, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the strong territorial overlaps of a day on a later one.

    before, after: numbers of strong ones on either day. Of those before: strong: still strong; weaker: no longer
    strong; moved: gone, though all their designations are in force, so because mandates moved; stacked: those of them
    in which one ministry now stacks programmes; ended: gone with a designation; unknown: gone, since it is not known
    whether a designation is in force.
    """

    before: int
    after: int
    strong: int
    weaker: int
    moved: int
    stacked: int
    ended: int
    unknown: int


def related_findings(graph: Graph, thing: Thing, kind: str) -> list[FindingKind]:
    """Return the findings that involve a resource, by kind; none for kinds that findings do not link."""
    if kind not in LINKS:
        return []
    name, link = LINKS[kind]
    if not thing.has_incoming(link):
        return []
    states: dict[str, dict[str, State]] = defaultdict(dict)
    for row in graph.rows(name, thing=NamedNode(thing.iri), link=NamedNode(expanded(link) or link)):
        if value(row, "finding"):
            states[value(row, "finding")][value(row, "day")] = _state(row)
    others = _others(states)
    by_kind: dict[str, list[RelatedFinding]] = defaultdict(list)
    for finding, found in sorted(states.items()):
        by_kind[key_of(finding).partition("/")[0]].append(RelatedFinding(finding, found, tuple(others[finding])))
    hidden = {finding for listed in others.values() for finding in listed}
    return [_kind(key, by_kind[key], hidden) for key in KINDS if key in by_kind]


def _others(states: Mapping[str, Mapping[str, State]]) -> Mapping[str, list[str]]:
    """Return, for each finding, those whose every state is listed under a finding that is here, too."""
    owner = {state.iri: finding for finding, found in states.items() for state in found.values()}
    found: dict[str, list[str]] = defaultdict(list)
    for finding, those in sorted(states.items()):
        leaders = [owner.get(state.listed_under, "") for state in those.values()]
        if all(leaders):
            for leader in dict.fromkeys(leaders):
                found[leader].append(finding)
    return found


def _state(row: Row) -> State:
    possible = value(row, "certainty") == POSSIBLE
    score, strength = float(value(row, "score") or 0), last_part(value(row, "strength"))
    counts = (int(value(row, name) or 0) for name in ("pairs", "members", "ministries"))
    order = precedence(strength, counts, score)
    return State(value(row, "state"), None if possible else score, strength, order, value(row, "under"))


def _kind(key: str, found: Sequence[RelatedFinding], hidden: Collection[str]) -> FindingKind:
    ordered = sorted((one for one in found if one.iri not in hidden), key=lambda one: one.precedence)
    shown = ordered[: MAX_SHOWN if len(ordered) <= MAX_SHOWN else FIRST_SHOWN]
    return FindingKind(key, len(found), len(ordered), tuple(shown))


def strongest(graph: Graph, kind: str, day: str) -> Sequence[tuple[str, State]]:
    """Return IRI and state of the first findings of a kind on a standing day, in their order."""
    term, on = NamedNode(TERMS + KINDS[kind].term), Literal(day, datatype=DATE)

    def read() -> Sequence[tuple[str, State]]:
        rows = graph.rows("graph/findings_top", kind=term, day=on)
        found = [(value(row, "finding"), _state(row)) for row in rows if value(row, "finding")]
        return sorted(found, key=lambda each: (each[1].precedence, each[0]))[:TOP]

    return graph.cached((kind, day), read)


def moved(graph: Graph, early: str, late: str) -> Moved:
    """Return what became of the strong territorial overlaps of a standing day on the later one."""
    days = {"early": Literal(early, datatype=DATE), "late": Literal(late, datatype=DATE)}

    def read() -> Moved:
        rows = graph.rows("graph/findings_moved", **days)
        gone = [row for row in rows if not value(row, "strength")]
        ended = [row for row in gone if value(row, "ended") == "true"]
        unknown = [row for row in gone if value(row, "ended") == "false" and value(row, "unknown") == "true"]
        standing = [row for row in gone if value(row, "ended") == value(row, "unknown") == "false"]
        strong = sum(last_part(value(row, "strength")) == "strong" for row in rows)
        (after,) = graph.rows("graph/findings_strong", day=days["late"])
        return Moved(
            before=len(rows),
            after=int(value(after, "count")),
            strong=strong,
            weaker=len(rows) - len(gone) - strong,
            moved=len(standing),
            stacked=sum(value(row, "stacked") == "true" for row in standing),
            ended=len(ended),
            unknown=len(unknown),
        )

    return graph.cached(("moved", early, late), read)


@dataclass(frozen=True, slots=True)
class Remaining:
    """Overlaps of a standing day that remain with something left out (IRI of a concept, "" for nothing).

    overlaps, strong: their number, and that of strong ones; kept: of those strong with everything, how many still are.
    """

    iri: str
    day: str
    without: str
    overlaps: int
    strong: int
    kept: int


def sensitivity(graph: Graph) -> Sequence[Remaining]:
    """Return what remains of the overlaps of the standing days: with everything first, then with each left out."""

    def read() -> Sequence[Remaining]:
        return [
            Remaining(
                value(row, "sensitivity"),
                value(row, "day"),
                value(row, "without"),
                *(int(value(row, name)) for name in ("overlaps", "strong", "kept")),
            )
            for row in graph.rows("graph/sensitivity")
        ]

    return graph.cached("sensitivity", read)


def without_inferred(found: Sequence[Remaining], day: str) -> tuple[Remaining, Remaining] | None:
    """Return what remains of the overlaps of a day with everything, and without inferred mandates; None: not known."""
    by_what = {last_part(each.without): each for each in found if each.day == day}
    whole, left = by_what.get(""), by_what.get("inferred-mandates")
    return (whole, left) if whole and left else None


def finding_places(graph: Graph, kind: str, day: str) -> list[tuple[str, int]]:
    """Return the codes of places with ranked findings of a kind on a standing day, with their number."""
    term, on = NamedNode(TERMS + KINDS[kind].term), Literal(day, datatype=DATE)
    rows = graph.cached(("meeting", kind, day), lambda: graph.rows("graph/findings_places", kind=term, day=on))
    return [(key_of(value(row, "place")), int(value(row, "count"))) for row in rows]

"""Which ministries stand behind a programme on a day: who administers, else approves it, rolled up through parents."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.vocab import SCHEMES, THINGS
from web.graph.queries import Graph, Row, value

ROLES = SCHEMES + "mandate-role/"
UNSOURCED = SCHEMES + "status/unsourced"
INFERRED = SCHEMES + "status/inferred"
TOPS = frozenset(THINGS + "authority/" + key for key in ("state-council", "cpc-central", "cmc"))
"""Bodies at which rolling up ends; they are no ministries."""
NO_MINISTRIES = TOPS | {THINGS + "authority/state-council-office"}


@dataclass(frozen=True, slots=True)
class Tie:
    """A ministry behind a programme on a day: IRI of the body, the mandates it rests on, whether one is inferred."""

    ministry: str
    mandates: tuple[Row, ...]
    inferred: bool

    @property
    def since(self) -> str:
        """The earliest stated start, as printed; empty where none is stated."""
        starts = [(value(row, "from"), value(row, "fromText")) for row in self.mandates if "from" in row]
        return min(starts)[1] if starts else ""


def on(graph: Graph, day: str) -> Mapping[str, tuple[Tie, ...]]:
    """Return the ministries of every programme on a day (YYYY-MM-DD), by the programme's IRI.

    The definition is the one of the findings: administering bodies, else approving ones, never unsourced mandates;
    a mandate whose holder was succeeded passes on; each body is rolled up to the one below the State Council, the
    Party centre or the Military Commission, and those three are no ministries.
    """
    return graph.cached(("ministries", day), lambda: _on(graph, day))


def holds(row: Row, day: str) -> bool:
    """Return whether a dated row holds on a day; an unknown start or end does not stand against it."""
    return value(row, "from") <= day and (not value(row, "to") or value(row, "to") >= day)


def _on(graph: Graph, day: str) -> Mapping[str, tuple[Tie, ...]]:
    bodies = _bodies(graph, day)
    found: dict[str, tuple[Tie, ...]] = {}
    for programme, rows in _by_programme(graph, day).items():
        ties = defaultdict(list)
        for row in rows:
            for ministry in bodies.behind(value(row, "body")):
                ties[ministry].append(row)
        found[programme] = tuple(
            Tie(ministry, tuple(rested), any(value(row, "status") == INFERRED for row in rested))
            for ministry, rested in sorted(ties.items())
        )
    return found


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The bodies on a day: last possible day of those that ended, who took over from whom, who belongs to whom."""

    day: str
    ends: Mapping[str, str]
    successors: Mapping[str, list[str]]
    parents: Mapping[str, list[str]]

    def behind(self, body: str) -> set[str]:
        """Return the ministries that answer for a body."""
        return {ministry for holder in self._holders(body) for ministry in self._highest(holder)}

    def _holders(self, body: str) -> Iterator[str]:
        """Yield the body, or, where it ended before the day, those that took over from it."""
        if self.ends.get(body, self.day) >= self.day:
            yield body
        else:
            for successor in self.successors.get(body, ()):
                yield from self._holders(successor)

    def _highest(self, body: str) -> Iterator[str]:
        """Yield the highest bodies above this one that are below the tops."""
        above = [parent for parent in self.parents.get(body, ()) if parent not in TOPS]
        for parent in above:
            yield from self._highest(parent)
        if not above and body not in NO_MINISTRIES:
            yield body


def _bodies(graph: Graph, day: str) -> _Bodies:
    ends = {value(row, "body"): value(row, "to") for row in graph.rows("graph/authority_ends")}
    successors, parents = defaultdict(list), defaultdict(list)
    for row in graph.rows("graph/authority_changes"):
        successors[value(row, "before")].append(value(row, "after"))
    for row in graph.rows("graph/affiliations"):
        if holds(row, day):
            parents[value(row, "lower")].append(value(row, "upper"))
    return _Bodies(day, ends, successors, parents)


def _by_programme(graph: Graph, day: str) -> Mapping[str, list[Row]]:
    """Return the mandates that count on a day: administering ones, and approving ones where nobody administers."""
    roles: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in graph.rows("resource/mandates"):
        if holds(row, day) and value(row, "status") != UNSOURCED:
            roles[value(row, "programme")][value(row, "role").removeprefix(ROLES)].append(row)
    return {programme: held["administers"] or held["approves"] for programme, held in roles.items()}

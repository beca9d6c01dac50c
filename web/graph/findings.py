"""Findings that involve a resource, on the two standing days, from the graph."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kg.analysis.findings.find import KINDS
from kg.store import Literal, NamedNode
from kg.vocab import PREFIXES, SCHEMES, TERMS
from web.graph.iris import key_of
from web.graph.queries import Graph, expanded, value
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
POSSIBLE = SCHEMES + "certainty/possible"
DATE = NamedNode(PREFIXES["xsd"] + "date")


@dataclass(frozen=True, slots=True)
class RelatedFinding:
    """A finding: its IRI and its score by day, None where it is only possible."""

    iri: str
    scores: Mapping[str, float | None]

    @property
    def possible(self) -> bool:
        """Whether the finding is only possible on every day."""
        return all(score is None for score in self.scores.values())


@dataclass(frozen=True, slots=True)
class FindingKind:
    """The findings of one kind: key, number, and those shown, by descending score."""

    key: str
    count: int
    shown: tuple[RelatedFinding, ...]


def related_findings(graph: Graph, thing: Thing, kind: str) -> list[FindingKind]:
    """Return the findings that involve a resource, by kind; none for kinds that findings do not link."""
    if kind not in LINKS:
        return []
    name, link = LINKS[kind]
    if not thing.has_incoming(link):
        return []
    scores: dict[str, dict[str, float | None]] = defaultdict(dict)
    for row in graph.rows(name, thing=NamedNode(thing.iri), link=NamedNode(expanded(link) or link)):
        possible = value(row, "certainty") == POSSIBLE
        scores[value(row, "finding")][value(row, "day")] = None if possible else float(value(row, "score") or 0)
    by_kind: dict[str, list[RelatedFinding]] = defaultdict(list)
    for finding, found in sorted(scores.items()):
        by_kind[key_of(finding).partition("/")[0]].append(RelatedFinding(finding, found))
    return [_kind(key, by_kind[key]) for key in KINDS if key in by_kind]


def _kind(key: str, found: list[RelatedFinding]) -> FindingKind:
    ordered = sorted(
        found, key=lambda one: -max((score for score in one.scores.values() if score is not None), default=-1)
    )
    return FindingKind(key, len(ordered), tuple(ordered[: MAX_SHOWN if len(ordered) <= MAX_SHOWN else FIRST_SHOWN]))


def highest_scores(graph: Graph, kind: str, day: str) -> list[tuple[str, float]]:
    """Return IRI and score of the top findings of a kind on a standing day."""
    term, on = NamedNode(TERMS + KINDS[kind].term), Literal(day, datatype=DATE)
    rows = graph.cached((kind, day), lambda: graph.rows("graph/findings_top", kind=term, day=on))
    return [(value(row, "finding"), float(value(row, "score"))) for row in rows]


def finding_places(graph: Graph, kind: str, day: str) -> list[tuple[str, int]]:
    """Return the codes of places with ranked findings of a kind on a standing day, with their number."""
    term, on = NamedNode(TERMS + KINDS[kind].term), Literal(day, datatype=DATE)
    rows = graph.cached(("meeting", kind, day), lambda: graph.rows("graph/findings_places", kind=term, day=on))
    return [(key_of(value(row, "place")), int(value(row, "count"))) for row in rows]

"""The pages of purposes, positions and measures."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kg.store import NamedNode
from kg.vocab import SCHEMES
from web.data import counting
from web.graph import ministries
from web.graph.iris import key_of
from web.graph.queries import Graph, Row, value
from web.graph.resource import Thing
from web.lists import counts
from web.views.resource.programmes import ROLES, role_order

MAIN = SCHEMES + "weight/main"
SHOWN_ROLES = (ROLES + "approves", ROLES + "administers")


@dataclass(frozen=True, slots=True)
class Service:
    """A programme that serves a purpose: assignment, and mandates to approve or administer it at any time."""

    programme: str
    assignment: Row
    mandates: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """A ministry that serves a purpose today, by programmes."""

    ministry: str
    ties: tuple[tuple[str, ministries.Tie, bool], ...]

    @property
    def since(self) -> str:
        """The earliest stated start of the mandates, as printed; empty where none is stated."""
        starts = [tie.since for _, tie, _ in self.ties if tie.since]
        return min(starts) if starts else ""


def purpose(graph: Graph, thing: Thing, today: str) -> Mapping[str, object]:
    """Return ministries and programmes of a purpose; for a group its purposes with numbers of programmes."""
    node = NamedNode(thing.iri)
    services = [
        Service(
            value(row, "programme"),
            row,
            tuple(
                sorted(
                    (
                        m
                        for m in graph.rows("resource/mandates", programme=row["programme"])
                        if value(m, "role") in SHOWN_ROLES
                    ),
                    key=lambda m: (role_order(m), value(m, "from")),
                )
            ),
        )
        for row in graph.rows("resource/purpose_programmes", purpose=node)
    ]
    return {
        "services": services,
        "servers": servers(graph, services, today),
        "computed": counting(),
        "without": [service for service in services if not ministries.on(graph, today).get(service.programme)],
        "narrower": [
            (value(row, "concept"), weights(graph, value(row, "concept")))
            for row in graph.rows("resource/narrower", thing=node)
        ],
        "today": today,
        "spread": counts.spread("purpose", key_of(thing.iri)) if counting() else {},
    }


def servers(graph: Graph, services: list[Service], today: str) -> list[Server]:
    """Return the ministries responsible for programmes today, by descending number."""
    found: dict[str, list[tuple[str, ministries.Tie, bool]]] = defaultdict(list)
    for service in services:
        for tie in ministries.on(graph, today).get(service.programme, ()):
            found[tie.ministry].append((service.programme, tie, value(service.assignment, "weight") == MAIN))
    ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [Server(ministry, tuple(ties)) for ministry, ties in ordered]


def weights(graph: Graph, purpose_iri: str) -> tuple[int, int]:
    """Return the number of programmes that serve a purpose mainly and secondarily."""
    rows = [
        value(row, "weight") == MAIN
        for row in graph.rows("resource/purpose_programmes", purpose=NamedNode(purpose_iri))
    ]
    return sum(rows), len(rows) - sum(rows)


def position(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the claims to a position by area."""
    areas: dict[str, list[Row]] = defaultdict(list)
    for row in graph.rows("resource/position_claims", position=NamedNode(thing.iri)):
        areas[value(row, "area")].append(row)
    return {"areas": list(areas.items())}


def measure(graph: Graph, thing: Thing, _today: str) -> Mapping[str, object]:
    """Return the figures of a measure by table."""
    tables: dict[str, list[Row]] = defaultdict(list)
    for row in graph.rows("resource/figures_of_measure", measure=NamedNode(thing.iri)):
        tables[value(row, "table")].append(row)
    return {"tables": list(tables.items())}

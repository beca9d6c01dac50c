"""Responsible ministries of programmes for display; computed by kg.analysis.ministries alone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kg.analysis.ministries import Answer
from kg.vocab import SCHEMES, THINGS
from web.data import computed, counting
from web.graph.iris import key_of
from web.graph.queries import Graph, Row, value

INFERRED = SCHEMES + "status/inferred"
LAPSED = SCHEMES + "mark/mandate-lapsed"


@dataclass(frozen=True, slots=True)
class Tie:
    """A responsible ministry of a programme on a day: IRI, supporting mandates, marks.

    marks: IRIs, `INFERRED` without an asserted mandate, `LAPSED` if all mandates have ended.
    """

    ministry: str
    mandates: tuple[Row, ...]
    marks: tuple[str, ...]

    @property
    def since(self) -> str:
        """The earliest stated start, as printed; empty if none is stated."""
        starts = [(value(row, "from"), value(row, "fromText")) for row in self.mandates if "from" in row]
        return min(starts)[1] if starts else ""


def on(graph: Graph, day: str) -> Mapping[str, tuple[Tie, ...]]:
    """Return the responsible ministries of each programme (IRI) on a day (YYYY-MM-DD), by key.

    Empty without columns; programmes without a known ministry are left out.
    """
    if not counting():
        return {}
    found = computed()
    return found.cached(("ties", day), lambda: _on(graph, found.ministries(date.fromisoformat(day))))


def _on(graph: Graph, answers: Mapping[str, Answer]) -> Mapping[str, tuple[Tie, ...]]:
    rows = graph.cached(
        "mandates", lambda: {key_of(value(row, "mandate")): row for row in graph.rows("resource/mandates")}
    )
    return {f"{THINGS}programme/{programme}": _ties(answer, rows) for programme, answer in answers.items()}


def _ties(answer: Answer, rows: Mapping[str, Row]) -> tuple[Tie, ...]:
    support: dict[str, list[Row]] = defaultdict(list)
    for ministry, mandate in answer.rests_on:
        support[ministry].append(rows[mandate])
    return tuple(
        Tie(f"{THINGS}authority/{ministry}", tuple(mandates), marks(answer, ministry))
        for ministry, mandates in support.items()
    )


def marks(answer: Answer, ministry: str) -> tuple[str, ...]:
    """Return the IRIs of the marks of a ministry (key) in an answer."""
    marked = ((INFERRED, ministry in answer.inferred), (LAPSED, answer.lapsed))
    return tuple(iri for iri, borne in marked if borne)

"""Context of the page of a finding: members, purposes with quotes, mandates, records and documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.analysis.findings.finding import Finding
from kg.analysis.findings.kinds import programmes as programmes_together
from kg.analysis.findings.rdf import FACTORS
from kg.analysis.ministries import Answer
from kg.store import NamedNode
from kg.vocab import SCHEMES
from web.data import Computed
from web.graph.queries import Graph, Row, value
from web.html.finding_words import iri, members_of, period

MEMBERS = """
    SELECT designation, programme, approved_first, approved_last, ended_first, ended_last, counted_from, dated, extent,
        place_basis, best_grade,
        (SELECT list(place ORDER BY place) FROM designation_places p WHERE p.designation = designations.designation),
        (SELECT list(carrier ORDER BY carrier) FROM designation_carriers c
        WHERE c.designation = designations.designation),
        (SELECT list(field ORDER BY field) FROM designation_fields f WHERE f.designation = designations.designation)
    FROM designations WHERE list_contains($designations, designation) ORDER BY programme, designation
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A designation in a finding: key, programme, dates as text, extent, basis, and the days it takes part.

    approved and ended: the year, month or day, empty where not known; known_to: the last day for which its lists speak
    of it, empty if they set no limit; counted_from: the year of the list where the designation has no date; grade: the
    best of its sources; places, carriers, fields: keys.
    """

    designation: str
    programme: str
    approved: str
    ended: str
    known_to: str
    counted_from: str
    extent: str
    basis: str
    grade: str
    places: tuple[str, ...]
    carriers: tuple[str, ...]
    fields: tuple[str, ...]
    part: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote that assigns a purpose: IRIs of purpose, weight and passage, text, our translation or "", document."""

    purpose: str
    weight: str
    quote: str
    gloss: str
    passage: str
    document: str


@dataclass(frozen=True, slots=True)
class Purposes:
    """Purposes of a programme: quotes of the shared group, and the IRIs of the others."""

    programme: str
    quotes: tuple[Quote, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Charge:
    """Responsible ministries of a programme on each day (None if unknown) and supporting mandates.

    mandates: for each day key, role and status of each mandate.
    """

    programme: str
    answers: tuple[Answer | None, ...]
    mandates: tuple[tuple[tuple[str, str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of a member (IRI): records with tables, documents with addresses."""

    member: str
    records: Sequence[Row]
    sources: Sequence[Row]


def shown(
    found: Computed, graph: Graph, days: Sequence[date], states: Sequence[Finding | None]
) -> Mapping[str, object]:
    """Return the template context of a finding, without its states.

    Args:
        found: what is computed of the release.
        graph: the graph of the release.
        days: the days of the page.
        states: the finding on each day, None where it is not there.
    """
    known = [state for state in states if state]
    designations = sorted({designation for state in known for designation in state.members})
    programmes = sorted({programme for state in known for programme in state.programmes})
    group, kind = known[-1].group.get("purpose_group", ""), members_of(known[-1].kind)
    return {
        "members": members(found, designations, states) if kind == "designation" else [],
        "others": [iri(kind, key) for key in designations] if kind != "designation" else [],
        "purposes": [_purposes(graph, programme, group) for programme in programmes],
        "charges": _charges(found, programmes, days),
        "subtracted": sorted({pair for state in known for pair in state.subtracted}),
        "evidence": [_evidence(graph, iri(kind, key)) for key in designations],
        "coverage": coverage(found, programmes),
        "together": [_together(found, state) for state in states] if known[-1].kind == programmes_together.KIND else [],
        "factors": [factor for factor in FACTORS if any(factor in state.factors for state in known)],
    }


def _together(found: Computed, state: Finding | None) -> list[str]:
    """Return the IRIs of the county-level units or carriers with both programmes of a pair on its day."""
    if state is None:
        return []
    unit, (one, other) = state.group["unit"], state.programmes
    kind = "place" if unit == "county" else "carrier"
    return [
        iri(kind, key)
        for key in programmes_together.common_units(
            found.columns, state.as_of, "county" if unit == "county" else "carrier", (one, other)
        )
    ]


def members(found: Computed, designations: Sequence[str], states: Sequence[Finding | None] = ()) -> list[Member]:
    """Return designations with their columns, by programme, and the states in which each takes part."""
    return [_member(row, states) for row in found.columns.query(MEMBERS, {"designations": list(designations)})]


def _member(row: Sequence[Any], states: Sequence[Finding | None]) -> Member:
    designation, programme, *days, dated, extent, basis, grade, places, carriers, fields = row
    first, last, ended_first, ended_last, counted_from = days
    ended, known_to = ("", period(None, ended_last)) if ended_first is None else (period(ended_first, ended_last), "")
    part = tuple(state is not None and designation in state.members for state in states)
    counted = "" if dated or counted_from is None else str(counted_from.year)
    return Member(
        *(designation, programme, period(first, last), ended, known_to, counted, extent, basis, grade),
        *(*(tuple(found or ()) for found in (places, carriers, fields)), part),
    )


def _purposes(graph: Graph, programme: str, group: str) -> Purposes:
    """Return a programme's quotes for a group of purposes, main ones first; without a group for all main purposes."""
    node = NamedNode(iri("programme", programme))
    documents = {
        value(row, "text"): value(row, "document") for row in graph.rows("resource/programme_texts", programme=node)
    }
    quotes, others = [], dict[str, None]()
    for row in graph.rows("resource/programme_purposes", programme=node):
        purpose, weight = value(row, "purpose"), value(row, "weight")
        within = _group(graph, purpose) == SCHEMES + "purpose/" + group if group else weight.endswith("/main")
        if within:
            document = documents.get(value(row, "text"), "")
            texts = (value(row, "quote"), value(row, "gloss"), value(row, "text"))
            quotes.append(Quote(purpose, weight, *texts, document))
        else:
            others.setdefault(purpose)
    return Purposes(programme, tuple(quotes), tuple(others))


def _group(graph: Graph, purpose: str) -> str:
    """Return the group of a purpose: its broader concept, else itself."""

    def read() -> Mapping[str, str]:
        return {value(row, "purpose"): value(row, "group") for row in graph.rows("graph/purpose_weights")}

    return graph.cached("groups of purposes", read).get(purpose, purpose)


def _charges(found: Computed, programmes: Iterable[str], days: Sequence[date]) -> list[Charge]:
    known = {
        key: (role, status)
        for key, role, status in found.cached(
            "mandates", lambda: found.columns.query("SELECT mandate, role, status FROM mandates")
        )
    }
    charges = []
    for programme in programmes:
        answers = tuple(found.ministries(day).get(programme) for day in days)
        mandates = tuple(tuple((key, *known[key]) for key in answer.mandates) if answer else () for answer in answers)
        charges.append(Charge(programme, answers, mandates))
    return charges


def _evidence(graph: Graph, thing: str) -> Evidence:
    node = NamedNode(thing)
    return Evidence(
        thing,
        graph.rows("resource/designation_records", designation=node),
        graph.rows("resource/sources_of", thing=node),
    )


def coverage(found: Computed, programmes: Sequence[str]) -> list[tuple[str, str, int, int | None]]:
    """Return the completeness of each programme: key, state ("" without a list), designations held, official total."""
    rows = found.columns.query(
        """SELECT programme, CASE WHEN list = '' THEN '' ELSE completeness END, held, official_total FROM programmes
        WHERE list_contains($programmes, programme)""",
        {"programmes": list(programmes)},
    )
    by_programme = {row[0]: row for row in rows}
    return [by_programme[programme] for programme in programmes]

"""Printable dossier of a place: designations with documents, findings, what is unknown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, url_for

from kg.analysis.ask.particulars import Document, particulars
from kg.release.columns import COUNTRY
from kg.vocab import SCHEMES, THINGS
from web.data import Computed, computed
from web.graph import citation, resource
from web.graph.iris import key_of
from web.graph.labels import graph, name, today
from web.html import finding_words
from web.http.language import gettext
from web.http.responses import answer, as_json, split_extension
from web.lists import counts, totals
from web.lists.counts import WHOLE
from web.lists.findings import Entry, entries, places, within
from web.views.finding import Member, coverage, members, shown
from web.views.resource.places import place as place_part

blueprint = Blueprint("dossier", __name__)

MAX_FULL_FINDINGS = 12
"""Findings described in full, the first ones in their order; others in one line each."""
BEARERS = ("area", "organisation")
ABOVE = f"""
    SELECT place, programme, designation, extent IN {WHOLE} FROM designations
    JOIN designation_places USING (designation)
    WHERE list_contains($above, place) ORDER BY 1, 2, 3
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation of the place.

    member: its dates, extent, places and bearers; documents: their numbers as printed; sources: the numbers under which
    the dossier lists what its records come from; ended: no longer in force, as far as the lists say; doubtful: it lies
    in one of several divisions, and nobody says in which.
    """

    member: Member
    documents: tuple[str, ...]
    sources: tuple[int, ...]
    ended: bool
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """The designations of a programme, with the IRIs of the groups of its main purposes."""

    programme: str
    purposes: tuple[str, ...]
    designations: tuple[Designation, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """The designations behind which the same ministries stand today: their keys, the inferred of them, and the kinds.

    lapsed: every mandate of these kinds has ended; the last ministries stand.
    """

    ministries: tuple[str, ...]
    inferred: tuple[str, ...]
    lapsed: bool
    kinds: tuple[Kind, ...]

    @property
    def count(self) -> int:
        """The number of designations."""
        return sum(len(kind.designations) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Above:
    """Designations of a superior division by programme: those that cover the place, those somewhere in the division."""

    place: str
    whole: Mapping[str, tuple[str, ...]]
    somewhere: Mapping[str, tuple[str, ...]]


Sources = dict[Document, int]
"""Source to its number in the dossier."""


@blueprint.get("/dossier/<path:path>")
def dossier(path: str) -> Response:
    """Show the dossier of a place, or return it as JSON."""
    code, extension = split_extension(path, ("json",))
    iri, found = f"{THINGS}place/{code}", computed()
    if code not in places(found):
        abort(404, description=code)
    if code == COUNTRY:
        abort(404, description=name(iri).text)
    content = _content(found, iri, code)
    if extension:
        return answer(as_json(_json(code, content)), "json")
    content |= {"finding_words": finding_words, "max_full_findings": MAX_FULL_FINDINGS}
    content["alternate"] = url_for(".dossier", path=f"{code}.json", lang=None)
    said = citation.requested(gettext("Dossier: %(place)s", place=name(iri).text))
    return said or make_response(render_template("dossier/dossier.html", **content))


def _content(found: Computed, iri: str, code: str) -> dict[str, Any]:
    thing = resource.read(graph(), iri, incoming_links=False)
    if thing is None:
        abort(404, description=code)
    own = place_part(graph(), thing, today())
    sources: Sources = {}
    held = {
        bearer: _holdings(found, designations, sources) for bearer, designations in _designations(found, code).items()
    }
    above = _above(found, [key_of(each) for each in own["parents"]])  # type: ignore[attr-defined]
    here = [entry for entry in entries(found, found.days) if code in within(entry, places(found))]
    strategies = {key_of(str(row["thing"].value)) for row in own["covering"]}  # type: ignore[attr-defined]
    programmes = sorted({kind.programme for holdings in held.values() for each in holdings for kind in each.kinds})
    ranked = [entry for entry in here if entry.ranked]
    described = [(entry, shown(found, graph(), found.days, entry.states)) for entry in ranked[:MAX_FULL_FINDINGS]]
    return {
        "code": code,
        "iri": iri,
        "thing": thing,
        "own": own,
        "persons": found.columns.query("SELECT year, persons FROM populations WHERE place = $place", {"place": code}),
        "held": held,
        "above": above,
        "days": found.days,
        "described": described,
        "factors": list(dict.fromkeys(factor for _, part in described for factor in part["factors"])),  # type: ignore[attr-defined]
        "briefly": ranked[MAX_FULL_FINDINGS:],
        "possible": [entry for entry in here if not entry.ranked],
        "subtracted": sorted({pair for entry in here for state in entry.known for pair in state.subtracted}),
        "gaps": [each for each in entries(found, found.days) if each.group.get("strategy") in strategies],
        "coverage": coverage(found, programmes),
        "without_list": totals.without_list(),
        "unknown": _unknown(found, programmes),
        "sources": list(sources),
    }


def _designations(found: Computed, code: str) -> Mapping[str, list[str]]:
    """Return the keys of the designations in a place, by kind of bearer."""
    rows = found.columns.query(
        "SELECT bearer, designation FROM designations WHERE list_contains($designations, designation) ORDER BY "
        "programme, designation",
        {"designations": [designation for designation, *_ in counts.designations_in(code)] or [""]},
    )
    return {bearer: [designation for each, designation in rows if each == bearer] for bearer in BEARERS}


def _holdings(found: Computed, keys: Sequence[str], sources: Sources) -> list[Holding]:
    """Return designations by responsible ministries and programme, largest first; numbers their sources."""
    details, in_force = particulars(found.columns, keys, found.today), found.in_force(found.today)
    single = {extent for (extent,) in found.columns.query("SELECT extent FROM extents WHERE one_county")}
    by_programme: dict[str, list[Designation]] = defaultdict(list)
    for member in members(found, keys):
        own = details[member.designation]
        numbers = tuple(sources.setdefault(source, len(sources) + 1) for source in own.sources)
        doubtful = len(member.places) > 1 and member.extent in single
        designation = Designation(member, own.documents, numbers, member.designation not in in_force, doubtful)
        by_programme[member.programme].append(designation)
    charges = found.ministries(found.today)
    purposes = counts.main_groups()
    groups: dict[tuple[tuple[str, ...], tuple[str, ...], bool], list[Kind]] = defaultdict(list)
    for programme, designations in by_programme.items():
        charge = charges.get(programme)
        known = charge and (tuple(sorted(charge.ministries)), tuple(sorted(charge.inferred)), charge.lapsed)
        served = tuple(f"{SCHEMES}purpose/{group}" for group in purposes.get(programme, ()))
        groups[known or ((), (), False)].append(Kind(programme, served, tuple(designations)))
    made = [
        Holding(*key, tuple(sorted(kinds, key=lambda kind: -len(kind.designations)))) for key, kinds in groups.items()
    ]
    return sorted(made, key=lambda holding: (not holding.ministries, -holding.count, holding.ministries))


def _above(found: Computed, codes: Iterable[str]) -> list[Above]:
    """Return the designations of superior divisions, nearest first, without the country."""
    asked = [code for code in codes if code != COUNTRY]
    rows = found.columns.query(ABOVE, {"above": asked or [""]})
    made = []
    for code in reversed(asked):
        sides: dict[bool, dict[str, list[str]]] = {True: defaultdict(list), False: defaultdict(list)}
        for place, programme, designation, whole in rows:
            if place == code:
                sides[whole][programme].append(designation)
        whole, somewhere = (
            {key: tuple(designations) for key, designations in sides[side].items()} for side in (True, False)
        )
        made.append(Above(code, whole, somewhere))
    return made


def _unknown(found: Computed, programmes: Sequence[str]) -> Mapping[str, Any]:
    """Return what is unknown: programmes without ministry, designations without place."""
    charges = found.ministries(found.today)
    rows = found.columns.query(
        """SELECT programme, count(*) FROM designations ANTI JOIN designation_places USING (designation)
        WHERE list_contains($programmes, programme) GROUP BY 1 ORDER BY 2 DESC, 1""",
        {"programmes": list(programmes) or [""]},
    )
    return {"ministry": [key for key in programmes if key not in charges], "placeless": rows}


def _json(code: str, content: Mapping[str, Any]) -> dict[str, object]:
    """Return the dossier as JSON: designations with labels, findings with scores, numbered sources."""
    return {
        "place": _named("place", code),
        "level": [str(term.value) for term in content["thing"].values("gp:hasLevel")],
        "within": [{"iri": each, "name": name(each).text} for each in content["own"]["parents"]],
        "persons": {str(year): persons for year, persons in content["persons"]},
        "days": [day.isoformat() for day in content["days"]],
        "designations": {bearer: [_holding(each) for each in holdings] for bearer, holdings in content["held"].items()},
        "above": [
            {"place": _named("place", each.place), "whole": each.whole, "somewhere": each.somewhere}
            for each in content["above"]
        ],
        "findings": [_finding(entry) for entry, _ in content["described"]] + [_finding(e) for e in content["briefly"]],
        "possible": [_finding(entry) for entry in content["possible"]],
        "set_aside": [
            {"subject": pair.subject, "relation": pair.relation, "object": pair.object}
            for pair in content["subtracted"]
        ],
        "gaps": [_finding(entry) for entry in content["gaps"]],
        "lists": {
            programme: {"completeness": completeness, "designations": held, "official_total": total}
            for programme, completeness, held, total in content["coverage"]
        },
        "without_list": [key_of(iri) for iri in content["without_list"]],
        "ministry_unknown": content["unknown"]["ministry"],
        "place_unknown": dict(content["unknown"]["placeless"]),
        "sources": [{"number": number, **source._asdict()} for number, source in enumerate(content["sources"], 1)],
    }


def _named(kind: str, key: str) -> dict[str, str]:
    return {"key": key, "iri": f"{THINGS}{kind}/{key}", "name": finding_words.called(kind, key)}


def _holding(holding: Holding) -> dict[str, object]:
    return {
        "ministries": [_named("authority", key) for key in holding.ministries],
        "inferred": holding.inferred,
        "lapsed": holding.lapsed,
        "programmes": [
            {
                **_named("programme", kind.programme),
                "purposes": [key_of(iri) for iri in kind.purposes],
                "designations": [_designation(designation) for designation in kind.designations],
            }
            for kind in holding.kinds
        ],
    }


def _designation(designation: Designation) -> dict[str, object]:
    member = designation.member
    return {
        **_named("designation", member.designation),
        "approved": member.approved,
        "ended": member.ended,
        "known_to": member.known_to,
        "best_grade": member.grade,
        "in_force": not designation.ended,
        "extent": member.extent,
        "places": member.places,
        "carriers": member.carriers,
        "fields": member.fields,
        "documents": designation.documents,
        "sources": designation.sources,
    }


def _finding(entry: Entry) -> dict[str, object]:
    return {
        "iri": f"{THINGS}finding/{entry.key}",
        "kind": entry.kind,
        "title": finding_words.title(entry.known[-1]),
        "states": [
            {
                "as_of": state.as_of.isoformat(),
                "strength": state.strength or None,
                "score": state.score if state.ranked else None,
                "ministries": state.ministries,
                "programmes": state.programmes,
                "members": state.members,
                "factors": state.factors,
                "says": finding_words.statement(state),
            }
            for state in entry.known
        ],
    }

"""Export of findings: one row per finding and day; in JSON one entry per finding with all factors."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from kg.analysis.findings.finding import Finding
from kg.analysis.findings.table import FACTORS, KEY_HEADERS, key_rows
from kg.vocab import SCHEMES, THINGS
from web.graph.findings import sensitivity
from web.graph.labels import graph, name
from web.html.finding_words import called, class_of, property_of, statement, title
from web.http.language import gettext as _
from web.lists.definitions import Row
from web.lists.export import Sheet
from web.lists.findings import FINDINGS, Entry, asked_days
from web.lists.workbook import Cell, Line

WRITTEN = tuple(factor for factor in FACTORS if property_of(factor))
"""Factors in the workbook, in order."""
TYPES = {**dict.fromkeys(("score", *FACTORS), "DOUBLE"), "as_of": "DATE", "rests_on_inferred": "BOOLEAN"}
"""Parquet types other than VARCHAR."""


class FindingSheet(Sheet):
    """Export of the list of findings."""

    def __init__(self, found: Mapping[str, Entry]) -> None:
        """Start with the entries by key."""
        super().__init__(FINDINGS)
        self._found, self._days = found, asked_days()

    @property
    def headers(self) -> Mapping[str, str]:
        """Names before keys."""
        return {header: TYPES.get(header, "VARCHAR") for header in ("title", *KEY_HEADERS)}

    def rows(self, found: Iterable[Row]) -> Iterator[list[Cell]]:
        """Yield one row per finding and day, numbers formatted as in the command `findings`."""
        states = [*self._states(found)]
        for state, cells in zip(states, key_rows(states), strict=True):
            yield [title(state), *cells]

    @property
    def titles(self) -> list[str]:
        """Names before keys, factors by their names."""
        return [
            *(_("Finding"), _("Kind"), _("Day"), _("Strength of evidence"), _("Why not strong"), _("Score")),
            *(_("Place"), _("Code"), _("Group of purposes")),
            *(_("Ministries"), _("Programmes"), _("Members")),
            *(name(property_of(factor)).text for factor in WRITTEN),
            *(_("Meeting"), _("Note"), _("Rests on inferred mandates"), _("What it indicates")),
            *(_("Keys of the members"), _("Evidence hash"), "IRI"),
        ]

    def book_rows(self, found: Iterable[Row]) -> Iterator[list[Cell]]:
        """Yield one row per finding and day, names before keys, numbers as numbers."""
        return map(_cells, self._states(found))

    def head(self) -> Mapping[str, object]:
        """Return the days, and what their overlaps are without what is not certain."""
        days = [day.isoformat() for day in self._days]
        found = [one for one in sensitivity(graph()) if one.day in days]
        return {"days": days, "sensitivity": [asdict(one) for one in found]}

    def entries(self, found: Iterable[Row]) -> Iterator[Mapping[str, object]]:
        """Yield each finding with every factor of its states."""
        for row in found:
            entry = self._found[row.key]
            yield {
                "iri": row.iri,
                "title": title(entry.known[-1]),
                "kind": entry.kind,
                "group": dict(entry.group),
                "states": [_state(state) for state in entry.known],
            }

    def filters(self) -> Iterable[Line]:
        """Return the days."""
        return [(_("Days"), ", ".join(day.isoformat() for day in self._days))]

    def _states(self, found: Iterable[Row]) -> Iterator[Finding]:
        return (state for row in found for state in self._found[row.key].known)


def _cells(state: Finding) -> list[Cell]:
    place = state.group.get("place", "")
    group = state.group.get("purpose_group", "")
    return [
        *(title(state), name(class_of(state.kind)).text, state.as_of),
        name(f"{SCHEMES}strength/{state.strength}").text if state.strength else "",
        *("; ".join(name(f"{SCHEMES}lack/{lack}").text for lack in state.lacks),),
        *(state.score if state.ranked else None,),
        *(called("place", place) if place else "", place),
        name(f"{SCHEMES}purpose/{group}").text if group else "",
        *("; ".join(called("authority", key) for key in state.ministries),),
        *("; ".join(called("programme", key) for key in state.programmes), len(state.members)),
        *(state.factors.get(factor) for factor in WRITTEN),
        name(f"{SCHEMES}certainty/{state.certainty}").text,
        "; ".join(name(f"{SCHEMES}mark/{mark}").text for mark in state.marks),
        _("yes") if state.rests_on_inferred else _("no"),
        *(statement(state), ";".join(state.members), state.evidence_hash, f"{THINGS}finding/{state.key}"),
    ]


def _state(state: Finding) -> dict[str, object]:
    content = {**asdict(state), "as_of": state.as_of.isoformat()}
    return {name: value for name, value in content.items() if name not in ("key", "kind", "group")}

"""Findings of one or two days as the rows of a list: filtered by address, counted by facet, written as CSV and JSON."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from flask import Response

from kg.analysis.findings import find
from kg.analysis.findings.finding import TIERS, Finding, Ruling, rank
from kg.analysis.findings.table import FACTORS, KEY_HEADERS, key_rows
from kg.vocab import SCHEMES, THINGS
from web.data import Computed
from web.graph.labels import name
from web.graph.queries import Label, collation
from web.html.finding_words import called, class_of, property_of, title, told
from web.http.language import gettext as _
from web.lists.export import Cell, Line, about, workbook
from web.lists.filters import Choice

LEAST = ("0.1", "0.05", "0.02", "0.005")
"""Scores from which a list may begin."""
WRITTEN = tuple(factor for factor in FACTORS if property_of(factor))
"""The factors that stand in a workbook, in order."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its prefecture and province, empty where it is none of one."""

    prefecture: str
    province: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding on the days of a list: key, kind, group, and its state on each day, None where it is not there."""

    key: str
    states: tuple[Finding | None, ...]

    @property
    def known(self) -> tuple[Finding, ...]:
        """The states that there are."""
        return tuple(state for state in self.states if state)

    @property
    def kind(self) -> str:
        """The key of its kind."""
        return self.known[0].kind

    @property
    def group(self) -> Mapping[str, str]:
        """What its group is made of."""
        return self.known[0].group

    @property
    def place(self) -> str:
        """The code of the place where it lies, empty where it lies in none."""
        return self.group.get("place", "")

    @property
    def score(self) -> float:
        """The highest score on the days of the list."""
        return max(state.score for state in self.known)

    @property
    def ranked(self) -> bool:
        """Whether it takes a place in the ranking; what is only possible does not."""
        return self.known[0].ranked

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes on any of the days."""
        return tuple(sorted({key for state in self.known for key in state.programmes}))


def places(found: Computed) -> Mapping[str, Place]:
    """Return prefecture and province of every place."""
    sql = "SELECT place, prefecture, province FROM places"
    return found.cached("places", lambda: {code: Place(*above) for code, *above in found.columns.query(sql)})


def entries(found: Computed, days: Sequence[date]) -> tuple[Entry, ...]:
    """Return the findings of some days in the order of lists, by the highest score on any of the days."""
    return found.cached(("entries", *days), lambda: _entries([found.findings(day) for day in days]))


def _entries(by_day: Sequence[Mapping[str, Finding]]) -> tuple[Entry, ...]:
    keys = dict.fromkeys(key for findings in by_day for key in findings)
    made = (Entry(key, tuple(findings.get(key) for findings in by_day)) for key in keys)
    return tuple(rank(made))


def _within(entry: Entry, known: Mapping[str, Place]) -> tuple[str, ...]:
    place = known.get(entry.place)
    return tuple(dict.fromkeys((entry.place, place.prefecture, place.province))) if place else ()


def _standing(entry: Entry) -> str:
    early, late = entry.states[0], entry.states[-1]
    return "both" if early and late else "early" if early else "late"


def _decided(ruling: Ruling) -> str:
    return "reopened" if ruling.reopened else ruling.verdict


def facets(known: Mapping[str, Place]) -> Mapping[str, Callable[[Entry], Iterable[str]]]:
    """Return by parameter what of an entry can be chosen."""
    return {
        "kind": lambda entry: [entry.kind],
        "place": lambda entry: _within(entry, known),
        "ministry": lambda entry: {key for state in entry.known for key in state.ministries},
        "purpose": lambda entry: [entry.group.get("purpose_group", "")],
        "programme": lambda entry: entry.programmes,
        "days": lambda entry: [_standing(entry)],
        "score": lambda entry: [least for least in LEAST if entry.score >= float(least)],
        "inferred": lambda entry: ["yes" if any(state.rests_on_inferred for state in entry.known) else "no"],
        "decided": lambda entry: {_decided(ruling) for state in entry.known for ruling in state.rulings},
    }


def matching(
    everything: Iterable[Entry], chosen: Mapping[str, str], of: Mapping[str, Callable[[Entry], Iterable[str]]]
) -> list[Entry]:
    """Return the entries that have all chosen keys."""
    asked = [(of[facet], key) for facet, key in chosen.items() if key]
    return [entry for entry in everything if all(key in keys(entry) for keys, key in asked)]


def choices(everything: Sequence[Entry], chosen: Mapping[str, str], known: Mapping[str, Place]) -> list[Choice]:
    """Return the filters, each option with the number of entries that the other filters leave it."""
    of, made = facets(known), []
    for facet, (heading, text) in _titles().items():
        if facet == "days" and len(everything[0].states if everything else ()) < 2:
            continue
        left = matching(everything, {other: key for other, key in chosen.items() if other != facet}, of)
        counts = Counter(key for entry in left for key in of[facet](entry) if key)
        if chosen[facet] and chosen[facet] not in counts:
            counts[chosen[facet]] = 0
        keys = _in_order(facet, counts, chosen[facet], known)
        options = tuple((key, indent + text(key), counts[key]) for indent, key in keys)
        if facet == "decided" and not options:
            continue
        made.append(Choice(facet, heading, chosen[facet], options))
    return made


def _in_order(facet: str, counts: Counter[str], chosen: str, known: Mapping[str, Place]) -> list[tuple[str, str]]:
    """Return the keys of the options in order, each after its indent; of places, those in the chosen province too."""
    if facet in ("score", "days", "inferred"):
        return [("", key) for key in (*LEAST, "both", "early", "late", "yes", "no") if key in counts]
    if facet == "kind":
        return [("", key) for tier in TIERS for key in tier if key in counts]
    text = _titles()[facet][1]

    def by_name(keys: Iterable[str]) -> list[str]:
        return sorted(keys, key=lambda key: collation(Label(text(key), "en" if text(key).isascii() else "zh")))

    if facet != "place":
        return [("", key) for key in by_name(counts)]
    ordered = []
    for province in by_name({known[key].province for key in counts if key in known}):
        ordered.append(("", province))
        if chosen in known and known[chosen].province == province:
            ordered += [("\u2003", key) for key in sorted(counts) if known[key].province == province != key]
    return ordered


def _titles() -> Mapping[str, tuple[str, Callable[[str], str]]]:
    """Return title of a filter and what an option is called, by parameter."""
    standing = {"both": _("on both days"), "early": _("only on the first day"), "late": _("only on the second day")}
    inferred = {"yes": _("yes"), "no": _("no")}

    def verdict(key: str) -> str:
        return _("open again") if key == "reopened" else name(f"{SCHEMES}decision-verdict/{key}").text

    return {
        "kind": (_("Kind"), lambda key: name(class_of(key)).text if key in find.KINDS else key),
        "place": (_("Place"), lambda key: name(f"{THINGS}place/{key}").text),
        "ministry": (_("Ministry"), lambda key: name(f"{THINGS}authority/{key}").text),
        "purpose": (_("Group of purposes"), lambda key: name(f"{SCHEMES}purpose/{key}").text),
        "programme": (_("Programme"), lambda key: name(f"{THINGS}programme/{key}").text),
        "days": (_("Seen"), lambda key: standing.get(key, key)),
        "score": (_("Score at least"), lambda key: key),
        "inferred": (_("Rests on inferred mandates"), lambda key: inferred.get(key, key)),
        "decided": (_("Decided"), verdict),
    }


def as_table(found: Sequence[Entry]) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of text: one row for each finding and day, names before keys."""
    states = [state for entry in found for state in entry.known]
    rows = zip(states, key_rows(states), strict=True)
    return ["title", *KEY_HEADERS], [[title(state), *cells] for state, cells in rows]


def as_workbook(
    found: Sequence[Entry], days: Sequence[date], chosen: Iterable[Choice], whole: Iterable[Line]
) -> Response:
    """Give a list as a workbook: a row for each finding and day, names before keys, factors and scores as numbers."""
    heads = [
        *(
            _("Finding"),
            _("Kind"),
            _("Day"),
            _("Score"),
            _("Place"),
            _("Code"),
            _("Group of purposes"),
            _("Ministries"),
        ),
        *(
            _("Programmes"),
            _("Members"),
            *(name(property_of(factor)).text for factor in WRITTEN),
            _("Meeting"),
            _("Note"),
        ),
        *(_("Rests on inferred mandates"), _("What it indicates"), _("Keys of the members"), _("Evidence hash"), "IRI"),
    ]
    filters = [Choice("as_of", _("Days"), ", ".join(day.isoformat() for day in days)), *chosen]
    rows = (_cells(state) for entry in found for state in entry.known)
    return workbook("findings", heads, rows, about(_("Findings"), filters, whole))


def _cells(state: Finding) -> list[Cell]:
    place = state.group.get("place", "")
    group = state.group.get("purpose_group", "")
    return [
        *(title(state), name(class_of(state.kind)).text, state.as_of, state.score if state.ranked else None),
        *(called("place", place) if place else "", place),
        name(f"{SCHEMES}purpose/{group}").text if group else "",
        *("; ".join(called("authority", key) for key in state.ministries),),
        *("; ".join(called("programme", key) for key in state.programmes), len(state.members)),
        *(state.factors.get(factor) for factor in WRITTEN),
        name(f"{SCHEMES}certainty/{state.certainty}").text,
        "; ".join(name(f"{SCHEMES}mark/{mark}").text for mark in state.marks),
        _("yes") if state.rests_on_inferred else _("no"),
        *(told(state), ";".join(state.members), state.evidence_hash, f"{THINGS}finding/{state.key}"),
    ]


def as_content(found: Sequence[Entry], days: Sequence[date], chosen: Mapping[str, str]) -> dict[str, object]:
    """Return what a list holds as JSON: every factor of every state."""
    return {
        "list": "findings",
        "days": [day.isoformat() for day in days],
        "filters": {facet: key for facet, key in chosen.items() if key},
        "total": len(found),
        "entries": [
            {
                "iri": f"{THINGS}finding/{entry.key}",
                "title": title(entry.known[-1]),
                "kind": entry.kind,
                "group": dict(entry.group),
                "states": [_state(state) for state in entry.known],
            }
            for entry in found
        ],
    }


def _state(state: Finding) -> dict[str, object]:
    content = {**asdict(state), "as_of": state.as_of.isoformat()}
    return {name: value for name, value in content.items() if name not in ("key", "kind", "group")}

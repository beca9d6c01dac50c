"""List of findings on one or two days: each finding once, with its state on each day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from kg.analysis.findings import equal_members, find
from kg.analysis.findings.finding import STRENGTHS, TIERS, Finding, Ruling, rank
from kg.release.columns import Database
from kg.vocab import SCHEMES, THINGS
from web.data import Computed, computed, requested_day
from web.graph.labels import name
from web.html.finding_words import GROUPS, class_of
from web.http.language import LANGUAGES
from web.http.language import lazy_gettext as _
from web.lists.definitions import Definition, Facet, Source

PAGE_SIZE = 30
LEAST = ("0.1", "0.05", "0.02", "0.005")
"""Scores from which a list may begin."""
KINDS = {
    **dict.fromkeys(("key", "kind", "purpose", "standing", "inferred", "possible", "words"), "VARCHAR"),
    "rank": "INTEGER",
    **dict.fromkeys(("place", "ministry", "programme", "strength", "score", "decided", "listed"), "VARCHAR[]"),
}
"""Columns of the table of findings: keys of facets, rank in the default order."""


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
    def precedence(self) -> tuple[float, ...]:
        """What orders it: that of its strongest state."""
        return min(state.precedence for state in self.known)

    @property
    def ranked(self) -> bool:
        """Whether it takes a place in the ranking; what is only possible does not."""
        return self.known[0].ranked

    @property
    def listed(self) -> bool:
        """Whether a list shows it on one of the days, and not only a finding with equal members in its place."""
        return not all(state.listed_under for state in self.known)

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes on any of the days."""
        return tuple(sorted({key for state in self.known for key in state.programmes}))


def places(found: Computed) -> Mapping[str, Place]:
    """Return prefecture and province of every place."""
    sql = "SELECT place, prefecture, province FROM places"
    return found.cached("places", lambda: {code: Place(*above) for code, *above in found.columns.query(sql)})


def entries(found: Computed, days: Sequence[date]) -> tuple[Entry, ...]:
    """Return the findings of some days in the order of lists, by the strongest state on any of the days."""
    return found.cached(("entries", *days), lambda: _entries([found.findings(day) for day in days]))


def _entries(by_day: Sequence[Mapping[str, Finding]]) -> tuple[Entry, ...]:
    keys = dict.fromkeys(key for findings in by_day for key in findings)
    made = (Entry(key, tuple(findings.get(key) for findings in by_day)) for key in keys)
    return tuple(rank(made))


def with_equal_members(found: Computed, day: date) -> Mapping[str, Sequence[Finding]]:
    """Return, for each finding of a day under which others are listed, those others."""
    return found.cached(("equal members", day), lambda: equal_members.others(found.findings(day).values()))


def within(entry: Entry, known: Mapping[str, Place]) -> tuple[str, ...]:
    """Return the place of a finding with its prefecture and province."""
    place = known.get(entry.place)
    return tuple(dict.fromkeys((entry.place, place.prefecture, place.province))) if place else ()


def asked_days() -> tuple[date, ...]:
    """Return the day in `as_of`, else the two standing days."""
    found = computed()
    return (requested_day("as_of", found.today),) if request.args.get("as_of") else found.days


def _source() -> Source:
    found, days = computed(), asked_days()
    return found.cached(("list of findings", *days), lambda: _read(found, days))


def _read(found: Computed, days: Sequence[date]) -> Source:
    everything = entries(found, days)
    tables = Database.of_rows("entries", KINDS, _rows(everything, places(found)))
    return Source(tables, tables, {}, {entry.key: entry for entry in everything})


def _rows(everything: Sequence[Entry], known: Mapping[str, Place]) -> Iterator[tuple[Any, ...]]:
    for place, entry in enumerate(everything):
        inferred = any(state.rests_on_inferred for state in entry.known)
        yield (
            *(entry.key, entry.kind, entry.group.get("purpose_group", ""), _standing(entry)),
            *("yes" if inferred else "no", "0" if entry.ranked else "1", _words(entry), place),
            [*within(entry, known)],
            sorted({key for state in entry.known for key in state.ministries}),
            [*entry.programmes],
            sorted({state.strength for state in entry.known if state.strength}),
            [least for least in LEAST if entry.score >= float(least)],
            sorted({_decided(ruling) for state in entry.known for ruling in state.rulings}),
            ["once", "all"] if entry.listed else ["all"],
        )


def _standing(entry: Entry) -> str:
    early, late = entry.states[0], entry.states[-1]
    return "both" if early and late else "early" if early else "late"


def _decided(ruling: Ruling) -> str:
    return "reopened" if ruling.reopened else ruling.verdict


def _words(entry: Entry) -> str:
    """Return the names of group and programmes in all languages, for text search."""
    parts = [(GROUPS.get(part, ""), key) for part, keys in entry.group.items() for key in keys.split(";")]
    named = [base + key for base, key in parts if base] + [f"{THINGS}programme/{key}" for key in entry.programmes]
    said = (name(iri, each).text for iri in dict.fromkeys(named) for each in LANGUAGES)
    return " ".join((*said, *(key for base, key in parts if not base)))


def _kind(key: str) -> str:
    return class_of(key) if key in find.KINDS else key


def _province(code: str) -> str:
    place = places(computed()).get(code)
    return place.province if place else ""


def _facet(name: str, title: str, column: str = "", **more: Any) -> Facet:  # noqa: ANN401 — what facets take
    cell = f'unnest("{column or name}")' if KINDS[column or name].endswith("[]") else f'"{column or name}"'
    return Facet(name, title, f"SELECT key AS thing, {cell} AS key FROM entries", **more)  # noqa: S608


FINDINGS = Definition(
    name="findings",
    title=_("Findings"),
    entry=_("Finding"),
    sentence="",
    columns=(),
    facets=(
        _facet("kind", _("Kind"), base=_kind, order=[kind for tier in TIERS for kind in tier], tabs=True),
        _facet("place", _("Place"), base=f"{THINGS}place/", order="name", within=_province),
        _facet("ministry", _("Ministry"), base=f"{THINGS}authority/", order="name"),
        _facet("purpose", _("Group of purposes"), base=f"{SCHEMES}purpose/", order="name"),
        _facet("programme", _("Programme"), base=f"{THINGS}programme/", order="name"),
        _facet(
            "days",
            _("Seen"),
            "standing",
            words={
                "both": _("on both days"),
                "early": _("only on the first day"),
                "late": _("only on the second day"),
            },
            order=("both", "early", "late"),
        ),
        _facet("strength", _("Strength of evidence"), base=f"{SCHEMES}strength/", order=STRENGTHS),
        _facet("score", _("Score at least"), order=LEAST),
        _facet(
            "inferred", _("Rests on inferred mandates"), words={"yes": _("yes"), "no": _("no")}, order=("yes", "no")
        ),
        _facet(
            "decided",
            _("Decided"),
            base=f"{SCHEMES}decision-verdict/",
            words={"reopened": _("reopened")},
            order="name",
        ),
        _facet(
            "listed",
            _("Findings with equal members"),
            words={"once": _("listed once"), "all": _("each listed")},
            offered=False,
            default="once",
            exported="all",
        ),
        _facet(
            "possible",
            _("Possible only"),
            words={"0": _("no"), "1": _("yes")},
            offered=False,
            default="0",
        ),
    ),
    base=f"{THINGS}finding/",
    words="r.words",
    source=_source,
    length=PAGE_SIZE,
    parameters=("as_of",),
    whole=True,
)

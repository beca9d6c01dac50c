"""Territorial overlaps against an exhaustive enumeration of all pairs of designations."""

from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from kg.analysis.findings.kinds import territorial
from kg.analysis.ministries import ministries
from kg.release.columns import Columns

DAYS = [date(2022, 12, 31), date(2026, 11, 24)]
NEEDING_NO_FIELD = {"agriculture-rural", "social-development", "open-economy"}
EXPLAINING = ("contains", "lies-on", "succeeds", "stage-of", "alternates")
Found = dict[tuple[str, str, bool], set[tuple[str, str]]]


def table(columns: Columns, name: str) -> list[dict[str, Any]]:
    heads, rows = columns.table(f"SELECT * FROM {name} ORDER BY ALL")  # noqa: S608
    return [dict(zip(heads, row, strict=True)) for row in rows]


class Enumeration:
    """The rules of overlaps, stacking and by-design relations in plain Python, without groups and without SQL."""

    def __init__(self, columns: Columns, day: date) -> None:
        self.places = {row["place"]: row for row in table(columns, "places")}
        self.counties = defaultdict(set)
        for key, row in self.places.items():
            if key == row["county"]:
                self.counties[row["prefecture"]].add(key)
        self.answers = ministries(columns, day)
        self.usual = {row["programme"]: row["usual_extent"] for row in table(columns, "programmes")}
        self.related = {
            frozenset((row["subject"], row["object"]))
            for name in ("programme_relations", "designation_relations")
            for row in table(columns, name)
            if row["relation"] in EXPLAINING and row["status"] != "unsourced"
        } | {frozenset((row["parent"], row["programme"])) for row in table(columns, "programmes") if row["parent"]}
        self.purposes = defaultdict(set)
        for row in table(columns, "programme_purposes"):
            if not row["generic"]:
                self.purposes[row["programme"]].add((row["purpose_group"], row["weight"] == "main"))
        self.fields = self._fields(columns)
        self.lies = self._lies(columns, day)

    def _fields(self, columns: Columns) -> dict[str, set[str]]:
        held = defaultdict(set)
        for row in table(columns, "fields"):
            held[row["field"]].add(row["field"])
            if row["broader"]:
                held[row["broader"]].add(row["field"])
        fields = defaultdict(set)
        for row in table(columns, "designation_fields"):
            fields[row["designation"]] |= held[row["field"]]
        return fields

    def _lies(self, columns: Columns, day: date) -> dict[tuple[str, str], tuple[set[str], set[str], set[str]]]:
        """Of each designation in force: counties it is in, prefectures it covers, prefectures it is somewhere in."""
        located = defaultdict(list)
        for row in table(columns, "designation_places"):
            located[row["designation"]].append(self.places[row["place"]])
        lies = {}
        for designation in table(columns, "designations"):
            key, extent = designation["designation"], designation["extent"]
            begun = designation["counted_from"] is not None and designation["counted_from"] <= day
            over = designation["ended_last"] is not None and designation["ended_last"] < day
            wide = extent in ("province", "several-provinces", "organisation")
            if (
                designation["bearer"] != "area"
                or not begun
                or over
                or wide
                or designation["programme"] not in self.answers
            ):
                continue
            inside: set[str] = set()
            whole: set[str] = set()
            somewhere: set[str] = set()
            narrow = extent in ("town", "within-county", "county", "unknown")
            doubtful = narrow and sum(1 for place in located[key] if place["county"]) > 1
            for place in located[key]:
                entire = extent == "prefecture" or (extent == "county" and place["level"] == "prefecture")
                if (
                    place["level"] == "province"
                    and extent == "prefecture"
                    and self.usual[designation["programme"]] == "province"
                ):
                    continue
                if entire and place["place"] == place["prefecture"]:
                    whole.add(place["prefecture"])
                elif doubtful or not place["county"]:
                    somewhere |= {place["prefecture"]} - {""}
                else:
                    inside.add(place["county"])
            lies[key, designation["programme"]] = inside, whole, somewhere
        return lies

    def meetings(self, one: tuple[str, str], other: tuple[str, str]) -> set[tuple[str, bool]]:
        """Return the units where two designations meet, each with whether it is only possible."""
        (inside, whole, somewhere), (inside_too, whole_too, somewhere_too) = self.lies[one], self.lies[other]
        covered, covered_too = (
            {county for prefecture in prefectures for county in self.counties[prefecture]}
            for prefectures in (whole, whole_too)
        )
        near, near_too = (
            {self.places[county]["prefecture"] for county in counties} for counties in (inside, inside_too)
        )
        sure = (inside & inside_too) | (inside & covered_too) | (covered & inside_too)
        sure |= (whole & whole_too) | (whole & somewhere_too) | (somewhere & whole_too)
        maybe = (somewhere & somewhere_too) | (somewhere & near_too) | (near & somewhere_too)
        return {(unit, False) for unit in sure} | {(unit, True) for unit in maybe}

    def shared(self, one: tuple[str, str], other: tuple[str, str]) -> set[str]:
        """Return the purpose groups that make two designations overlap where they meet."""
        mine, theirs = self.purposes[one[1]], self.purposes[other[1]]
        common = {group for group, _ in mine} & {group for group, _ in theirs}
        common &= {group for group, main in mine | theirs if main}
        fields, fields_too = self.fields.get(one[0], set()), self.fields.get(other[0], set())
        return common if fields & fields_too or not (fields | fields_too) else common & NEEDING_NO_FIELD

    def found(self) -> Found:
        """Return the pairs of programmes that overlap, by unit, purpose group and whether they only possibly meet."""
        by_prefecture = defaultdict(set)
        for key, (inside, whole, somewhere) in self.lies.items():
            for prefecture in {self.places[county]["prefecture"] for county in inside} | whole | somewhere:
                by_prefecture[prefecture].add(key)
        pairs = {pair for keys in by_prefecture.values() for pair in combinations(sorted(keys), 2)}
        found: Found = defaultdict(set)
        for one, other in pairs:
            programmes = tuple(sorted((one[1], other[1])))
            if self.answers[one[1]].ministries & self.answers[other[1]].ministries or one[1] == other[1]:
                continue
            if {frozenset(programmes), frozenset((one[0], other[0]))} & self.related:
                continue
            for group in self.shared(one, other):
                for unit, possible in self.meetings(one, other):
                    found[unit, group, possible].add((programmes[0], programmes[1]))
        return dict(found)


@pytest.mark.parametrize("day", DAYS)
def test_the_engine_finds_what_enumeration_finds(columns: Columns, day: date) -> None:
    expected = Enumeration(columns, day).found()
    findings = territorial.find(columns, day)
    engine = {(f.group["place"], f.group["purpose_group"], not f.ranked): set(f.overlaps) for f in findings}
    assert len(expected) > 300
    assert engine == expected
    groups = {(group.unit, group.purpose_group, group.possible) for group in territorial.groups(columns, day)}
    assert groups == expected.keys()


def test_some_units_alone_have_the_findings_that_they_have_among_all(columns: Columns) -> None:
    """Chance is read for their provinces only, with the same result."""
    everywhere = territorial.find(columns, DAYS[0])
    units = {finding.group["place"] for finding in everywhere[::25]}
    chosen = [finding for finding in everywhere if finding.group["place"] in units]
    assert len({unit[:2] for unit in units}) > 5
    assert territorial.find(columns, DAYS[0], sorted(units)) == chosen

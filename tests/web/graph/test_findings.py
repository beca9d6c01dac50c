"""Findings on the page of a resource agree with the analysis, on both standing days."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from read_pages import soup, words
from reform import BEFORE_REFORM

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.analysis.scenarios.compare import compare
from kg.release import Release
from kg.release.columns import Columns
from kg.vocab import THINGS
from web.graph import resource
from web.graph.findings import (
    FIRST_SHOWN,
    MAX_SHOWN,
    TOP,
    FindingKind,
    Moved,
    moved,
    related_findings,
    strongest,
)

KINDS = ("territorial", "thematic", "carrier", "stacking")


@pytest.fixture(scope="module")
def found(release: Release, columns: Columns) -> Mapping[date, list[Finding]]:
    return {day: find.find(columns, day, KINDS) for day in (BEFORE_REFORM, release.data_as_of)}


def of_page(app: Flask, kind: str, key: str) -> list[FindingKind]:
    graph = app.extensions["guapai"].graph
    thing = resource.read(graph, f"{THINGS}{kind}/{key}")
    assert thing is not None
    return related_findings(graph, thing, kind)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("place", "110117"),
        ("place", "320500"),
        ("designation", "national-etdz-0051"),
        ("programme", "national-high-tech-zone"),
        ("authority", "mofcom"),
        ("carrier", "lan-zhou-da-xue"),
    ],
)
def test_findings_of_a_thing_are_those_of_the_engine(
    app: Flask, found: Mapping[date, list[Finding]], kind: str, key: str
) -> None:
    named = {
        "place": lambda one: one.group.get("place") == key,
        "designation": lambda one: key in one.members,
        "programme": lambda one: key in one.programmes,
        "authority": lambda one: key in one.ministries,
        "carrier": lambda one: key in one.group.get("carrier", "").split(";"),
    }[kind]
    expected: dict[str, dict[str, tuple[object, str]]] = defaultdict(dict)
    for day, findings in found.items():
        for one in filter(named, findings):
            score = pytest.approx(one.score, rel=1e-5) if one.ranked else None
            expected[one.key][str(day)] = score, one.strength
    assert expected
    answered = {one.key: one for one in of_page(app, kind, key)}
    counts = Counter(name.partition("/")[0] for name in expected)
    assert {name: one.count for name, one in answered.items() if name in KINDS} == counts
    here = {(one.key, str(day)) for day, findings in found.items() for one in filter(named, findings)}
    for name in counts:
        shown = answered[name].shown
        hidden = {
            one.key
            for one in {one.key: one for findings in found.values() for one in findings}.values()
            if one.kind == name
            and (states := [own for day in found for own in found[day] if own.key == one.key and named(own)])
            and all((own.listed_under, str(own.as_of)) in here for own in states)
        }
        listed = counts[name] - len(hidden)
        assert answered[name].listed == listed
        assert len(shown) == (listed if listed <= MAX_SHOWN else FIRST_SHOWN)
        assert {
            one.iri.removeprefix(f"{THINGS}finding/"): {
                day: (state.score, state.strength) for day, state in one.states.items()
            }
            for one in shown
        }.items() <= expected.items()


def test_what_became_of_the_overlap_in_pinggu_stands_on_its_page(app: Flask) -> None:
    page = soup(app.test_client(), "/page/place/110117?lang=en")
    (table,) = page.select("section[aria-labelledby=findings] table")
    rows = {words(row.th): [words(cell) for cell in row("td")] for row in table.select("tr:has(th[scope=row])")}
    name = "Pinggu District, Beijing: 6 designations for agriculture and rural areas of 2 ministries (MARA, MOST)"
    assert rows[f"{name} (2022-12-31)"] == ["strong", "not present"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_strongest_of_a_kind_are_the_first_of_the_engine(
    app: Flask, found: Mapping[date, list[Finding]], kind: str
) -> None:
    for day, findings in found.items():
        first = [one for one in findings if one.kind == kind and not one.listed_under][:TOP]
        answered = strongest(app.extensions["guapai"].graph, kind, str(day))
        assert [(iri.removeprefix(f"{THINGS}finding/"), state.strength) for iri, state in answered] == [
            (one.key, one.strength) for one in first
        ]


def test_what_became_of_the_strong_ones_is_that_of_the_comparison(
    app: Flask, columns: Columns, found: Mapping[date, list[Finding]]
) -> None:
    (eve, before), (today, after) = found.items()
    sides = [[one for one in findings if one.kind == "territorial"] for findings in (before, after)]
    stacks = [one for one in after if one.kind == "stacking"]
    changes = compare(columns, *sides, stacks, (eve, today))
    strong = [change for change in changes if change.before and change.before.strength == "strong"]
    gone = [change for change in strong if not change.after or not change.after.ranked]
    moved_there = [change for change in gone if change.cause == "mandates"]
    unknown = [change for change in gone if change.change == "not-known-after"]
    kept = sum(change.after is not None and change.after.strength == "strong" for change in strong)
    assert moved(app.extensions["guapai"].graph, str(eve), str(today)) == Moved(
        before=len(strong),
        after=sum(one.strength == "strong" for one in sides[1]),
        strong=kept,
        weaker=len(strong) - len(gone) - kept,
        moved=len(moved_there),
        stacked=sum(bool(change.became) for change in moved_there),
        ended=len(gone) - len(moved_there) - len(unknown),
        unknown=len(unknown),
    )
    page = words(soup(app.test_client(), "/?lang=en").find("section", {"aria-labelledby": "overlaps"}))
    assert f"Strong territorial overlaps: {len(strong)} → " in page
    assert f"{len(moved_there)} are gone because mandates moved, not designations" in page
    assert not re.search(r"\b0 (are|still)", page)


def test_a_thing_that_findings_do_not_name_has_none(app: Flask) -> None:
    assert of_page(app, "source", "guapai") == []

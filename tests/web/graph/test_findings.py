"""Findings on the page of a resource agree with the analysis, on both standing days."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from read_pages import soup, words
from reform import BEFORE_REFORM

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.release import Release
from kg.release.columns import Columns
from kg.vocab import THINGS
from web.graph import resource
from web.graph.findings import FIRST_SHOWN, MAX_SHOWN, FindingKind, related_findings

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
    expected: dict[str, dict[str, float | None]] = defaultdict(dict)
    for day, findings in found.items():
        for one in filter(named, findings):
            expected[one.key][str(day)] = pytest.approx(one.score, rel=1e-5) if one.ranked else None
    assert expected
    answered = {one.key: one for one in of_page(app, kind, key)}
    counts = Counter(name.partition("/")[0] for name in expected)
    assert {name: one.count for name, one in answered.items() if name in KINDS} == counts
    for name in counts:
        shown = answered[name].shown
        assert len(shown) == (counts[name] if counts[name] <= MAX_SHOWN else FIRST_SHOWN)
        assert {
            one.iri.removeprefix(f"{THINGS}finding/"): dict(one.scores) for one in shown
        }.items() <= expected.items()


def test_what_became_of_the_overlap_in_pinggu_stands_on_its_page(app: Flask) -> None:
    page = soup(app.test_client(), "/page/place/110117?lang=en")
    (table,) = page.select("section[aria-labelledby=findings] table")
    rows = {words(row.th): [words(cell) for cell in row("td")] for row in table.select("tr:has(th[scope=row])")}
    territorial = rows["Pinggu District, Beijing · Agriculture and rural areas: territorial overlap"]
    assert float(territorial[0]) > 0
    assert territorial[1] == "not present"


def test_a_thing_that_findings_do_not_name_has_none(app: Flask) -> None:
    assert of_page(app, "source", "guapai") == []

"""Findings by SPARQL alone agree with those from the columns, on the real data and both standing days."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from question_sets import COMPUTED
from reform import BEFORE_REFORM
from sampling import chosen

from kg.analysis import coverage_gaps
from kg.analysis.findings import find
from kg.analysis.findings.finding import STRENGTHS, Finding
from kg.analysis.findings.kinds import carrier, positioning, stacking, territorial, thematic
from kg.analysis.findings.organisation_designations import by_carrier, organisation_designations, shared
from kg.analysis.findings.rdf import FACTORS, GROUP
from kg.analysis.in_force import in_force, not_known
from kg.analysis.ministries import ministries
from kg.pipeline import findings
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions

QUESTIONS = Path(__file__).parents[4] / "ontology" / "questions"
DAYS = ("2022-12-31", "2026-11-24")
TWINS = ("35", "36", "37", "38", "39", "40", "42", "43", "44")
"""Questions of a day whose rows follow the data: the engine says what to expect."""


@pytest.fixture(scope="module")
def store(release: Release) -> EmbeddedStore:
    return EmbeddedStore(release.store_path)


def asked(store: EmbeddedStore, number: str, day: str) -> set[tuple[str, ...]]:
    """Return the keys that a twin answers with, on another day than its own if asked."""
    text = questions.find(QUESTIONS, number).query
    assert DAYS[0] in text
    rows = questions.as_cells(questions.rows(store, text.replace(DAYS[0], day)))
    return {tuple(cell.rpartition("/")[2] for cell in row) for row in rows}


def test_the_day_of_the_twins_is_the_day_before_the_reform() -> None:
    assert date.fromisoformat(DAYS[0]) == BEFORE_REFORM
    without = {question.number for question in questions.questions(QUESTIONS) if not question.expected.exists()}
    assert without == {int(number) for number in TWINS} | COMPUTED


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_territorial_overlaps(columns: Columns, store: EmbeddedStore, day: str) -> None:
    found = {
        (finding.group["place"], finding.group["purpose_group"])
        for finding in territorial.find(columns, date.fromisoformat(day))
        if finding.ranked
    }
    assert len(found) > 100
    assert asked(store, "35", day) == found


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_strength_of_territorial_overlaps(columns: Columns, store: EmbeddedStore, day: str) -> None:
    found = {
        (finding.group["place"], finding.group["purpose_group"], finding.strength, qualifying(finding))
        for finding in territorial.find(columns, date.fromisoformat(day))
        if finding.ranked
    }
    assert {strength for _, _, strength, _ in found} == set(STRENGTHS)
    assert asked(store, "42", day) == found


def qualifying(finding: Finding) -> str:
    return str(int(finding.factors["qualifying_pairs"]))


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_stacking(columns: Columns, store: EmbeddedStore, day: str) -> None:
    found = {
        (finding.group["place"], finding.group["purpose_group"], finding.group["ministry"])
        for finding in stacking.find(columns, date.fromisoformat(day))
    }
    assert len(found) > 100
    assert asked(store, "36", day) == found


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_what_is_set_aside_by_design(columns: Columns, store: EmbeddedStore, day: str) -> None:
    """The engine shows the pairs with the overlaps that they were taken from; the query those of every place."""
    ranked = [finding for finding in territorial.find(columns, date.fromisoformat(day)) if finding.ranked]
    found = {
        (finding.group["place"], finding.group["purpose_group"], *sorted((pair.subject, pair.object)))
        for finding in ranked
        for pair in finding.subtracted
    }
    groups = {(finding.group["place"], finding.group["purpose_group"]) for finding in ranked}
    answered = {(unit, group, *sorted(pair)) for unit, group, *pair in asked(store, "37", day)}
    assert {row for row in answered if row[:2] in groups} == found != set()


def test_positions_claimed_by_several_areas(columns: Columns, store: EmbeddedStore) -> None:
    rows = questions.as_cells(questions.rows(store, questions.find(QUESTIONS, "21").query))
    labels = dict(columns.query("SELECT position, label_zh FROM positions"))
    found = positioning.find(columns, BEFORE_REFORM)
    assert {(name, int(areas), national == "true") for name, areas, _, national in rows} == {
        (labels[finding.group["position"]], int(finding.factors["areas"]), bool(finding.marks)) for finding in found
    }


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_topics_shared_on_a_carrier(columns: Columns, store: EmbeddedStore, day: str) -> None:
    """Topics are given; of those within one another the engine shows the widest. Sites are no topics in the graph."""
    as_of = date.fromisoformat(day)
    phrases = {
        key: shared(designations)
        for key, designations in by_carrier(organisation_designations(columns, as_of, ministries(columns, as_of)))
    }
    found = {
        (finding.group["carrier"], finding.group["topic"])
        for finding in carrier.find(columns, as_of)
        if finding.group.get("topic", "") in phrases[finding.group["carrier"]]
    }
    assert len(found) > 10
    assert widest(asked(store, "38", day), topics(store)) == found


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_topics_shared_in_a_prefecture(columns: Columns, store: EmbeddedStore, day: str) -> None:
    found = {
        (finding.group["place"], finding.group["topic"])
        for finding in thematic.find(columns, date.fromisoformat(day))
        if "place" in finding.group
    }
    assert len(found) > 10
    assert widest(asked(store, "39", day), topics(store)) == found


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_gaps(columns: Columns, store: EmbeddedStore, day: str) -> None:
    found = {
        (gap.strategy, group, gap.programme)
        for gap in coverage_gaps.gaps(columns, date.fromisoformat(day))
        for group in gap.purpose_groups
    }
    assert len(found) > 5
    assert asked(store, "40", day) == found


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_designations_of_which_it_is_not_known_whether_they_are_in_force(
    columns: Columns, store: EmbeddedStore, day: str
) -> None:
    programme = dict(columns.query("SELECT designation, programme FROM designations"))
    as_of = date.fromisoformat(day)
    standing, unknown = (
        Counter(programme[designation] for designation in those)
        for those in (in_force(columns, as_of), not_known(columns, as_of))
    )
    assert (
        asked(store, "44", day) == {(key, str(standing[key]), str(number)) for key, number in unknown.items()} != set()
    )


@pytest.mark.parametrize("day", chosen(DAYS, DAYS[0].__eq__))
def test_findings_with_equal_members(columns: Columns, store: EmbeddedStore, day: str) -> None:
    """SPARQL alone comes to the sets of findings that the engine lists once."""
    groups: dict[str, set[str]] = defaultdict(set)
    for finding in find.find(columns, date.fromisoformat(day)):
        groups[finding.listed_under or finding.key].add(finding.key)
    text = questions.find(QUESTIONS, "43").query.replace(DAYS[0], day)
    answered = {
        tuple(cell.removeprefix("id:finding/") for cell in row)
        for row in questions.as_cells(questions.rows(store, text))
    }
    assert answered == {pair for those in groups.values() for pair in combinations(sorted(those), 2)} != set()


def test_each_set_based_kind_leads_to_its_twin() -> None:
    assert {question.finds: question.key for question in questions.questions(QUESTIONS) if question.finds} == {
        "territorial": "35-territorial-overlaps-2022",
        "stacking": "36-stacking-2022",
        "carrier": "38-topics-shared-on-a-carrier-2022",
        "thematic": "39-topics-shared-in-a-prefecture-2022",
        "positioning": "21-positions-claimed-more-than-once",
    }


def topics(store: EmbeddedStore) -> Mapping[str, str]:
    rows = questions.rows(store, "SELECT ?topic ?name WHERE { ?topic a gp:Topic ; skos:prefLabel ?name }")
    return {topic.rpartition("/")[2]: name for topic, name in questions.as_cells(rows)}


def widest(rows: Iterable[tuple[str, ...]], names: Mapping[str, str]) -> set[tuple[str, str]]:
    """Leave out, in each scope, what begins or ends with a topic that stays."""
    met: dict[str, set[str]] = defaultdict(set)
    for scope, topic in rows:
        met[scope].add(names[topic])
    kept: set[tuple[str, str]] = set()
    for scope, those in met.items():
        for topic in sorted(those, key=lambda topic: (len(topic), topic)):
            shorter = [other for where, other in kept if where == scope]
            if not any(topic.startswith(other) or topic.endswith(other) for other in shorter):
                kept.add((scope, topic))
    return kept


def test_everything_of_a_finding_has_a_word_in_the_graph(
    release: Release, columns: Columns, store: EmbeddedStore
) -> None:
    """Kinds that come later come in by themselves, if the graph has words for their groups, factors and marks."""
    found = findings.on_standing_days(columns, release.data_as_of)
    assert {name for finding in found for name in finding.factors} <= FACTORS.keys()
    assert {name for finding in found for name in finding.group} <= GROUP.keys()
    rows = questions.rows(store, "SELECT (COUNT(*) AS ?n) WHERE { ?state a gp:FindingState }")
    assert list(questions.as_cells(rows)) == [[str(len(found))]]

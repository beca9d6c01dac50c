"""Competency questions: expected rows, by engine and by command."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib.plugins.sparql import prepareQuery

from kg import tables
from kg.cli import main
from kg.pipeline.merge import corrected
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions
from kg.tables import dates
from kg.tables.decided import decided

ROOT = Path(__file__).parents[3]
QUESTIONS = questions.questions(ROOT / "ontology" / "questions")


def test_there_are_at_least_twenty_numbered_without_a_gap() -> None:
    assert len(QUESTIONS) >= 20
    assert [question.number for question in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_every_column_of_a_question_has_a_heading_in_both_languages(question: questions.Question) -> None:
    variables = [str(found) for found in prepareQuery(questions.with_prefixes(question.query)).algebra.PV]
    assert list(question.headings) == variables
    assert [heading for heading in question.headings.values() if not all(heading.values())] == []


WRITTEN = [question for question in QUESTIONS if question.expected.exists()]
"""Questions with expected rows. What the others must answer follows the data: it is worked out here a second time
(COMPUTED), or the engine says it (tests/kg/analysis/findings/test_twins.py)."""


@pytest.mark.parametrize("question", WRITTEN, ids=lambda question: question.key)
def test_expected_rows(question: questions.Question, release: Release) -> None:
    solutions = questions.rows(EmbeddedStore(release.store_path), question.query)
    columns, rows = questions.expected(question)
    assert rows, "an expectation of nothing is none"
    assert list(solutions.variables) == columns
    assert list(questions.as_cells(solutions)) == rows


PAPER_TABLES = {
    8: "p1-t1",
    9: "p1-t2",
    10: "p1-t3",
    11: "p1-t4",
    12: "p1-t5",
    14: "p2-t1",
    15: "p2-t2",
    16: "p2-t3",
    17: "p2-t4",
    18: "p2-t5",
}


@pytest.mark.parametrize(("number", "table"), PAPER_TABLES.items())
def test_the_papers_tables_come_back_cell_by_cell(number: int, table: str, release: Release) -> None:
    """The result equals the table in data/papers, independently of the expected rows."""
    question = questions.find(ROOT / "ontology" / "questions", str(number))
    solutions = questions.rows(EmbeddedStore(release.store_path), question.query)
    columns = ["id", *(name.removeprefix("?") for name in solutions.variables[1:])]
    with (ROOT / "data" / "papers" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        expected = [[row[column] for column in columns] for row in csv.DictReader(stream)]
    assert list(questions.as_cells(solutions)) == expected


def test_the_command_answers_by_number_and_by_key(release: Release) -> None:
    arguments = ["query", "--dist", str(release.path), "--format", "csv"]
    for asked in ("4", "04-do-rd-shares-add-up"):
        outcome = CliRunner().invoke(main, [*arguments, asked])
        assert outcome.exit_code == 0
        assert list(csv.reader(io.StringIO(outcome.output)))[1:] == questions.expected(QUESTIONS[3])[1]


def test_designations_of_a_county_by_ministry_agree_with_the_tables(release: Release) -> None:
    package = decided(tables.open_package(ROOT / "data"))
    assert answered("28", release) == designations_of("110117", package, release.data_as_of)


def designations_of(place: str, package: tables.Package, day: date) -> list[list[str]]:
    """Return designations all of whose records lie in a county, with the administrators of their programme on a day."""
    programmes, authorities = package.index("programmes"), package.index("authorities")
    lying: dict[str, set[str]] = {}
    for row in package.rows("records"):
        if row["designation_id"] and row["place_ids"]:
            lying.setdefault(row["designation_id"], set()).add(row["place_ids"])
    assert not [found for found in lying.values() if len(found) > 1 and place in found], (
        "the rules decide, not this test"
    )
    above = {"", f"{place[:2]}0000", f"{place[:4]}00"}
    undecided = {key for key, found in lying.items() if found <= above}
    records = list(package.rows("records"))
    placed = {row["designation_id"] for row in records if row["designation_id"]} - undecided
    for key in at_the_seat_of_their_carriers(package, records, placed, place):
        lying[key] = {place}
    rows = []
    for designation in package.rows("designations"):
        if place in lying.get(designation["id"], ()):
            programme = programmes[designation["programme_id"]]
            holders = {
                m["authority_id"]
                for m in package.rows("mandates")
                if (m["programme_id"], m["role"]) == (programme["id"], "administers")
                and m["status"] != "unsourced"
                and holds(m, day)
            }
            for key in holders or {""}:
                body = [f"id:authority/{key}", authorities[key]["name_zh"]] if key else ["", ""]
                rows.append(
                    [*body, f"id:designation/{designation['id']}", designation["name_zh"], programme["name_zh"]]
                )
    return sorted(rows, key=lambda row: (row[0], row[2]))


def test_lists_agree_with_the_tables(release: Release) -> None:
    """Those withdrawn or no longer listed are not held; a list with as many as the official total is whole."""
    package = decided(tables.open_package(ROOT / "data"))
    words = {"whole": "完整", "partial": "部分", "sample": "抽样", "unknown": "不详"}
    expected = []
    every, read = package.grouped("records", "list_id"), defaultdict(list)
    for part in corrected(package):
        read[part["list_id"]].append(part)
    for row in package.rows("lists"):
        records = every.get(row["id"], [])
        named = [part for part in read[row["id"]] if part["designation_id"]]
        held = {part["designation_id"] for part in named if part["standing"] not in ("withdrawn", "not-in-list")}
        state = row["completeness"]
        if row["official_total"] and state != "whole":
            state = "whole" if len(held) >= int(row["official_total"]) else state.replace("unknown", "partial")
        outcomes = [sum(r["outcome"] == name for r in records) for name in ("taken", "merged", "left-out")]
        numbers = map(str, outcomes)
        called = [f"id:table/{row['id']}", row["title_zh"], words[state]]
        expected.append([*called, str(len(held)), row["official_total"], *numbers])
    assert answered("29", release) == sorted(expected)


def test_records_of_a_designation_agree_with_the_tables(release: Release) -> None:
    question = questions.find(release.questions, "30").query
    package = decided(tables.open_package(ROOT / "data"))
    words = {"taken": "采纳", "merged": "并入"}
    expected = [
        [
            *(f"id:record/{row['id']}", f"id:table/{row['list_id']}", row["name"], row["county"], row["approved"]),
            *(row["authority"], words[row["outcome"]]),
        ]
        for row in package.rows("records")
        if row["designation_id"] and f"/id/designation/{row['designation_id']}>" in question
    ]
    assert len(expected) > 2
    assert answered("30", release) == sorted(expected)


def test_designations_by_programme_agree_with_the_tables(release: Release) -> None:
    package = decided(tables.open_package(ROOT / "data"))
    records = [row for row in corrected(package) if row["designation_id"]]
    dated = {row["designation_id"] for row in records if row["approved_date"]}
    placed = {row["designation_id"] for row in records if row["place_ids"]}
    placed |= {row["designation_id"] for row in package.rows("designation_places")}
    placed |= at_the_seat_of_their_carriers(package, records, placed)
    names = {row["id"]: row["name_zh"] for row in package.rows("programmes")}
    counted: dict[str, list[int]] = {}
    for row in package.rows("designations"):
        sums = counted.setdefault(row["programme_id"], [0, 0, 0])
        for number, said in enumerate((True, row["id"] in dated, row["id"] in placed)):
            sums[number] += said
    expected = [[f"id:programme/{key}", names[key], *map(str, sums)] for key, sums in sorted(counted.items())]
    assert answered("31", release) == expected


def at_the_seat_of_their_carriers(
    package: tables.Package, records: list[tables.Row], placed: set[str], place: str = ""
) -> set[str]:
    """Designations with carriers of which no record decides the place and all carriers have one seat, there if given.

    Stations and facilities with a site of their own are left out, those with their town in brackets are not.
    """
    seats = {row["carrier_id"]: row["place_id"] for row in package.rows("carrier_seats")}
    sited = {row["id"] for row in package.rows("topic_sources") if row["keeps_places"] == "true"}
    carriers: dict[str, set[str]] = defaultdict(set)
    for row in records:
        carriers[row["designation_id"]].update(row.many("carrier_ids"))
    return {
        row["id"]
        for row in package.rows("designations")
        if row["id"] not in placed and place in ("", *(seats.get(key) for key in carriers[row["id"]]))
        if not row["name_zh"].endswith("站") and len({seats.get(key) for key in carriers[row["id"]]}) == 1
        if carriers[row["id"]] <= seats.keys()
        if row["programme_id"] not in sited or row["name_zh"].endswith(("）", ")"))
    }


def test_sources_by_grade_agree_with_the_columns(release: Release, columns: Columns) -> None:
    rows = columns.query(
        """SELECT grade, sources, designations::VARCHAR
        FROM (SELECT grade, count(*)::VARCHAR AS sources FROM sources GROUP BY 1)
        LEFT JOIN (SELECT best_grade AS grade, count(*) AS designations FROM designations GROUP BY 1) USING (grade)"""
    )
    found = {tuple(cells[1:]) for cells in answered("41", release)}
    assert found == {(sources, designations or "") for _, sources, designations in rows}
    assert len(rows) > 4


IN_FORCE = "coalesce(approved_first <= $today, true) AND coalesce(ended_last >= $today, true)"
TOGETHER = """
    WITH held AS ({}) SELECT one.programme, other.programme, count(*)::VARCHAR
    FROM held one JOIN held other ON one.meeting = other.meeting AND one.programme <= other.programme
    GROUP BY ALL HAVING count(*) >= {} ORDER BY ALL
"""


def test_programmes_together_in_counties_agree_with_the_columns(release: Release, columns: Columns) -> None:
    """The query uses the graph, the expectation the columns, where a county-level unit is its own county."""
    held = f"""
        SELECT DISTINCT programme, place AS meeting
        FROM designations JOIN designation_places USING (designation) JOIN places USING (place)
        WHERE bearer = 'area' AND extent NOT IN ('organisation', 'province', 'several-provinces') AND {IN_FORCE}
            AND county = place AND (level = 'county' OR extent NOT IN ('prefecture', 'county'))
            AND (extent NOT IN ('town', 'within-county', 'county', 'unknown')
                OR designation IN (SELECT designation FROM designation_places GROUP BY designation HAVING count(*) = 1))
            AND programme NOT IN (SELECT programme FROM eligible_units WHERE ranks IS NULL)
            AND (programme NOT IN (SELECT programme FROM eligible_units)
                OR EXISTS (FROM eligible_units e, place_ranks r WHERE r.place = places.place
                    AND e.programme = designations.programme AND list_contains(string_split(e.ranks, ';'), r.rank)))
    """  # noqa: S608 — text of our own
    assert answered("33", release) == together(columns, held, 10, release.data_as_of)


def test_programmes_together_on_carriers_agree_with_the_columns(release: Release, columns: Columns) -> None:
    held = f"""
        SELECT DISTINCT programme, carrier AS meeting FROM designations JOIN designation_carriers USING (designation)
        WHERE bearer = 'organisation' AND {IN_FORCE}
    """  # noqa: S608 — text of our own
    assert answered("34", release) == together(columns, held, 3, release.data_as_of)


def together(columns: Columns, held: str, least: int, today: date) -> list[list[str]]:
    rows = columns.query(TOGETHER.format(held, least), {"today": today})
    assert len(rows) > 40
    return [[f"id:programme/{one}", f"id:programme/{other}", number] for one, other, number in rows]


def answered(number: str, release: Release) -> list[list[str]]:
    found = questions.find(release.questions, number)
    return list(questions.as_cells(questions.rows(EmbeddedStore(release.store_path), found.query)))


@pytest.mark.slow
def test_shared_purposes_agree_with_the_tables(release: Release) -> None:
    """The two questions on shared purposes, computed a second time from the tables."""
    package = decided(tables.open_package(ROOT / "data"))
    for number, day in (("6", date(2022, 12, 31)), ("7", release.data_as_of)):
        solutions = questions.rows(EmbeddedStore(release.store_path), questions.find(release.questions, number).query)
        answered = {tuple(row[:5]) for row in questions.as_cells(solutions)}
        assert answered == set(shared_purposes(package, day))
        assert len(answered) == len(solutions.rows)


def shared_purposes(package: tables.Package, day: date) -> Iterator[tuple[str, str, str, str, str]]:
    programmes, purposes, authorities = (package.index(name) for name in ("programmes", "purposes", "authorities"))
    charge = {key: ministries(package, key, day) for key, row in programmes.items() if holds(row, day)}
    main: dict[str, list[str]] = {}
    for row in package.rows("purpose_assignments"):
        if row["weight"] == "main" and purposes[row["purpose_id"]]["generic"] == "false":
            main.setdefault(row["purpose_id"], []).append(row["programme_id"])
    for purpose, keys in main.items():
        for one, other in combinations(sorted(set(keys)), 2):
            mine, theirs = charge.get(one, set()), charge.get(other, set())
            if mine and theirs and not mine & theirs:
                label, *names = purposes[purpose]["label_zh"], *(programmes[key]["name_zh"] for key in (one, other))
                for pair in product(mine, theirs):
                    its, others = (authorities[key]["name_zh"] for key in pair)
                    yield label, names[0], its, names[1], others


def ministries(package: tables.Package, programme: str, day: date) -> set[str]:
    held = [
        m
        for m in package.rows("mandates")
        if m["programme_id"] == programme and m["status"] != "unsourced" and holds(m, day)
    ]
    chosen = [m for m in held if m["role"] == "administers"] or [m for m in held if m["role"] == "approves"]
    found = {top(package, m["authority_id"], day) for m in chosen}
    return found - {"state-council", "state-council-office", "cpc-central", "cmc"}


def top(package: tables.Package, authority: str, day: date) -> str:
    authorities = package.index("authorities")
    while not holds(authorities[authority], day) and authorities[authority]["successor_id"]:
        authority = authorities[authority]["successor_id"]
    while True:
        parents = [
            row["parent_id"]
            for row in package.rows("affiliations")
            if row["authority_id"] == authority and holds(row, day)
        ]
        if not parents or parents[0] in ("state-council", "cpc-central", "cmc"):
            return authority
        authority = parents[0]


def holds(row: tables.Row, day: date) -> bool:
    started = not row["valid_from"] or dates.parse(row["valid_from"]).first <= day
    return started and (not row["valid_to"] or dates.parse(row["valid_to"]).last >= day)


def test_the_reform_moved_parks_from_one_ministry_to_another() -> None:
    """Two programmes that changed their ministry in 2023."""
    package = decided(tables.open_package(ROOT / "data"))
    before, after = date(2022, 12, 31), date(2024, 1, 1)
    assert [ministries(package, "agri-sci-park", day) for day in (before, after)] == [{"most"}, {"mara"}]
    assert [ministries(package, "national-high-tech-zone", day) for day in (before, after)] == [{"most"}, {"miit"}]

"""Whether a designation is in force: three answers, by hand and on the real data; no date makes no finding new."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from findings_world import Designation, world

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.analysis.in_force import in_force, not_known, standing_days
from kg.analysis.scenarios.compare import Change, compare
from kg.release import Release
from kg.release.columns import Columns

PINGGU, KUNSHAN = "110117", "320583"
EARLY, LATE = date(2022, 12, 31), date(2024, 1, 1)
PARK, MODERN, ZONE = "agri-sci-park", "modern-agri-industrial-park", "agri-modernisation-demo-zone"
HIGH_TECH, ECONOMIC = "national-high-tech-zone", "national-etdz"
ALL_KNOWN = """SELECT * REPLACE (
    CASE WHEN dated THEN counted_from ELSE DATE '1900-01-01' END AS counted_from,
    CASE WHEN ended_first IS NULL THEN NULL ELSE ended_last END AS ended_last) FROM designations"""
"""SQL: the designations, as if all were in force of which that is not known."""


def test_three_answers_by_hand(tmp_path: Path) -> None:
    """A stated start and end; the year of the list for one without a date; the last day of which a list speaks."""
    designations = [
        Designation("dated", PARK, (PINGGU,), start=date(2020, 5, 1)),
        Designation("ended", PARK, (PINGGU,), start=date(2020, 5, 1), ended=date(2022, 6, 30)),
        Designation("undated", PARK, (PINGGU,), start=date(2021, 1, 1), dated=False),
        Designation("undated-ended", PARK, (PINGGU,), start=date(2021, 1, 1), dated=False, ended=date(2022, 6, 30)),
        Designation("closed", PARK, (PINGGU,), start=date(2020, 5, 1), known_to=date(2021, 12, 31)),
        Designation("no-list", PARK, (PINGGU,), start=None, dated=False),
    ]
    columns = world(tmp_path, designations)
    expected = {
        "dated": "nyyy",  # no, yes, not known (?) in 2019, 2020, 2021 and 2022
        "ended": "nyyn",
        "undated": "??yy",
        "undated-ended": "??yn",
        "closed": "nyy?",
        "no-list": "????",
    }
    for at, year in enumerate((2019, 2020, 2021, 2022)):
        day = date(year, 12, 31)
        assert in_force(columns, day) == {key for key, answers in expected.items() if answers[at] == "y"}
        assert not_known(columns, day) == {key for key, answers in expected.items() if answers[at] == "?"}


def changes(columns: Columns, days: tuple[date, date] = (EARLY, LATE)) -> dict[str, Change]:
    before, after = ([one for one in find.find(columns, day) if one.ranked] for day in days)
    stacks = [one for one in after if one.kind == "stacking"]
    return {change.key: change for change in compare(columns, before, after, stacks, days)}


@pytest.mark.parametrize(
    ("high_tech", "economic", "expected"),
    [
        ({"dated": False, "start": date(2023, 1, 1)}, {}, ("not-known-before", "not-known")),
        ({"start": date(2023, 1, 1)}, {}, ("new", "designations")),
        # the economic zone was surely not there before, whenever the high-tech zone began
        (
            {"dated": False, "start": date(2023, 1, 1)},
            {"start": date(2023, 6, 1)},
            ("new", "designations"),
        ),
        ({"known_to": date(2022, 12, 31)}, {}, ("not-known-after", "not-known")),
        ({"ended": date(2023, 6, 1)}, {}, ("gone", "designations")),
        ({"known_to": date(2022, 12, 31)}, {"ended": date(2023, 6, 1)}, ("gone", "designations")),
    ],
)
def test_a_finding_is_new_or_gone_only_where_that_is_known(
    tmp_path: Path, high_tech: dict[str, date], economic: dict[str, date], expected: tuple[str, str]
) -> None:
    designations = [
        Designation("high-tech", HIGH_TECH, (KUNSHAN,), **high_tech),  # type: ignore[arg-type]
        Designation("economic", ECONOMIC, (KUNSHAN,), **economic),  # type: ignore[arg-type]
    ]
    found = changes(world(tmp_path, designations))
    assert len(found) == 2
    assert {(change.change, change.cause) for change in found.values()} == {expected}


def test_what_is_not_known_on_either_day_may_take_the_place_of_what_ended(tmp_path: Path) -> None:
    """It is no member of the finding of either day; one elsewhere, or of another programme, is no substitute."""
    zones = [Designation("high-tech", HIGH_TECH, (KUNSHAN,), ended=date(2023, 6, 1))]
    zones.append(Designation("economic", ECONOMIC, (KUNSHAN,)))
    for folder, programme, place, expected in (
        ("here", HIGH_TECH, KUNSHAN, ("not-known-after", "not-known")),
        ("elsewhere", HIGH_TECH, PINGGU, ("gone", "designations")),
        ("other", PARK, KUNSHAN, ("gone", "designations")),
    ):
        second = Designation("second", programme, (place,), known_to=date(2021, 12, 31))
        (tmp_path / folder).mkdir()
        found = changes(world(tmp_path / folder, [*zones, second]))
        assert {(change.change, change.cause) for change in found.values()} == {expected}
        assert len(found) == 2


def test_a_stack_that_an_undated_designation_completes_was_perhaps_there_before(tmp_path: Path) -> None:
    """Three programmes of one ministry make a stack; on the eve the third has no date. The mandate moves in between."""
    designations = [
        Designation("modern", MODERN, (PINGGU,)),
        Designation("zone", ZONE, (PINGGU,), "county"),
        Designation("town", "agri-industry-town", (PINGGU,), dated=False, start=date(2023, 1, 1)),
    ]
    found = changes(world(tmp_path, designations))
    assert {key: change.change for key, change in found.items()} == {
        f"stacking/{PINGGU}/agriculture-rural/mara": "not-known-before"
    }


def test_members_that_are_not_known_on_the_other_day_are_no_cause(tmp_path: Path) -> None:
    designations = [
        Designation("high-tech", HIGH_TECH, (KUNSHAN,)),
        Designation("economic", ECONOMIC, (KUNSHAN,)),
        Designation("second", ECONOMIC, (KUNSHAN,), dated=False, start=date(2022, 1, 1)),
    ]
    found = changes(world(tmp_path, designations), (date(2021, 12, 31), EARLY))
    assert {(change.change, change.cause) for change in found.values()} == {("changed", "not-known")}


@pytest.fixture(scope="module")
def days(columns: Columns, release: Release) -> tuple[date, date]:
    return standing_days(columns, release.data_as_of)


@pytest.fixture(scope="module")
def found(columns: Columns, days: tuple[date, date]) -> list[dict[str, Finding]]:
    return [{one.key: one for one in find.find(columns, day) if one.ranked} for day in days]


def test_every_designation_of_the_release_has_one_of_three_answers(columns: Columns, days: tuple[date, date]) -> None:
    """Again in Python, from the cells of the columns."""
    rows = columns.query("SELECT designation, dated, counted_from, ended_first, ended_last FROM designations")
    for day in days:
        answers = Counter[str]()
        for designation, dated, start, ended_first, ended_last in rows:
            begun = start is not None and start <= day
            over = ended_last is not None and ended_last < day
            known = "yes" if begun and not over else "no" if (over and ended_first) or (dated and not begun) else "?"
            answers[known] += 1
            assert (designation in in_force(columns, day)) is (known == "yes"), designation
            assert (designation in not_known(columns, day)) is (known == "?"), designation
        assert min(answers.values()) > 0
        assert set(answers) == {"yes", "no", "?"}


def test_the_replaced_laboratories_are_known_to_the_year_of_their_successor(columns: Columns) -> None:
    rows = columns.query("SELECT designation FROM designations WHERE programme LIKE '%state-key-laboratory'")
    laboratories = {designation for (designation,) in rows}
    assert len(laboratories) > 400
    eve = date(2022, 12, 31)
    assert laboratories <= in_force(columns, eve)
    assert laboratories <= not_known(columns, eve + timedelta(days=1))


@pytest.mark.slow
def test_a_finding_of_one_day_is_perhaps_there_on_the_other_where_it_would_be_if_all_were_known(
    columns: Columns, days: tuple[date, date], found: list[dict[str, Finding]]
) -> None:
    """The engine itself, on the columns as if all designations were in force of which that is not known."""
    stacks = [one for one in found[1].values() if one.kind == "stacking"]
    compared = {one.key: one for one in compare(columns, found[0].values(), found[1].values(), stacks, days)}
    for here, there, word in ((0, 1, "not-known-before"), (1, 0, "not-known-after")):
        known = columns.with_changes([("designations", ALL_KNOWN, {})])
        possible = {one.key for one in find.find(known, days[here]) if one.ranked}
        known.close()
        expected = {
            key
            for key, one in found[there].items()
            if key not in found[here] and key in possible and one.kind != "programme" and not compared[key].became
        }
        said = {key for key, change in compared.items() if change.change == word}
        assert {key for key in said if not key.startswith("programme/")} == expected
        assert len(expected) > 5


def test_no_new_finding_rests_on_an_undated_designation_alone(
    columns: Columns, days: tuple[date, date], found: list[dict[str, Finding]]
) -> None:
    """Something of every new overlap began by a stated date, or its mandates moved."""
    stacks = [one for one in found[1].values() if one.kind == "stacking"]
    compared = compare(columns, found[0].values(), found[1].values(), stacks, days)
    new = [change.after for change in compared if change.change == "new" and change.cause == "designations"]
    assert len(new) > 50
    known = in_force(columns, days[0]) | not_known(columns, days[0])
    began = [one for one in new if one and one.kind in ("territorial", "thematic", "carrier", "stacking")]
    assert [one.key for one in began if known.issuperset(one.members)] == []

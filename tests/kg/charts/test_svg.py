"""Coordinates of charts."""

from datetime import date

import pytest

from kg.charts import svg

REFORM = date(2023, 3, 10)


def test_mandates_stand_as_spans_in_lanes() -> None:
    today = date(2026, 11, 24)
    drawn = svg.spans(
        [
            (("科技部", "管理"), date(1998, 3, 1), date(2023, 3, 16)),
            (("工信部", "管理"), date(2023, 3, 16), None),
            (("科技部", "管理"), None, date(1990, 1, 1)),
        ],
        today,
        REFORM,
    )
    assert drawn
    assert [name for name, _ in drawn.lanes] == [("科技部", "管理"), ("工信部", "管理")]
    (first, third), (second,) = (held for _, held in drawn.lanes)
    assert (first.unknown_start, first.unknown_end, second.unknown_end, third.unknown_start) == (
        False,
        False,
        True,
        True,
    )
    assert (third.x, first.number, second.number, third.number) == (0, 0, 1, 2)
    assert first.x + first.width == pytest.approx(second.x, abs=0.2)
    assert drawn.reform
    assert drawn.reform < second.x
    assert svg.spans([(("科技部",), None, None)], today) is None


def test_columns_of_years_stand_upon_one_another() -> None:
    drawn = svg.stacked([2022, 2023], [[1, 2], [3, 2]], REFORM)
    assert drawn.columns == ((2022, ((0, 195.0, 65.0), (1, 0.0, 195.0))), (2023, ((0, 130.0, 130.0), (1, 0.0, 130.0))))
    assert [mark for mark, _ in drawn.marks] == [1, 2, 3, 4]
    assert svg.rounds(6515) == [2000, 4000, 6000]


def test_bars_of_years_have_a_least_height_and_the_reform() -> None:
    drawn = svg.yearly([("2022", 1), ("2023", 0), ("2024", 192)], REFORM)
    assert drawn == svg.Bars((("2022", 1, 1.5), ("2023", 0, 0), ("2024", 192, 96.0)), 32, 400, None, 37.9)
    many = svg.yearly([(str(year), year - 1989) for year in range(1990, 2020)], REFORM)
    assert (many.step, many.width, many.peak, many.reform) == (20, 600, None, None)
    assert svg.yearly([("1990", 5), ("1991", 5)], REFORM).peak == 0
    assert svg.yearly([("2022", 1), ("2023", 0), ("2024", 192)]).reform is None


def test_curves_begin_at_the_lower_left() -> None:
    assert svg.curve([(0, 0), (0.5, 0.25), (1, 1)]) == "0.0,400.0 200.0,300.0 400.0,0.0"


def test_segments_of_a_bar_follow_one_another() -> None:
    assert svg.bar([("east", 0.25), ("west", 0.75)]) == [svg.Segment("east", 25, 0), svg.Segment("west", 75, 25)]

"""Dates of mixed precision."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.tables import dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2023-03-16", date(2023, 3, 16), date(2023, 3, 16)),
    ],
)
def test_first_and_last_possible_day(text: str, first: date, last: date) -> None:
    assert dates.parse(text) == dates.Span(text, first, last)


@pytest.mark.parametrize(
    "text", ["", "2020-13", "2021-02-29", "20-01", "2020.04", "2020-1-1", "２０２０", "2020-02-01T00:00"]
)
def test_other_forms_are_errors_that_say_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        dates.parse(text)


@given(st.dates())
def test_a_day_lies_in_its_month_and_its_year(day: date) -> None:
    text = day.isoformat()
    spans = [dates.parse(text[:length]) for length in (4, 7, 10)]
    assert all(span.first <= day <= span.last for span in spans)
    assert spans[2].first == spans[2].last == day

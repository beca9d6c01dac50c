"""Dates of year, month or day precision: text as printed, first and last possible day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from kg.errors import Expectation, expect

PATTERN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class DateError(ValueError):
    """A text that is no date; `expected` is what it should be."""

    def __init__(self, expected: Expectation) -> None:
        self.expected = expected
        super().__init__(str(expected))


@dataclass(frozen=True, slots=True)
class Span:
    """Possible days of a date of any precision.

    text: as printed; first, last: first and last possible day, both inclusive (proleptic Gregorian calendar).
    """

    text: str
    first: date
    last: date


def parse(text: str) -> Span:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

    Raises:
        DateError: the text has another form or names a day that does not exist.
    """
    match = PATTERN.fullmatch(text)
    if match is None:
        raise DateError(expect("date"))
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise DateError(expect("date-in-calendar")) from error
    if day:
        return Span(text, first, first)
    last_month = month or 12
    return Span(text, first, date(first.year, last_month, calendar.monthrange(first.year, last_month)[1]))


def fault(text: str) -> Expectation | None:
    """Return what was expected where a text is no date, None where it is one."""
    try:
        parse(text)
    except DateError as error:
        return error.expected
    return None

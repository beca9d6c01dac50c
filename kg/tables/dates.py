"""Dates of year, month or day precision: text as printed, first and last possible day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

PATTERN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
EXPECTED = "a date as YYYY, YYYY-MM or YYYY-MM-DD"


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
        ValueError: the text has another form, or the day does not exist.
    """
    match = PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(EXPECTED)
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"{EXPECTED} that exists in the calendar") from error
    if day:
        return Span(text, first, first)
    last_month = month or 12
    return Span(text, first, date(first.year, last_month, calendar.monthrange(first.year, last_month)[1]))

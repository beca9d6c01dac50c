"""Parser of dates as printed in lists; unreadable dates get a remark and are never guessed."""

import re
import unicodedata
from dataclasses import dataclass

from kg.tables import dates

DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]00:00(?::00)?)?")
SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
YEAR = re.compile(r"(\d{4})\s*年?(?:度)?")
LOST_ZERO = re.compile(r"(\d{4})\.1")


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed date cell: date as YYYY[-MM[-DD]] or "", and a remark in Chinese and English, None without one."""

    date: str
    remark: tuple[str, str] | None = None


def read(cell: str) -> Reading:
    """Parse a date as printed: 2013年11月, 2013.11, 1991-03, 2013/11/5, 20131105, 2013.

    A range of years or a quarter is no date. `2013.1` may be January or, in a sheet that stored it as a number,
    October: only its year is certain.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    if not text:
        return Reading("")
    if match := LOST_ZERO.fullmatch(text):
        remark = (f"“{text}”可能是1月或10月，只取年份", f"{text!r} may be January or October: only the year is taken")
        return Reading(match[1], remark)
    for pattern in (DAY, SOLID, MONTH, YEAR):
        if match := pattern.fullmatch(text):
            date = "-".join([match[1], *(part.zfill(2) for part in match.groups()[1:])])
            if _exists(date):
                return Reading(date)
    return Reading("", (f"“{text}”不是一个日期", f"{text!r} is no date"))


def _exists(date: str) -> bool:
    try:
        span = dates.parse(date)
    except ValueError:
        return False
    return 1949 <= span.first.year <= 2100

"""Parsing of printed figures into numbers."""

import re
from dataclasses import dataclass
from decimal import Decimal

HEDGES = re.compile(r"^(?:约为|大约|约|将近|近|超过|超|逾|不足)\s*|(?:余|多|以上)$")
UNITS = re.compile(r"(?:%|成|倍)$")
PLAIN = re.compile(r"\d+(?:\.\d+)?")
SUM = re.compile(r"\d+(?:\+\d+)+")
CHINESE = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十二": 12,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """Parsed value of a printed figure.

    value: number in the unit of the figure's row, None if the print gives no exact number (2/3, 4—7); approximate:
    whether the print hedges it (约, 近, 超过, 以上).
    """

    value: Decimal | None
    approximate: bool


def read(printed: str) -> Figure:
    """Parse a figure: `169`, `1 173`, `3+12` (the sum), `约 300`, `6.50`, `近30%` (30), `八成` (8), `十二`."""
    hedged = printed.strip()
    bare = HEDGES.sub("", hedged)
    approximate = bare != hedged
    compact = UNITS.sub("", re.sub(r"[\s,，\u2009]", "", bare))
    if PLAIN.fullmatch(compact):
        return Figure(Decimal(compact), approximate)
    if SUM.fullmatch(compact):
        return Figure(sum(map(Decimal, compact.split("+")), Decimal(0)), approximate)
    return Figure(Decimal(CHINESE[compact]) if compact in CHINESE else None, approximate)

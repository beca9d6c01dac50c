"""Parsing of printed figures."""

from decimal import Decimal

import pytest

from kg.tables.figures import Figure, read


@pytest.mark.parametrize(
    ("printed", "value", "approximate"),
    [
        ("169", Decimal(169), False),
        ("1 173", Decimal(1173), False),
        ("122 526", Decimal(122526), False),
        ("6.50", Decimal("6.50"), False),
        ("3+12", Decimal(15), False),
        ("约 300", Decimal(300), True),
        ("约为 300", Decimal(300), True),
        ("近 300", Decimal(300), True),
        ("超过 1 000", Decimal(1000), True),
        ("近30%", Decimal(30), True),
        ("13%", Decimal(13), False),
        ("近八成", Decimal(8), True),
        ("九成以上", Decimal(9), True),
        ("近1倍", Decimal(1), True),
        ("十二", Decimal(12), False),
        ("约 2/3", None, True),
        ("4—7", None, False),
    ],
)
def test_reading(printed: str, value: Decimal | None, approximate: bool) -> None:  # noqa: FBT001
    assert read(printed) == Figure(value, approximate)

"""Radicals, compatibility characters and variants read as the characters that they stand for."""

import pytest

from kg.text.characters import unified
from kg.text.names import normal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⻄安", "西安"),
        ("⻓春", "长春"),
        ("⻘岛", "青岛"),
        ("⿊⻰江", "黑龙江"),
        ("⻬⻬哈尔", "齐齐哈尔"),
        ("⻢鞍⼭", "马鞍山"),
        ("⻩⻄", "黄西"),
        ("⺠勤", "民勤"),
        ("⺟", "母"),
        ("⻳兹", "龟兹"),
        ("２０１１年９月", "2011年9月"),
        ("Kunshan", "Kunshan"),
    ],
)
def test_radicals_are_characters(text: str, expected: str) -> None:
    assert unified(text) == expected


def test_every_radical_but_the_repeat_mark_is_replaced() -> None:
    radicals = [chr(code) for code in range(0x2E80, 0x2EF4) if code != 0x2E9A]
    assert [each for each in radicals if 0x2E80 <= ord(unified(each)) <= 0x2EF3] == ["⺀"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中衞", "中卫"),
        ("敍州", "叙州"),
        ("慈谿", "慈溪"),
        ("蘭谿", "兰溪"),
        ("濬縣", "浚县"),
        ("澂江", "澄江"),
        ("名稱", "名称"),
        ("批准時間", "批准时间"),
    ],
)
def test_traditional_forms_and_variants(text: str, expected: str) -> None:
    assert normal(text) == expected

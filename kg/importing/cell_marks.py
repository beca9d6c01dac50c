"""What cells print besides their content: marks around names, placeholders, words for the cell above."""

import re

from kg.text.names import normal
from kg.text.patterns import NUMERALS

ONLY_SIGNS = re.compile(r"[-/\\.…·*_|~、,()]+")
NUMBERS = rf"(?:\d{{1,4}}|[{NUMERALS}]{{1,5}})"
BEFORE = re.compile(
    rf"(?:[★☆●○◆◇■□▲△▼※*•·▪►#]+|[\u2460-\u249b\u24eb-\u24ff\u2776-\u2793]|[(（]{NUMBERS}[)）]|\d{{1,4}}[.．、)）](?!\d)"
    rf"|[{NUMERALS}]{{1,5}}、)\s*"
)
"""Numbers and signs before a name: 1., (二), 三、, ★, ①."""
AFTER = re.compile(
    r"(?:[★☆●○◆◇■□▲△▼※*#]+|[\u2460-\u249b\u24eb-\u24ff\u2776-\u2793]|\[\d{1,3}\]|[(（]?[注註]\d{0,2}[)）]?(?<=[)）\d])|[。.；;，,、：:])+\s*$"
)
"""Signs after a name: *, ※, ①, [1], 。."""


def only_signs(cell: str) -> bool:
    """Whether a cell has dashes, slashes or dots only, which stand for nothing: —, /."""
    return bool(ONLY_SIGNS.fullmatch(normal(cell)))


def bare(name: str) -> str:
    """Return a name without numbers and signs around it; the name itself if nothing else is left."""
    text = name
    while (match := BEFORE.match(text)) and match.end():
        text = text[match.end() :]
    text = AFTER.sub("", text).strip()
    return text or name

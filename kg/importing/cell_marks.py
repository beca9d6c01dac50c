"""What cells print besides their content: marks around names, placeholders, words for the cell above."""

import re
import unicodedata

from kg.text.names import normal

ONLY_SIGNS = re.compile(r"[-/\\.…·*_|~、,()]+")
NUMBERS = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,5})"
BEFORE = re.compile(
    rf"(?:[★☆●○◆◇■□▲△▼※*•·▪►#]+|[\u2460-\u249b\u24eb-\u24ff\u2776-\u2793]|[(（]{NUMBERS}[)）]|\d{{1,4}}[.．、)）](?!\d)"
    r"|[一二三四五六七八九十百]{1,5}、)\s*"
)
"""Numbers and signs before a name: 1., (二), 三、, ★, ①."""
AFTER = re.compile(
    r"(?:[★☆●○◆◇■□▲△▼※*#]+|[\u2460-\u249b\u24eb-\u24ff\u2776-\u2793]|\[\d{1,3}\]|[(（]?[注註]\d{0,2}[)）]?(?<=[)）\d])|[。.；;，,、：:])+\s*$"
)
"""Signs after a name: *, ※, ①, [1], 。."""
TOWN = re.compile(r"[\u4e00-\u9fff()·]{1,24}(?:镇|乡|街道|苏木|嘎查|村|社区|农场|林场|牧场)")
"""The name of a town, with or without the divisions above it."""
BETWEEN_TOWNS = re.compile(r"[、，,；;\s]+(?![^(（]*[)）])")


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


def towns(cell: str) -> list[str]:
    """Return the towns in one cell (甲镇、乙乡), the cell itself where it is not a list of towns."""
    pieces = [bare(piece) for piece in BETWEEN_TOWNS.split(cell) if piece.strip()]
    if len(pieces) > 1 and all(TOWN.fullmatch(unicodedata.normalize("NFKC", piece)) for piece in pieces):
        return pieces
    return [cell]

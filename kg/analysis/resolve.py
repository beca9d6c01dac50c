"""What people type as the name of a place, programme, purpose, field or body, resolved to the one key that it means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.errors import QueryError
from kg.release.columns import Columns

MOST = 12
"""Candidates that are named when a name means several things."""

_NAMED = {
    "programme": "SELECT programme, name_zh, name_zh, name_en FROM programmes ORDER BY 1",
    "purpose": "SELECT purpose, label_zh, label_zh, label_en FROM purposes ORDER BY 1",
    "field": "SELECT field, label_zh, label_zh, label_en FROM fields ORDER BY 1",
    "authority": "SELECT authority, name_zh, name_zh, short_zh, name_en FROM authorities ORDER BY 1",
}
"""Kind of thing to the query of its keys, each with the name to show and all names that are understood."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the columns know it: code, Chinese name, level, and the units that it is or lies in, "" above them."""

    code: str
    name: str
    level: str
    county: str
    prefecture: str
    province: str


def key(columns: Columns, kind: str, asked: str) -> str:
    """Return the key of the one thing that a text means.

    The text is a key, or a name in Chinese or English: whole, else its beginning, else a part of it, else characters
    of it in their order, as Chinese abbreviations are made (国家高新区 for 国家高新技术产业开发区).

    Args:
        columns: the columns of a release.
        kind: programme, purpose, field or authority.
        asked: what was typed.

    Raises:
        QueryError: nothing fits, or several things do; the sentence names them.
    """
    things = [(key, shown, [name for name in names if name]) for key, shown, *names in columns.query(_NAMED[kind], {})]
    text = asked.strip().casefold()
    for fits in (_is, _begins, _has, _abbreviates):
        found = [(key, shown) for key, shown, names in things if fits(text, [key, *names])]
        if found:
            return _only(kind, asked, found)
    raise QueryError(f"no {kind} is called {asked!r}: expected a key or a name")


def place(columns: Columns, asked: str) -> Place:
    """Return the one place that a text means: a code or name, its beginning, or words that narrow it (南京 鼓楼).

    Raises:
        QueryError: nothing fits, or several places do; the sentence names them with their codes.
    """
    rows = columns.query(
        "SELECT place, name_zh, level, county, prefecture, province, name_en FROM places ORDER BY 1", {}
    )
    places = {row[0]: Place(*row[:6]) for row in rows}
    english = {row[0]: row[6] for row in rows}
    *around, text = asked.casefold().split() or [""]
    inside = [each for each in places.values() if _lies_in(each, around, places)]
    for fits in (_is, _begins):
        found = [each for each in inside if fits(text, [each.code, each.name, english[each.code]])]
        if found:
            code = _only("place", asked, [(each.code, full_name(each, places)) for each in found])
            return places[code]
    raise QueryError(f"no place is called {asked!r}: expected a code or a name such as 昆山市")


def full_name(place: Place, places: dict[str, Place]) -> str:
    """Return the name of a place after the names of its province and prefecture, each once."""
    codes = dict.fromkeys(code for code in (place.province, place.prefecture, place.code) if code in places)
    return "".join(places[code].name for code in codes)


def _lies_in(place: Place, words: Sequence[str], places: dict[str, Place]) -> bool:
    above = [places[code].name for code in (place.province, place.prefecture) if code in places and code != place.code]
    return all(any(name.startswith(word) for name in above) for word in words)


def _only(kind: str, asked: str, found: Sequence[tuple[str, str]]) -> str:
    if len(found) == 1:
        return found[0][0]
    named = ", ".join(f"{shown} ({key})" for key, shown in found[:MOST])
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    raise QueryError(f"{asked!r} may mean {len(found)} {kind}s: {named}{more}; expected one of them")


def _is(text: str, names: Iterable[str]) -> bool:
    return any(name.casefold() == text for name in names)


def _begins(text: str, names: Iterable[str]) -> bool:
    return bool(text) and any(name.casefold().startswith(text) for name in names)


def _has(text: str, names: Iterable[str]) -> bool:
    return bool(text) and any(text in name.casefold() for name in names)


def _abbreviates(text: str, names: Iterable[str]) -> bool:
    """Tell whether the characters of a text of two or more, none of them ASCII, stand in a name in their order."""
    if len(text) < 2 or not all(ord(sign) > 127 for sign in text):
        return False
    return any(_in_order(text, name) for name in names)


def _in_order(text: str, name: str) -> bool:
    signs = iter(name)
    return all(sign in signs for sign in text)

"""Where something lies that people call a place: a division, or a zone or region by any of its names."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from kg.analysis.resolve.index import comparable
from kg.analysis.resolve.names import Names
from kg.analysis.resolve.resolution import GUESSES, Candidate, Resolution
from kg.cache import Cache
from kg.release.columns import Columns

FIRST_MEANT = (
    {"province", "autonomous-region", "municipality", "special-administrative-region"},
    {"provincial-capital", "autonomous-region-capital", "sub-provincial-city"},
)
"""Ranks of places that are meant where no other of the same name has one of them: 西安 is the capital of 陕西."""
MAX_PARTS = 5
"""Prefectures at most that a reader is given to choose from."""
MAX_KEPT = 256
"""Texts whose meaning is kept."""
_PROVINCE = 3
"""Number of the column of provinces in what is read of designations: county, prefecture, province follow the key."""
MIN_PART_CHARS = 2
"""Characters of a text at least that is looked for within names."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a text means as a place.

    resolution: the places that may be meant; through: keys of the designations by whose names it was found, empty where
    it is a place's own name; besides: other places of that name, which are less likely meant.
    """

    resolution: Resolution
    through: tuple[str, ...] = ()
    besides: tuple[Candidate, ...] = ()


def whereabouts(columns: Columns, text: str) -> Whereabouts:
    """Return what a text means as a place, each step taken only where nothing fitted before.

    A name of a place; a name of a region, whose places are to be chosen from; a name of area-borne designations, or a
    part or an abbreviation of one, which means the smallest division around all of them; the beginning of a text.

    The last answers are kept: a page asks for what its form means, then for the answer.
    """
    recent: Cache = columns.cached("whereabouts", lambda: Cache(MAX_KEPT))
    return recent.cached(text, lambda: _read(columns, text))


def _read(columns: Columns, text: str) -> Whereabouts:
    names = Names.of_columns(columns)
    named = names.resolve("place", text)
    if _is_named(named):
        return _preferred(columns, named)
    asked = text.strip()
    if region := _region(columns, names, asked):
        return Whereabouts(region)
    if named.key:
        return Whereabouts(named)
    return next(_guesses(columns, names, asked), Whereabouts(named))


def _preferred(columns: Columns, named: Resolution) -> Whereabouts:
    """Return the only candidate of the highest rank, if it has one of `FIRST_MEANT`; else all."""
    keys = [candidate.key for candidate in named.candidates]
    if len(keys) == 1:
        return Whereabouts(named)
    rows = columns.query("SELECT place, rank FROM place_ranks WHERE list_contains($places, place)", {"places": keys})
    first = next(filter(None, ({place for place, rank in rows if rank in ranks} for ranks in FIRST_MEANT)), set())
    if len(first) != 1:
        return Whereabouts(named)
    chosen = [candidate for candidate in named.candidates if candidate.key in first]
    besides = tuple(candidate for candidate in named.candidates if candidate.key not in first)
    return Whereabouts(Resolution(named.kind, named.text, tuple(chosen)), besides=besides)


def _region(columns: Columns, names: Names, text: str) -> Resolution | None:
    """Return the places of the region that a text names or begins, as candidates."""
    found = names.resolve("region", text).candidates
    if not found or found[0].fit in ("part", "abbreviation"):
        return None
    rows = columns.query(
        "SELECT place FROM region_places WHERE region = $region ORDER BY place", {"region": found[0].key}
    )
    return Resolution(
        "place", text, tuple(_candidate(names, place, found[0].name, found[0].shown) for (place,) in rows)
    )


def _guesses(columns: Columns, names: Names, text: str) -> Iterator[Whereabouts]:
    """Yield places of zones with a name, then with it in theirs; places that begin it; zones that it abbreviates."""
    index, form = names.index("designation"), comparable(text)
    if len(form) >= MIN_PART_CHARS:
        for entries in (index.whole(form), index.part(form)):
            yield from _around(columns, names, text, {entry.key for entry in entries})
    yield from _beginnings(columns, names, text)
    yield from _around(columns, names, text, {entry.key for entry in index.in_order(form)})


def _beginnings(columns: Columns, names: Names, text: str) -> Iterator[Whereabouts]:
    """Yield the places whose names begin a text, the longest first: Kunshan high-tech, 苏州某园."""
    for end in range(len(text) - 1, MIN_PART_CHARS - 1, -1):
        beginning = text[:end]
        if text.isascii() and text[end] != " ":
            continue
        named = names.resolve("place", beginning)
        if _is_named(named):
            if _is_named(names.resolve("place", text[end:])):
                return
            found = _preferred(columns, named)
            yield Whereabouts(Resolution("place", text, found.resolution.candidates), besides=found.besides)


def _is_named(meant: Resolution) -> bool:
    """Whether a text is a name of a place: one that follows another place's name contradicts it (浙江省昆山市)."""
    return bool(meant.candidates) and meant.candidates[0].fit not in GUESSES


def _around(columns: Columns, names: Names, text: str, keys: Collection[str]) -> Iterator[Whereabouts]:
    """Yield the smallest division around all area-borne ones of some designations, if there is one.

    Those known only to lie somewhere in a province do not widen it, where others are known better. One that lies in
    several prefectures of a province gives these to choose from (天府新区: 成都, 眉山).
    """
    rows: list[tuple[Any, ...]] = columns.query(
        """SELECT designation, county, prefecture, province FROM designations
        JOIN designation_places USING (designation) JOIN places USING (place)
        WHERE bearer = 'area' AND list_contains($designations, designation) ORDER BY designation""",
        {"designations": sorted(keys) or [""]},
    )
    rows = [row for row in rows if row[2]] or rows
    for level in range(1, _PROVINCE + 1):
        places = {row[level] for row in rows}
        if len(places) != 1 or "" in places:
            continue
        through = tuple(dict.fromkeys(row[0] for row in rows))
        shown = names.index("designation").shown[through[0]]
        parts = _parts(rows) if level == _PROVINCE else places
        candidates = tuple(_candidate(names, one, shown, "") for one in sorted(parts))
        yield Whereabouts(Resolution("place", text, candidates), through)
        return


def _parts(rows: Collection[tuple[Any, ...]]) -> set[str]:
    """Return the prefectures of designations of one province, the province where one is unknown or they are many."""
    prefectures = {row[_PROVINCE - 1] for row in rows}
    return prefectures if "" not in prefectures and len(prefectures) <= MAX_PARTS else {row[_PROVINCE] for row in rows}


def _candidate(names: Names, place: str, name: str, within: str) -> Candidate:
    """Return a place found by the name of something in it or around it."""
    shown = names.shown("place", place)
    return Candidate(place, f"{within} {shown}".strip(), "part", name, names.above("place", place))

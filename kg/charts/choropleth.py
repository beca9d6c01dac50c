"""Maps whose areas are shaded by a number: the provinces, or the divisions of one, each with its link and its row."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from kg.charts.maps import Frame, Point

STEPS = 5
MIN_SIZE = 50.0
"""Square units below which an area is too small to be seen, and gets a ring."""
LETTER_WIDTHS = {"zh": 12.0, "en": 6.2}
"""Units that a letter of a name takes, by language."""
FOLDER, FILE = "maps", "outlines.json"
"""Where the sheets stand in a release."""
LICENCE = "Apache License 2.0"
"""Of the package from which the outlines come."""


@dataclass(frozen=True, slots=True)
class Area:
    """A division on the picture.

    code: of today, empty where that of 2018 was split; path: its outline; middle, room: where a name stands best and
    how wide it may be; size: of its largest part, in square units; labels: its short name in Chinese and English.
    """

    code: str
    path: str
    middle: Point
    room: float
    size: float
    labels: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The areas of the country or of one province.

    frame: size of the picture; divisions: of today, drawn or not; level: of the divisions (province, prefecture,
    county); unlisted: those for which no lists are made, so that none is no zero.
    """

    areas: tuple[Area, ...]
    frame: Frame
    divisions: tuple[str, ...]
    level: str = ""
    unlisted: tuple[str, ...] = ()

    @property
    def tiled(self) -> bool:
        """Whether the areas are tiles and no outlines."""
        return False


@dataclass(frozen=True, slots=True)
class Shade:
    """An area with its number (None where there are no data), its step from 0 to STEPS, and where it leads."""

    area: Area
    count: int | None
    step: int
    address: str

    @property
    def small(self) -> bool:
        """Whether a ring has to show where it is."""
        return self.area.size < MIN_SIZE


@dataclass(frozen=True, slots=True)
class Map:
    """A sheet with the number of each area.

    shades: the areas as drawn; rows: code, number and address of every division, drawn or not, the highest first;
    steps: lowest and highest number of each step; unknown: divisions of which too little is known for a number.
    """

    sheet: Sheet
    shades: tuple[Shade, ...]
    rows: tuple[tuple[str, int | None, str], ...]
    steps: tuple[tuple[int, int], ...]
    unknown: frozenset[str] = frozenset()

    @property
    def absent(self) -> bool:
        """Whether an area of the picture has no data, for another reason than that too little is known of it."""
        return any(shade.count is None and shade.area.code not in self.unknown for shade in self.shades)

    @property
    def zero(self) -> bool:
        """Whether an area of the picture has a number, and that is zero."""
        return any(shade.count == 0 for shade in self.shades)

    def named(self, shade: Shade, language: str) -> str:
        """Return the short name of an area where there is room for it, else nothing."""
        label = shade.area.labels[0 if language == "zh" else 1]
        return label if shade.area.room > len(label) * LETTER_WIDTHS[language] else ""


def shaded(
    sheet: Sheet,
    counted: Mapping[str, int],
    link: Callable[[str], str],
    like: Sequence[int] = (),
    unknown: Collection[str] = (),
) -> Map:
    """Return a map of the divisions of a sheet.

    Args:
        sheet: the areas.
        counted: number by code of the place; what is not in it is zero, or without data where no lists are made.
        link: from a code to an address.
        like: the numbers of all maps on the same scale, where there are several.
        unknown: codes of places of which too little is known: no number stands for them, not even zero.
    """
    codes = {area.code for area in sheet.areas if area.code} | {*sheet.divisions}
    hidden = codes.intersection(unknown)
    found = {code: counted.get(code, 0) or (None if code in sheet.unlisted else 0) for code in codes}
    found |= dict.fromkeys(hidden)
    scaled = [count for count in like or found.values() if count]
    bounds, highest = _bounds(scaled), max(scaled, default=0)
    shades = tuple(_shade(area, found.get(area.code), bounds, link) for area in sheet.areas)
    ordered = sorted(found.items(), key=lambda entry: (entry[1] is None, -(entry[1] or 0), entry[0]))
    tops = [*(bound - 1 for bound in bounds[1:]), highest]
    return Map(
        sheet,
        shades,
        tuple((code, count, link(code)) for code, count in ordered),
        tuple(zip(bounds, tops, strict=True)) if bounds else (),
        frozenset(hidden),
    )


def _shade(area: Area, count: int | None, bounds: Sequence[int], link: Callable[[str], str]) -> Shade:
    return Shade(area, count, sum((count or 0) >= bound for bound in bounds), link(area.code) if area.code else "")


def _bounds(numbers: Sequence[int]) -> list[int]:
    """Return the numbers from which the steps begin: parts of the numbers above zero that are as equal as can be."""
    ordered = sorted(numbers)
    if not ordered:
        return []
    return sorted({ordered[0], *(ordered[len(ordered) * part // STEPS] for part in range(1, STEPS))})


def written(source: str, sheets: Mapping[str, Sheet]) -> str:
    """Return the sheets of a release as JSON, with the package that they come from."""
    content = {"source": source, "licence": LICENCE, "sheets": {key: astuple(sheet) for key, sheet in sheets.items()}}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def write(folder: Path, text: str) -> None:
    """Write what `written` returns into the folder of maps of a release."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(text, encoding="utf-8")


def read(folder: Path) -> dict[str, Sheet]:
    """Return the sheets of a release by province, "" for the country; none where it was built without outlines."""
    if not (folder / FILE).is_file():
        return {}
    content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return {key: _sheet(*found) for key, found in content["sheets"].items()}


def _sheet(
    areas: Sequence[Sequence[Any]],
    frame: Sequence[float],
    divisions: Sequence[str],
    level: str = "",
    unlisted: Sequence[str] = (),
) -> Sheet:
    made = (
        Area(code, path, (middle[0], middle[1]), room, size, (labels[0], labels[1]))
        for code, path, middle, room, size, labels in areas
    )
    return Sheet(tuple(made), Frame(*frame), tuple(divisions), level, tuple(unlisted))

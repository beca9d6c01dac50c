"""Outlines of provinces and of the divisions in them, of 2018, read from the npm package echarts (4.9.0)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = {
    "110000": "beijing",
    "120000": "tianjin",
    "130000": "hebei",
    "140000": "shanxi",
    "150000": "neimenggu",
    "210000": "liaoning",
    "220000": "jilin",
    "230000": "heilongjiang",
    "310000": "shanghai",
    "320000": "jiangsu",
    "330000": "zhejiang",
    "340000": "anhui",
    "350000": "fujian",
    "360000": "jiangxi",
    "370000": "shandong",
    "410000": "henan",
    "420000": "hubei",
    "430000": "hunan",
    "440000": "guangdong",
    "450000": "guangxi",
    "460000": "hainan",
    "500000": "chongqing",
    "510000": "sichuan",
    "520000": "guizhou",
    "530000": "yunnan",
    "540000": "xizang",
    "610000": "shanxi1",
    "620000": "gansu",
    "630000": "qinghai",
    "640000": "ningxia",
    "650000": "xinjiang",
}
"""Code of a province to the file of the divisions in it; the package has no codes for those of the other three."""
Ring = tuple[tuple[float, float], ...]
"""A closed line of longitudes and latitudes."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A division of 2018: its code of then (empty where the file has none), its name, and its outer lines."""

    code: str
    name: str
    rings: tuple[Ring, ...]


def read(modules: Path) -> tuple[str, dict[str, str]]:
    """Return name and version of the package, and the file of the country ("") and of each province as text.

    Args:
        modules: a `node_modules` folder; without the package in it, version and files are empty.
    """
    package = modules / "echarts"
    if not (package / "map" / "json" / "china.json").is_file():
        return "", {}
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    names, folder = (
        {"": "china", **{code: f"province/{name}" for code, name in FILES.items()}},
        package / "map" / "json",
    )
    return f"echarts {version}", {code: (folder / f"{name}.json").read_text("utf-8") for code, name in names.items()}


def outlines(file: str) -> tuple[Outline, ...]:
    """Return the outlines in the text of a file of the package."""
    content = json.loads(file)
    return tuple(
        Outline(str(feature.get("id") or ""), feature["properties"]["name"], tuple(_rings(feature["geometry"])))
        for feature in content["features"]
    )


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """Yield the outer line of each polygon; holes are filled, for what lies in them is drawn on top."""
    several = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if several else [geometry["coordinates"]]
    for number, polygon in enumerate(polygons):
        for outer in polygon[:1]:
            if isinstance(outer, str):
                offsets = geometry["encodeOffsets"]
                yield tuple(decoded(outer, (offsets[number] if several else offsets)[0]))
            else:
                yield tuple((longitude, latitude) for longitude, latitude in outer)


def decoded(text: str, start: Sequence[int]) -> Iterable[tuple[float, float]]:
    """Undo the package's encoding: steps in 1/1024 degree, sign in the last bit, 64 added, one letter each."""
    at = list(start)
    for number in range(0, len(text) - 1, 2):
        for axis in (0, 1):
            step = ord(text[number + axis]) - 64
            at[axis] += (step >> 1) ^ -(step & 1)
        yield at[0] / 1024, at[1] / 1024

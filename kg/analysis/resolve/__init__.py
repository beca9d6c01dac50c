"""What people type as the name of a place, programme, purpose, field or body, resolved to the one key that it means."""

from dataclasses import dataclass

from kg.analysis.resolve.names import Names
from kg.analysis.resolve.resolution import FITS, GUESSES, Candidate, Fit, Resolution, UnclearName
from kg.analysis.resolve.whereabouts import Whereabouts, whereabouts
from kg.release.columns import Columns

__all__ = [
    "FITS",
    "GUESSES",
    "Candidate",
    "Fit",
    "Names",
    "Place",
    "Resolution",
    "UnclearName",
    "Whereabouts",
    "key",
    "meant_place",
    "place",
    "whereabouts",
]


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
    """Return the key of the one thing of a kind that a text means.

    Raises:
        UnclearName: nothing fits, or several things do equally well.
    """
    resolution = Names.of_columns(columns).resolve(kind, asked)
    if not resolution.key:
        raise UnclearName(resolution)
    return resolution.key


def place(columns: Columns, asked: str) -> Place:
    """Return the one place that a text means, with the units in which it lies.

    Raises:
        UnclearName: nothing fits, or several places do equally well.
    """
    return meant_place(columns, whereabouts(columns, asked))


def meant_place(columns: Columns, meant: Whereabouts) -> Place:
    """Return the one place of whereabouts, with the units in which it lies.

    Raises:
        UnclearName: there is none, or there are several.
    """
    code = meant.resolution.key
    if not code:
        raise UnclearName(meant.resolution)
    (row,) = columns.query(
        "SELECT place, name_zh, level, county, prefecture, province FROM places WHERE place = $code", {"code": code}
    )
    return Place(*row)

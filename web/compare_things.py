"""Compare two places or two programmes: plates by ministry and purpose, side by side, on a day."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request

from web import finding_words
from web.choosing import Choice, choose
from web.computed import Computed, asked_day, computed

blueprint = Blueprint("compare_things", __name__)

_OF_PLACE = """
    SELECT DISTINCT plate, programme FROM plate_places JOIN places USING (place) JOIN plates USING (plate)
    WHERE $place IN (place, county, prefecture, province)
"""
_GROUPS = "SELECT DISTINCT programme, purpose_group FROM programme_purposes WHERE weight = 'main' AND NOT generic"
_PROVINCES = """
    SELECT province, plate FROM plate_places JOIN places USING (place) JOIN plates USING (plate)
    WHERE programme = $programme AND province <> ''
"""
_COUNTIES = """
    SELECT county FROM plate_places JOIN places USING (place) JOIN plates USING (plate)
    WHERE programme = $programme AND county <> '' AND list_contains($standing, plate)
"""
_PURPOSES = "SELECT purpose, weight FROM programme_purposes WHERE programme = $programme ORDER BY weight, purpose"


@dataclass(frozen=True, slots=True)
class Held:
    """The plates of one place: their number, and programmes with numbers by purpose group and ministry (keys)."""

    plates: int
    cells: Mapping[tuple[str, str], Mapping[str, int]]

    def number(self, group: str, ministry: str) -> int:
        """Return the number of plates in a cell."""
        return sum(self.cells.get((group, ministry), {}).values())


@dataclass(frozen=True, slots=True)
class Kind:
    """One programme: purposes with weight, ministries on the day, plates by province, counties where it stands."""

    purposes: Mapping[str, str]
    ministries: tuple[str, ...]
    provinces: Mapping[str, int]
    counties: frozenset[str]
    plates: int


@blueprint.get("/compare/places")
def places() -> str:
    """Show the plates of two places by ministry and purpose."""
    found, day = computed(), asked_day("as_of", computed().today)
    one, other = choose("place", "one"), choose("place", "other")
    held = [_held(found, chosen, day) for chosen in (one, other)]
    return render_template(
        "compare_places.html",
        day=day,
        chosen=(one, other),
        held=held,
        pairs=sorted({cell for each in held if each for cell in each.cells}),
        said=finding_words,
    )


@blueprint.get("/compare/programmes")
def programmes() -> str:
    """Show two programmes side by side: purposes, ministries, and where their plates stand."""
    found, day = computed(), asked_day("as_of", computed().today)
    one, other = choose("programme", "one"), choose("programme", "other")
    kinds = [_kind(found, chosen.key, day) if chosen.key else None for chosen in (one, other)]
    known = [kind for kind in kinds if kind]
    return render_template(
        "compare_programmes.html",
        day=day,
        chosen=(one, other),
        kinds=kinds,
        purposes=sorted({purpose for kind in known for purpose in kind.purposes}),
        provinces=sorted({province for kind in known for province in kind.provinces}),
        both=sorted(known[0].counties & known[1].counties) if len(known) == 2 else [],
        asked=request.args,
        said=finding_words,
    )


def _held(found: Computed, chosen: Choice, day: date) -> Held | None:
    if not chosen.key:
        return None
    standing, answers = found.in_force(day), found.ministries(day)
    groups = defaultdict(list)
    for programme, group in found.columns.query(_GROUPS):
        groups[programme].append(group)
    rows = [row for row in found.columns.query(_OF_PLACE, {"place": chosen.key}) if row[0] in standing]
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _plate, programme in rows:
        for group in groups[programme]:
            for ministry in answers[programme].ministries if programme in answers else ():
                cells[group, ministry][programme] += 1
    return Held(len(rows), cells)


def _kind(found: Computed, programme: str, day: date) -> Kind:
    standing, answer = found.in_force(day), found.ministries(day).get(programme)
    rows = found.columns.query(_PROVINCES, {"programme": programme})
    plates = [plate for (plate,) in found.columns.query("SELECT plate FROM plates WHERE programme = ?", [programme])]
    asked = {"programme": programme, "standing": [plate for plate in plates if plate in standing]}
    return Kind(
        dict(found.columns.query(_PURPOSES, {"programme": programme})),
        tuple(sorted(answer.ministries)) if answer else (),
        Counter(province for province, plate in set(rows) if plate in standing),
        frozenset(county for (county,) in found.columns.query(_COUNTIES, asked)),
        sum(plate in standing for plate in plates),
    )

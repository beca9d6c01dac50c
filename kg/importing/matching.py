"""Which plate a row speaks of: one that is certain, or a new one, with those that may be the same."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from kg.importing.registry import Known, Plate
from kg.importing.row_reader import Reading
from kg.text.names import normal

ALIKE, ALIKE_WITHIN = 0.75, 0.9
"""Share of common characters (Ratcliff and Obershelp) from which two names are said to be possibly one: across lists,
and within one list, whose rows are meant to be different plates."""
SHOWN = 3
"""As many plates that may be the same are named."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The plate that the row certainly speaks of (None: a new one), and others that may be the same."""

    plate: Plate | None
    similar: tuple[Plate, ...] = ()


def decide(reading: Reading, known: Known, list_id: str) -> Decision:
    """Find the plate of a row of a list.

    Certain is: the same programme, the same name but for spelling, the programme's words and the province in front, and
    compatible places (one lies in or is the other; two counties are not). Where organisations bear the plates, another
    carrier means another plate. Two rows of one list are one plate only if their names are the same but for spelling.
    Whatever else is alike stays two plates and is said.
    """
    named = _named(reading, known)
    certain = [plate for plate in named if _compatible(reading, plate, known) and not _beside(reading, plate, list_id)]
    if len(certain) == 1:
        return Decision(certain[0])
    doubtful = [
        plate for plate in named if not _other_bearer(reading, plate, known) and _may_meet(reading, plate, known)
    ]
    alike = [
        plate for plate in known.of(reading.programme) if plate not in named and _alike(reading, plate, known, list_id)
    ]
    return Decision(None, tuple((certain + [plate for plate in doubtful if plate not in certain] + alike)[:SHOWN]))


def _named(reading: Reading, known: Known) -> list[Plate]:
    forms = {known.identity(reading.name, reading.programme, places) for places in (reading.place.places, ())}
    found = {plate.key: plate for form in sorted(forms) for plate in known.under(reading.programme, form)}
    return list(found.values())


def _beside(reading: Reading, plate: Plate, list_id: str) -> bool:
    """Say whether the list speaks of the plate already, under another name."""
    return (list_id, reading.stage) in plate.lists and normal(reading.name) not in map(normal, plate.names)


def _compatible(reading: Reading, plate: Plate, known: Known) -> bool:
    if _other_bearer(reading, plate, known):
        return False
    if reading.place.places and plate.places:
        return known.places.compatible(reading.place.places, plate.places)
    return known.programmes[reading.programme]["bearer"] == "organisation"


def _other_bearer(reading: Reading, plate: Plate, known: Known) -> bool:
    """Say whether another organisation bears the plate."""
    organised = known.programmes[reading.programme]["bearer"] == "organisation"
    return organised and bool(reading.carriers and plate.carriers) and not plate.carriers & set(reading.carriers)


def _may_meet(reading: Reading, plate: Plate, known: Known) -> bool:
    """Say whether the places do not exclude that two plates of one name are one: the same province, or one unknown."""
    some, others = ({known.places.province(key) for key in keys} for keys in (reading.place.places, plate.places))
    return not some or not others or bool(some & others)


def _alike(reading: Reading, plate: Plate, known: Known, list_id: str) -> bool:
    """Say whether the names are so alike, at the same place or with the same carrier, that the plates may be one."""
    mine = set(reading.place.places)
    if known.programmes[reading.programme]["bearer"] == "organisation":
        if not plate.carriers & set(reading.carriers):
            return False
    elif not mine or not plate.places or not known.places.compatible(mine, plate.places):
        return False
    name = _remainder(known.identity(reading.name, reading.programme, mine), mine, known)
    within = (list_id, reading.stage) in plate.lists
    least = ALIKE_WITHIN if within else ALIKE
    vague = any(code.endswith("0000") for code in mine | plate.places)
    for other in plate.names:
        rest = _remainder(known.identity(other, reading.programme, plate.places), plate.places, known)
        if not name or not rest:
            wider = (mine, plate.places) if not name else (plate.places, mine)
            alike = not within and not vague and (name == rest or _inside(wider[1], wider[0], known))
        else:
            inside = not within and (name in rest or rest in name)
            alike = inside or SequenceMatcher(None, name, rest).ratio() >= least
        if alike:
            return not within or mine == plate.places
    return False


def _inside(some: set[str], others: set[str], known: Known) -> bool:
    """Say whether every division of some lies in or is one of others."""
    return all(others & set(known.places.chain(code)) for code in some)


def _remainder(identity: str, places: set[str], known: Known) -> str:
    """Return what a name says beyond the names of its places."""
    chain = {code for place in places for code in known.places.chain(place)}
    names = {normal(name) for code in chain for name in known.places.names(code)}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        identity = identity.replace(name, "")
    return identity

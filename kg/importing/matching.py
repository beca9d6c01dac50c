"""Which designation a row speaks of: one that is certain, or a new one, with those that may be the same."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from kg.importing.registry import Designation, Known
from kg.importing.row_reader import Reading
from kg.text.names import normal

ALIKE, ALIKE_WITHIN = 0.75, 0.9
"""Share of common characters (Ratcliff and Obershelp) from which two names are said to be possibly one: across lists,
and within one list, whose rows are meant to be different designations."""
SHOWN = 3
"""As many designations that may be the same are named."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The designation that the row certainly speaks of (None: a new one), and others that may be the same."""

    designation: Designation | None
    similar: tuple[Designation, ...] = ()


def decide(reading: Reading, known: Known, list_id: str) -> Decision:
    """Find the designation of a row of a list.

    Certain is: the same programme, the same name but for spelling, the programme's words and the province in front, and
    compatible places (one lies in or is the other; two counties are not). Where organisations bear the designations,
    another carrier means another designation. Two rows of one list are one designation only if their names are the same
    but for spelling. Whatever else is alike stays two designations and is said.
    """
    named = _named(reading, known)
    certain = [
        designation
        for designation in named
        if _compatible(reading, designation, known) and not _beside(reading, designation, list_id)
    ]
    if len(certain) == 1:
        return Decision(certain[0])
    doubtful = [
        designation
        for designation in named
        if not _other_bearer(reading, designation, known) and _may_meet(reading, designation, known)
    ]
    alike = [
        designation
        for designation in known.of(reading.programme)
        if designation not in named and _alike(reading, designation, known, list_id)
    ]
    return Decision(
        None, tuple((certain + [designation for designation in doubtful if designation not in certain] + alike)[:SHOWN])
    )


def _named(reading: Reading, known: Known) -> list[Designation]:
    forms = {known.identity(reading.name, reading.programme, places) for places in (reading.place.places, ())}
    found = {
        designation.key: designation for form in sorted(forms) for designation in known.under(reading.programme, form)
    }
    return list(found.values())


def _beside(reading: Reading, designation: Designation, list_id: str) -> bool:
    """Say whether the list speaks of the designation already, under another name."""
    return (list_id, reading.stage) in designation.lists and normal(reading.name) not in map(normal, designation.names)


def _compatible(reading: Reading, designation: Designation, known: Known) -> bool:
    if _other_bearer(reading, designation, known):
        return False
    if reading.place.places and designation.places:
        return known.places.compatible(reading.place.places, designation.places)
    return known.programmes[reading.programme]["bearer"] == "organisation"


def _other_bearer(reading: Reading, designation: Designation, known: Known) -> bool:
    """Say whether another organisation bears the designation."""
    organised = known.programmes[reading.programme]["bearer"] == "organisation"
    return (
        organised
        and bool(reading.carriers and designation.carriers)
        and not designation.carriers & set(reading.carriers)
    )


def _may_meet(reading: Reading, designation: Designation, known: Known) -> bool:
    """Return whether the places allow two designations of one name to be one: same province, or one unknown."""
    some, others = ({known.places.province(key) for key in keys} for keys in (reading.place.places, designation.places))
    return not some or not others or bool(some & others)


def _alike(reading: Reading, designation: Designation, known: Known, list_id: str) -> bool:
    """Return whether the names are so alike, at one place or with one carrier, that the designations may be one."""
    mine = set(reading.place.places)
    if known.programmes[reading.programme]["bearer"] == "organisation":
        if not designation.carriers & set(reading.carriers):
            return False
    elif not mine or not designation.places or not known.places.compatible(mine, designation.places):
        return False
    name = _remainder(known.identity(reading.name, reading.programme, mine), mine, known)
    within = (list_id, reading.stage) in designation.lists
    least = ALIKE_WITHIN if within else ALIKE
    vague = any(code.endswith("0000") for code in mine | designation.places)
    for other in designation.names:
        rest = _remainder(known.identity(other, reading.programme, designation.places), designation.places, known)
        if not name or not rest:
            wider = (mine, designation.places) if not name else (designation.places, mine)
            alike = not within and not vague and (name == rest or _inside(wider[1], wider[0], known))
        else:
            inside = not within and (name in rest or rest in name)
            alike = inside or SequenceMatcher(None, name, rest).ratio() >= least
        if alike:
            return not within or mine == designation.places
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

"""Matching of rows to designations: a certain match, or a new designation with similar ones; renamed designations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kg.importing.registry import Designation, Known
from kg.importing.row_reader import Reading
from kg.text.names import normal

MIN_SIMILARITY, MIN_SIMILARITY_WITHIN_LIST = 0.75, 0.9
"""Minimum share of common characters (Ratcliff and Obershelp) of two names that may be one designation: across lists,
and within one list, whose rows are normally different designations."""
MAX_SIMILAR = 3
"""Maximum number of similar designations reported."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The certain designation of a row (None: a new one), and others that may be the same."""

    designation: Designation | None
    similar: tuple[Designation, ...] = ()


def decide(reading: Reading, known: Known, list_id: str) -> Decision:
    """Find the designation of a row of a list.

    A match is certain with the same programme, the same name except for spelling, the programme's words and the
    province in front, and compatible places (equal, or one within the other). For organisation-borne designations,
    another carrier means another designation. Two rows of one list are one designation only if their names are the same
    except for spelling. Other similar designations remain separate and are reported.
    """
    named = _named(reading, known)
    certain = [
        designation
        for designation in named
        if _compatible(reading, designation, known) and not _already_listed(reading, designation, list_id)
    ]
    if len(certain) == 1:
        return Decision(certain[0])
    doubtful = [
        designation
        for designation in named
        if not _other_bearer(reading, designation, known) and _may_meet(reading, designation, known)
    ]
    similar = [
        designation
        for designation in known.of(reading.programme)
        if designation not in named and _similar(reading, designation, known, list_id)
    ]
    near = [
        designation
        for designation in known.misprinted(reading.name, reading.programme, reading.place.places)
        if (list_id, reading.stage) not in designation.lists and _may_meet(reading, designation, known)
    ]
    candidates = list({each.key: each for each in (*certain, *doubtful, *similar, *near)}.values())
    return Decision(None, tuple(candidates[:MAX_SIMILAR]))


def _named(reading: Reading, known: Known) -> list[Designation]:
    forms = {known.identity(reading.name, reading.programme, places) for places in (reading.place.places, ())}
    found = {
        designation.key: designation for form in sorted(forms) for designation in known.under(reading.programme, form)
    }
    return list(found.values())


def _already_listed(reading: Reading, designation: Designation, list_id: str) -> bool:
    """Whether the list already has the designation under another name."""
    return (list_id, reading.stage) in designation.lists and normal(reading.name) not in map(normal, designation.names)


def _compatible(reading: Reading, designation: Designation, known: Known) -> bool:
    if _other_bearer(reading, designation, known):
        return False
    if reading.place.places and designation.places:
        return known.places.compatible(reading.place.places, designation.places)
    return known.programmes[reading.programme]["bearer"] == "organisation"


def _other_bearer(reading: Reading, designation: Designation, known: Known) -> bool:
    """Whether the designation has another carrier."""
    organised = known.programmes[reading.programme]["bearer"] == "organisation"
    return (
        organised
        and bool(reading.carriers and designation.carriers)
        and not designation.carriers & set(reading.carriers)
    )


def _may_meet(reading: Reading, designation: Designation, known: Known) -> bool:
    """Whether the places allow two designations of one name to be one: same province, or one unknown."""
    some, others = ({known.places.province(key) for key in keys} for keys in (reading.place.places, designation.places))
    return not some or not others or bool(some & others)


def _similar(reading: Reading, designation: Designation, known: Known, list_id: str) -> bool:
    """Whether the names, at one place or with one carrier, are similar enough for one designation."""
    mine = set(reading.place.places)
    if known.programmes[reading.programme]["bearer"] == "organisation":
        if not designation.carriers & set(reading.carriers):
            return False
    elif not mine or not designation.places or not known.places.compatible(mine, designation.places):
        return False
    name = _remainder(known.identity(reading.name, reading.programme, mine), mine, known)
    within = (list_id, reading.stage) in designation.lists
    least = MIN_SIMILARITY_WITHIN_LIST if within else MIN_SIMILARITY
    vague = any(code.endswith("0000") for code in mine | designation.places)
    for other in designation.names:
        rest = _remainder(known.identity(other, reading.programme, designation.places), designation.places, known)
        if not name or not rest:
            wider = (mine, designation.places) if not name else (designation.places, mine)
            similar = not within and not vague and (name == rest or _inside(wider[1], wider[0], known))
        else:
            inside = not within and (name in rest or rest in name)
            similar = inside or SequenceMatcher(None, name, rest).ratio() >= least
        if similar:
            return not within or mine == designation.places
    return False


def _inside(some: set[str], others: set[str], known: Known) -> bool:
    """Whether every division of `some` is or lies in one of `others`."""
    return all(others & set(known.places.chain(code)) for code in some)


def _remainder(identity: str, places: set[str], known: Known) -> str:
    """Return a name without the names of its places."""
    chain = {code for place in places for code in known.places.chain(place)}
    names = {normal(name) for code in chain for name in known.places.names(code)}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        identity = identity.replace(name, "")
    return identity


def renamed(
    readings: Sequence[Reading], left: Sequence[Mapping[str, str]], known: Known, list_id: str
) -> dict[int, dict[str, str]]:
    """Return `id` of a reading → record of the older edition, for rows whose designation has another name there.

    A match requires the same programme, date of approval and places below the province, stated in both, and no other
    unmatched designation of either edition with the same values.

    Args:
        readings: the rows without an identical record in the tables.
        left: the records of the older edition without an identical row in the newer one.
        known: the designations.
        list_id: key of the list.
    """
    decided = [(reading, decide(reading, known, list_id).designation) for reading in readings]
    still = {designation.key for _, designation in decided if designation is not None}
    vanished: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for record in left:
        if known.designations[record["designation_id"]].key not in still:
            key = _fingerprint(record["programme_id"], record["approved_date"], record["place_ids"].split(";"))
            vanished.setdefault(key, []).append(dict(record))
    appeared: dict[tuple[str, str, str], list[Reading]] = {}
    for reading, designation in decided:
        if designation is None:
            key = _fingerprint(reading.programme, reading.approved, reading.place.places)
            appeared.setdefault(key, []).append(reading)
    return {
        id(appeared[key][0]): vanished[key][0]
        for key in vanished.keys() & appeared.keys()
        if all(key) and len(vanished[key]) == len(appeared[key]) == 1
    }


def _fingerprint(programme: str, approved: str, places: Sequence[str]) -> tuple[str, str, str]:
    """Return the values that must agree; the last one is empty for an entire province or an unknown place."""
    precise = all(place and not place.endswith("0000") for place in places)
    return programme, approved, ";".join(sorted(places)) if precise else ""

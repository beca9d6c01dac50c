"""A newer edition of a list: which of its new names are those of designations that the older one called otherwise."""

from collections.abc import Mapping, Sequence

from kg.importing.matching import decide
from kg.importing.registry import Known
from kg.importing.row_reader import Reading


def renamed(
    readings: Sequence[Reading], left: Sequence[Mapping[str, str]], known: Known, list_id: str
) -> dict[int, dict[str, str]]:
    """Return line → record of the older edition, for rows whose designation is there under another name.

    Certain is: the same programme, date of approval and places below the province, stated in both, and no other
    designation of either edition without a partner agrees in them.

    Args:
        readings: the rows that do not stand in the tables as they are.
        left: the records of the older edition that no row of the newer one repeats.
        known: the designations.
        list_id: key of the list.
    """
    decided = [(reading, decide(reading, known, list_id).designation) for reading in readings]
    still = {designation.key for _, designation in decided if designation is not None}
    vanished: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for record in left:
        if record["designation_id"] not in still:
            key = _mark(record["programme_id"], record["approved_date"], record["place_ids"].split(";"))
            vanished.setdefault(key, []).append(dict(record))
    appeared: dict[tuple[str, str, str], list[Reading]] = {}
    for reading, designation in decided:
        if designation is None:
            key = _mark(reading.programme, reading.approved, reading.place.places)
            appeared.setdefault(key, []).append(reading)
    return {
        appeared[key][0].printed.line: vanished[key][0]
        for key in vanished.keys() & appeared.keys()
        if all(key) and len(vanished[key]) == len(appeared[key]) == 1
    }


def _mark(programme: str, approved: str, places: Sequence[str]) -> tuple[str, str, str]:
    """Return what must agree; the last part is empty where a place is a whole province or unknown."""
    precise = all(place and not place.endswith("0000") for place in places)
    return programme, approved, ";".join(sorted(places)) if precise else ""

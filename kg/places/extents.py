"""The extent of a designation in its place, by the usual extent of its programme and the level of the place."""

PARTS_OF_COUNTIES = frozenset({"town", "within-county"})
"""Usual extents that never cover an entire county."""
IN_ONE_COUNTY = {
    "town": "town",
    "within-county": "within-county",
    "county": "county",
    "within-prefecture": "within-county",
    "prefecture": "county",
}
IN_ONE_PREFECTURE = {
    "town": "within-prefecture",
    "within-county": "within-prefecture",
    "county": "within-prefecture",
    "several-counties": "within-prefecture",
    "within-prefecture": "within-prefecture",
    "prefecture": "prefecture",
    "province": "prefecture",
}


def extent_of(usual: str, level: str, count: int, *, whole: bool, split: bool) -> str:
    """Return the extent of an area's designation, a value of the column `extent` of the records.

    Args:
        usual: usual extent of designations of its programme.
        level: level of the places found (county, prefecture, province), "" if none.
        count: number of places found.
        whole: the designation's name is exactly the name of the place.
        split: the places succeed one former unit, and it is unknown in which of them it lies.
    """
    if split or not count:
        return "unknown"
    if count > 1:
        several = {"county": "several-counties", "province": "several-provinces"}.get(level, "unknown")
        return usual if usual == "town" else "unknown" if usual in PARTS_OF_COUNTIES else several
    if level == "county":
        return "county" if whole and usual not in PARTS_OF_COUNTIES else IN_ONE_COUNTY.get(usual, "unknown")
    if level == "prefecture":
        return "prefecture" if whole and usual not in PARTS_OF_COUNTIES else IN_ONE_PREFECTURE.get(usual, "unknown")
    return "province" if usual == "province" or (whole and usual != "several-provinces") else "unknown"

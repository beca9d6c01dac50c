"""The extent of a designation in its place, by the usual extent of its programme and the level of the place."""

from collections.abc import Iterable

from kg.tables import Row


class Extents:
    """What extents mean (data/extents.csv)."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Take up the rows of the table."""
        self._rows = {row["id"]: row for row in rows}

    def enough(self, usual: str, level: str) -> bool:
        """Return whether a place known at a level (prefecture, province) is precise enough for a usual extent."""
        precision = self._rows[usual]["precision"]
        return precision in ("province", level)

    def entire_division(self, usual: str) -> bool:
        """Return whether designations of a usual extent cover one division, after which they are named."""
        return bool(self._rows[usual]["entire"]) and not self._is(usual, "several")

    def of(self, usual: str, level: str, count: int, *, whole: bool, split: bool) -> str:
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
        part = self._is(usual, "part_of_county")
        if count > 1:
            several = {"county": "several-counties", "province": "several-provinces"}.get(level, "unknown")
            return usual if usual == "town" else "unknown" if part else several
        if level in ("county", "prefecture"):
            return level if whole and not part else self._rows[usual][f"in_{level}"] or "unknown"
        return "province" if usual == "province" or (whole and usual != "several-provinces") else "unknown"

    def _is(self, usual: str, column: str) -> bool:
        return self._rows[usual][column] == "true"

"""Cells of divisions put where they belong: a prefecture in the column of counties, a province before it."""

from collections.abc import Iterable, Mapping

from kg.importing.cell_marks import nothing
from kg.tables import Row
from kg.text.names import normal


class Prefectures:
    """Full names of the prefectures of today, which lists print in their column of counties (县（市））.

    Args:
        places: the table of divisions.
    """

    def __init__(self, places: Iterable[Row]) -> None:
        rows = [row for row in places if row["level"] in ("prefecture", "county")]
        counties = {(row["id"][:2], normal(row["name_zh"])) for row in rows if row["level"] == "county"}
        self._names: dict[str, dict[str, str]] = {}
        for row in rows:
            key = (row["id"][:2], normal(row["name_zh"]))
            if row["level"] == "prefecture" and key not in counties:
                self._names.setdefault(key[1], {})[row["id"][:2]] = row["name_zh"]

    def put(self, stated: Mapping[str, str], province: str) -> dict[str, str]:
        """Return the cells by level, a prefecture in the cell of the county in its own.

        The name of today goes first: a county was called 亳州市 before, now 谯城区; a list prints the city of today.

        Args:
            stated: the cells by level.
            province: code of the province stated, "" if unknown.
        """
        cells = dict(stated)
        found = self._names.get(normal(cells["county"]), {})
        named = [name for code, name in found.items() if not province or province.startswith(code)]
        above = normal(cells["prefecture"])
        if len(named) == 1 and (not above or above in normal(named[0]) or nothing(above)):
            return {**cells, "prefecture": named[0], "county": ""}
        return cells

"""Counties of registering offices: nearly all firms of an office of a county are registered in that county.

The code of a firm keeps the office that gave it; one in a zone has often moved there from another county.
"""

from collections import Counter, defaultdict

from register import Addresses, Firm, agreed
from streets import ZONE

from kg.places.gazetteer import comparable

LEAST_FIRMS = 30
"""Firms of an office whose address names a county, before the office says anything of the others."""
LEAST_SHARE = 0.97
BEGINNING_CHARS = 24
"""Beginning of an address, in which its county stands."""


class Offices:
    """Counts, for the offices of counties, the counties that the addresses of their firms name."""

    def __init__(self, addresses: Addresses) -> None:
        self.divisions = addresses.gazetteer.divisions
        self.counties: dict[str, Counter[str]] = defaultdict(Counter)
        self._near: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for code, unit in self.divisions.items():
            if unit.lowest:
                self._near[unit.prefecture or unit.province].append((unit.name, code))

    def note(self, firm: Firm) -> None:
        """Count the county of a firm of an office of a county, if the beginning of its address names one."""
        unit = self.divisions.get(firm.office)
        if unit is None or not unit.lowest:
            return
        beginning = comparable(firm.address[:BEGINNING_CHARS])
        near = self._near[unit.prefecture or unit.province]
        found = {firm.office} if unit.name in beginning else {code for name, code in near if name in beginning}
        if len(found) == 1:
            self.counties[firm.office].update(found)

    def county(self, firm: Firm) -> tuple[str, str]:
        """Return the county of the office of a firm, and how many of its firms say so; "" if too few or not all do."""
        if ZONE.search(comparable(firm.address)):
            return "", ""
        counted = self.counties.get(firm.office, Counter[str]())
        county, number = agreed(counted, LEAST_FIRMS, LEAST_SHARE)
        if not county or county != firm.office:
            return "", ""
        name = self.divisions[county].name
        return (
            county,
            f"of {counted.total():,} firms of its registering office that name a county {number:,} are in {name}",
        )

"""Counties of addresses that name none, by the other firms of the register on the same street."""

import re
from collections import Counter, defaultdict

from register import Addresses, Firm, agreed

from kg.places.gazetteer import comparable

STREET = re.compile(
    r"([^省市县区镇乡村园场城号路街道(),、\d]{1,6}(?:大道|大街|路|街)[东西南北中]?[一二三四五六七八九十]?[段路]?)"
)
"""The first street of an address."""
ZONE = re.compile("开发区|高新|保税|工业区|园区|新区|示范区|产业园|工业园")
"""An address in a zone: streets of zones are often named like streets elsewhere in the prefecture."""
LEAST_FIRMS = 5
LEAST_SHARE = 0.95
Key = tuple[str, str]
"""Code of the prefecture, street; not in municipalities, which have streets of one name in several districts."""


class Streets:
    """Counts, for the streets that are asked for, the counties of the firms on them."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.counties: dict[Key, Counter[str]] = defaultdict(Counter)
        self.asked: set[Key] = set()

    def ask(self, firm: Firm) -> None:
        """Note the street of a firm whose address names no county."""
        if key := self.key(firm):
            self.asked.add(key)

    def note(self, firm: Firm) -> None:
        """Count the county of a firm on one of the streets."""
        key = self.key(firm)
        if key in self.asked and (county := self.addresses.named(firm)):
            self.counties[key][county] += 1

    def key(self, firm: Firm) -> Key | None:
        """Return prefecture and street of a firm; None if one is unknown, or the address is that of a zone."""
        address = comparable(firm.address)
        street = None if ZONE.search(address) else STREET.search(address)
        within = self.addresses.within(firm) if street else frozenset()
        return (next(iter(within)), street[1]) if street and len(within) == 1 else None

    def county(self, firm: Firm) -> tuple[str, str]:
        """Return the county in which nearly all firms of the street are, and how many say so; "" if there is none."""
        key = self.key(firm)
        counted = self.counties.get(key, Counter()) if key else Counter[str]()
        county, firms = agreed(counted, LEAST_FIRMS, LEAST_SHARE)
        if not county or key is None:
            return "", ""
        name = self.addresses.gazetteer.divisions[county].name
        return county, f"of {counted.total():,} firms in {key[1]} whose address names a county {firms:,} are in {name}"

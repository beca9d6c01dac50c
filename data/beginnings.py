"""Short names of counties with which names of firms begin, and how many of these firms are registered in the county."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from pack_rows import Row
from register import Addresses, Firm

from kg.places.division_words import SHORT
from kg.places.gazetteer import comparable

LEAST_FIRMS = 10
"""Firms that must begin so before the name says anything."""
LEAST_SHARE = 0.97
"""Share of them that must be registered in the county."""
KIND = re.compile("[省市县区旗州盟镇乡]|自治县")
"""Text after a short name that makes it part of another one."""
ELSEWHERE = re.compile("[县区旗市].*[县区旗]|[县区旗]")
"""An address that names some county."""


@dataclass
class Beginnings:
    """Counts of firms by province and short name of a county."""

    addresses: Addresses
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    inside: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Read the short names that only one county of a province has, and no prefecture of it."""
        index = self.addresses.gazetteer.index
        self.short: dict[str, dict[str, str]] = defaultdict(dict)
        for province, names in index.by_province.items():
            for text, entries in names.items():
                codes = {code for entry in entries for code in entry.place_ids}
                is_short = all(entry.level == "county" and entry.form >= SHORT for entry in entries)
                if is_short and len(text) > 1 and len(codes) == 1:
                    self.short[province][text] = codes.pop()

    def note(self, firm: Firm) -> None:
        """Count a firm whose name begins with a short name and whose county is known."""
        province = self.addresses.province(firm.province)
        text = self.text(firm.name, province)
        if not text:
            return
        code, address = self.short[province][text], comparable(firm.address)
        divisions = self.addresses.gazetteer.divisions
        inside = divisions[code].name in address or firm.office == code
        elsewhere = firm.office in divisions and divisions[firm.office].lowest
        if inside or elsewhere or ELSEWHERE.search(address[:14]):
            self.counted[province, text] += 1
            self.inside[province, text] += inside

    def text(self, name: str, province: str) -> str:
        """Return the short name of a county with which a name begins, after that of the province; "" if none."""
        name = comparable(name)
        start = next((text for text in self.addresses.names(province) if name.startswith(text)), "")
        name = re.sub("^[省市]", "", name.removeprefix(start))
        texts = (name[:chars] for chars in (4, 3, 2) if name[:chars] in self.short[province])
        text = next(texts, "")
        return "" if KIND.match(name[len(text) :]) else text

    def seat(self, name: str, provinces: set[str]) -> Row:
        """Return the county that the beginning of a name means; {} if it is no county's, or often something else."""
        if len(provinces) != 1:
            return {}
        (province,) = provinces
        text = self.text(name, province)
        counted, inside = self.counted[province, text], self.inside[province, text]
        if not text or counted < LEAST_FIRMS or inside < LEAST_SHARE * counted:
            return {}
        evidence = f"the name begins with {text}; of {counted:,} firms whose names do, {inside:,} are registered there"
        return {"place_id": self.short[province][text], "basis": "derived", "evidence": evidence}

"""Counties of institutes by addresses of firms on their grounds (广西农业科学院内), or of firms with their names."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain

from pack_rows import Row
from register import Addresses, Firm, agreed
from streets import Streets

from kg.places.gazetteer import comparable
from kg.tables import Package

SHORT_FORMS = (
    ("农业科学院", "农科院"),
    ("农业科学研究院", "农科院"),
    ("农业科学研究所", "农科所"),
    ("农林科学院", "农科院"),
    ("林业科学研究院", "林科院"),
    ("林业科学院", "林科院"),
    ("中国科学院", "中科院"),
    ("中国农业科学院", "中国农科院"),
)
"""Words in names of institutes and their everyday forms."""
INSTITUTE = re.compile("(?:科学院|(?<!学)院|所|站|中心|圃|园|局|场)$")
END = re.compile("院|所|站|中心|圃|园|局|场")
BEFORE = re.compile(r"(?:^|[省市县区号路街道里村镇内乡坡湾(\d])$")
"""End of the text before a name that lacks its province or prefecture."""
BESIDE = re.compile("[旁对东西南北路街门附斜后侧分隔巷新]|家属|宿舍|试验|基地|农场|站|附近")
"""Text after a name that says: near it, or in another place of it."""
LEFT_OUT = {
    "zhong-guo-ke-xue-yuan-fu-jian-wu-zhi-jie-gou-yan-jiu-suo": "the address is that of its second site",
    "ning-xia-hui-zu-zi-zhi-qu-nong-lin-ke-xue-yuan": "the address is that of one of its institutes",
    "guang-xi-zhuang-zu-zi-zhi-qu-shui-chan-yan-jiu-suo": "the address is that of its trial base",
}
"""Institutes whose firms stand on other grounds of theirs → why."""
LEAST_SHARE = 0.8
LEAST_BEARERS = 2
MIN_CHARS = 4
MIN_BEARER_CHARS = 7
"""Least length of the name of an institute at the beginning of a firm's."""


class Grounds:
    """Counts the counties of firms on the grounds of institutes among the carriers."""

    def __init__(self, package: Package, addresses: Addresses) -> None:
        self.addresses = addresses
        self.full: dict[str, set[str]] = defaultdict(set)
        self.brief: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.firms: dict[str, list[Firm]] = defaultdict(list)
        self.named: dict[str, list[Firm]] = defaultdict(list)
        for row in package.rows("carriers"):
            for name in (row["name_zh"], *row.many("names")):
                if INSTITUTE.search(comparable(name)):
                    self._add(row["id"], comparable(name))
        self.max_chars = max(map(len, self.full))

    def _add(self, key: str, name: str) -> None:
        for text in _everyday(name):
            self.full[text].add(key)
            province, rest = self._parted(text)
            if province:
                self.full[min(self.addresses.names(province), key=len) + rest].add(key)
                self.brief[province, rest].add(key)
                self.brief[province, f"省{rest}"].add(key)

    def _parted(self, name: str) -> tuple[str, str]:
        """Return the province at the beginning of a name, "" if none, and what follows."""
        provinces = self.addresses.gazetteer.index.provinces
        ends = [end for end in range(min(len(name), 9), 1, -1) if name[:end] in provinces]
        return (provinces[name[: ends[0]]], name[ends[0] :]) if ends else ("", name)

    def note(self, firm: Firm) -> None:
        """Keep a firm whose address names an institute, or whose name begins with that of one."""
        for key in set(self._named_in(comparable(firm.address), firm)):
            self.firms[key].append(firm)
        name = comparable(firm.name)
        for end in range(MIN_BEARER_CHARS, min(len(name) - 2, self.max_chars)):
            for key in self.full.get(name[:end], ()):
                self.named[key].append(firm)

    def _named_in(self, address: str, firm: Firm) -> Iterator[str]:
        for match in END.finditer(address):
            end = match.end()
            if BESIDE.match(address, end):
                continue
            for start in range(max(0, end - self.max_chars), end - MIN_CHARS + 1):
                text = address[start:end]
                yield from self.full.get(text, ())
                if BEFORE.search(address[:start]):
                    yield from self.brief.get((self.addresses.province(firm.province), text), ())

    def found(self) -> Iterator[Firm]:
        """Yield the firms that are kept."""
        for kept in (self.firms, self.named):
            yield from chain.from_iterable(kept.values())

    def seat(self, key: str, provinces: set[str], streets: Streets) -> Row:
        """Return the county of an institute by firms on its grounds, or else by firms that bear its name; {} if none.

        Nearly all of the firms whose county is known must be in it; of those that bear the name there must be two.
        """
        if key in LEFT_OUT:
            return {}
        least = 1 if provinces else 2
        there = self._agreed(self.firms.get(key, []), provinces, streets, least)
        if there:
            return {**there, "evidence": f"address of a firm on its grounds: {there['evidence']}"}
        there = self._agreed(self.named.get(key, []), provinces, streets, LEAST_BEARERS)
        if there:
            return {
                **there,
                "basis": "derived",
                "evidence": f"address of a firm that bears its name: {there['evidence']}",
            }
        return {}

    def _agreed(self, near: list[Firm], provinces: set[str], streets: Streets, least: int) -> Row:
        near = [firm for firm in near if not provinces or self.addresses.province(firm.province) in provinces]
        stated = [(self.addresses.county(firm), "", firm) for firm in near]
        found = [item for item in stated if item[0]] or [(*streets.county(firm), firm) for firm in near]
        counted = Counter(code for code, _, _ in found if code)
        county, _ = agreed(counted, least, LEAST_SHARE)
        if not county:
            return {}
        why, firm = next((why, firm) for code, why, firm in found if code == county)
        evidence = f"{firm.name}, {firm.address}" + (f"; {why}" if why else "")
        return {"place_id": county, "basis": "derived" if why else "stated", "evidence": evidence}


def _everyday(name: str) -> set[str]:
    """Return a name and its everyday forms of at least four characters."""
    forms = {name} | {name.replace(word, short) for word, short in SHORT_FORMS}
    return {form for form in forms if len(form) >= MIN_CHARS}

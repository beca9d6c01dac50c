"""Counties in the names of stations, gene banks and companies: 陕西神木…观测研究站, …桃种质资源圃（兴城）."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.places.disambiguate import NO_CHOICE, Choice, choose, lies_within
from kg.places.division_words import SHORT
from kg.places.gazetteer import Entry, Index, Unit
from kg.places.words import PlaceWords
from kg.text.patterns import one_of

BRACKETS = re.compile(r"\(([^()]+)\)")
MAX_CHARS = 12


@dataclass(frozen=True, slots=True)
class Sites:
    """Finds counties in names by the index of names and the current divisions; before_rank: see `before_rank`."""

    index: Index
    divisions: Mapping[str, Unit]
    words: PlaceWords
    before_rank: re.Pattern[str]

    def find(self, name: str, province: str, within: frozenset[str], year: int | None = None) -> Choice:
        """Return the county in the name of a station, gene bank or company.

        Args:
            name: in comparable form.
            province: code of the stated province, "" if none: then the name must be unique in the country.
            within: places in which the county must lie, empty if unknown.
            year: of the source.
        """
        if ending := next((word for word in self.words.kinds["observation-station"] if name.endswith(word)), ""):
            text = name.removesuffix(ending)
            starts = range(max(0, len(text) - MAX_CHARS), len(text) - 1)
            texts = [text[at:] for at in starts if not at or text.endswith(self.words.kinds["station-topic"], 0, at)]
            found = self._first(texts, province, year)
            return NO_CHOICE if found.split else found
        if name.endswith(self.words.kinds["field-station"]):
            at = self._after_province(name, province)
            if self.words.region.match(name, at):
                return NO_CHOICE
            ends = range(min(len(name), at + MAX_CHARS), at + 1, -1)
            found = self._first([name[at:end] for end in ends if not self._goes_on(name, end)], province, year)
            return NO_CHOICE if self._is_landscape(found) else found
        if (start := self.before_rank.match(name)) and (found := self.meant(start[1], province, year)).place_ids:
            return found
        for text in reversed(BRACKETS.findall(name)):
            found = self.meant(text, province, year)
            if found.place_ids and lies_within(found.place_ids, self.divisions, within):
                return found
        return NO_CHOICE

    def meant(self, text: str, province: str, year: int | None = None) -> Choice:
        """Return the county of a name; none if a prefecture of the province, or country, has the name."""
        provinces = [province] if province else list(self.index.by_province)
        entries = [entry for code in provinces for entry in self.index.find(code, text)]
        if len(text) < 2 or any(entry.level != "county" and self._names(entry) for entry in entries):
            return NO_CHOICE
        known = [entry for entry in entries if entry.today or province]
        return choose(known, self.divisions, {"county"}, year=year)

    def _goes_on(self, name: str, at: int) -> bool:
        """Whether what ends here is only the beginning of the name of a mountain, water, region or town: 三江源."""
        return name.startswith(self.words.kinds["coast"], at) or bool(self.words.other_word.match(name, at))

    def _names(self, entry: Entry) -> bool:
        """Whether a unit above the county has the name today, or keeps its territory as one: it is meant, then."""
        return entry.today or all(self.divisions[code].level != "county" for code in entry.place_ids)

    def _is_landscape(self, found: Choice) -> bool:
        """Whether it is the short name of a district that is first of all a mountain or water: 天山区."""
        names = [self.divisions[code].name for code in found.place_ids]
        return found.form == SHORT and any(
            name[-1] in self.words.kinds["district"] and name[-2] in self.words.kinds["coast"] for name in names
        )

    def _first(self, texts: list[str], province: str, year: int | None) -> Choice:
        """Return the county of the first text that names one or several; the texts are in order of length."""
        for text in texts:
            found = self.meant(text, province, year)
            if found.fits:
                return found
        return NO_CHOICE

    def _after_province(self, name: str, province: str) -> int:
        """Return where the name of the stated province at the beginning of a name ends."""
        ends = (len(text) for text, code in self.index.provinces.items() if code == province and name.startswith(text))
        return max(ends, default=0)


def before_rank(country: str, ranks: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of a place before the rank of an organisation's designation: 常熟国家大学科技园."""
    return re.compile(f"(?:{re.escape(country)})?(.{{2,8}}?)(?:{one_of(ranks)})")

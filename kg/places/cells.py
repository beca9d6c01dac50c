"""Resolve the cells of province, prefecture and county of a row."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.places.disambiguate import NO_CHOICE, Choice, choose
from kg.places.division_words import FULL
from kg.places.gazetteer import Entry, Index, Unit, comparable
from kg.places.words import PlaceWords

SEPARATORS = re.compile("[;、,]")


@dataclass(frozen=True, slots=True)
class Cells:
    """Resolves cells by the index of names and the current divisions."""

    index: Index
    divisions: Mapping[str, Unit]
    words: PlaceWords

    def provinces(self, province: str, prefecture: str) -> tuple[tuple[str, ...], str]:
        """Return the provinces in a cell, and the prefecture.

        A prefecture in the cell of the province (大连市, 海南州) is the prefecture; the corps
        (新疆生产建设兵团) and the farm enterprises (黑龙江农垦, 北大荒) are replaced by the province of their land.
        """
        codes: list[str] = []
        prefecture = comparable(prefecture)
        for text in filter(None, SEPARATORS.split(comparable(province))):
            cities = self.index.prefectures.get(text, set())
            if text in self.index.provinces:
                codes.append(self.index.provinces[text])
            elif len(cities) == 1:
                codes.append(self.divisions[next(iter(cities))].province)
                prefecture = prefecture or text
            else:
                codes += [code for name, code in self.index.provinces.items() if text.startswith(name)][:1]
        if not codes and len(cities := self.index.prefectures.get(prefecture, set())) == 1:
            codes.append(self.divisions[next(iter(cities))].province)
        return tuple(dict.fromkeys(codes)), prefecture

    def prefecture(self, text: str, province: str, year: int | None) -> Choice:
        """Return the prefecture, or the county directly under its province, in a cell."""
        if not text or not province:
            return NO_CHOICE
        if self.index.provinces.get(text) == province:
            return Choice((province,), fits=1) if self.divisions[province].prefecture else NO_CHOICE
        entries = self.index.find(province, text)
        chosen = choose(entries, self.divisions, {"prefecture"}, year=year)
        return chosen if chosen.place_ids else choose(entries, self.divisions, {"county"}, year=year)

    def counties(
        self, cell: str, province: str, within: frozenset[str], year: int | None
    ) -> tuple[tuple[Choice, ...], str]:
        """Return the counties in a cell, all or none, and a doubt about them in both languages ("" if none)."""
        chosen: list[Choice] = []
        doubts: list[str] = []
        for part in filter(None, SEPARATORS.split(comparable(cell))):
            text = self.words.above_county.sub("", part)
            entries = self.index.find(province, text)
            choice = self._prefecture_of_today(entries, year) or choose(
                entries, self.divisions, {"county"}, within, year
            )
            if not choice.fits and within:
                full = [entry for entry in entries if entry.form == FULL]
                choice = choose(full, self.divisions, {"county"}, year=year)
                doubts += (
                    [f"“{text}”不在所列地级单位内 | {text} does not lie in the prefecture stated"]
                    if choice.fits
                    else []
                )
            if not choice.place_ids:
                choice = self._without_counties(text, province) or choice
            if not choice.place_ids:
                doubt = f"“{text}”可指几个单位 | {text} fits several units"
                return (), doubt if choice.fits else f"“{text}”不是县级行政区划 | {text} is no county-level division"
            chosen.append(choice)
        return tuple(chosen), doubts[0] if doubts else ""

    def _prefecture_of_today(self, entries: Iterable[Entry], year: int | None) -> Choice | None:
        """Return the prefecture that has the full name of a cell today: 亳州市 is no longer the county it once was.

        In the years in which a county had the name, it is that county (毕节市, 2009).
        """
        full = [entry for entry in entries if entry.form == FULL]
        counties = [entry for entry in full if entry.level == "county"]
        if any(entry.today or (year is not None and entry.first <= year < entry.last) for entry in counties):
            return None
        found = next((entry for entry in full if entry.today and entry.level == "prefecture"), None)
        return Choice(found.place_ids, found.form, 1) if found else None

    def _without_counties(self, text: str, province: str) -> Choice | None:
        """Return a prefecture without counties, which counts as its own county."""
        choice = choose(self.index.find(province, text), self.divisions, {"prefecture"})
        return choice if any(self.divisions[code].lowest for code in choice.place_ids) else None

"""Disambiguate units with the same current or former name: by prefecture, form of the name, and year."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kg.places.gazetteer import Entry, Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """The meaning of a name: current places (none if ambiguous), its form, and the number of matching units.

    split: the unit with the name was divided among several current units; zone: it lies in all these units.
    """

    place_ids: tuple[str, ...] = ()
    form: int = 0
    fits: int = 0
    split: bool = False
    zone: bool = False


NO_CHOICE = Choice()


def choose(
    entries: Iterable[Entry],
    divisions: Mapping[str, Unit],
    levels: Collection[str],
    within: frozenset[str] = frozenset(),
    year: int | None = None,
) -> Choice:
    """Choose the unit of a name.

    Args:
        entries: the units with the current or former name, all of one province.
        divisions: the current divisions by code.
        levels: the accepted levels.
        within: the places in which it must lie; empty if unknown.
        year: the year of the source, to distinguish units that had one name at different times.

    Returns:
        The choice; without places if no unit or several units match equally well.
    """
    fitting = [entry for entry in entries if entry.level in levels and lies_within(entry.place_ids, divisions, within)]
    if not fitting:
        return NO_CHOICE
    # Full names precede shortened ones. A unit with the name in that year precedes the one with the name today (two
    # units of a prefecture never had one name at a time), which precedes all former ones.
    best = min((entry.form, _age(entry, year)) for entry in fitting)
    fits = {(entry.place_ids, entry.zone) for entry in fitting if (entry.form, _age(entry, year)) == best}
    if len(fits) > 1:
        return Choice(form=best[0], fits=len(fits))
    place_ids, zone = fits.pop()
    return Choice(place_ids, best[0], 1, split=len(place_ids) > 1 and not zone, zone=zone)


def _age(entry: Entry, year: int | None) -> int:
    if entry.today:
        return 1
    # In the last year, the year of the change, both names occur.
    return 0 if year is not None and entry.first <= year < entry.last else 2


def lies_within(place_ids: Iterable[str], divisions: Mapping[str, Unit], within: frozenset[str]) -> bool:
    """Whether one of the places lies in one of `within`; true if `within` is empty (unknown)."""
    return not within or any(code in within or divisions[code].prefecture in within for code in place_ids)

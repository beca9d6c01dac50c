"""Choose among the units that bear or bore one name: by prefecture, by form of the name, by year."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kg.places.gazetteer import Entry, Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """What a name stands for: places of today (none where it is not settled), its form, and how many units it fits.

    `split`: the unit that bore the name was divided among several units of today.
    """

    place_ids: tuple[str, ...] = ()
    form: int = 0
    fits: int = 0
    split: bool = False


NOTHING = Choice()


def choose(
    entries: Iterable[Entry],
    divisions: Mapping[str, Unit],
    levels: Collection[str],
    within: frozenset[str] = frozenset(),
    year: int | None = None,
) -> Choice:
    """Choose the unit for which a name stands.

    Args:
        entries: the units that bear or bore the name, all of one province.
        divisions: the divisions of today by code.
        levels: the levels that count.
        within: the places in which it must lie; empty where nothing is known.
        year: the year of the source, which tells apart units that bore one name at different times.

    Returns:
        The choice; without places where nothing fits or where several units fit equally well.
    """
    fitting = [entry for entry in entries if entry.level in levels and lies(entry.place_ids, divisions, within)]
    if not fitting:
        return NOTHING
    # A whole name counts before a cut one. A unit that bore the name in that very year counts before the one that
    # bears it today (two units of a prefecture never bore one name at a time), and that one before all former ones.
    best = min((entry.form, _age(entry, year)) for entry in fitting)
    fits = {entry.place_ids for entry in fitting if (entry.form, _age(entry, year)) == best}
    if len(fits) > 1:
        return Choice(form=best[0], fits=len(fits))
    place_ids = fits.pop()
    return Choice(place_ids, best[0], 1, split=len(place_ids) > 1)


def _age(entry: Entry, year: int | None) -> int:
    if entry.today:
        return 1
    # The last year is the year of the change, in which either name may be meant.
    return 0 if year is not None and entry.first <= year < entry.last else 2


def lies(place_ids: Iterable[str], divisions: Mapping[str, Unit], within: frozenset[str]) -> bool:
    """Say whether one of the places lies in one of the others; anything lies within nothing known."""
    return not within or any(code in within or divisions[code].prefecture in within for code in place_ids)

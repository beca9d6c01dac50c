"""Names that differ by one character: a misprint, unless the character tells things apart (第一, 南, 市)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from string import ascii_lowercase, digits

from kg.text.patterns import NUMERALS

MIN_CHARS = 6
"""Length of a name from which one other character is taken for a misprint."""
NUMBERED = frozenset(f"{ascii_lowercase}{digits}{NUMERALS}")
"""Letters and numerals, by which names of different things differ."""


class Misprints:
    """Names by their forms with one character left out: two names within one change of each other share a form.

    The forms of a name are made when one is looked for first.

    Args:
        telling: characters by which names of different things differ, besides letters and numerals.
    """

    def __init__(self, telling: Iterable[str]) -> None:
        self._telling = NUMBERED.union(telling)
        self._shown: dict[str, str] = {}
        self._without_forms: list[str] = []
        self._names: dict[str, list[str]] = defaultdict(list)

    def add(self, name: str, shown: str) -> None:
        """Take up a name in comparable form, and as it is shown."""
        if len(name) >= MIN_CHARS and name not in self._shown:
            self._shown[name] = shown
            self._without_forms.append(name)

    def near(self, name: str) -> str:
        """Return a name, as shown, that differs by one character that tells no things apart; "" if there is none."""
        if len(name) < MIN_CHARS:
            return ""
        while self._without_forms:
            known = self._without_forms.pop()
            for form in _forms(known):
                self._names[form].append(known)
        found = {other for form in _forms(name) for other in self._names.get(form, ())}
        near = (other for other in sorted(found) if differs_by_misprint(name, other, self._telling))
        return next(map(self._shown.__getitem__, near), "")


def differs_by_misprint(one: str, other: str, telling: frozenset[str]) -> bool:
    """Whether two names differ by one character changed, left out or added, which tells no things apart."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < MIN_CHARS - 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    longer = max(len(one), len(other)) - start - 1
    end_one, end_other = one[len(one) - longer :] if longer else "", other[len(other) - longer :] if longer else ""
    changed = {*one[start : len(one) - longer], *other[start : len(other) - longer]}
    return end_one == end_other and not changed & telling


def _forms(name: str) -> Iterator[str]:
    yield name
    yield from (name[:at] + name[at + 1 :] for at in range(len(name)))

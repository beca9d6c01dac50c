"""Which programmes may have one plate between them, and which pairs are related by design or only look alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.release.columns import Columns

ALTERNATES = "alternates"
BY_DESIGN = ("contains", "lies-on", "succeeds", "stage-of", "parent")
"""Relations under which two plates of one name are two, and meant to be."""
STATED = ("asserted", "inferred")


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


@dataclass(frozen=True)
class Relations:
    """Pairs of programmes, and of plates, sorted within the pair: alternates, by design, look-alikes."""

    alternates: frozenset[tuple[str, str]]
    designed: frozenset[tuple[str, str]]
    plates: frozenset[tuple[str, str]]
    look_alikes: frozenset[tuple[str, str]]

    def comparable(self, one: str, other: str) -> bool:
        """Say whether plates of two programmes are compared at all."""
        if one == other:
            return True
        pair = _pair(one, other)
        return pair in self.alternates or pair in self.designed or pair in self.look_alikes

    def alternate(self, one: str, other: str) -> bool:
        """Say whether two programmes give one plate two names."""
        return _pair(one, other) in self.alternates

    def related_plates(self, one: str, other: str) -> bool:
        """Say whether a relation of two plates is stated."""
        return _pair(one, other) in self.plates

    def look_alike(self, one: str, other: str) -> bool:
        """Say whether two programmes are marked as look-alikes."""
        return _pair(one, other) in self.look_alikes


def read(
    programmes: Iterable[tuple[str, str, str]],
    plates: Iterable[tuple[str, str]],
    look_alikes: Iterable[tuple[str, str]],
) -> Relations:
    """Make relations of rows: programme, programme and relation; plate and plate; programme and programme."""
    rows = list(programmes)
    return Relations(
        alternates=frozenset(_pair(one, other) for one, other, relation in rows if relation == ALTERNATES),
        designed=frozenset(_pair(one, other) for one, other, relation in rows if relation in BY_DESIGN),
        plates=frozenset(_pair(one, other) for one, other in plates),
        look_alikes=frozenset(_pair(one, other) for one, other in look_alikes),
    )


def relations(columns: Columns) -> Relations:
    """Read the relations of a release."""
    stated = f"status IN {STATED}"
    return read(
        columns.query(
            f"""SELECT subject, object, relation FROM programme_relations WHERE {stated}
            UNION ALL SELECT parent, programme, 'parent' FROM programmes WHERE parent <> '' ORDER BY ALL""",  # noqa: S608
            {},
        ),
        columns.query(f"SELECT subject, object FROM plate_relations WHERE {stated} ORDER BY ALL", {}),  # noqa: S608
        columns.query("SELECT one, other FROM look_alikes ORDER BY ALL", {}),
    )

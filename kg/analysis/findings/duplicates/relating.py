"""Which programmes may have one designation between them, and which pairs are related by design or only look alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.release.columns import Columns

ALTERNATES = "alternates"
BY_DESIGN = ("contains", "lies-on", "succeeds", "stage-of", "parent")
"""Relations under which two designations of one name are two, and meant to be."""
STATED = ("asserted", "inferred")


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


@dataclass(frozen=True)
class Relations:
    """Pairs of programmes, and of designations, sorted within the pair: alternates, by design, look-alikes."""

    alternates: frozenset[tuple[str, str]]
    designed: frozenset[tuple[str, str]]
    designations: frozenset[tuple[str, str]]
    look_alikes: frozenset[tuple[str, str]]

    def comparable(self, one: str, other: str) -> bool:
        """Say whether designations of two programmes are compared at all."""
        if one == other:
            return True
        pair = _pair(one, other)
        return pair in self.alternates or pair in self.designed or pair in self.look_alikes

    def alternate(self, one: str, other: str) -> bool:
        """Say whether two programmes give one designation two names."""
        return _pair(one, other) in self.alternates

    def related_designations(self, one: str, other: str) -> bool:
        """Say whether a relation of two designations is stated."""
        return _pair(one, other) in self.designations

    def look_alike(self, one: str, other: str) -> bool:
        """Say whether two programmes are marked as look-alikes."""
        return _pair(one, other) in self.look_alikes


def read(
    programmes: Iterable[tuple[str, str, str]],
    designations: Iterable[tuple[str, str]],
    look_alikes: Iterable[tuple[str, str]],
) -> Relations:
    """Make relations of rows: programmes with their relation, pairs of designations, pairs of programmes."""
    rows = list(programmes)
    return Relations(
        alternates=frozenset(_pair(one, other) for one, other, relation in rows if relation == ALTERNATES),
        designed=frozenset(_pair(one, other) for one, other, relation in rows if relation in BY_DESIGN),
        designations=frozenset(_pair(one, other) for one, other in designations),
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
        columns.query(f"SELECT subject, object FROM designation_relations WHERE {stated} ORDER BY ALL", {}),  # noqa: S608
        columns.query("SELECT one, other FROM look_alikes ORDER BY ALL", {}),
    )

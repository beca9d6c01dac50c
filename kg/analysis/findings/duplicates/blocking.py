"""Blocking: candidate pairs by place or carrier and core, linear in the designations; relations that exclude pairs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from kg.analysis.findings.duplicates.features import Described
from kg.analysis.weights import Weights
from kg.release.columns import Columns

ALTERNATES = "alternates"
BY_DESIGN = ("contains", "lies-on", "succeeds", "stage-of", "parent")
"""Relations under which two designations with one name are distinct by design."""
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
        """Whether designations of two programmes are compared at all."""
        if one == other:
            return True
        pair = _pair(one, other)
        return pair in self.alternates or pair in self.designed or pair in self.look_alikes

    def alternate(self, one: str, other: str) -> bool:
        """Whether two programmes are alternate names of one designation."""
        return _pair(one, other) in self.alternates

    def related_designations(self, one: str, other: str) -> bool:
        """Whether a relation of two designations is stated."""
        return _pair(one, other) in self.designations

    def look_alike(self, one: str, other: str) -> bool:
        """Whether two programmes are marked as look-alikes."""
        return _pair(one, other) in self.look_alikes


def read(
    programmes: Iterable[tuple[str, str, str]],
    designations: Iterable[tuple[str, str]],
    look_alikes: Iterable[tuple[str, str]],
) -> Relations:
    """Return the relations in rows: pairs of programmes with their relation, of designations, of look-alikes."""
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


def candidates(
    designations: Sequence[Described], related: Relations, weights: Weights
) -> Iterator[tuple[Described, Described]]:
    """Yield the pairs of designations that share a small block, each once, by position.

    A block is a place or carrier with a core, or with one of the rarest pairs of characters in it. Blocks of more than
    `block.size` designations are ignored, since they do not discriminate.
    """
    size, alike = int(weights["block.size"]), weights["block.alike"]
    for position, blocks in enumerate(_blocks(designations, int(weights["block.rarest"]), size)):
        near = {other for block in blocks for other in block if other > position}
        for other in sorted(near):
            if _similar(designations[position], designations[other], related, alike):
                yield designations[position], designations[other]


def _blocks(designations: Sequence[Described], rarest: int, size: int) -> Iterator[list[list[int]]]:
    """Yield for each designation its blocks of 2 to `size` designations, as positions."""
    keys = list(_keys(designations, rarest))
    blocks: dict[str, list[int]] = {}
    for key, number in Counter(chain.from_iterable(keys)).items():
        if 1 < number <= size:
            blocks[key] = []
    blocks_of = [[block for key in mine if (block := blocks.get(key)) is not None] for mine in keys]
    for position, mine in enumerate(blocks_of):
        for block in mine:
            block.append(position)
    yield from blocks_of


def _similar(one: Described, other: Described, related: Relations, alike: float) -> bool:
    if not related.comparable(one.programme, other.programme):
        return False
    if one.apart(other) and not one.organised:
        return False
    if one.core == other.core:
        return True
    common = len(one.bigrams & other.bigrams)
    return common >= alike * min(len(one.bigrams), len(other.bigrams))


def _keys(designations: Sequence[Described], rarest: int) -> Iterator[tuple[str, ...]]:
    """Yield the keys of each designation's blocks: places and carriers with its core and rare pairs of characters."""
    frequency: dict[str, Counter[str]] = defaultdict(Counter)
    for designation in designations:
        frequency[designation.programme].update(designation.bigrams)
    for designation in designations:
        often, programme = frequency[designation.programme], designation.programme
        rare = [pair for _, pair in sorted((often[pair], pair) for pair in designation.bigrams)[:rarest]]
        keys = {f"anywhere {programme} form {designation.form}"}
        for scope in (*designation.codes, *designation.carriers):
            keys.add(f"{scope} core {designation.core}")
            keys.add(f"{scope} {programme} core {designation.core}")
            keys.update([f"{scope} {programme} pair {pair}" for pair in rare])
        yield tuple(keys)

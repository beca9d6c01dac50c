"""Which pairs are compared: those in one block by place or carrier and core; the cost grows with the designations."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from kg.analysis.findings.duplicates.features import Described
from kg.analysis.findings.duplicates.relating import Relations
from kg.analysis.weights import Weights


def candidates(
    designations: Sequence[Described], related: Relations, weights: Weights
) -> Iterator[tuple[Described, Described]]:
    """Yield the pairs of designations that share a small block, each once, by position.

    A block is a place or carrier with a core, or with one of the rarest pairs of characters in it. Blocks with more
    than `block.size` designations are left out: what stands in all of them tells nothing apart.
    """
    size, alike = int(weights["block.size"]), weights["block.alike"]
    for position, blocks in enumerate(_blocks(designations, int(weights["block.rarest"]), size)):
        near = {other for block in blocks for other in block if other > position}
        for other in sorted(near):
            if _worth(designations[position], designations[other], related, alike):
                yield designations[position], designations[other]


def _blocks(designations: Sequence[Described], rarest: int, size: int) -> Iterator[list[list[int]]]:
    """Yield for each designation the blocks of several, and not too many, that it lies in, as positions."""
    keys = list(_keys(designations, rarest))
    blocks: dict[str, list[int]] = {}
    for key, number in Counter(chain.from_iterable(keys)).items():
        if 1 < number <= size:
            blocks[key] = []
    kept = [[block for key in mine if (block := blocks.get(key)) is not None] for mine in keys]
    for position, mine in enumerate(kept):
        for block in mine:
            block.append(position)
    yield from kept


def _worth(one: Described, other: Described, related: Relations, alike: float) -> bool:
    if not related.comparable(one.programme, other.programme):
        return False
    if one.apart(other) and not one.organised:
        return False
    if one.core == other.core:
        return True
    common = len(one.bigrams & other.bigrams)
    return common >= alike * min(len(one.bigrams), len(other.bigrams))


def _keys(designations: Sequence[Described], rarest: int) -> Iterator[tuple[str, ...]]:
    """Yield the blocks of each designation: places and carriers, each with its core and rare pairs of characters."""
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

"""Which pairs are compared: those in one block by place or carrier and core; the cost grows with the plates."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kg.findings.duplicates.describing import Described
from kg.findings.duplicates.relating import Relations
from kg.findings.scores import Weights

Block = tuple[str, ...]


def candidates(
    plates: Sequence[Described], related: Relations, weights: Weights
) -> Iterator[tuple[Described, Described]]:
    """Yield the pairs of plates that share a small block, each once, by position.

    A block is a place or carrier with a core, or with one of the rarest pairs of characters in it. Blocks with more
    than `block.size` plates are left out: what stands in all of them tells nothing apart.
    """
    blocks: dict[Block, list[int]] = defaultdict(list)
    for position, keys in enumerate(_keys(plates, int(weights["block.rarest"]))):
        for key in sorted(keys):
            blocks[key].append(position)
    size, alike = int(weights["block.size"]), weights["block.alike"]
    seen: set[tuple[int, int]] = set()
    for held in blocks.values():
        if not 1 < len(held) <= size:
            continue
        for at, one in enumerate(held):
            for other in held[at + 1 :]:
                if (one, other) not in seen:
                    seen.add((one, other))
                    if _worth(plates[one], plates[other], related, alike):
                        yield plates[one], plates[other]


def _worth(one: Described, other: Described, related: Relations, alike: float) -> bool:
    if not related.comparable(one.programme, other.programme):
        return False
    if one.apart(other) and not one.organised:
        return False
    if one.core == other.core:
        return True
    common = len(one.bigrams & other.bigrams)
    return common >= alike * min(len(one.bigrams), len(other.bigrams))


def _keys(plates: Iterable[Described], rarest: int) -> Iterator[set[Block]]:
    """Yield the blocks of each plate: its places and carriers, each with its core and with rare pairs of characters."""
    chosen = list(plates)
    frequency = Counter((plate.programme, pair) for plate in chosen for pair in plate.bigrams)
    for plate in chosen:
        rare = sorted(plate.bigrams, key=lambda pair: (frequency[plate.programme, pair], pair))[:rarest]
        scopes = [("place", code) for code in plate.codes] + [("carrier", carrier) for carrier in plate.carriers]
        keys: set[Block] = {(*scope, "core", plate.core) for scope in scopes}
        keys |= {(*scope, plate.programme, "core", plate.core) for scope in scopes}
        keys |= {(*scope, plate.programme, "pair", pair) for scope in scopes for pair in rare}
        keys |= {("anywhere", plate.programme, "form", plate.form)}
        yield keys

"""Derivation of facts by SPARQL rules, run in order over the graphs of a release.

The competency questions that find overlaps rest on them, independently of `kg.analysis.findings`, which uses only the
columns: results that agree are found in two ways.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from kg import store
from kg.pipeline import graphs
from kg.pipeline.rdf_files import terms_in
from kg.store import GraphFile, questions

NAME = "derived"
"""Named graph of the derived triples."""


def derive(files: Sequence[GraphFile], rules: Path, folder: Path, progress: Callable[[str], object]) -> int:
    """Run the rules over graphs, each also over the triples derived before, and write the derived triples as a graph.

    Args:
        files: graphs with all that the rules read.
        rules: folder of CONSTRUCT queries, `nn-statement.rq`, run in the order of their numbers.
        folder: folder of the graph's file, in which the triples of each rule are sorted.
        progress: called with the key of each rule before it runs.

    Returns:
        The number of triples.

    Raises:
        QueryError: a rule cannot be read or is no CONSTRUCT.
        StoreError: a graph cannot be read.
    """
    count, listed = 0, questions.questions(rules)

    def text(rule: questions.Question) -> str:
        progress(rule.key)
        return questions.with_prefixes(rule.query)

    with graphs.file(folder, NAME).open("w", encoding="utf-8", newline="\n") as stream:
        for added in store.derived(files, map(text, listed), _read(listed)):
            stream.writelines(sorted(f"{triple} .\n" for triple in added))
            count += len(added)
    return count


def _read(rules: Iterable[questions.Question]) -> frozenset[str] | None:
    """Return the properties that rules read, among other terms; None for all."""
    found = set[str]()
    for rule in rules:
        read = terms_in(rule.query.partition("WHERE")[2])
        if read is None:
            return None
        found |= read
    return frozenset(found)


def constructed(rules: Path) -> frozenset[str]:
    """Return the properties and classes of the triples that rules derive, as terms of N-Triples."""
    found = set[str]()
    for rule in questions.questions(rules):
        found |= terms_in(rule.query.partition("CONSTRUCT")[2].partition("WHERE")[0]) or set()
    return frozenset(found)


def derived_lines(opened: store.Store, rules: Path) -> Iterator[str]:
    """Run the rules over the store of a finished release; yield the lines of its graph of derived triples.

    Raises:
        QueryError: a rule cannot be read or is no CONSTRUCT.
    """
    for rule in questions.questions(rules):
        found = opened.construct(questions.with_prefixes(rule.query), {})
        yield from sorted({f"{triple} .\n" for triple in found})

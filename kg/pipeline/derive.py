"""Facts that follow from the graphs by rules: SPARQL alone, run in their order over the store of the release.

They are the first half of the questions that find again by SPARQL what `kg.analysis.findings` finds from the columns.
That room never reads them: what both find is found twice.
"""

from collections.abc import Callable
from pathlib import Path

from kg import store
from kg.pipeline import graphs
from kg.store import questions
from kg.vocab import graph

NAME = "derived"
"""The named graph of what the rules derive."""


def derive(path: Path, rules: Path, folder: Path, told: Callable[[str], object]) -> int:
    """Run the rules over a store, each on what the former ones derived, and write what they derive as a graph.

    Args:
        path: the folder of a store that holds all that the rules read; it holds what they derive afterwards.
        rules: folder of CONSTRUCT queries, `nn-statement.rq`, run in the order of their numbers.
        folder: where the file of the graph goes, sorted within each rule.
        told: is called with the key of each rule when its turn comes.

    Returns:
        The number of triples.

    Raises:
        QueryError: a rule cannot be read or is no CONSTRUCT.
        StoreError: the store cannot be written.
    """
    count = 0

    def text(rule: questions.Question) -> str:
        told(rule.key)
        return questions.with_prefixes(rule.query)

    with graphs.file(folder, NAME).open("w", encoding="utf-8", newline="\n") as stream:
        for added in store.extend_store(path, map(text, questions.questions(rules)), graph(NAME)):
            stream.writelines(sorted(f"{triple} .\n" for triple in added))
            count += len(added)
    return count

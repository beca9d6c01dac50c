"""Bind terms to the variables of our own queries, so that both stores answer alike."""

from collections.abc import Mapping
from functools import lru_cache

from kg.store.guard import tokenize


def bind(query: str, terms: Mapping[str, str]) -> str:
    """Put bound terms into a query as VALUES at the head of its WHERE group.

    Oxigraph's own substitutions take only variables that the query selects, so that nothing could be counted for a
    bound term; VALUES after the query is joined after the counting, so that all would be counted. Here both stores
    answer the same, as fast as by substitution.

    Args:
        query: text of a query of ours.
        terms: variable (such as `?place`) to term, both as the engine writes them.

    Raises:
        QueryError: the query cannot be cut into tokens.
    """
    if not terms:
        return query
    values = f"VALUES ({' '.join(terms)}) {{ ({' '.join(terms.values())}) }}"
    head, tail = _where(query)
    if head is None:
        return f"{query}\n{values}"
    if tail is None:
        return f"{query[:head]} {values} {query[head:]}"
    return f"{query[:head]} {values} {{ {query[head:tail]} }} {query[tail:]}"


@lru_cache(maxsize=1000)
def _where(query: str) -> tuple[int | None, int | None]:
    """Find where the WHERE group begins (None: nowhere) and, if it holds only a subquery, where it ends."""
    tokens = list(tokenize(query))
    depth, groups, ends = 0, [], []
    for index, token in enumerate(tokens):
        depth += (token.kind == "open") - (token.kind == "close")
        if token.text == "{" and depth == 1:
            groups.append(index)
        elif token.text == "}" and depth == 0:
            ends.append(token.start)
    words = [token.text.upper() for token in tokens]
    if "CONSTRUCT" in words[: groups[0] if groups else 0]:
        # The first group is the template; where it is the pattern as well (CONSTRUCT WHERE), no VALUES may stand in it.
        groups, ends = (groups[1:], ends[1:]) if words[groups[0] - 1] == "CONSTRUCT" else ([], [])
    if not groups or not ends:
        return None, None
    only_subquery = words[groups[0] + 1] == "SELECT"
    return tokens[groups[0]].start + 1, ends[0] if only_subquery else None

"""Search index of the names in a release."""

from kg.search.search import FILE, FORMAT, MAX_HITS, SCHEMA, STANDINGS, Hit, Match, Name, Results, Search, open_search

__all__ = [
    "FILE",
    "FORMAT",
    "MAX_HITS",
    "SCHEMA",
    "STANDINGS",
    "Hit",
    "Match",
    "Name",
    "Results",
    "Search",
    "open_search",
]

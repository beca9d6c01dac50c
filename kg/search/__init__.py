"""The index of names."""

from kg.search.search import FILE, FORMAT, MOST, SCHEMA, STANDINGS, Found, Hit, Match, Name, Search, open_search

__all__ = [
    "FILE",
    "FORMAT",
    "MOST",
    "SCHEMA",
    "STANDINGS",
    "Found",
    "Hit",
    "Match",
    "Name",
    "Search",
    "open_search",
]

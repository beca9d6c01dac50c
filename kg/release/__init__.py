"""Release folders: opened, queried by columns, compared, exported, uploaded."""

from kg.release.release import MANIFEST, OUTSIDE_DEFAULT_GRAPH, Release, open_release, publish, verify

__all__ = [
    "MANIFEST",
    "OUTSIDE_DEFAULT_GRAPH",
    "Release",
    "open_release",
    "publish",
    "verify",
]

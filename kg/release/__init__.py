"""A release folder: opened, queried by columns, compared, exported, uploaded."""

from kg.release.release import DEFAULT_LEAVES_OUT, MANIFEST, Release, open_release, publish, verify

__all__ = [
    "DEFAULT_LEAVES_OUT",
    "MANIFEST",
    "Release",
    "open_release",
    "publish",
    "verify",
]

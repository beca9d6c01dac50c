"""Release folders: opened, queried by columns, compared, exported, uploaded."""

from kg.release.release import MANIFEST, Release, open_release, publish, verify

__all__ = ["MANIFEST", "Release", "open_release", "publish", "verify"]

"""Release folders: opened, checked, queried by columns, compared, exported, uploaded."""

from kg.release.release import MANIFEST, Release, check, open_release, publish, verify, write_manifest

__all__ = ["MANIFEST", "Release", "check", "open_release", "publish", "verify", "write_manifest"]

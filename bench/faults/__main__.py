"""Table of faults.

    python -m bench.faults PART [DIST [TIMES]]

PART is one of PARTS, or `all`. DIST is a folder of releases, by default dist; nothing is written to it: files are
damaged in a copy. TIMES is the number of kills, of moments, of files, of connections; each part has its own by default.
A row is printed as soon as it is found.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.faults import clients, disks, files, kills, writers
from bench.faults.servers import ROOT

PARTS: Mapping[str, tuple[Callable[[Path, int], Iterator[tuple[str, object]]], int]] = {
    "kills": (kills.rows, 50),
    "master": (kills.master, 50),
    "files": (files.rows, 10_000),
    "disks": (disks.rows, 1),
    "writers": (writers.rows, 20),
    "clients": (clients.rows, 2_000),
    "pages": (clients.pages, 20_000),
}
"""Part to its rows and its usual number of times."""


def main(part: str, dist: str = str(ROOT / "dist"), times: str = "") -> dict[str, object]:
    """Inject the faults of a part and return the table."""
    table: dict[str, object] = {}
    for name in PARTS if part == "all" else (part,):
        rows, usual = PARTS[name]
        for fault, found in rows(Path(dist), int(times or usual)):
            table[fault] = found
            print(f"{fault}: {found}", flush=True)  # noqa: T201 — a bench prints
    return table


if __name__ == "__main__":
    main(*sys.argv[1:])

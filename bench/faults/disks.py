"""A disk that is full, and one that is read-only: under commands that write, and under a server and its readers."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from bench.faults.servers import GUAPAI, PAGES, QUERY, ROOT, ask, serving
from bench.faults.writers import made

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
"""Runs a shell in a namespace of its own, where it may mount."""
FILL = {
    "full": 'cat /dev/zero >"$1/full" 2>/dev/null; truncate -s -65536 "$1/full"',
    "read-only": 'mount -o remount,ro "$1"',
}
"""Kind of disk to what is done when it has been mounted and its files are there; without room for one small file Python
would take another folder for temporary files, as it does in the place of one that is read-only."""
MOUNT = 'mount -t tmpfs -o size="$0" tmpfs "$1" && cp -r "$2/." "$1"'
RUN = (
    'disk="$1" kept="$2"; shift 2; "$@"; code=$?; rm -f "$disk/full" 2>/dev/null; diff -rq "$kept" "$disk"; exit $code'
)
ROOM_BYTES = 1 << 20
"""Room on a disk besides the files that are there from the beginning."""
LONG = ("/designations.csv", "/sparql?format=csv&query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20200000")


def rows(dist: Path, _times: int) -> Iterator[tuple[str, object]]:
    """Yield what came of each command and of a server on a disk of each kind."""
    with TemporaryDirectory() as folder:
        world = made(Path(folder) / "world")
        disk, empty, kept = (Path(folder) / name for name in ("disk", "empty", "kept"))
        for made_now in (disk, empty):
            made_now.mkdir()
        copytree(world.data, kept / "data")
        targets = {
            "build": (empty, replace(world, dist=disk / "dist")),
            "export": (empty, replace(world, export=disk / "export")),
            "import": (kept, replace(world, data=disk / "data")),
            "decide": (kept, replace(world, data=disk / "data")),
        }
        for kind in FILL:
            for name, (before, target) in targets.items():
                command = [*GUAPAI, *replace(target, data=world.data).command(name)]
                command = [part.replace(str(world.data), str(target.data)) for part in command]
                yield f"{name} on a {kind} disk", written(kind, disk, before, command)
            yield f"served with a {kind} folder for temporary files", served(dist, within(kind, disk, empty))
        bound = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
        yield "served from a read-only disk", served(dist, (*NAMESPACE, bound, str(dist.resolve())))


def mounted(kind: str, disk: Path, before: Path) -> tuple[str, tuple[str, ...]]:
    """Return the beginning of a shell's script that mounts a disk, and the script's first arguments."""
    size = ROOM_BYTES + sum(path.stat().st_blocks * 512 + 4096 for path in before.rglob("*"))
    return f"{MOUNT} && {{ {FILL[kind]}; true; }}", (str(size), str(disk), str(before))


def written(kind: str, disk: Path, before: Path, command: Sequence[str]) -> str:
    """Return exit code and last words of a command that writes to a disk, and what has changed there."""
    script, arguments = mounted(kind, disk, before)
    given = [*NAMESPACE, f"{script} && {{ {RUN}; }}", *arguments, *command]
    done = subprocess.run(given, cwd=ROOT, capture_output=True, text=True, check=False)
    said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
    changed = [line for line in done.stdout.splitlines() if line.startswith(("Only in", "Files"))]
    trace = ", a traceback" if "Traceback" in done.stderr else ""
    return f"exit {done.returncode}{trace}: {said}; changed: {changed or 'nothing'}".replace(str(disk), "DISK")


def within(kind: str, disk: Path, before: Path) -> tuple[str, ...]:
    """Return a command that runs another with the disk as its folder for temporary files."""
    script, arguments = mounted(kind, disk, before)
    return (*NAMESPACE, f'{script} && export TMPDIR="$1" && shift 2 && exec "$@"', *arguments)


def served(dist: Path, runner: Sequence[str]) -> str:
    """Return what readers get from a server that runs by a command."""
    try:
        with serving(dist, within=runner) as (port, _):
            return ", ".join(
                f"{path.partition('=')[0]} {_status(port, path)}" for path in (*PAGES, QUERY, *LONG, "/health")
            )
    except TimeoutError as error:
        return str(error)


def _status(port: int, path: str) -> object:
    try:
        return ask(port, path)[0]
    except (OSError, HTTPException) as error:
        return type(error).__name__

"""Commands that write: ended at moments spread over what they change, and two of each at once."""

import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.faults.moments import Moment, run
from bench.faults.servers import GUAPAI, ROOT
from bench.generate import SOURCE, generate
from kg.errors import GuapaiError
from kg.pipeline.build import LOCK
from kg.release import checksums, open_release
from kg.tables import journal, open_package

DESIGNATIONS = 100
LIST = "名称,省份,依托单位\n某某国家自主创新示范区,江苏省,某某大学\n另一国家自主创新示范区,浙江省,另一大学\n"
ENDINGS = (signal.SIGTERM, signal.SIGKILL)
AGAIN = 4
"""Commands that were ended and are run again; what they make of what was left is the same for all moments of a kind."""
LEFT = (".building-*", ".data.journal", ".data.new-*", ".export-*")
"""What no finished command leaves beside what it writes."""
State = Mapping[str, bytes]


@dataclass(frozen=True)
class World:
    """Tables, releases of them, a published list and the target of exports: what the commands that write write to."""

    data: Path
    dist: Path
    published: Path
    export: Path

    @classmethod
    def at(cls, folder: Path) -> "World":
        """Return the world of a folder."""
        return cls(folder / "data", folder / "dist", folder / "zones.csv", folder / "export")

    @property
    def folder(self) -> Path:
        """The folder in which all of it stands."""
        return self.data.parent

    def command(self, name: str) -> list[str]:
        """Return a command that writes: build, import, decide or export; without the name of the program."""
        data, dist = ("--data", str(self.data)), ("--dist", str(self.dist))
        signed = ("--reason", "两处", "--by", "张三", "--on", "2026-11-24")
        kind = ("--programme", "national-self-innovation-zone", "--source", SOURCE)
        arguments: Mapping[str, Sequence[str]] = {
            "build": (*data, *dist, "--modules", str(self.published.parent)),
            "export": (*dist, "--format", "nt", "--to", str(self.export)),
            "import": (str(self.published), *data, *kind, "--write"),
            "decide": (*self._pair(), *data, *dist, "--verdict", "different", *signed, "--write"),
        }
        return [name, *arguments[name]]

    def _pair(self) -> list[str]:
        """Return two designations of one programme."""
        rows = list(open_package(self.data).rows("designations"))
        programme = rows[-1]["programme_id"]
        return [row["id"] for row in rows if row["programme_id"] == programme][:2]

    def state(self) -> State:
        """Return what a command changes, after a change that was interrupted is completed."""
        journal.recover(self.data)
        current = self.dist / "current"
        release = {"current": str(current.readlink()).encode()} if current.is_symlink() else {}
        files = (path for path in self.data.rglob("*") if path.is_file())
        return release | {path.relative_to(self.data).as_posix(): path.read_bytes() for path in files}

    def damage(self) -> str:
        """Return what is wrong with the current release, empty if nothing is."""
        try:
            release = open_release(self.dist)
        except GuapaiError as error:
            return str(error)
        return next(map(str, checksums.faults(release.path, release.manifest, whole=True)), "")

    def left(self) -> list[str]:
        """Return what no finished command leaves."""
        folders = (self.folder, self.dist)
        return sorted({path.name for pattern in LEFT for folder in folders for path in folder.glob(pattern)})


def rows(_dist: Path, moments: int) -> Iterator[tuple[str, object]]:
    """Yield what was left by commands ended at so many moments, and what two at once came to."""
    with TemporaryDirectory() as folder:
        world = made(Path(folder) / "world")
        for name in ("import", "decide"):
            yield f"{name} ended before {moments} of its changes", ended(world, name, moments)
        for name in ("import", "decide", "export"):
            yield f"two of {name} at once", two_at_once(world, name)
        _run(world.command("import"))  # so that the next release is another one
        yield f"build ended before {moments} of its changes", ended(world, "build", moments)
        yield "two of build at once", two_at_once(world, "build")


def made(folder: Path) -> World:
    """Make a world of some designations with a release."""
    world = World.at(folder)
    generate(ROOT / "data", world.data, DESIGNATIONS)
    world.published.write_text(LIST, encoding="utf-8")
    _run(world.command("build"))
    return world


@contextmanager
def copied(world: World) -> Iterator[World]:
    """Copy a world; the files of its releases, which are never written to, as links."""
    with TemporaryDirectory(dir=world.data.parent.parent) as folder:
        copy = World.at(Path(folder))
        shutil.copytree(world.data, copy.data)
        own = shutil.ignore_patterns(LOCK)  # a link to it would be the lock of all copies
        shutil.copytree(world.dist, copy.dist, symlinks=True, copy_function=os.link, ignore=own)
        shutil.copyfile(world.published, copy.published)
        yield copy


def ended(world: World, name: str, moments: int) -> dict[str, int]:
    """Return what a command left that was ended before some of its changes, by SIGTERM and SIGKILL in turn.

    Outcomes: as before, done, half (neither, or the current release is damaged); how many said a traceback, or came to
    their end; of AGAIN that were then run again, how many were done, and what was left over.
    """
    before, outcomes = world.state(), Counter[str]()
    with copied(world) as copy:
        whole, after = run(copy.command(name), Moment(copy.folder)), copy.state()
    for moment, change in enumerate(_chosen(whole.changes, moments)):
        with copied(world) as copy:
            ending = ENDINGS[moment % len(ENDINGS)]
            end = run(copy.command(name), Moment(copy.folder, change, ending))
            state, damage = copy.state(), copy.damage()
            outcomes[
                "half" if damage else "as before" if state == before else "done" if state == after else "half"
            ] += 1
            outcomes["tracebacks"] += "Traceback" in end.said
            outcomes["came to their end"] += end.code != -ending
            if state == before and moment * AGAIN // moments != (moment - 1) * AGAIN // moments:
                run(copy.command(name), Moment(copy.folder))
                outcomes["done by the next"] += copy.state() == after and not copy.damage()
                outcomes["left over"] += len(copy.left())
    return {"changes": whole.changes, **outcomes}


def _chosen(changes: int, number: int) -> list[int]:
    """Return numbers of changes: half of them evenly spread, the others the last ones, with which all is done."""
    spread = number - number // 2
    return [*(1 + changes * each // spread for each in range(spread)), *range(changes - number // 2 + 1, changes + 1)]


def two_at_once(world: World, name: str) -> str:
    """Return what two of a command at once came to: exit codes, files changed and left, last words of the refused."""
    before = world.state()
    with copied(world) as copy:
        command = [*GUAPAI, *copy.command(name)]
        both = [
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        said = [(process.communicate()[1], process.returncode) for process in both]
        state = copy.state()
        changed = sum(before.get(path) != state.get(path) for path in before.keys() | state.keys())
        refused = " ".join(text.strip().splitlines()[-1] for text, code in said if code)
        codes = sorted(code for _, code in said)
        found = f"exit {codes}, {changed} changed, {len(copy.left())} left over; {copy.damage()}{refused}"
        return found.replace(str(copy.data.parent), "…")


def _run(command: list[str]) -> None:
    subprocess.run([*GUAPAI, *command], cwd=ROOT, check=True, capture_output=True)

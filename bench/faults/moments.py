"""Commands that are ended before a change that they make to a file."""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from kg.cli import main

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

CHANGES = frozenset(
    f"os.{name}" for name in ("rename", "remove", "mkdir", "rmdir", "link", "symlink", "truncate", "chmod", "utime")
)
"""Audit events of the interpreter, besides `open` to write, at which a file or folder is changed."""
WRITING = os.O_WRONLY | os.O_RDWR
_context = get_context("forkserver")
_context.set_forkserver_preload(["kg.cli", __name__])


@dataclass(frozen=True, slots=True)
class Moment:
    """When and how a command ends: before its n-th change of a file in a folder, 0 for never, by a signal."""

    folder: Path
    number: int = 0
    ending: signal.Signals = signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Ended:
    """End of a command: changes that it came to, its exit code (negative: a signal), standard error."""

    changes: int
    code: int
    said: str


def run(command: Sequence[str], moment: Moment) -> Ended:
    """Run a command of `guapai` until its end or a moment."""
    count = _context.Value("i", 0)
    with NamedTemporaryFile("r", encoding="utf-8") as said:
        process = _context.Process(target=_run, args=(list(command), moment, said.name, count))
        process.start()
        process.join()
        return Ended(count.value, process.exitcode or 0, said.read())


def _run(command: list[str], moment: Moment, said: str, count: "Synchronized[int]") -> None:
    for path, descriptor in ((os.devnull, 1), (said, 2)):
        os.dup2(os.open(path, os.O_WRONLY), descriptor)

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if _changes(event, arguments, moment.folder):
            count.value += 1
            if count.value == moment.number:
                os.kill(os.getpid(), moment.ending)

    sys.addaudithook(look)
    main(command, prog_name="guapai")


def _changes(event: str, arguments: tuple[object, ...], folder: Path) -> bool:
    """Whether an audit event is a change in a folder; a path that is relative is one below an open folder."""
    if not (event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING)):
        return False
    path = Path(arguments[0]) if isinstance(arguments[0], str | os.PathLike) else Path()
    return not path.is_absolute() or path.is_relative_to(folder)

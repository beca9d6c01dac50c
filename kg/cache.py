"""Answers that are made once and kept: many threads may ask at a time, and the ones nobody asks for go first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

Made = TypeVar("Made")


@dataclass(slots=True)
class _Entry:
    """An answer that is being made or has been made, and the lock of those who wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made: bool = False
    answer: object = None


class Memory:
    """Answers by key; what is kept is shared by all who ask, so nobody may change it."""

    def __init__(self, kept: int) -> None:
        """Start with nothing remembered.

        Args:
            kept: answers kept; the one that nobody asked for longest goes first.
        """
        self._kept, self._lock = kept, threading.Lock()
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()

    def remembered(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returns, made once for all who ask under this key; a failure is not kept."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > self._kept:
                self._entries.popitem(last=False)
        with entry.lock:
            if not entry.made:
                entry.answer, entry.made = make(), True
        return cast("Made", entry.answer)

"""Thread-safe LRU cache; concurrent requests for a key compute it once."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from cachetools import LRUCache

Value = TypeVar("Value")


class Cache:
    """Values by key, shared by all threads, so nobody may change them; the least recently used go first."""

    def __init__(self, max_size: int, size_of: Callable[[Any], int] | None = None) -> None:
        """Start empty.

        Args:
            max_size: values held, or the sum of their sizes where `size_of` is given.
            size_of: the size of a value; without it each counts 1. A value larger than `max_size` is not held.
        """
        self._values: LRUCache[Hashable, Any] = LRUCache(max_size, getsizeof=size_of)
        self._lock = threading.Lock()
        self._pending: dict[Hashable, threading.Lock] = {}

    def cached(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key; `make` computes it once for all who ask meanwhile. A failure is not held."""
        with self._lock:
            if key in self._values:
                return cast("Value", self._values[key])
            pending = self._pending.setdefault(key, threading.Lock())
        with pending:
            with self._lock:
                if key in self._values:
                    return cast("Value", self._values[key])
            try:
                value = make()
                self.put(key, value)
            finally:
                with self._lock:
                    self._pending.pop(key, None)
        return value

    def get(self, key: Hashable) -> Any | None:  # noqa: ANN401 — whatever was put
        """Return the value of a key, None where it is not held."""
        with self._lock:
            return self._values.get(key)

    def put(self, key: Hashable, value: object) -> None:
        """Hold a value, in place of the former one of its key, unless it alone is larger than the cache."""
        with self._lock:
            try:
                self._values[key] = value
            except ValueError:
                self._values.pop(key, None)

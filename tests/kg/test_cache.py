"""Cache: one computation a key, bounds by number and size, failures not cached."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.cache import Cache


def test_concurrent_requests_compute_once() -> None:
    cache, started, go = Cache(4), threading.Event(), threading.Event()
    calls: list[int] = []

    def make() -> int:
        calls.append(1)
        started.set()
        assert go.wait(60)
        return len(calls)

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(cache.cached, "key", make)
        assert started.wait(60)
        others = [threads.submit(cache.cached, "key", make) for _ in range(7)]
        assert cache.cached("other", lambda: "not held up") == "not held up"
        go.set()
        assert [first.result(), *(other.result() for other in others)] == [1] * 8
    assert len(calls) == 1


def test_a_failure_is_not_held() -> None:
    cache = Cache(4)
    with pytest.raises(ZeroDivisionError):
        cache.cached("key", lambda: 1 // 0)
    assert cache.cached("key", lambda: 7) == 7


def test_the_least_recently_used_go_first() -> None:
    cache = Cache(2)
    for key in ("a", "b"):
        cache.put(key, key)
    assert cache.get("a") == "a"
    cache.put("c", "c")
    assert [cache.get(key) for key in ("a", "b", "c")] == ["a", None, "c"]


def test_sizes_are_summed_and_what_is_too_large_is_returned_but_not_held() -> None:
    cache = Cache(10, size_of=len)
    assert cache.cached("large", lambda: "x" * 11) == "x" * 11
    assert cache.get("large") is None
    cache.put("a", "123456")
    cache.put("b", "12345")
    assert (cache.get("a"), cache.get("b")) == (None, "12345")

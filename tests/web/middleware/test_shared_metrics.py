"""Folders of the metrics of servers: what a killed one left is removed, what a running one needs is not."""

import os
from pathlib import Path

from web.middleware import shared_metrics


def test_what_a_killed_server_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """The lock of a folder ends with the last process that has it open, however that ends."""
    running, left, other = (tmp_path / f"{name}-x" for name in ("guapai-metrics-1", "guapai-metrics-2", "another"))
    for folder in (running, left, other):
        folder.mkdir()
        (folder / "counter_1.db").touch()
    held = shared_metrics.lock(running)
    assert held is not None
    shared_metrics.remove_left(tmp_path)
    assert set(tmp_path.iterdir()) == {running, other}
    os.close(held)
    shared_metrics.remove_left(tmp_path)
    assert set(tmp_path.iterdir()) == {other}

"""The only door of prometheus_client: figures of the running server, summed over its processes."""

import os
import threading
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from kg.release import Release

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable of the environment that names the folder in which processes share their figures."""
TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
OUTCOMES = ("ok", "unchanged", "timeout", "too-large", "busy", "refused", "cancelled", "failed", "broken")
"""How a visitor's query can end; `broken`: by a failure after its first bytes were sent, `unchanged`: the client has
the answer, `cancelled`: the client hung up."""


def share(folder: Path) -> None:
    """Let all processes keep their figures in a folder; to be called before they are started."""
    os.environ[FOLDER] = str(folder)
    # The library reads its environment when it is imported, which has been done by now.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def forget(process_id: int) -> None:
    """Drop what a process that has ended said of itself; what it counted stays."""
    mark_process_dead(process_id)  # type: ignore[no-untyped-call]


class Metrics:
    """The figures of one application."""

    def __init__(self, release: Release) -> None:
        """Start at nothing.

        Args:
            release: what the application serves; stands in `guapai_release_info`.
        """
        self._registry = CollectorRegistry()
        self._lock, self._replaced = threading.Lock(), 0
        self.requests = Counter(
            "guapai_requests", "Requests by part of the site and status.", ("part", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "guapai_request_seconds",
            "Seconds from a request's arrival to the last byte of its answer.",
            ("part",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self.queries = Counter(
            "guapai_queries", "Visitors' queries by how they ended.", ("outcome",), registry=self._registry
        )
        for outcome in OUTCOMES:
            self.queries.labels(outcome)
        self._workers = Counter(
            "guapai_query_workers_replaced", "Processes for queries that were killed or died.", registry=self._registry
        )
        info = Gauge(
            "guapai_release_info",
            "The releases that are served now; 1.",
            ("release", "version", "data_as_of"),
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        info.labels(release.id, release.manifest["version"], str(release.data_as_of)).set(1)

    def answered(self, part: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self.requests.labels(part, str(status)).inc()
        self.seconds.labels(part).observe(seconds)

    def replaced(self, workers: int) -> None:
        """Take note of how many processes for queries were replaced since the application was made."""
        with self._lock:
            self._workers.inc(max(0, workers - self._replaced))
            self._replaced = max(workers, self._replaced)

    def written(self) -> bytes:
        """Return the figures as Prometheus reads them: of all processes where they share a folder."""
        registry = self._registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

"""Prometheus metrics of one application, summed over the processes of a server."""

import os
import threading
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from kg.release import Release
from web.middleware.shared_metrics import METRICS_FOLDER

LATENCY_BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
OUTCOMES = ("ok", "unchanged", "timeout", "too-large", "busy", "refused", "cancelled", "failed", "broken")
"""Outcomes of queries; `unchanged`: 304, `cancelled`: the client disconnected, `broken`: failed while sending."""


class Metrics:
    """Prometheus metrics of one application."""

    def __init__(self, release: Release) -> None:
        """Create the metrics at zero.

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
            buckets=LATENCY_BUCKETS_SECONDS,
            registry=self._registry,
        )
        self.queries = Counter(
            "guapai_queries", "Visitors' queries by how they ended.", ("outcome",), registry=self._registry
        )
        # Looked up once: `labels` takes longer than to count.
        self._requests_of, self._seconds_of = cache(self.requests.labels), cache(self.seconds.labels)
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

    def count_response(self, part: str, status: int, seconds: float) -> None:
        """Count a response and its duration."""
        self._requests_of(part, str(status)).inc()
        self._seconds_of(part).observe(seconds)

    def count_replaced_workers(self, workers: int) -> None:
        """Record the number of query processes replaced since the application was created."""
        with self._lock:
            if workers > self._replaced:
                self._workers.inc(workers - self._replaced)
                self._replaced = workers

    def exposition(self) -> bytes:
        """Return the metrics in the text format of Prometheus, summed over processes."""
        registry = self._registry
        if os.environ.get(METRICS_FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

"""Structured logs: one JSON object a line; by default no query text, never whole addresses."""

import json
import logging
import threading
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

LOGGER = "guapai.requests"
MAX_QUERY_CHARS = 2000
"""Logged characters of a query, where queries are logged."""
_encode = json.JSONEncoder(ensure_ascii=False).encode
LOGGED_ADDRESS_BITS = {4: 24, 6: 48}
"""Logged bits of the address of a refused client, by IP version."""

CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "web.middleware.logs.JsonFormatter"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
    "root": {"level": "WARNING", "handlers": ["lines"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["lines"], "propagate": False},
        "gunicorn.access": {"level": "WARNING", "handlers": ["lines"], "propagate": False},
        LOGGER: {"level": "INFO", "handlers": ["lines"], "propagate": False},
    },
}
"""Configuration for logging.config.dictConfig: all loggers write JSON lines to standard error."""


class JsonFormatter(logging.Formatter):
    """Formats a record as a line of JSON: time in UTC, level, logger, message or fields, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        given = getattr(record, "fields", None)
        fields |= given if isinstance(given, dict) else {"message": record.getMessage()}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return _encode(fields)


def log_request(fields: dict[str, object]) -> None:
    """Log one request; server errors as warnings."""
    level, logger = logging.WARNING if int(str(fields["status"])) >= 500 else logging.INFO, logging.getLogger(LOGGER)
    if logger.isEnabledFor(level):
        # Not by `log`, which looks through the stack for the line of the code.
        record = logger.makeRecord(LOGGER, level, "", 0, "request", (), None, extra={"fields": fields})
        logger.handle(record)


def log_thread_failure(failure: threading.ExceptHookArgs) -> None:
    """Log the exception that ended a thread."""
    found = failure.exc_value or failure.exc_type()
    logging.getLogger("guapai").error("a thread ended: %s", found, exc_info=found)


def client_network(address: str) -> str:
    """Return the network around an address, such as 203.0.113.0/24; empty if malformed."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, LOGGED_ADDRESS_BITS[found.version]), strict=False))

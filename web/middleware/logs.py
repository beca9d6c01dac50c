"""Structured logs: one JSON object a line, without query text unless it is asked for, and without whole addresses."""

import json
import logging
import threading
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

LOGGER = "guapai.requests"
LONGEST = 2000
"""Characters of a query that are logged where queries are logged at all."""
KEPT_BITS = {4: 24, 6: 48}
"""Bits of an address that are logged where a client was refused: its neighbourhood, not itself."""

CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "web.middleware.logs.Lines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
    "root": {"level": "WARNING", "handlers": ["lines"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["lines"], "propagate": False},
        "gunicorn.access": {"level": "WARNING", "handlers": ["lines"], "propagate": False},
        LOGGER: {"level": "INFO", "handlers": ["lines"], "propagate": False},
    },
}
"""For logging.config.dictConfig: everything that the server says goes to standard error as lines."""


class Lines(logging.Formatter):
    """Writes a record as one line of JSON: time in UTC, level, logger, what was said or its fields, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        given = getattr(record, "fields", None)
        fields |= given if isinstance(given, dict) else {"message": record.getMessage()}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def write(fields: dict[str, object]) -> None:
    """Log one request by its fields; an answer of the server's own failing is a warning."""
    level = logging.WARNING if int(str(fields["status"])) >= 500 else logging.INFO
    logging.getLogger(LOGGER).log(level, "request", extra={"fields": fields})


def write_failure(failure: threading.ExceptHookArgs) -> None:
    """Log what ended a thread."""
    found = failure.exc_value or failure.exc_type()
    logging.getLogger("guapai").error("a thread ended: %s", found, exc_info=found)


def neighbourhood(address: str) -> str:
    """Return the network around an address, such as 203.0.113.0/24; empty where it is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, KEPT_BITS[found.version]), strict=False))

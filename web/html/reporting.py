"""Whom errors are reported to: an address where issues are filed or a mail address, with what is known filled in."""

import re
from urllib.parse import quote, urlencode

from flask import Flask, current_app

from kg.errors import GuapaiError

MAIL = re.compile(r"[^\s@/?#&]+@[^\s@/?#&]+\.[^\s@/?#&]+")
"""A mail address."""
ISSUES = re.compile(r"https?://[^\s?#]+")
"""An address where issues are filed, such as …/issues/new."""
MAX_BODY_CHARS = 4000
"""Characters of a prepared text: longer addresses are refused by servers and mail programs."""


def init_app(app: Flask, report_to: str) -> None:
    """Register what templates need; `report_to` is empty where nobody takes reports.

    Raises:
        GuapaiError: it is neither a mail address nor an address where issues are filed.
    """
    if report_to and not (MAIL.fullmatch(report_to) or ISSUES.fullmatch(report_to)):
        raise GuapaiError(f"no address for reports {report_to!r}: expected https://… without ? and #, or name@host")
    app.config["REPORT_TO"] = report_to
    app.add_template_global(recipient, "report_to")
    app.add_template_global(prepared, "report_address")


def recipient() -> str:
    """Return the address to which errors are reported, empty if there is none."""
    return str(current_app.config["REPORT_TO"])


def prepared(title: str, body: str) -> str:
    """Return the address that opens an issue or a mail with title and text filled in; empty without a recipient."""
    to, text = recipient(), body[:MAX_BODY_CHARS]
    if MAIL.fullmatch(to):
        return f"mailto:{quote(to, safe='@')}?{urlencode({'subject': title, 'body': text}, quote_via=quote)}"
    return f"{to}?{urlencode({'title': title, 'body': text})}" if to else ""

"""The reader's language: `?lang=` in the address, carried by every link; else as the browser prefers; else Chinese."""

from typing import Any

from flask import Flask, g, request

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
"""Language of a page to its tag in HTML; the first is the default."""


def language() -> str:
    """Return the language of this answer."""
    if "language" not in g:
        asked = request.args.get("lang", "")
        g.language = asked if asked in LANGUAGES else preferred()
    return str(g.language)


def preferred() -> str:
    """Return the first of our languages that the browser names; `en-GB` is English, whatever comes after it."""
    named = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((tag for tag in named if tag in LANGUAGES), "zh")


def fixed() -> bool:
    """Return whether the address itself says the language."""
    return request.args.get("lang") in LANGUAGES


def other() -> str:
    """Return the language into which this page can be switched."""
    return "en" if language() == "zh" else "zh"


def carry(app: Flask) -> None:
    """Let every link inside the site carry the language that the reader chose by address."""

    @app.url_defaults
    def _carry(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" and fixed():
            values.setdefault("lang", language())

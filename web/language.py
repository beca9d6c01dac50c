"""The reader's language: `?lang=` in the address, carried by every link; else as the browser prefers; else Chinese."""

from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import get_translations
from markupsafe import Markup

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
"""Language of a page to its tag in HTML; the first is the default."""


def language() -> str:
    """Return the language of this answer."""
    found = g.get("language")
    if found is None:
        asked = request.args.get("lang", "")
        found = g.language = asked if asked in LANGUAGES else preferred()
    return str(found)


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


def translations() -> Translations | NullTranslations:
    """Return the texts in the language of this answer; flask-babel looks for them anew at every word, we once."""
    found: Translations | NullTranslations | None = g.get("translations")
    if found is None:
        found = g.translations = get_translations()
    return found


def said(text: str, **variables: object) -> Markup:
    """Return a text of a template in the language of this answer; what is put in is escaped, the text is ours."""
    found = Markup(translations().ugettext(text))  # noqa: S704
    return found % variables if "%" in found else found


def carry(app: Flask) -> None:
    """Let every link inside the site carry the language that the reader chose by address, and every word be in it."""
    app.jinja_env.globals["_"] = said

    @app.url_defaults
    def _carry(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" and fixed():
            values.setdefault("lang", language())

"""Language of the response: `?lang=`, else the browser's preference, else Chinese."""

from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
"""Language code to HTML language tag; the first is the default."""
TRANSLATIONS = Path(__file__).parent.parent / "translations"
"""Folder of the gettext catalogues; source texts are English."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Language and link context of a request; shared by all requests with the same values.

    language: of the response; explicit: whether the address has `?lang=`; root: path of the home page; query:
    appended to internal links.
    """

    language: str
    explicit: bool
    root: str
    query: str


def reader() -> Reader:
    """Return the reader of this request, cached in `g`."""
    here = vars(g._get_current_object())  # noqa: SLF001 — as Werkzeug documents it
    found: Reader | None = here.get("reader")
    if found is None:
        asked = request.args.get("lang", "")
        explicit = asked in LANGUAGES
        code = asked if explicit else preferred()
        root = f"{request.root_path}{current_app.extensions['guapai'].prefix}/"
        found = here["reader"] = _reader(code, explicit, root)
    return found


@lru_cache
def _reader(code: str, explicit: bool, root: str) -> Reader:  # noqa: FBT001
    return Reader(code, explicit, root, f"?lang={code}" if explicit else "")


def language() -> str:
    """Return the language of this response."""
    return reader().language


def preferred() -> str:
    """Return the first supported language in Accept-Language (`en-GB` counts as `en`), else Chinese."""
    return preferred_by(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def preferred_by(header: str) -> str:
    """Return the first supported language in a header Accept-Language, else Chinese."""
    accepted = parse_accept_header(header, LanguageAccept)
    named = (tag.partition("-")[0].lower() for tag, quality in accepted if quality > 0)
    return next((tag for tag in named if tag in LANGUAGES), "zh")


def explicit() -> bool:
    """Return whether the address has `?lang=`."""
    return reader().explicit


def other() -> str:
    """Return the other language."""
    return "en" if language() == "zh" else "zh"


def gettext(text: str, **variables: object) -> str:
    """Return a translated text with variables substituted."""
    found = _texts(language()).gettext(text)
    return found % variables if variables else found


def lazy_gettext(text: str) -> Any:  # noqa: ANN401 — it stands wherever a text does
    """Return a text that is translated when it is rendered."""
    return _LazyText(text)


class _LazyText:
    """A text that is translated when it is rendered; `source` is the text in English."""

    __slots__ = ("source",)

    def __init__(self, text: str) -> None:
        self.source = text

    def __str__(self) -> str:
        return gettext(self.source)

    def __html__(self) -> Markup:
        return gettext_html(self.source)


def gettext_html(text: str, **variables: object) -> Markup:
    """Return a translated text of a template as HTML; variables are escaped."""
    found = _gettext_html(language(), text)
    return found % variables if "%" in found else found


@lru_cache(maxsize=10_000)
def _gettext_html(code: str, text: str) -> Markup:
    return Markup(_texts(code).gettext(text))  # noqa: S704


@lru_cache
def _texts(code: str) -> NullTranslations:
    return translation("messages", TRANSLATIONS, [code], fallback=True)


def init_app(app: Flask) -> None:
    """Register `_` and keep `?lang=` in internal links."""
    app.jinja_env.globals["_"] = gettext_html

    @app.url_defaults
    def _add_language(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" and explicit():
            values.setdefault("lang", language())

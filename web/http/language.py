"""The reader's language: `?lang=` in the address, carried by every link; else as the browser prefers; else Chinese."""

from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from markupsafe import Markup

LANGUAGES = {"zh": "zh-Hans", "en": "en"}
"""Language of a page to its tag in HTML; the first is the default."""
TRANSLATIONS = Path(__file__).parent.parent / "translations"
"""Folder of the texts in other languages than English, in which the code has them."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Who an answer is for, and how links inside the site begin and end for that reader; one for all of a kind.

    language: of the answer; fixed: whether the address itself says it; root: path of the front page; tail: what every
    link carries on.
    """

    language: str
    fixed: bool
    root: str
    tail: str


def reader() -> Reader:
    """Return the reader of this answer, found out once: every name, link and word of a page asks."""
    here = vars(g._get_current_object())  # noqa: SLF001 — as Werkzeug documents it
    found: Reader | None = here.get("reader")
    if found is None:
        asked = request.args.get("lang", "")
        fixed = asked in LANGUAGES
        code = asked if fixed else preferred()
        root = f"{request.root_path}{current_app.extensions['guapai'].prefix}/"
        found = here["reader"] = _reader(code, fixed, root)
    return found


@lru_cache
def _reader(code: str, fixed: bool, root: str) -> Reader:  # noqa: FBT001
    return Reader(code, fixed, root, f"?lang={code}" if fixed else "")


def language() -> str:
    """Return the language of this answer."""
    return reader().language


def preferred() -> str:
    """Return the first of our languages that the browser names; `en-GB` is English, whatever comes after it."""
    named = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((tag for tag in named if tag in LANGUAGES), "zh")


def fixed() -> bool:
    """Return whether the address itself says the language."""
    return reader().fixed


def other() -> str:
    """Return the language into which this page can be switched."""
    return "en" if language() == "zh" else "zh"


def gettext(text: str, **variables: object) -> str:
    """Return a text of the code in the language of this answer, with variables put in where it names them."""
    found = _texts(language()).gettext(text)
    return found % variables if variables else found


def later(text: str) -> Any:  # noqa: ANN401 — it stands wherever a text does
    """Return a text of the code that is written down before there is a reader, to be said in the language of each."""
    return _Later(text)


class _Later:
    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return gettext(self._text)

    def __html__(self) -> Markup:
        return said(self._text)


def said(text: str, **variables: object) -> Markup:
    """Return a text of a template in the language of this answer; what is put in is escaped, the text is ours."""
    found = _said(language(), text)
    return found % variables if "%" in found else found


@lru_cache(maxsize=10_000)
def _said(code: str, text: str) -> Markup:
    return Markup(_texts(code).gettext(text))  # noqa: S704


@lru_cache
def _texts(code: str) -> NullTranslations:
    return translation("messages", TRANSLATIONS, [code], fallback=True)


def carry(app: Flask) -> None:
    """Let every link inside the site carry the language that the reader chose by address, and every word be in it."""
    app.jinja_env.globals["_"] = said

    @app.url_defaults
    def _carry(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" and fixed():
            values.setdefault("lang", language())

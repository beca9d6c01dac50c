"""Citations of pages as BibTeX, CSL-JSON and by GB/T 7714-2015, each naming the release that was cited."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Response, abort, current_app, request

from kg.vocab import BASE
from web.http.language import LANGUAGES, gettext, language
from web.http.responses import etag

FORMATS = {
    "bibtex": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "gb7714": "text/plain",
}
"""Value of `cite` in an address to media type."""
AUTHOR = "Guapai"
SPECIAL = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""Characters that TeX takes for commands, and how they are written."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: title, permanent address, release and its day, language tag of the title."""

    title: str
    address: str
    release: str
    day: date
    language: str

    @property
    def key(self) -> str:
        """A key for bibliographies: the release and the last parts of the address."""
        kept = f"{BASE}release/{self.release}/"
        parts = re.findall(r"[a-z0-9]+", self.address.removeprefix(kept).removeprefix(BASE).casefold())[-6:]
        return "-".join(("guapai", self.release, *parts))

    @property
    def bibtex(self) -> str:
        """The entry for BibTeX and BibLaTeX."""
        fields = {
            "author": f"{{{AUTHOR}}}",
            "title": f"{{{_tex(self.title)}}}",
            "howpublished": gettext("Guapai (挂牌)"),
            "year": str(self.day.year),
            "month": str(self.day.month),
            "version": self.release,
            "url": self.address,
            "langid": "english" if self.language == "en" else "chinese",
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}\n}}\n"

    @property
    def csl(self) -> Mapping[str, object]:
        """The item of the Citation Style Language, version 1.0.2."""
        return {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": AUTHOR}],
            "container-title": gettext("Guapai (挂牌)"),
            "version": self.release,
            "issued": {"date-parts": [[self.day.year, self.day.month, self.day.day]]},
            "URL": self.address,
            "language": self.language,
        }

    @property
    def gb7714(self) -> str:
        """The entry of an electronic data set ([DS/OL]) by GB/T 7714-2015, without the day on which it is cited."""
        version = gettext("release %(id)s", id=self.release)
        return f"{AUTHOR}. {self.title}[DS/OL]. {version}. ({self.day.isoformat()}). {self.address}."

    def written(self, form: str) -> str:
        """Return the citation in one of FORMATS."""
        if form == "csl":
            return json.dumps([self.csl], ensure_ascii=False, indent=1) + "\n"
        return self.bibtex if form == "bibtex" else f"{self.gb7714}\n"


def citation(title: str, address: str = "") -> Citation:
    """Return the citation of a thing by its IRI, or of the current address, in the language of the request."""
    release = current_app.extensions["guapai"].release
    return Citation(str(title), permanent(address or here()), release.id, release.data_as_of, LANGUAGES[language()])


def permanent(address: str) -> str:
    """Return the address at which this release keeps a thing or page of ours, whatever later releases say."""
    release = current_app.extensions["guapai"].release
    return f"{BASE}release/{release.id}/{address.removeprefix(BASE)}"


def here() -> str:
    """Return the address of the current page: what was asked, without language and format of citation."""
    prefix = current_app.extensions["guapai"].prefix
    asked = [(name, text) for name, text in request.args.items(multi=True) if name not in ("cite", "lang")]
    return BASE + request.path.removeprefix(prefix).lstrip("/") + (f"?{urlencode(asked)}" if asked else "")


def requested(title: str, address: str = "") -> Response | None:
    """Return the citation that `cite` in the address asks for, None without it; 404 for an unknown format."""
    form = request.args.get("cite")
    if form is None:
        return None
    if form not in FORMATS:
        abort(404, description=", ".join(FORMATS))
    kind = FORMATS[form]
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    response = Response(citation(title, address).written(form), content_type=kind + charset)
    response.content_language.add(LANGUAGES[language()])
    response.set_etag(etag("cite", form, language(), request.full_path))
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _tex(text: str) -> str:
    return "".join(SPECIAL.get(sign, sign) for sign in text)

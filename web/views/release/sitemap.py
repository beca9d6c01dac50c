"""Sitemap (sitemaps.org, protocol 0.9): an index, and parts with every page for search engines.

Addresses with parameters are closed to crawlers (web.middleware.monitoring), the two languages of a page aside; so
each page stands here in both, each naming the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, abort, current_app, request, url_for

from kg.vocab import THINGS
from web.graph.iris import address
from web.http.language import LANGUAGES

blueprint = Blueprint("sitemap", __name__)

PAGES_PER_PART = 20_000
"""Pages in a part; with both languages below the 50,000 addresses of the protocol."""
ENTRY_PAGES = (
    *("home.home", "home.about", "findings.findings", "lists.designations", "lists.places", "lists.programmes"),
    *("lists.authorities", "lists.purposes", "lists.carriers", "lists.regions", "lists.positions", "lists.mandates"),
    *("lists.lists", "lists.sources", "lists.claims", "lists.gaps", "lists.tables", "questions.questions"),
    *("questions.rules", "matrices.matrices", "decisions.decisions"),
    *("concentration.concentration", "timeline.timeline", "quality.accounting", "quality.quality"),
    *("match.match", "openapi.page"),
    *("vocabulary.ontology", "vocabulary.scheme", "shapes.shapes", "downloads.downloads", "releases.releases"),
)
"""Endpoints of pages that lead to all others."""
KINDS = ("entrances", "things", "findings")
OPEN = '<?xml version="1.0" encoding="UTF-8"?>'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """List the parts."""
    parts = [
        url_for(".part", kind=kind, number=number, lang=None, _external=True)
        for kind in KINDS
        for number in _numbers(kind)
    ]
    lines = (f"<sitemap><loc>{escape(part)}</loc></sitemap>" for part in parts)
    return _xml([f'<sitemapindex xmlns="{NAMESPACE}">', *lines, "</sitemapindex>"])


@blueprint.get("/sitemap-<kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """List the pages of a part in both languages."""
    if kind not in KINDS or number not in _numbers(kind):
        abort(404, description=f"{kind}-{number}")
    first = (number - 1) * PAGES_PER_PART
    lines = (line for path in _paths(kind, first, first + PAGES_PER_PART) for line in _entries(path))
    return _xml([f'<urlset xmlns="{NAMESPACE}" xmlns:xhtml="{XHTML}">', *lines, "</urlset>"])


def _numbers(kind: str) -> range:
    """Return the part numbers of a kind."""
    return range(1, -(-_count(kind) // PAGES_PER_PART) + 1)


def _count(kind: str) -> int:
    services = current_app.extensions["guapai"]
    if kind == "things":
        return services.search.size if services.search else 0
    return len(ENTRY_PAGES) if kind == "entrances" else len(_findings())


def _paths(kind: str, first: int, end: int) -> Iterator[str]:
    """Yield the paths of pages by range."""
    if kind == "entrances":
        yield from (url_for(endpoint, lang=None) for endpoint in ENTRY_PAGES[first:end])
        return
    if kind == "things":
        iris: Iterable[str] = current_app.extensions["guapai"].search.things(first, end)
    else:
        iris = (f"{THINGS}finding/{key}" for key in _findings()[first:end])
    for iri in iris:
        if page := address(iri):
            yield page.partition("?")[0]


def _findings() -> Sequence[str]:
    """Return the keys of the standing findings."""
    found = current_app.extensions["guapai"].computed
    if found is None:
        return ()
    keys: Sequence[str] = found.cached(
        ("keys of findings",), lambda: sorted({key for day in found.days for key in found.findings(day)})
    )
    return keys


def _entries(path: str) -> Iterator[str]:
    """Yield the entries of a page, one for each language, with alternates."""
    whole = request.host_url.rstrip("/") + path
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(f"{whole}?lang={code}")}/>'
        for code, tag in LANGUAGES.items()
    )
    for code in LANGUAGES:
        yield f"<url><loc>{escape(f'{whole}?lang={code}')}</loc>{links}</url>"


def _xml(lines: Iterable[str]) -> Response:
    return Response("\n".join([OPEN, *lines, ""]), content_type="application/xml; charset=utf-8")

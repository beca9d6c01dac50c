"""HTTP semantics at every address (RFC 9110, RFC 9112, RFC 8288): Host, trailing slashes, preconditions, links."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, g, redirect, request, template_rendered

from kg.release.catalogue import LICENCE
from web.http.language import gettext as _
from web.http.responses import FORMATS, INTERNAL_BLUEPRINTS, RDF

HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[\w.~%!$&'()*+;=-]+)(?::[0-9]*)?", re.ASCII)
"""Value of the header Host (RFC 9110, section 7.2), without the comma by which servers join two of them."""
PATH_CHARACTERS = "/:@!$&'()*+,;=~"
"""Characters that stay as they are in a path."""
FORMATS_OF = {
    "linked_data.id": ("html", *RDF, "csv"),
    "vocabulary.ontology": ("html", *RDF),
    "vocabulary.ns": ("html", *RDF),
    "vocabulary.scheme": ("html", *RDF, "csv"),
    "vocabulary.dataset": ("html", *RDF),
    "shapes.shapes": ("html", *RDF),
    "shapes.shape": ("html", *RDF),
}
"""Endpoint that negotiates by Accept, to its formats; each is also at the same address with its extension."""
WITHOUT_LINKS = (*INTERNAL_BLUEPRINTS, "assets", "kept", None)
"""Blueprints whose responses are no data; None is that of static files."""


def init_app(app: Flask) -> None:
    """Check requests before they are answered."""
    app.before_request(_refuse_without_host)
    app.before_request(_drop_what_has_no_effect)
    app.before_request(_redirect_without_slash)


def init_links(app: Flask) -> None:
    """Add links to responses."""
    app.after_request(_add_links)
    template_rendered.connect(_keep_formats, app)


def _refuse_without_host() -> None:
    """Refuse a request without Host, or with a broken one (RFC 9112, section 3.2); HTTP/1.0 knows none."""
    host = request.environ.get("HTTP_HOST")
    if host is None and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return
    if host is None or not HOST.fullmatch(host):
        abort(400, description=_("The request needs one header Host with a host and, if any, a port."))


def _drop_what_has_no_effect() -> None:
    """Remove preconditions and ranges that are as if they were not there.

    `If-Match: *` holds wherever there is something to answer with (RFC 9110, section 13.1.1). A range counts for GET
    only, and in bytes only (section 14.2); of several ranges we give the whole.
    """
    environ = request.environ
    if environ.get("HTTP_IF_MATCH", "").strip() == "*":
        del environ["HTTP_IF_MATCH"]
    unit, _equals, ranges = environ.get("HTTP_RANGE", "").partition("=")
    if request.method != "GET" or unit.strip().lower() != "bytes" or "," in ranges:
        environ.pop("HTTP_RANGE", None)


def _redirect_without_slash() -> Response | None:
    """Redirect an address with a slash too many to the one without, if there is one."""
    path, rule = request.path.rstrip("/"), request.url_rule
    if not request.path.endswith("/") or (rule and rule.rule.endswith("/")) or not path:
        return None
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not adapter.test(path, method=request.method):
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return redirect(quote(f"{request.root_path}{path}", safe=PATH_CHARACTERS) + query, 308)  # type: ignore[return-value]


def _keep_formats(_sender: object, context: Mapping[str, Any], **_more: object) -> None:
    """Remember the addresses of a page as data, which its template names; those of a query are too long for headers."""
    found = context.get("formats")
    if isinstance(found, Mapping) and request.blueprint != "sparql":
        g.formats = {extension: to for extension, to in found.items() if extension in FORMATS and to.startswith("/")}


def _add_links(response: Response) -> Response:
    """Name other formats, the description of the data set and the licence, as Link headers."""
    if response.status_code not in (200, 206, 303) or request.method == "OPTIONS":
        return response
    if request.blueprint in WITHOUT_LINKS:
        return response
    for extension, address in (g.get("formats") or _variants()).items():
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{FORMATS[extension]}"')
    root = f"{request.root_path}{current_app.extensions['guapai'].prefix}"
    response.headers.add("Link", f'<{root}/dataset>; rel="describedby"')
    response.headers.add("Link", f'<{LICENCE}>; rel="license"')
    return response


def _variants() -> dict[str, str]:
    """Return the addresses of the formats of a negotiated address, by extension."""
    offered = FORMATS_OF.get(request.endpoint or "", ())
    path, _dot, extension = request.path.rpartition(".")
    stem = path if extension in offered else request.path
    address = quote(f"{request.root_path}{stem}", safe=PATH_CHARACTERS)
    return {} if stem.endswith("/") else {found: f"{address}.{found}" for found in offered}

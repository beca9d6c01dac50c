"""Jinja environment: filters, tests and globals of the templates."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, current_app, request, url_for
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from kg.store import Literal
from kg.vocab import SCHEMES, TERMS, THINGS
from web.graph import schema_org
from web.graph.citation import FORMATS as CITATIONS
from web.graph.citation import citation, permanent
from web.graph.iris import address, asset, endpoint_address, external, key_of
from web.graph.labels import TEXT_KINDS, brief, cached_by_reader, cited, definition, graph, name, today
from web.graph.queries import expanded, prefixed
from web.html.finding_words import period, score
from web.html.fragments import PIECES
from web.http.language import LANGUAGES, language, other
from web.http.language import lazy_gettext as _
from web.http.responses import FORMATS

NUMBER = re.compile(r"(?:约 ?)?[-+]?\d[\d\s,.\u2009]*%?")

USED_AS = {
    expanded("rdfs:domain"): _("Properties"),
    expanded("rdfs:range"): _("Referring properties"),
    expanded("rdfs:subClassOf"): _("Subtypes"),
    expanded("rdfs:subPropertyOf"): _("Narrower properties"),
}


def init_app(app: Flask, code: str) -> None:
    """Register the filters, tests and globals of the templates."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        name=_per_request(name),
        address=_per_request(address),
        prefixed=prefixed,
        key=key_of,
        figure=figure,
        expanded=expanded,
        score=score,
    )
    app.jinja_env.tests.update(literal=_is_literal, external=external, number=_is_number)
    app.jinja_env.globals.update(
        language=language,
        other=other,
        language_tag=lambda code=None: LANGUAGES[language() if code is None else code],
        definition=definition,
        brief=brief,
        switched=switched,
        here=here,
        for_spreadsheets=for_spreadsheets,
        sparql_address=sparql_address,
        media_type=FORMATS.__getitem__,
        group_title=lambda group: graph().display.title(group, language()),
        text_kinds=TEXT_KINDS,
        used_as=USED_AS,
        period=period,
        **PIECES,
        today=today,
        cited=cited,
        citation=citation,
        permanent=permanent,
        citations=tuple(CITATIONS),
        gp=TERMS,
        sch=SCHEMES,
        place_iri=THINGS + "place/",
        release=app.extensions["guapai"].release,
        thing_jsonld=schema_org.thing_jsonld,
        site_jsonld=schema_org.site_jsonld,
        dataset_jsonld=schema_org.dataset_jsonld,
        asset=lambda filename: asset(filename, code),
        endpoint_address=endpoint_address,
        cached_fragment=cached_fragment,
    )


@cached_by_reader
def cached_fragment(template: str, open: str = "") -> Markup:  # noqa: A002
    """Render a template that depends on the reader and the open endpoint only; cached."""
    return Markup(current_app.jinja_env.get_template(template).render(open=open))  # noqa: S704


def _per_request(function: Callable[[Any], object]) -> Callable[[Any, Any], object]:
    """Return a filter that Jinja does not evaluate at compile time, as it would for a constant."""

    @pass_context
    def asked(_context: Context, found: Any) -> object:  # noqa: ANN401 — whatever the function takes
        return function(found)

    return asked


def switched() -> str:
    """Return the address of this page in the other language."""
    return here(lang=other())


def here(**changes: str | int | Sequence[str]) -> str:
    """Return the address of this page with changed parameters; empty ones are left out."""
    if request.endpoint is None:
        return url_for("home.home", lang=changes.get("lang", language()))
    values = {**request.args.to_dict(flat=False), **(request.view_args or {}), **changes}
    # `url_for` reserves some names.
    ours = {key: text for key, text in values.items() if key != "endpoint" and not key.startswith("_")}
    parameters: dict[str, Any] = {key: text for key, text in ours.items() if text not in ("", [""])}
    return url_for(request.endpoint, **parameters)


def for_spreadsheets(address: str) -> str:
    """Return the address of a CSV file with the byte order mark that spreadsheets need."""
    return f"{address}{'&' if '?' in address else '?'}bom=1"


def figure(number: object) -> str:
    """Return a whole number with narrow no-break spaces between thousands; others unchanged."""
    text = str(number)
    return f"{int(text):,}".replace(",", "\u202f") if text.isdecimal() else text


def sparql_address(query: str | None = None) -> str:
    """Return the address of the SPARQL page, optionally with a query."""
    return url_for("sparql.sparql", query=query)


def _is_literal(term: object) -> bool:
    return isinstance(term, Literal)


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None

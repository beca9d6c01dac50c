"""Keys that were given and are used no more: 410 with the reason and with what follows them, never 404."""

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request, url_for

from kg.vocab import THINGS
from web.graph.iris import address, kind_and_key
from web.graph.labels import graph
from web.graph.queries import Graph, value
from web.html.fragments import in_words
from web.http.errors import told
from web.http.language import gettext as _
from web.http.responses import FORMATS, liked, split
from web.views.linked_data import DATA, described

VIEWS = ("pages.page", "linked_data.id", "linked_data.data")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A key that is used no more: why, since when (as stated), and the IRIs of what follows it."""

    iri: str
    reason: str
    since: str
    successors: tuple[str, ...]


def watch(app: Flask) -> None:
    """Answer for withdrawn keys in an application before anything else does."""

    @app.before_request
    def _gone() -> Response | None:
        if request.endpoint not in VIEWS or not request.view_args:
            return None
        key, ending = str(request.view_args["key"]), ""
        if request.endpoint != "pages.page":
            key, ending = split(key, ("html", *DATA))
        found = withdrawn(graph()).get(f"{THINGS}{request.view_args['kind']}/{key}")
        return gone(found, ending) if found else None


def withdrawn(found: Graph) -> dict[str, Withdrawn]:
    """Return the withdrawn keys of a release by IRI."""

    def read() -> dict[str, Withdrawn]:
        keys: dict[str, Withdrawn] = {}
        for row in found.rows("linked_data/withdrawn"):
            iri = value(row, "key")
            before = keys[iri].successors if iri in keys else ()
            following = (value(row, "successor"),) if "successor" in row else ()
            keys[iri] = Withdrawn(iri, value(row, "reason"), value(row, "on"), before + following)
        return keys

    return found.remembered("withdrawn", read)


def gone(found: Withdrawn, ending: str) -> Response:
    """Say that a key is used no more, as a page, as data or as an error, with links to what follows it."""
    by_type = {FORMATS[form]: form for form in ("html", *DATA)}
    chosen = ending or ("html" if request.endpoint == "pages.page" else by_type.get(liked(by_type) or "", "html"))
    if chosen == "html":
        reason = _("This name was withdrawn: %(reason)s", reason=" ".join(in_words(found.reason)))
        response = told(410, reason, successor=found.successors) or make_response(
            render_template("linked_data/withdrawn.html", withdrawn=found)
        )
    else:
        response = described(found.iri, chosen, f"withdrawn.{chosen}")
    response.status_code = 410
    for successor in found.successors:
        response.headers.add("Link", f'<{_same_of(successor, chosen)}>; rel="successor-version"')
    response.vary.add("Accept")
    return response


def _same_of(iri: str, ending: str) -> str | None:
    """Return the address of what follows, as a page or as the data that was asked for."""
    kind, key = kind_and_key(iri)
    return (
        address(iri) if ending == "html" else url_for("linked_data.data", kind=kind, key=f"{key}.{ending}", lang=None)
    )

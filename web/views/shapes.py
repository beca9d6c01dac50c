"""SHACL shapes: pages with examples and validation results, or RDF."""

import re
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, make_response, render_template, url_for

from kg.store.formats import read_turtle
from kg.vocab import BASE, SHAPES
from web.graph import describe
from web.graph.describe import Quad
from web.graph.labels import graph
from web.graph.queries import Row, value
from web.graph.shacl import Shape
from web.graph.shacl import shapes as read
from web.http.responses import RDF, answer, requested_extension, split_extension, vary_by_accept

blueprint = Blueprint("shapes", __name__)
blueprint.after_request(vary_by_accept)

FILES = ("shapes.ttl", "style.ttl")
"""Shapes of the data, and of the ontology."""
SHAPE_HEADER = re.compile(r"^gps:(\w+)\s+a sh:NodeShape", re.MULTILINE)
EXAMPLE = re.compile(r"^# (passes|breaks)(?:: (.+))?\n<examples/\w+/([\w-]+)> \{\n((?:.*\n)*?)\}$", re.MULTILINE)
"""Graph of one example: whether it passes, its fault, its name and its text."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a shape: its name, whether it passes, its fault as Chinese | English, and its text in Turtle."""

    name: str
    passes: bool
    fault: str
    text: str


@blueprint.get("/shapes", defaults={"extension": ""})
@blueprint.get("/shapes.<extension>")
def shapes(extension: str) -> Response:
    """List the shapes with their validation results, or return all as RDF."""
    found = requested_extension(extension)
    if found == "ttl":
        return answer(_text(FILES[0]), "ttl")
    if found != "html":
        return answer(describe.serialize(_quads(FILES[0]), found), found)
    groups = [(name, [shape for shape in _shapes().values() if shape.file == name]) for name in FILES]
    formats = {end: url_for(".shapes", extension=end, lang=None) for end in RDF}
    return make_response(render_template("shapes/shapes.html", groups=groups, results=_results(), formats=formats))


@blueprint.get("/shapes/<path:name>")
def shape(name: str) -> Response:
    """Show a shape with examples and validation results, or return it as RDF."""
    stem, extension = split_extension(name, ("html", *RDF))
    found, shape = requested_extension(extension), _shapes().get(stem)
    if shape is None:
        abort(404, description=SHAPES + stem)
    if found != "html":
        return answer(describe.serialize(_about(shape), found), found)
    return make_response(
        render_template(
            "shapes/shape.html",
            shape=shape,
            iri=SHAPES + stem,
            results=_results().get(SHAPES + stem, []),
            examples=_examples(stem),
            formats={end: url_for(".shape", name=f"{stem}.{end}", lang=None) for end in RDF},
        )
    )


def shapes_about(iri: str) -> list[str]:
    """Return the keys of shapes that target or constrain a class or property."""
    return [key for key, shape in _shapes().items() if iri in shape.names]


def _shapes() -> dict[str, Shape]:
    """Return all shapes by key, in file order."""

    def make() -> dict[str, Shape]:
        found = [
            shape for name in FILES for shape in read(read_turtle(_text(name)), SHAPE_HEADER.findall(_text(name)), name)
        ]
        return {shape.key: shape for shape in found}

    return graph().cached("shapes", make)


def _results() -> dict[str, list[Row]]:
    """Return the validation results by IRI of the shape, counted by severity."""

    def make() -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in graph().rows("quality/results_by_shape"):
            found.setdefault(value(row, "shape"), []).append(row)
        return found

    return graph().cached("results of shapes", make)


def _examples(key: str) -> list[Example]:
    """Return the examples of a shape, that which passes first, as its file has them."""
    path = _folder() / "examples" / f"{key}.trig"
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    prefixes = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("@"))
    found = EXAMPLE.findall(text)
    return [Example(name, verb == "passes", fault, f"{prefixes}\n{body}") for verb, fault, name, body in found]


def _about(shape: Shape) -> list[Quad]:
    """Return the triples of a shape with blank nodes."""
    quads = _quads(shape.file)
    own = [quad for quad in quads if str(quad[0]) == f"<{SHAPES}{shape.key}>"]
    return own + describe.blank_node_closure(quads, own)


def _quads(name: str) -> list[Quad]:
    """Return the triples of a shapes file, in the graph of its name."""
    iri = BASE + Path(name).stem
    return [(*statement, iri) for statement in read_turtle(_text(name))]


def _text(name: str) -> str:
    path = _folder() / name
    return graph().cached(("shapes", name), lambda: path.read_text(encoding="utf-8"))


def _folder() -> Path:
    release_folder: Path = current_app.extensions["guapai"].release.path
    return release_folder / "ontology"

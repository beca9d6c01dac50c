"""`/openapi.json`: the JSON addresses as OpenAPI 3.1, made from the definitions and routes that serve them."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, url_for
from werkzeug.routing import Rule

from kg import __version__
from kg.analysis.findings import find
from kg.analysis.matching import KINDS
from kg.release.catalogue import LICENCE
from web.api import schemas
from web.api.properties import LISTS
from web.api.schemas import NUMBER, TEXT, Schema, closed, listed
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists.claims import CLAIMS
from web.lists.definitions import Definition
from web.lists.findings import FINDINGS
from web.lists.gaps import GAPS
from web.lists.registers import LISTS as TAKEN_IN
from web.lists.things import THINGS_LISTED

blueprint = Blueprint("openapi", __name__)

OBJECT: Schema = {"type": "object"}
PROBLEM: Schema = {
    "type": "object",
    "properties": {"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT, "instance": TEXT},
    "required": ["type", "title", "status", "detail"],
}
"""A fault (RFC 9457)."""
PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
LANGUAGE: Schema = {"enum": ["zh", "en"]}
DAY: Schema = {"type": "string", "format": "date"}
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
EXAMPLES = {
    "as_of": "2022-12-31",
    "field": "integrated-circuits",
    "lang": "en",
    "place": "320583",
    "prefix": "昆",
    "programme": "national-etdz",
    "purpose": "technology-transfer",
    "q": "昆山",
}
"""Parameter to the value that its example has."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What answers at a JSON address.

    endpoint: of Flask; parameters: of the address, each with its schema; answer: schema; path: values of the arguments
    of the route, each with its schema; suffix: extension where the route takes it as the end of a key.
    """

    endpoint: str
    answer: Schema = field(default_factory=lambda: OBJECT)
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    path: Mapping[str, Schema] = field(default_factory=dict)
    suffix: str = ""


def keyed(*names: str) -> Schema:
    """Return the schema of an object that has at least some members."""
    return {"type": "object", "required": list(names)}


ENTRIES = keyed("entries")
OTHERS = (
    Operation("ask.ask", parameters=dict.fromkeys(("place", "purpose", "programme", "field"), TEXT) | {"as_of": DAY}),
    Operation("search.search", parameters={"q": TEXT, "kind": TEXT, "limit": {**NUMBER, "minimum": 1}}),
    Operation("search.suggest", keyed("query", "suggestions"), {"q": TEXT}),
    Operation(
        "compare.compare",
        ENTRIES,
        {"from": DAY, "to": DAY, "kind": {"enum": list(find.KINDS)}, "place": TEXT, "ministry": TEXT, "purpose": TEXT},
    ),
    Operation("compare.places", keyed("places", "entries"), {"one": TEXT, "other": TEXT, "as_of": DAY}),
    Operation("compare.programmes", keyed("programmes"), {"one": TEXT, "other": TEXT, "as_of": DAY}),
    Operation("concentration.concentration", parameters={"programme": TEXT, "as_of": DAY}),
    Operation("matrices.matrices", parameters={"as_of": DAY}, path={"key": TEXT}),
    Operation("timeline.timeline"),
    Operation("quality.quality", parameters={"shape": TEXT}),
    Operation("quality.accounting", keyed("lists")),
    Operation("releases.releases", keyed("served", "releases")),
    Operation("sparql_page.words"),
    Operation("monitoring.health", keyed("release")),
    Operation("reconciliation.suggest", closed({"result": listed(OBJECT)}), {"prefix": TEXT}, {"what": TEXT}),
    Operation("reconciliation.properties", keyed("properties"), {"type": {"enum": list(KINDS)}, "limit": NUMBER}),
    Operation("reconciliation.reconcile", parameters={"queries": TEXT, "extend": TEXT}),
    Operation("dossier.dossier", path={"path": TEXT}, suffix=".json"),
    Operation("neighbourhood.neighbourhood", path={"kind": TEXT, "key": TEXT}, suffix=".json"),
    Operation("releases.difference", keyed("differences"), path={"early": TEXT, "late": TEXT}, suffix=".json"),
    Operation("linked_data.data", path={"kind": TEXT, "key": TEXT}, suffix=".jsonld"),
    Operation("linked_data.context", keyed("@context")),
    Operation("openapi.description", keyed("openapi", "paths")),
)
"""The addresses that are no lists."""


@blueprint.get("/openapi.json")
def description() -> Response:
    """Describe the JSON addresses (OpenAPI 3.1)."""
    return answer(as_json(document()), "json")


@blueprint.get("/openapi")
def page() -> Response:
    """Show the JSON addresses with their parameters and an example of each."""
    return make_response(render_template("openapi/openapi.html", document=document()))


def document() -> dict[str, Any]:
    """Return the OpenAPI document in the language of the request."""
    release = current_app.extensions["guapai"].release
    return {
        "openapi": "3.1.0",
        "info": {
            "title": gettext("Guapai"),
            "version": __version__,
            "description": gettext("The JSON addresses of this release, %(id)s. No key is needed.", id=release.id),
            "license": {"name": "CC BY 4.0", "url": LICENCE},
        },
        "servers": [{"url": url_for("home.home", lang=None).rstrip("/") or "/"}],
        "paths": {path: {"get": item} for path, item in sorted(_paths())},
        "components": {"schemas": {"Problem": PROBLEM}},
    }


def operations() -> Iterator[Operation]:
    """Yield all operations: lists by their definitions, then the others."""
    for definition in {each.name: each for each in (*LISTS.values(), *THINGS_LISTED, TAKEN_IN)}.values():
        yield _list(definition, f"lists.{definition.name}", schemas.list_of(definition, schemas.entry_of(definition)))
    yield _list(CLAIMS, "lists.claims", ENTRIES)
    yield _list(GAPS, "lists.gaps", schemas.list_of(GAPS, schemas.entry_of(GAPS)))
    whole = schemas.list_of(FINDINGS, schemas.finding())
    days = {"days": listed(DAY), "sensitivity": listed(OBJECT)}
    yield _list(FINDINGS, "findings.findings", {**whole, "properties": {**whole["properties"], **days}})
    own = {"ask.ask": schemas.ask(), "search.search": schemas.hits()}
    for operation in OTHERS:
        yield replace(operation, answer=own.get(operation.endpoint, operation.answer))


def _list(definition: Definition, endpoint: str, answered: Schema) -> Operation:
    several: Schema = listed(TEXT)
    sortable = [sign + name for name in definition.sortable for sign in ("", "-")]
    parameters: dict[str, Schema] = {facet.name: several for facet in definition.facets}
    if sortable:
        parameters["sort"] = {"enum": sortable}
    if definition.words:
        parameters["q"] = TEXT
    return Operation(endpoint, answered, {**parameters, **dict.fromkeys(definition.parameters, DAY)})


def _paths() -> Iterator[tuple[str, dict[str, Any]]]:
    rules: dict[str, list[Rule]] = {}
    for rule in current_app.url_map.iter_rules():
        rules.setdefault(rule.endpoint, []).append(rule)
    for operation in operations():
        rule = max(rules[operation.endpoint], key=lambda rule: ("<extension>" in rule.rule, len(rule.arguments)))
        prefix = current_app.extensions["guapai"].prefix
        yield ARGUMENT.sub(_argument, rule.rule.removeprefix(prefix)) + operation.suffix, _item(operation, rule)


def _argument(match: re.Match[str]) -> str:
    return "json" if match[2] == "extension" else f"{{{match[2]}}}"


def _item(operation: Operation, rule: Rule) -> dict[str, Any]:
    view = current_app.view_functions[operation.endpoint]
    told = (inspect.getdoc(getattr(view, "func", view)) or "").split("\n")[0]
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": operation.path.get(name, TEXT)}
        for name in sorted(rule.arguments - {"extension"})
    ]
    in_query = [_parameter(name, schema) for name, schema in {**operation.parameters, "lang": LANGUAGE}.items()]
    problem = {"application/problem+json": {"schema": PROBLEM_REFERENCE}}
    return {
        "operationId": operation.endpoint.replace(".", "_"),
        "summary": told,
        "parameters": [*in_path, *in_query],
        "responses": {
            "200": {
                "description": gettext("The answer"),
                "headers": {"ETag": {"schema": TEXT}},
                "content": {_media_type(operation): {"schema": operation.answer}},
            },
            "default": {"description": gettext("A fault"), "content": problem},
        },
    }


def _parameter(name: str, schema: Schema) -> dict[str, Any]:
    made = {"name": name, "in": "query", "required": False, "schema": schema}
    if name in EXAMPLES:
        made["example"] = [EXAMPLES[name]] if schema.get("type") == "array" else EXAMPLES[name]
    return made


def _media_type(operation: Operation) -> str:
    return "application/ld+json" if operation.endpoint.startswith("linked_data.") else "application/json"

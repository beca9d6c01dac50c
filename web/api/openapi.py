"""`/openapi.json`: the JSON addresses as OpenAPI 3.1, made from the definitions and routes that serve them."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, make_response, render_template, url_for
from werkzeug.routing import Rule

from kg import __version__
from kg.analysis.findings import find
from kg.analysis.matching import KINDS
from kg.analysis.measures.matrices import MATRICES
from kg.release.catalogue import LICENCE
from kg.vocab import KINDS as THINGS_KINDS
from web.api import schemas
from web.api.properties import LISTS
from web.api.reconciliation import SUGGESTED
from web.api.schemas import NUMBER, TEXT, Schema, closed, listed
from web.http.language import gettext
from web.http.responses import answer, as_json
from web.lists.claims import CLAIMS
from web.lists.definitions import Definition
from web.lists.findings import FINDINGS
from web.lists.registers import GAPS
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
KEY: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_.-]*$"}
"""A key in an address, as `KEY_PATTERN` has it."""
KIND: Schema = {"enum": list(find.KINDS)}
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "ask.ask": {"place": "320583", "purpose": "technology-transfer"},
    "compare.compare": {"place": "320583"},
    "compare.places": {"one": "320583", "other": "320281"},
    "compare.programmes": {"one": "national-etdz", "other": "national-high-tech-zone"},
    "concentration.concentration": {"programme": "national-etdz", "as_of": "2022-12-31"},
    "dossier.dossier": {"path": "320583"},
    "findings.findings": {"place": "320583"},
    "linked_data.data": {"kind": "place", "key": "320583"},
    "lists.carriers": {"kind": "zone"},
    "lists.designations": {"place": "320583"},
    "lists.places": {"level": "province"},
    "matrices.matrices": {"key": "ministry-purpose"},
    "matrices.cell": {"key": "ministry-ministry", "row": "mofcom", "column": "most"},
    "neighbourhood.neighbourhood": {"kind": "place", "key": "320583"},
    "pair.pair": {"one": "national-etdz", "other": "national-high-tech-zone"},
    "reconciliation.properties": {"type": "place"},
    "reconciliation.reconcile": {"queries": '{"q0": {"query": "昆山", "type": "place"}}'},
    "reconciliation.suggest": {"what": "entity", "prefix": "昆"},
    "search.search": {"q": "昆山", "limit": "5"},
    "search.suggest": {"q": "昆"},
}
"""Operation to parameters with which it has an answer that is not long."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What answers at a JSON address.

    endpoint: of Flask; parameters: of the address, each with its schema; answer: schema; path: values of the arguments
    of the route, each with its schema; suffix: extension where the route takes it as the end of a key; form: whether
    the parameters may also be posted, as a form.
    """

    endpoint: str
    answer: Schema = field(default_factory=lambda: OBJECT)
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    path: Mapping[str, Schema] = field(default_factory=dict)
    suffix: str = ""
    form: bool = False


def keyed(*names: str) -> Schema:
    """Return the schema of an object that has at least some members."""
    return {"type": "object", "required": list(names)}


ENTRIES = keyed("entries")
RECONCILED: Schema = {
    "anyOf": [
        keyed("versions", "name", "identifierSpace", "schemaSpace"),
        keyed("meta", "rows"),
        {"type": "object", "additionalProperties": closed({"result": listed(keyed("id", "name", "score", "match"))})},
    ]
}
"""The manifest of the service, properties of things, or the candidates of each query."""
OTHERS = (
    Operation("ask.ask", parameters=dict.fromkeys(("place", "purpose", "programme", "field"), TEXT) | {"as_of": DAY}),
    Operation("search.search", parameters={"q": TEXT, "kind": TEXT, "limit": {**NUMBER, "minimum": 1}}),
    Operation("search.suggest", keyed("query", "suggestions"), {"q": TEXT}),
    Operation(
        "compare.compare",
        ENTRIES,
        {"from": DAY, "to": DAY, "kind": KIND}
        | dict.fromkeys(("place", "ministry", "purpose", "outcome", "strong", "fate"), KEY),
    ),
    Operation("compare.places", keyed("places", "entries"), {"one": TEXT, "other": TEXT, "as_of": DAY}),
    Operation("compare.programmes", keyed("programmes"), {"one": TEXT, "other": TEXT, "as_of": DAY}),
    Operation("concentration.concentration", parameters={"programme": TEXT, "as_of": DAY}),
    Operation("matrices.matrices", parameters={"as_of": DAY}, path={"key": {"enum": list(MATRICES)}}),
    Operation(
        "matrices.cell", keyed("total", "entries"), {"as_of": DAY}, dict.fromkeys(("key", "row", "column"), TEXT)
    ),
    Operation(
        "pair.pair", keyed("one", "other", "total", "entries"), {"as_of": DAY}, dict.fromkeys(("one", "other"), TEXT)
    ),
    Operation("decisions.decisions", keyed("total", "entries")),
    Operation("timeline.timeline"),
    Operation("quality.quality", parameters={"shape": TEXT}),
    Operation("quality.accounting", keyed("lists")),
    Operation("releases.releases", keyed("served", "releases")),
    Operation("sparql_page.words"),
    Operation("monitoring.health", keyed("release")),
    Operation(
        "reconciliation.suggest",
        closed({"result": listed(keyed("id", "name"))}),
        {"prefix": TEXT},
        {"what": {"enum": list(SUGGESTED)}},
    ),
    Operation("reconciliation.properties", keyed("properties"), {"type": {"enum": list(KINDS)}, "limit": NUMBER}),
    Operation("reconciliation.reconcile", RECONCILED, {"queries": TEXT, "extend": TEXT}, form=True),
    Operation("dossier.dossier", path={"path": TEXT}, suffix=".json"),
    Operation("neighbourhood.neighbourhood", path={"kind": TEXT, "key": TEXT}, suffix=".json"),
    Operation("releases.difference", keyed("differences"), path={"early": TEXT, "late": TEXT}, suffix=".json"),
    Operation("linked_data.data", path={"kind": {"enum": list(THINGS_KINDS)}, "key": TEXT}, suffix=".jsonld"),
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
    return make_response(render_template("openapi/openapi.html", document=document(), example=example))


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
        "servers": _servers(release.id),
        "paths": dict(sorted(_paths())),
        "components": {"schemas": {"Problem": PROBLEM}},
    }


def _servers(release: str) -> list[dict[str, Any]]:
    root = url_for("home.home", lang=None).rstrip("/")
    kept = {
        "url": f"{root}/release/{{release}}",
        "description": gettext("A release that stays as it was cited"),
        "variables": {"release": {"default": release}},
    }
    return [{"url": root or "/"}, kept]


def operations() -> Iterator[Operation]:
    """Yield all operations: lists by their definitions, then the others."""
    for definition in {each.name: each for each in (*LISTS.values(), *THINGS_LISTED, TAKEN_IN)}.values():
        yield _list(definition, f"lists.{definition.name}", schemas.list_of(definition, schemas.entry_of(definition)))
    yield _list(CLAIMS, "lists.claims", ENTRIES)
    yield _list(GAPS, "lists.gaps", schemas.list_of(GAPS, schemas.entry_of(GAPS)))
    whole = schemas.list_of(FINDINGS, schemas.finding())
    days = {"days": listed(DAY), "sensitivity": listed(OBJECT)}
    found = _list(FINDINGS, "findings.findings", {**whole, "properties": {**whole["properties"], **days}})
    keys = {facet.name: listed(KIND if facet.name == "kind" else KEY) for facet in FINDINGS.facets}
    yield replace(found, parameters={**found.parameters, **keys})
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
    if definition.columns and endpoint.startswith("lists."):
        parameters["columns"] = listed({"enum": [column.name for column in definition.columns]})
    return Operation(endpoint, answered, {**parameters, **dict.fromkeys(definition.parameters, DAY)})


def _paths() -> Iterator[tuple[str, dict[str, Any]]]:
    rules: dict[str, list[Rule]] = {}
    for rule in current_app.url_map.iter_rules():
        rules.setdefault(rule.endpoint, []).append(rule)
    for operation in operations():
        rule = max(rules[operation.endpoint], key=lambda rule: ("<extension>" in rule.rule, len(rule.arguments)))
        prefix = current_app.extensions["guapai"].prefix
        yield ARGUMENT.sub(_argument, rule.rule.removeprefix(prefix)) + operation.suffix, _methods(operation, rule)


def _argument(match: re.Match[str]) -> str:
    return "json" if match[2] == "extension" else f"{{{match[2]}}}"


def _methods(operation: Operation, rule: Rule) -> dict[str, Any]:
    asked = _item(operation, rule)
    if not operation.form:
        return {"get": asked}
    form = {"type": "object", "properties": dict(operation.parameters)}
    posted = {
        **asked,
        "operationId": f"{asked['operationId']}_post",
        "parameters": [_parameter("lang", LANGUAGE, {})],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
    }
    return {"get": asked, "post": posted}


def _item(operation: Operation, rule: Rule) -> dict[str, Any]:
    view = current_app.view_functions[operation.endpoint]
    told = (inspect.getdoc(getattr(view, "func", view)) or "").split("\n")[0]
    examples = EXAMPLES.get(operation.endpoint, {})
    in_path = [
        {**_parameter(name, operation.path.get(name, TEXT), examples), "in": "path", "required": True}
        for name in sorted(rule.arguments - {"extension"})
    ]
    given = {**operation.parameters, "lang": LANGUAGE}
    in_query = [_parameter(name, schema, examples) for name, schema in given.items()]
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


def _parameter(name: str, schema: Schema, examples: Mapping[str, str]) -> dict[str, Any]:
    made = {"name": name, "in": "query", "required": False, "schema": schema}
    if name in examples:
        made["example"] = [examples[name]] if schema.get("type") == "array" else examples[name]
    return made


def example(path: str, parameters: Iterable[Mapping[str, Any]]) -> str:
    """Return an address that answers, empty where a part of the path has no example."""
    query = []
    for each in parameters:
        value = each.get("example", "")
        first = str(value[0] if isinstance(value, list) else value)
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote(first)) if first else ""
        elif first:
            query.append((each["name"], first))
    return path + (f"?{urlencode(query)}" if path and query else "")


def _media_type(operation: Operation) -> str:
    return "application/ld+json" if operation.endpoint.startswith("linked_data.") else "application/json"

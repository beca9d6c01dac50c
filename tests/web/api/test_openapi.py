"""`/openapi.json`: every JSON address is described, and answers as described."""

import re
from urllib.parse import urlencode

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.api import openapi

ASKED = {
    "/ask.json": {"place": "320583", "purpose": "technology-transfer"},
    "/search.json": {"q": "昆山", "limit": "5"},
    "/suggest": {"q": "昆"},
    "/compare/places.json": {"one": "320583", "other": "320281"},
    "/compare/programmes.json": {"one": "national-etdz", "other": "national-high-tech-zone"},
    "/designations.json": {"place": "320583"},
    "/carriers.json": {"kind": "zone"},
    "/places.json": {"level": "province"},
    "/findings.json": {"place": "320583"},
    "/reconcile/properties": {"type": "place"},
}
"""Parameters by which an address has an answer that is not long."""
ARGUMENTS = {"key": "ministry-purpose", "what": "type"}
PLACES = {
    "/dossier/{path}.json": "/dossier/320583.json",
    "/matrices/{key}/{row}/{column}.json": "/matrices/ministry-ministry/mofcom/most.json",
    "/pair/{one}/{other}.json": "/pair/national-etdz/national-high-tech-zone.json",
    "/neighbourhood/{kind}/{key}.json": "/neighbourhood/place/320583.json",
    "/data/{kind}/{key}.jsonld": "/data/place/320583.jsonld",
}
NOT_DESCRIBED = {"shapes.shapes", "vocabulary.dataset", "vocabulary.ontology", "match.match"}
"""Endpoints with an extension in their route that give no JSON."""


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, dict[str, dict[str, object]]]:
    return dict(app.test_client().get("/openapi.json?lang=en").json or {})


def test_the_document_is_openapi_in_both_languages(client: FlaskClient) -> None:
    english, chinese = (client.get(f"/openapi.json?lang={code}").json for code in ("en", "zh"))
    assert english["openapi"] == "3.1.0"
    assert english["info"]["title"] == "Guapai"
    assert chinese["info"]["title"] != english["info"]["title"]
    assert english["paths"].keys() == chinese["paths"].keys()
    operations = [item["get"]["operationId"] for item in english["paths"].values()]
    assert len(set(operations)) == len(operations) > 30
    assert all(item["get"]["summary"] for item in english["paths"].values())


def test_every_address_with_a_json_twin_is_described(app: Flask) -> None:
    with_extension = {rule.endpoint for rule in app.url_map.iter_rules() if "<extension>" in rule.rule}
    with app.test_request_context("/"):
        described = {operation.endpoint for operation in openapi.operations()}
    assert with_extension - described == NOT_DESCRIBED
    assert described <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_every_address_answers_as_it_is_described(client: FlaskClient, document: dict[str, dict[str, object]]) -> None:
    wrong = {}
    for path, item in document["paths"].items():
        if path.startswith("/releases/{early}"):
            continue  # needs two releases: tests/kg/release/test_diff.py
        address = PLACES.get(path) or re.sub(r"\{(\w+)\}", lambda match: ARGUMENTS[match[1]], path)
        answer = client.get(f"{address}?{urlencode(ASKED.get(path, {}))}")
        ((media_type, described),) = item["get"]["responses"]["200"]["content"].items()  # type: ignore[index]
        if (answer.status_code, answer.mimetype) != (200, media_type):
            wrong[path] = f"{answer.status_code} {answer.mimetype}"
            continue
        jsonschema.Draft202012Validator.check_schema(described["schema"])
        if fault := next(jsonschema.Draft202012Validator(described["schema"]).iter_errors(answer.json), None):
            wrong[path] = fault.message
    assert wrong == {}


def test_lists_are_described_by_their_columns_and_facets(document: dict[str, dict[str, object]]) -> None:
    item = document["paths"]["/designations.json"]["get"]
    named = {parameter["name"] for parameter in item["parameters"]}  # type: ignore[index]
    assert {"programme", "ministry", "province", "field", "year", "sort", "q", "lang"} <= named
    entry = item["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["entries"]["items"]  # type: ignore[index]
    assert entry["properties"].keys() == {
        *("iri", "name", "programme", "place", "carrier", "approved_first", "approved_last", "extent", "records")
    }


def test_the_page_shows_every_address(client: FlaskClient, document: dict[str, dict[str, object]]) -> None:
    page = client.get("/openapi?lang=en").text
    assert [path for path in document["paths"] if f"<code>{path}</code>" not in page] == []


@pytest.mark.slow
def test_schemathesis_finds_no_fault(app: Flask) -> None:
    """Thousands of generated requests: no error of the server, and no answer that is not as described."""
    import schemathesis  # noqa: PLC0415 — slow to import
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415
    from schemathesis.specs.openapi.checks import (  # noqa: PLC0415
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    for found in schema.get_all_operations():
        _asked(found.ok(), checks)


def _asked(operation: object, checks: list[object]) -> None:
    from hypothesis import HealthCheck, given, settings  # noqa: PLC0415

    @given(case=operation.as_strategy())  # type: ignore[attr-defined]
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def test(case: object) -> None:
        case.call_and_validate(checks=checks)  # type: ignore[attr-defined]

    test()

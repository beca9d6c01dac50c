"""`/openapi.json`: every JSON address is described, and answers as described."""

from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from waiting import PATIENCE_SECONDS

from web.api import openapi

REQUESTS = 12
"""Generated requests to an operation, of each kind."""
MIN_OPERATIONS = 35
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


def test_every_address_answers_its_example_as_it_is_described(
    client: FlaskClient, document: dict[str, dict[str, object]]
) -> None:
    wrong = {}
    for path, item in document["paths"].items():
        address = openapi.example(path, item["get"]["parameters"])  # type: ignore[index]
        if not address:
            assert path == "/releases/{early}/{late}.json", "two releases: tests/kg/release/test_diff.py"
            continue
        answer = client.get(address)
        ((media_type, described),) = item["get"]["responses"]["200"]["content"].items()  # type: ignore[index]
        if (answer.status_code, answer.mimetype) != (200, media_type):
            wrong[path] = f"{answer.status_code} {answer.mimetype}"
            continue
        jsonschema.Draft202012Validator.check_schema(described["schema"])
        if fault := next(jsonschema.Draft202012Validator(described["schema"]).iter_errors(answer.json), None):
            wrong[path] = fault.message
    assert wrong == {}


def test_reconcile_is_described_for_post_too_and_answers_as_described(
    client: FlaskClient, document: dict[str, dict[str, object]]
) -> None:
    asked = document["paths"]["/reconcile"]["post"]
    form = asked["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]  # type: ignore[index]
    described = asked["responses"]["200"]["content"]["application/json"]["schema"]  # type: ignore[index]
    answers = [
        client.post("/reconcile", data=given).json
        for given in (
            {},
            {"queries": '{"q": {"query": "昆山"}}'},
            {"extend": '{"ids": ["id/place/320583"], "properties": [{"id": "level"}]}'},
        )
    ]
    assert form["properties"].keys() == {"queries", "extend"}
    assert [next(iter(answer)) for answer in answers] == ["versions", "q", "meta"]
    assert [
        fault for answer in answers for fault in jsonschema.Draft202012Validator(described).iter_errors(answer)
    ] == []


@pytest.mark.parametrize("address", ["/reconcile/suggest/cake", "/reconcile/none", "/matrices/none.json", "/data/a/b"])
def test_faults_at_addresses_of_programs_are_problems_unless_a_page_is_asked_for(
    client: FlaskClient, address: str
) -> None:
    plain, page = client.get(address), client.get(address, headers={"Accept": "text/html"})
    assert (plain.status_code, plain.mimetype) == (404, "application/problem+json")
    assert plain.json["status"] == 404
    assert (page.status_code, page.mimetype) == (404, "text/html")


def test_lists_are_described_by_their_columns_and_facets(document: dict[str, dict[str, object]]) -> None:
    item = document["paths"]["/designations.json"]["get"]
    named = {parameter["name"] for parameter in item["parameters"]}  # type: ignore[index]
    assert {"programme", "ministry", "province", "field", "year", "sort", "q", "lang"} <= named
    entry = item["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["entries"]["items"]  # type: ignore[index]
    assert entry["properties"].keys() == {
        *("iri", "name", "programme", "ministry", "place", "carrier", "approved_first", "approved_last", "extent"),
        *("records", "inferred", "lapsed", "province", "prefecture", "county", "year", "status", "document", "field"),
        "purpose",
    }
    assert entry["required"] == ["iri", "name"], "the reader may choose other columns"


def test_the_page_shows_every_address(client: FlaskClient, document: dict[str, dict[str, object]]) -> None:
    page = client.get("/openapi?lang=en").text
    assert [path for path in document["paths"] if f"<code>{path}</code>" not in page] == []
    assert 'href="/dossier/320583.json"' in page


@pytest.mark.slow
@pytest.mark.parametrize("generated", ["POSITIVE", "NEGATIVE"], ids=["described", "not as described"])
def test_schemathesis_finds_no_fault(site: str, generated: str) -> None:
    """Generated requests, the same in each run, to each address: no error of the server, each answer as described."""
    import schemathesis  # noqa: PLC0415 — slow to import

    described = [found.ok() for found in schemathesis.openapi.from_url(f"{site}/openapi.json").get_all_operations()]
    faults, answered = {}, {}
    for operation in described:
        address = f"{operation.method} {operation.path}"
        answered[address], faults[address] = _answers(operation, schemathesis.GenerationMode[generated])
    assert {address: found for address, found in faults.items() if found} == {}
    assert len(described) > MIN_OPERATIONS
    assert [address for address, statuses in answered.items() if not statuses] == []
    assert {status for statuses in answered.values() for status in statuses} <= {200, 400, 404}


def _answers(operation: Any, mode: Any) -> tuple[set[int], list[str]]:  # noqa: ANN401 — of a library without types
    """Ask an operation some generated requests; return the statuses of the answers, and what is not as described."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415
    from schemathesis.core.failures import FailureGroup  # noqa: PLC0415
    from schemathesis.specs.openapi.checks import (  # noqa: PLC0415
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance]
    checks += [response_headers_conformance, response_schema_conformance]
    statuses, faults = set(), []

    # Without shrinking and database the number of requests is bounded; derandomized, each run asks the same.
    @settings(
        max_examples=REQUESTS,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:  # noqa: ANN401
        answer = case.call(timeout=PATIENCE_SECONDS)
        statuses.add(answer.status_code)
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as group:
            faults.extend(map(str, group.exceptions))

    ask()
    return statuses, faults

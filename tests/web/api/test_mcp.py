"""The server of the Model Context Protocol, asked by the SDK's own client over both transports."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import jsonschema
import pytest
from flask.testing import FlaskClient
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult
from served import GUAPAI, free_port
from waiting import PATIENCE_SECONDS, until

from kg.release import Release
from kg.store.guard import MAX_DEPTH
from kg.vocab import BASE

CALLS: dict[str, dict[str, Any]] = {
    "ask": {"place": "昆山", "purpose": "technology-transfer"},
    "search": {"text": "kunshan", "limit": 3},
    "thing": {"iri": "place/320583"},
    "designations": {"place": "Kunshan"},
    "findings": {"place": "昆山"},
    "finding": {"key": "territorial/320583/industrial-development"},
    "coverage": {"programme": "national-etdz"},
    "compare": {"what": "places", "one": "昆山", "other": "江阴"},
    "sparql": {"query": "SELECT (1 AS ?one) {}"},
}
"""A call of each tool that has an answer."""
TOLD = {"answer", "completeness", "citation", "address", "release", "data_as_of", "language"}
EQUAL: dict[str, tuple[str, dict[str, Any]]] = {
    "/ask.json?place=昆山&purpose=technology-transfer&lang=en": (
        "ask",
        {"place": "昆山", "purpose": "科技成果转移转化", "lang": "en"},
    ),
    "/search.json?q=kunshan&limit=3&lang=zh": ("search", {"text": "kunshan", "limit": 3, "lang": "zh"}),
    "/compare/programmes.json?one=national-etdz&other=national-high-tech-zone&lang=zh": (
        "compare",
        {"what": "programmes", "one": "national-etdz", "other": "national-high-tech-zone", "lang": "zh"},
    ),
    "/designations.json?place=320583&lang=en": ("designations", {"place": "Kunshan", "lang": "en"}),
    "/findings.json?place=320583&lang=en": ("findings", {"place": "昆山", "lang": "en"}),
}
"""Address to the call that answers the same."""
LISTED = ("designations", "findings")
"""Tools of which a page has the entries that the address has."""
COUNT = "SELECT (COUNT(*) AS ?n) { ?p a <https://w3id.org/guapai/ns/Programme> }"
DEEP = "SELECT * " + "{" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1)
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a ?d . ?e a ?f . ?g a ?h }"
FAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "several": ("ask", {"place": "鼓楼", "field": "集成电路", "lang": "en"}, "Nanjing Gulou District (320106)"),
    "none": ("ask", {"place": "昆山", "purpose": "没有这个目的"}, "没有这个目的"),
    "filter": ("designations", {"programme": "没有这种牌子", "lang": "en"}, "nothing is called 没有这种牌子"),
    "page": ("designations", {"place": "昆山", "page": 9, "lang": "en"}, "Pages run from 1 to 1."),
    "finding": ("finding", {"key": "territorial/none", "lang": "en"}, "no finding territorial/none"),
    "thing": ("thing", {"iri": "place/000000"}, "000000"),
    "update": ("sparql", {"query": "CLEAR ALL"}, "CLEAR is refused"),
    "service": ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "SERVICE"),
    "depth": ("sparql", {"query": DEEP}, str(MAX_DEPTH)),
    "time": ("sparql", {"query": PRODUCT}, "2 seconds"),
    "argument": ("search", {"text": "昆山", "limit": 0}, "limit"),
    "no tool": ("drop", {}, "drop"),
}
"""Fault to a call that has it, and a part of what it says."""
KUNSHAN = {"en": "Kunshan City", "zh": "昆山市"}


@dataclass(frozen=True, slots=True)
class Session:
    """What one session with a server of a language gave: tools, and results of the calls."""

    language: str
    tools: list[Any]
    called: dict[str, CallToolResult]
    equal: dict[str, CallToolResult]
    faults: dict[str, CallToolResult]
    unspoken: CallToolResult
    counted: CallToolResult


@contextmanager
def over_http(*command: str) -> Iterator[str]:
    port = free_port()
    with subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: process.poll() is not None or _listens(port), "listening")
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module", params=["stdio", pytest.param("http", marks=pytest.mark.slow)])
def session(request: pytest.FixtureRequest, release: Release) -> Session:
    """One session over each transport, for each starts a process that computes the findings."""
    language = "en" if request.param == "stdio" else "zh"
    command = [GUAPAI, "mcp", "--dist", str(release.path.parent), "--query-seconds", "2", "--lang", language]
    if request.param == "stdio":
        return asked(StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ)), language)
    with over_http(*command) as address:
        return asked(address, language)


def asked(server: str | StdioServerParameters, language: str) -> Session:
    async def ask() -> Session:
        with anyio.fail_after(2 * PATIENCE_SECONDS):
            async with Client(server) as client:
                return Session(
                    language,
                    (await client.list_tools()).tools,
                    {name: await client.call_tool(name, {**given, "lang": "en"}) for name, given in CALLS.items()},
                    {address: await client.call_tool(*call) for address, call in EQUAL.items()},
                    {fault: await client.call_tool(tool, given) for fault, (tool, given, _) in FAULTS.items()},
                    await client.call_tool("thing", {"iri": "place/320583"}),
                    await client.call_tool("sparql", {"query": COUNT}),
                )

    return anyio.run(ask)


def test_a_tool_is_called_over_http(release: Release) -> None:
    async def ask(address: str) -> CallToolResult:
        with anyio.fail_after(2 * PATIENCE_SECONDS):
            async with Client(address) as client:
                return await client.call_tool("thing", {"iri": "place/320583"})

    with over_http(GUAPAI, "mcp", "--dist", str(release.path.parent)) as address:
        found = anyio.run(ask, address)
    assert found.structured_content["answer"]["name"] == KUNSHAN["zh"]


def test_every_tool_answers_by_its_schema_with_completeness_and_citation(session: Session, release: Release) -> None:
    assert {tool.name for tool in session.tools} == CALLS.keys()
    for tool in session.tools:
        found = session.called[tool.name]
        assert tool.annotations.read_only_hint
        assert tool.description
        assert not found.is_error, found.content
        jsonschema.validate(found.structured_content, tool.output_schema)
        told = found.structured_content
        assert told.keys() == TOLD
        assert (told["release"], told["language"]) == (release.id, "en")
        assert f"release {release.id}" in told["citation"]
        assert told["address"].replace(BASE, f"{BASE}release/{release.id}/") in told["citation"]
        assert sum(told["completeness"]["numbers"].values()) > 0


@pytest.mark.parametrize("address", EQUAL)
def test_answers_equal_the_json_addresses(session: Session, client: FlaskClient, address: str) -> None:
    answer = session.equal[address].structured_content["answer"]
    expected = client.get(address).json
    if EQUAL[address][0] in LISTED:
        assert answer["entries"] == expected["entries"] != []
        assert answer["total"] == len(answer["entries"])
    else:
        assert answer == expected


def test_who_else_has_a_designation_for_technology_transfer_in_kunshan(session: Session) -> None:
    answer = session.equal[next(iter(EQUAL))].structured_content["answer"]
    assert len(answer["holders"]) > 10
    assert {(holder["where"], holder["purpose"]) for holder in answer["holders"]} >= {("here", "same")}


def test_queries_are_answered_over_the_graph(session: Session, client: FlaskClient) -> None:
    (row,) = session.counted.structured_content["answer"]["results"]["bindings"]
    assert int(row["n"]["value"]) == client.get("/programmes.json").json["total"]


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_those_of_the_protocol(session: Session, fault: str) -> None:
    result = session.faults[fault]
    assert result.is_error
    assert result.structured_content is None
    assert FAULTS[fault][2] in "".join(part.text for part in result.content)


def test_a_caller_without_a_language_gets_that_of_the_server(session: Session) -> None:
    assert session.unspoken.structured_content["answer"]["name"] == KUNSHAN[session.language]

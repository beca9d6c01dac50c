"""The server of the Model Context Protocol, asked by the SDK's own client over both transports."""

import os
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
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
Server = str | StdioServerParameters


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


@pytest.fixture(scope="module", params=["stdio", "http"])
def server(request: pytest.FixtureRequest, release: Release) -> Iterator[Server]:
    command = [GUAPAI, "mcp", "--dist", str(release.path.parent), "--query-seconds", "2"]
    if request.param == "stdio":
        yield StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
        return
    with over_http(*command) as address:
        yield address


def asked(server: Server, do: Callable[[Client], Awaitable[Any]]) -> Any:  # noqa: ANN401 — what is asked
    async def ask() -> Any:  # noqa: ANN401
        with anyio.fail_after(PATIENCE_SECONDS):
            async with Client(server) as client:
                return await do(client)

    return anyio.run(ask)


def test_every_tool_answers_by_its_schema_with_completeness_and_citation(server: Server, release: Release) -> None:
    async def all_tools(client: Client) -> tuple[Any, dict[str, CallToolResult]]:
        tools = (await client.list_tools()).tools
        return tools, {name: await client.call_tool(name, {**given, "lang": "en"}) for name, given in CALLS.items()}

    tools, answers = asked(server, all_tools)
    assert {tool.name for tool in tools} == CALLS.keys()
    for tool in tools:
        found = answers[tool.name]
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


def test_answers_equal_the_json_addresses(server: Server, client: FlaskClient) -> None:
    async def some(client: Client) -> list[dict[str, Any]]:
        calls = [
            ("ask", {"place": "昆山", "purpose": "科技成果转移转化", "lang": "en"}),
            ("search", {"text": "kunshan", "limit": 3}),
            ("designations", {"place": "Kunshan", "lang": "en"}),
            ("findings", {"place": "昆山", "lang": "en"}),
            ("compare", {"what": "programmes", "one": "national-etdz", "other": "national-high-tech-zone"}),
            ("sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?p a <https://w3id.org/guapai/ns/Programme> }"}),
        ]
        return [(await client.call_tool(name, given)).structured_content["answer"] for name, given in calls]

    ask, search, designations, findings, compare, sparql = asked(server, some)
    assert ask == client.get("/ask.json?place=昆山&purpose=technology-transfer&lang=en").json
    assert len(ask["holders"]) > 10
    assert search == client.get("/search.json?q=kunshan&limit=3&lang=zh").json
    assert designations["entries"] == client.get("/designations.json?place=320583&lang=en").json["entries"]
    assert designations["total"] == len(designations["entries"]) > 10
    assert findings["entries"] == client.get("/findings.json?place=320583&lang=en").json["entries"]
    assert findings["entries"]
    address = "/compare/programmes.json?one=national-etdz&other=national-high-tech-zone&lang=zh"
    assert compare == client.get(address).json
    rows = sparql["results"]["bindings"]
    assert int(rows[0]["n"]["value"]) == client.get("/programmes.json").json["total"]


def test_faults_are_those_of_the_protocol(server: Server) -> None:
    deep = "SELECT * " + "{" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1)
    product = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a ?d . ?e a ?f . ?g a ?h }"
    faults = {
        "several": (
            "ask",
            {"place": "鼓楼", "field": "集成电路", "lang": "en"},
            "Nanjing Gulou District (320106)",
        ),
        "none": ("ask", {"place": "昆山", "purpose": "没有这个目的"}, "没有这个目的"),
        "filter": ("designations", {"programme": "没有这种牌子", "lang": "en"}, "nothing is called 没有这种牌子"),
        "page": ("designations", {"place": "昆山", "page": 9, "lang": "en"}, "pages 1 to 1"),
        "finding": ("finding", {"key": "territorial/none", "lang": "en"}, "no finding territorial/none"),
        "thing": ("thing", {"iri": "place/000000"}, "000000"),
        "update": ("sparql", {"query": "CLEAR ALL"}, "CLEAR is refused"),
        "service": ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "SERVICE"),
        "depth": ("sparql", {"query": deep}, str(MAX_DEPTH)),
        "time": ("sparql", {"query": product}, "2 seconds"),
        "argument": ("search", {"text": "昆山", "limit": 0}, "limit"),
        "no tool": ("drop", {}, "drop"),
    }

    async def fail(client: Client) -> dict[str, str]:
        found = {}
        for name, (tool, given, _) in faults.items():
            result = await client.call_tool(tool, given)
            assert result.is_error, name
            assert result.structured_content is None
            found[name] = "".join(part.text for part in result.content)
        return found

    told = asked(server, fail)
    assert {name: text for name, text in told.items() if faults[name][2] not in text} == {}


def test_a_caller_without_a_language_gets_that_of_the_server(release: Release) -> None:
    command = ["mcp", "--dist", str(release.path.parent), "--lang", "en"]
    english = StdioServerParameters(command=GUAPAI, args=command, env=dict(os.environ))

    async def both(client: Client) -> list[str]:
        results = [await client.call_tool("thing", {"iri": "place/320583", **given}) for given in ({}, {"lang": "zh"})]
        return [result.structured_content["answer"]["name"] for result in results]

    assert asked(english, both) == ["Kunshan City", "昆山市"]

"""Server of the Model Context Protocol: the tools of `web.api.tools` over stdio, or HTTP on loopback."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from flask import Flask
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field, WithJsonSchema

from kg import __version__
from kg.errors import GuapaiError
from kg.vocab import BASE
from web.api import schemas
from web.api.tools import Answer, Language, Tools
from web.lists.designations import DESIGNATIONS
from web.lists.registers import LISTS

LOOPBACK = "127.0.0.1"
INSTRUCTIONS = (
    "Guapai knows which national innovation designations (高新区, 示范区, 基地 …) China's ministries have given to "
    "which places and organisations, since when and for which purpose, and where they duplicate or overlap. Lists are "
    "not all complete: say so with the completeness of each answer, and cite its citation. Findings are indications, "
    "not accusations. Filters take keys, or names in Chinese or English; `search` finds keys."
)
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Lang = Annotated[Literal["zh", "en", ""], Field(description="Language of names and sentences; empty for the server's")]
Page = Annotated[int, Field(ge=1, description="Page of the list, from 1")]
Place = Annotated[str, Field(description="Place: code or name, such as 320583, 昆山 or Kunshan")]
Programme = Annotated[str, Field(description="Programme (kind of designation): key or name")]
Purpose = Annotated[str, Field(description="Purpose or group of purposes: key or name")]
Ministry = Annotated[str, Field(description="Ministry: key or name")]
Area = Annotated[str, Field(description="Field of technology or industry: key or name")]
Day = Annotated[str, Field(description="Day as YYYY-MM-DD; empty for the release's")]


class ListStated(BaseModel):
    """How much of a published list is in the data; official_total is null where no source states it."""

    list: str
    name: str
    completeness: str
    completeness_name: str
    found: int
    official_total: int | None
    edition: str


class Completeness(BaseModel):
    """How whole the lists are that an answer rests on: numbers of lists by completeness, and each of a few."""

    note: str
    numbers: dict[str, int]
    lists: list[ListStated]


class Told(BaseModel):
    """What every answer says beside itself: how whole it is, how to cite it, where the site shows it."""

    completeness: Completeness
    citation: str
    address: str
    release: str
    data_as_of: str
    language: Language


def _page_of(entry: schemas.Schema) -> dict[str, Any]:
    members = {"filters": {"type": "object"}, "unknown": schemas.listed(schemas.TEXT)}
    numbers = dict.fromkeys(("total", "page", "pages"), schemas.NUMBER)
    return dict(schemas.closed({**members, **numbers, "entries": schemas.listed(entry)}))


def _finding() -> dict[str, Any]:
    found = schemas.finding()["properties"]
    return dict(schemas.closed({"days": schemas.listed(schemas.TEXT), **found, "sentences": schemas.TEXT}))


OBJECT: dict[str, Any] = {"type": "object"}
THING = schemas.closed(
    {"iri": schemas.IRI, "name": schemas.TEXT, "page": schemas.nullable("string"), "statements": OBJECT}
)


class AskAnswer(Told):
    """Designations for a purpose at a place and around it, equal to `/ask.json`."""

    answer: Annotated[dict[str, Any], WithJsonSchema(dict(schemas.ask()))]


class SearchAnswer(Told):
    """Things by name, equal to `/search.json`."""

    answer: Annotated[dict[str, Any], WithJsonSchema(dict(schemas.hits()))]


class ThingAnswer(Told):
    """A thing with its statements."""

    answer: Annotated[dict[str, Any], WithJsonSchema(dict(THING))]


class DesignationsAnswer(Told):
    """A page of designations, entries as in `/designations.json`."""

    answer: Annotated[dict[str, Any], WithJsonSchema(_page_of(schemas.entry_of(DESIGNATIONS)))]


class FindingsAnswer(Told):
    """A page of findings, entries as in `/findings.json`."""

    answer: Annotated[dict[str, Any], WithJsonSchema(_page_of(schemas.finding()))]


class FindingAnswer(Told):
    """One finding."""

    answer: Annotated[dict[str, Any], WithJsonSchema(_finding())]


class CoverageAnswer(Told):
    """A page of lists, entries as in `/lists.json`."""

    answer: Annotated[dict[str, Any], WithJsonSchema(_page_of(schemas.entry_of(LISTS)))]


class AnyAnswer(Told):
    """An answer whose members hang on the question."""

    answer: Annotated[dict[str, Any], WithJsonSchema(OBJECT)]


def server(app: Flask, language: Language = "zh") -> MCPServer[Any]:
    """Return the server of an application.

    Args:
        app: the site; `sparql` needs its sandbox pool.
        language: of answers where a call names none.
    """
    made: MCPServer[Any] = MCPServer(
        "guapai",
        title="挂牌 Guapai",
        instructions=INSTRUCTIONS,
        website_url=BASE,
        version=__version__,
        log_level="WARNING",
    )
    for function in (*_questions(Tools(app, language)), *_lists(Tools(app, language))):
        made.add_tool(function, annotations=READ_ONLY)
    return made


def run(app: Flask, language: Language, port: int | None) -> None:
    """Serve over standard input and output, or over HTTP on a port of this machine, until the client ends."""
    if port is None:
        server(app, language).run("stdio")
    else:
        server(app, language).run("streamable-http", host=LOOPBACK, port=port, stateless_http=True)


def _told(answer: Callable[..., Answer], *parts: Any, **named: Any) -> Answer:  # noqa: ANN401 — what the tool takes
    """Return the answer of a tool; what the site refuses is a fault of the tool, as the protocol has it."""
    try:
        return answer(*parts, **named)
    except GuapaiError as error:
        raise ToolError(str(error)) from error


def _questions(tools: Tools) -> tuple[Callable[..., Told], ...]:
    def ask(
        *,
        place: Place,
        purpose: Purpose = "",
        programme: Programme = "",
        field: Area = "",
        as_of: Day = "",
        lang: Lang = "",
    ) -> AskAnswer:
        """Who already has a designation for a purpose, programme or field: in the place, around it, in its province?

        With a place alone the answer is everything there and around.
        """
        asked = {"place": place, "purpose": purpose, "programme": programme, "field": field, "as_of": as_of}
        return AskAnswer(**_told(tools.ask, lang, **asked))

    def search(
        text: Annotated[
            str, Field(min_length=1, description="Name or part of one: Chinese, English, pinyin, initials")
        ],
        kind: Annotated[str, Field(description="Kind of thing, such as place, programme, carrier; empty for all")] = "",
        limit: Annotated[int, Field(ge=1, le=200, description="Number of hits")] = 20,
        lang: Lang = "",
    ) -> SearchAnswer:
        """Find places, programmes, ministries, organisations, designations, purposes, documents by name."""
        return SearchAnswer(**_told(tools.search, lang, text, kind, limit))

    def thing(
        iri: Annotated[str, Field(description="IRI, or kind and key, such as place/320583")], lang: Lang = ""
    ) -> ThingAnswer:
        """Return what is stated of a thing, as JSON-LD."""
        return ThingAnswer(**_told(tools.thing, lang, iri))

    def finding(
        key: Annotated[str, Field(description="Key or IRI of the finding")], as_of: Day = "", lang: Lang = ""
    ) -> FindingAnswer:
        """Explain a finding: its sentences, members, ministries, strength and every factor, on each day."""
        return FindingAnswer(**_told(tools.finding, lang, key, as_of))

    def compare(
        what: Annotated[Literal["places", "programmes"], Field(description="What is compared")],
        one: Annotated[str, Field(description="Key or name")],
        other: Annotated[str, Field(description="Key or name")],
        as_of: Day = "",
        lang: Lang = "",
    ) -> AnyAnswer:
        """Compare two places or two programmes: designations by purpose and ministry, or purposes and provinces."""
        return AnyAnswer(**_told(tools.compare, lang, what, one=one, other=other, as_of=as_of))

    def sparql(query: Annotated[str, Field(description="SPARQL 1.1 query; no update")], lang: Lang = "") -> AnyAnswer:
        """Answer a SPARQL query over the graph, in a sandbox with limits: SPARQL results JSON, or JSON-LD."""
        return AnyAnswer(**_told(tools.sparql, lang, query))

    return ask, search, thing, finding, compare, sparql


def _lists(tools: Tools) -> tuple[Callable[..., Told], ...]:
    def designations(
        *,
        place: Place = "",
        programme: Programme = "",
        ministry: Ministry = "",
        group: Annotated[str, Field(description="Group of purposes: key or name")] = "",
        field: Area = "",
        year: Annotated[str, Field(description="Year of approval, or undated")] = "",
        carrier: Annotated[str, Field(description="Organisation: key or name")] = "",
        words: Annotated[str, Field(description="Words in the Chinese name")] = "",
        page: Page = 1,
        lang: Lang = "",
    ) -> DesignationsAnswer:
        """List designations by place (with all that lies in it), programme, ministry, purpose, field, year, carrier."""
        filters = {"place": place, "programme": programme, "ministry": ministry, "group": group, "field": field}
        return DesignationsAnswer(**_told(tools.designations, lang, page, words, year=year, carrier=carrier, **filters))

    def findings(
        *,
        kind: Annotated[str, Field(description="territorial, thematic, carrier, stacking, programme … or all")] = "",
        place: Place = "",
        programme: Programme = "",
        ministry: Ministry = "",
        purpose: Purpose = "",
        strength: Annotated[str, Field(description="Strength of its evidence: strong, plain, weak or all")] = "",
        as_of: Day = "",
        page: Page = 1,
        lang: Lang = "",
    ) -> FindingsAnswer:
        """List findings, the overlaps with the strongest evidence first: where designations duplicate or overlap."""
        filters = {"kind": kind, "place": place, "programme": programme, "ministry": ministry, "purpose": purpose}
        filters["strength"] = strength
        return FindingsAnswer(**_told(tools.findings, lang, page, as_of, **filters))

    def coverage(programme: Programme = "", page: Page = 1, lang: Lang = "") -> CoverageAnswer:
        """Tell how whole the lists are: designations held of the official total, by list."""
        return CoverageAnswer(**_told(tools.coverage, lang, page, programme=programme))

    return designations, findings, coverage

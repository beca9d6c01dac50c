"""Labels and definitions in the reader's language, generated ones for resources without one."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar, cast

from flask import current_app

from kg.analysis.labels import acronym
from kg.store import Literal, NamedNode, Term
from kg.vocab import SCHEMES, SHAPES, TERMS, THINGS
from web.data import computed, counting
from web.graph.iris import key_of
from web.graph.queries import Graph, Label, expanded, last_part, value
from web.http.language import gettext, language, reader
from web.http.language import lazy_gettext as _

TEXT_KINDS = {
    "paper": _("paper"),
    "rule": _("rule"),
    "notice": _("notice"),
    "approval": _("letter of approval"),
    "plan": _("plan"),
}
"""Labels of the kinds of purpose texts in the graph."""

Parts = ParamSpec("Parts")
Made = TypeVar("Made")
MAX_CACHED = 20_000
"""Cached results of a function; the least recently used are evicted."""
PINYIN = "zh-latn-pinyin"
"""Language tag of transcriptions in the store."""
PRINTED = re.compile(r"p\d-t\d")
"""Key of a table printed in a paper; each of its rows has a record of the same key."""
_CALLED_BY_PLACE = """
    SELECT designation, programme FROM designations
    WHERE name_zh IN (
        SELECT name_zh FROM places UNION SELECT name FROM place_names
        UNION SELECT above.name_zh || below.name_zh FROM places below
        JOIN places above ON above.place IN (below.province, below.prefecture) AND above.place <> below.place
    )
"""
"""SQL: designations whose lists name a place and nothing else (昆山市, 江苏省昆山市), with their programme."""
NUMEROUS = {"designation": "designations", "carrier": "carriers", "place": "places"}
"""Kinds of things of which a list may name thousands, to the tables of the columns that name all of them."""
LabelOf = Callable[[str], Label]
"""Returns the label of another resource in the requested language."""


def graph() -> Graph:
    """Return the graph of the current application."""
    return cast("Graph", current_app._get_current_object().extensions["guapai"].graph)  # type: ignore[attr-defined]  # noqa: SLF001


def cached_by_reader(make: Callable[Parts, Made]) -> Callable[Parts, Made]:
    """Cache a function by reader and arguments, for one release."""

    def memory() -> Callable[..., Made]:
        return lru_cache(maxsize=MAX_CACHED)(lambda _reader, *parts, **named: make(*parts, **named))

    @wraps(make)
    def made(*parts: Parts.args, **named: Parts.kwargs) -> Made:
        return graph().cached(make, memory)(reader(), *parts, **named)

    return made


def today() -> str:
    """Return the release's `data_as_of`, as YYYY-MM-DD."""
    return str(current_app.extensions["guapai"].release.data_as_of)


def cited() -> str:
    """Return the citation of the release, to follow a title."""
    release = current_app.extensions["guapai"].release
    return gettext("In: Guapai (挂牌), release %(id)s, data as of %(day)s.", id=release.id, day=release.data_as_of)


@cached_by_reader
def name(iri: Term | str, asked: str = "") -> Label:
    """Return the label of a resource or term in the reader's language, else in another."""
    text = str(iri) if isinstance(iri, str) else str(iri.value)
    wanted = asked or language()
    if found := graph().display.label(text, wanted):
        return Label(found, wanted)
    label = graph().label(text, wanted)
    if label.language:
        return _telling(text, label)
    return generated_label(graph(), text, wanted, lambda other: name(other, wanted)) or label


def _telling(iri: str, label: Label) -> Label:
    """Return the label of a designation that is called by a place alone with its programme, others unchanged."""
    prefix = THINGS + "designation/"
    if label.language != "zh" or not iri.startswith(prefix):
        return label
    programme = _called_by_place().get(iri.removeprefix(prefix))
    if programme is None:
        return label
    return Label(f"{label.text}（{graph().label(f'{THINGS}programme/{programme}', 'zh').text}）", "zh")


def _called_by_place() -> Mapping[str, str]:
    """Return the programmes of the designations whose list names nothing but a place; none without columns."""
    if not counting():
        return {}
    return graph().cached("called by place", lambda: dict(computed().columns.query(_CALLED_BY_PLACE)))


def names_of(kind: str) -> Mapping[str, str]:
    """Return the names of all things of a kind of `NUMEROUS` by IRI, in the reader's language, else in the other.

    They are read from the columns, which name a thing as the graph does, in a tenth of the time.
    """
    asked, other = ("name_zh", "name_en") if language() == "zh" else ("name_en", "name_zh")
    sql = f"SELECT ? || {kind}, coalesce(nullif({asked}, ''), {other}) FROM {NUMEROUS[kind]}"  # noqa: S608
    names: dict[str, str] = dict(computed().columns.query(sql, [f"{THINGS}{kind}/"]))
    placed = (f"{THINGS}designation/{key}" for key in _called_by_place()) if kind == "designation" else ()
    return names | {iri: name(iri).text for iri in placed}


def transcription(iri: str) -> str:
    """Return the pinyin of a Chinese label for English pages if there is no English label, else an empty text."""
    names = graph().labels(iri) if language() == "en" else {}
    return names.get(PINYIN, "") if "en" not in names else ""


@cached_by_reader
def definition(iri: str) -> str:
    """Return the definition of a term or concept in the reader's language, empty if there is none."""
    rows = graph().rows("graph/definition", thing=NamedNode(iri))
    found = {row["text"].language or "": row["text"].value for row in rows if isinstance(row["text"], Literal)}
    return found.get(language()) or next(iter(found.values()), "")


def brief(iri: str) -> str:
    """Return a short label of a body: in Chinese the shortest, in English the acronym if its key is one."""
    if language() == "en":
        return acronym(key_of(iri)) or name(iri).text
    rows = graph().cached(("other names", iri), lambda: graph().rows("graph/other_names", thing=NamedNode(iri)))
    return min([name(iri).text, *(value(row, "label") for row in rows)], key=len)


def generated_label(graph: Graph, iri: str, asked: str, named: LabelOf) -> Label | None:
    """Return a label for a resource without one, derived from related resources; None for other kinds.

    Args:
        graph: queried for validation results, whose IRIs tell nothing.
        iri: of the resource.
        asked: language, `zh` or `en`.
        named: returns the label of another resource.
    """
    if iri.startswith(SHAPES):
        return Label(iri.removeprefix(SHAPES), "")
    kind, _, key = iri.removeprefix(THINGS).partition("/")
    make = GENERATORS.get(kind) if iri.startswith(THINGS) else None
    return make(graph, key, asked, named) if make else None


def _row(_graph: Graph, key: str, asked: str, named: LabelOf) -> Label:
    """Table and key of the row; for a table printed in a paper also the label of its record."""
    table, _, row = key.partition("/")
    label = named(f"{THINGS}table/{table}")
    short = f"{re.split('[:：]', label.text)[0]} {row}"
    if not PRINTED.fullmatch(table):
        return Label(short, label.language)
    return _joined(Label(short, label.language), named(f"{THINGS}record/{key}").text, asked)


def _reading(graph: Graph, key: str, asked: str, named: LabelOf) -> Label:
    """Designation and property of the column; for a stage also the stage."""
    designation, _, column = key.partition("/")
    column, _, stage = column.partition("/")
    property_name = graph.columns.stated.get(column)
    text = named(expanded(property_name) or "").text if property_name else column
    if stage:
        text = f"{text} ({named(f'{SCHEMES}stage/{stage}').text})"
    return _joined(named(f"{THINGS}designation/{designation}"), text, asked)


def _geometry(_graph: Graph, key: str, asked: str, named: LabelOf) -> Label:
    return _joined(named(f"{THINGS}place/{key}"), "坐标点" if asked == "zh" else "point on the map", asked)


def _structure(_graph: Graph, key: str, asked: str, named: LabelOf) -> Label | None:
    """Table and component of its data structure; structures themselves have labels."""
    table, _, component = key.partition("/")
    return _joined(named(f"{THINGS}table/{table}"), named(TERMS + component).text, asked) if component else None


def _subtraction(_graph: Graph, key: str, asked: str, named: LabelOf) -> Label:
    """The two designations and the relation by design between them."""
    one, _, rest = key.partition("/")
    relation, _, rest = rest.partition("/")
    other = rest.partition("/")[0]
    designations = [named(f"{THINGS}designation/{designation}") for designation in (one, other)]
    text = f" · {named(f'{SCHEMES}relation/{relation}').text} · ".join(designation.text for designation in designations)
    return Label(text, asked)


def _result(graph: Graph, key: str, asked: str, named: LabelOf) -> Label:
    """Focus node and message of a validation result."""
    if key == "report":
        return Label("校验报告" if asked == "zh" else "Report of the validation", asked)
    rows = graph.rows("graph/result", result=NamedNode(f"{THINGS}result/{key}"))
    if not rows:
        return Label(key, "")
    return _joined(named(value(rows[0], "focus")), value(rows[0], asked) or last_part(value(rows[0], "shape")), asked)


def _joined(thing: Label, text: str, asked: str) -> Label:
    """Return a label and a text joined in the language of the page."""
    return Label(f"{thing.text}{'：' if asked == 'zh' else ': '}{text}", asked)


GENERATORS: Mapping[str, Callable[[Graph, str, str, LabelOf], Label | None]] = {
    "row": _row,
    "reading": _reading,
    "geometry": _geometry,
    "structure": _structure,
    "subtraction": _subtraction,
    "result": _result,
}
"""Kind of resource to the function that generates its label."""

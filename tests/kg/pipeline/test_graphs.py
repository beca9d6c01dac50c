"""Graphs as written: labels for every client, and every term as the store spells it."""

import io

import pytest
from pyoxigraph import RdfFormat, parse

from kg.pipeline.graphs import labelled
from kg.release import Release
from kg.store import EmbeddedStore, Literal
from kg.vocab import term, text, typed

LABEL = """ASK {
  ?thing skos:prefLabel|rdfs:label ?label
  FILTER NOT EXISTS { ?thing skos:prefLabel ?label ; rdfs:label ?label }
}"""
PREFIXES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX gp: <https://w3id.org/guapai/ns/>
"""


def test_a_preferred_label_is_a_label_and_no_other_is() -> None:
    pref, alt, label = (term(name) for name in ("skos:prefLabel", "skos:altLabel", "rdfs:label"))
    said = [("<urn:a>", pref, text("甲", "zh")), ("<urn:a>", alt, text("乙", "zh"))]
    assert list(labelled(said)) == [said[0], ("<urn:a>", label, text("甲", "zh")), said[1]]


def test_what_is_named_is_labelled_in_the_whole_graph(store: EmbeddedStore) -> None:
    assert not store.ask(PREFIXES + LABEL, {})
    assert store.ask(PREFIXES + "ASK { ?thing rdfs:label ?label }", {})


@pytest.mark.parametrize("name", ["within", "servesPurpose"])
def test_what_the_documentation_names_is_in_the_default_graph(store: EmbeddedStore, name: str) -> None:
    assert store.ask(PREFIXES + f"ASK {{ ?thing gp:{name} ?other }}", {})


@pytest.mark.parametrize(
    ("number", "canonical"),
    [
        ("6.50", "6.5"),
        ("2.0", "2"),
        ("-0.0", "0"),
        ("1E+2", "100"),
        ("100", "100"),
        ("0.050", "0.05"),
        ("+3.10", "3.1"),
    ],
)
def test_a_decimal_is_canonical(number: str, canonical: str) -> None:
    assert typed(number, "decimal") == f'"{canonical}"^^<http://www.w3.org/2001/XMLSchema#decimal>'


@pytest.mark.slow
def test_graphs_spell_every_term_as_the_store_does(release: Release, store: EmbeddedStore) -> None:
    written = {
        line
        for path in release.graphs.rglob("*.nt")
        for line in path.read_text("utf-8").splitlines()
        if "_:" not in line
    }
    dump = io.BytesIO()
    store.dump(dump, "nt")
    assert {line for line in dump.getvalue().decode().splitlines() if "_:" not in line} == written
    tags = {term.language for term in _literals(release) if term.language}
    assert tags == {"zh", "en", "zh-latn-pinyin"}


def _literals(release: Release) -> list[Literal]:
    path = release.graphs / "designations.nt"
    return [
        quad.object for quad in parse(path=str(path), format=RdfFormat.N_TRIPLES) if isinstance(quad.object, Literal)
    ]


@pytest.mark.parametrize("name", ["ttl", "trig"])
@pytest.mark.slow
def test_dumps_have_no_names_with_escapes(store: EmbeddedStore, name: str) -> None:
    dump = io.BytesIO()
    store.dump(dump, name)
    head = dump.getvalue()[:2000].decode("utf-8", "ignore")
    assert "@prefix gp: <https://w3id.org/guapai/ns/> ." in head
    assert "/id/> ." not in head
    unquoted = [line for line in dump.getvalue().splitlines() if b'"' not in line]
    assert not [line for line in unquoted if b"\\" in line]
    assert any(b"<https://w3id.org/guapai/id/place/" in line for line in unquoted)

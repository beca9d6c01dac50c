"""docs/glossary.md: words and meanings are those of the ontology."""

from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from kg.vocab import PREFIXES

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
ROWS = [line.strip("|").split("|")[:4] for line in LINES if line.startswith("|") and "`" in line]
"""English, Chinese, term and meaning of each row; notes are ours."""


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for name in ("guapai", "schemes"):
        graph.parse(ROOT / "ontology" / f"{name}.ttl")
    return graph


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2].strip())
def test_words_and_meaning_are_those_of_the_ontology(ontology: Graph, row: list[str]) -> None:
    english, chinese, term, meaning = map(str.strip, row)
    prefix, _colon, local = term.strip("`").partition(":")
    labels, definitions = (
        {text.language: str(text) for text in ontology.objects(URIRef(PREFIXES[prefix] + local), of)}  # type: ignore[attr-defined]
        for of in (SKOS.prefLabel, SKOS.definition)
    )
    assert {"en": english, "zh": chinese} == labels
    assert meaning == f"{definitions['en']} {definitions['zh']}"

"""IRIs and N-Triples syntax, against rdflib's parser."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from kg import vocab

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(WORDS, st.sampled_from([None, "zh", "en"]))
def test_any_text_comes_back_from_n_triples_as_it_went_in(words: str, language: str | None) -> None:
    subject, predicate = vocab.thing("place", "110000"), vocab.term("skos:prefLabel")
    line = vocab.line((subject, predicate, vocab.text(words, language)))
    graph = Graph().parse(data=line, format="nt")
    expected = (
        URIRef("https://w3id.org/guapai/id/place/110000"),
        URIRef("http://www.w3.org/2004/02/skos/core#prefLabel"),
        Literal(words, lang=language),
    )
    assert list(graph) == [expected]
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("value", "datatype", "written"),
    [
        (date(2023, 3, 16), "date", '"2023-03-16"^^<http://www.w3.org/2001/XMLSchema#date>'),
        (Decimal("6.50"), "decimal", '"6.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        (True, "boolean", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        (7, "integer", '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    ],
)
def test_typed_literals(value: date | Decimal | bool | int, datatype: str, written: str) -> None:  # noqa: FBT001
    assert vocab.typed(value, datatype) == written


def test_things_have_a_known_kind_and_a_clean_key() -> None:
    assert vocab.thing("record", "p1-t3/r01") == "<https://w3id.org/guapai/id/record/p1-t3/r01>"
    with pytest.raises(ValueError, match="no kind 'planet'"):
        vocab.thing("planet", "mars")
    for key in ("", "a b", "<x>", "a>b", "../x", "昆山"):
        with pytest.raises(ValueError, match="no key"):
            vocab.thing("place", key)
    with pytest.raises(KeyError):
        vocab.term("foo:bar")


def test_links_keep_chinese_and_lose_what_an_iri_must_not_have() -> None:
    assert vocab.link("https://a.cn/国务院?x=1#y") == "<https://a.cn/国务院?x=1#y>"
    assert vocab.link('https://a.cn/a b"<>\\^`{|}') == "<https://a.cn/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D>"

"""Parsing of RDF files: the fast path agrees with rdflib and leaves other input to it."""

from itertools import product
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef

from kg.errors import BuildError
from kg.pipeline.rdf_files import Statements, digests, load, terms_in
from kg.vocab import TYPE, line, text, typed

LINES = [
    line(("<http://a/1>", "<http://a/p>", text('a "quoted" \\ one\nand\ttwo', "zh"))),
    line(("<http://a/1>", "<http://a/p>", text('ends with "', None))),
    line(("<http://a/1>", "<http://a/p>", text("", None))),
    line(("<http://a/1>", "<http://a/q>", typed(3, "integer"))),
    line(("<http://a/1>", "<http://a/q>", "<http://a/中文>")),
    line(("_:b0", "<http://a/q>", "_:b1")),
    line(("_:b1", "<http://a/q>", "<http://a/1>")),
]


def write(folder: Path, lines: list[str]) -> Path:
    path = folder / "data.nt"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_the_fast_way_reads_what_rdflib_reads(tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    ours, theirs = load([path]), Graph().parse(path)
    assert len(ours) == len(LINES)
    assert ours.isomorphic(theirs)


def test_literals_can_be_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    whole = Graph().parse(path)
    assert len(load([path], literals=False)) == sum(not isinstance(thing, Literal) for _, _, thing in whole) == 3


@pytest.mark.parametrize(
    "strange",
    ["# a comment\n", '<http://a/1>\t<http://a/p>\t"\\u4e2d" .\n', "\n", '<http://a/1> <http://a/p> "no line feed" .'],
)
def test_lines_of_another_hand_are_read_too(strange: str, tmp_path: Path) -> None:
    path = write(tmp_path, [*LINES, strange])
    assert load([path]).isomorphic(Graph().parse(path))


def test_the_same_name_in_two_files_is_one_thing_and_turtle_is_read(tmp_path: Path) -> None:
    turtle = tmp_path / "more.ttl"
    turtle.write_text('<http://a/1> <http://a/p> "" .', encoding="utf-8")
    assert len(load([write(tmp_path, LINES), turtle], into=Graph())) == len(LINES)


def test_what_is_no_rdf_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"data\.nt is not RDF"):
        load([write(tmp_path, ["no triple at all\n"])])


def test_only_statements_about_some_terms_can_be_kept(tmp_path: Path) -> None:
    typed_lines = [line((f"<http://a/{number}>", TYPE, f"<http://a/C{number}>")) for number in (1, 2)]
    path = write(tmp_path, [*LINES, *typed_lines])
    kept = {
        terms: len(load([path], terms=frozenset(terms))) for terms in (("<http://a/q>",), ("<http://a/C1>",), (TYPE,))
    }
    assert kept == {("<http://a/q>",): 4, ("<http://a/C1>",): 1, (TYPE,): 2}


def test_a_digest_of_a_term_changes_with_its_statements_only(tmp_path: Path) -> None:
    before = digests([write(tmp_path, LINES)])
    after = digests([write(tmp_path, [*LINES, line(("<http://a/2>", "<http://a/q>", "<http://a/1>"))])])
    assert before.keys() == after.keys() == {"<http://a/p>", "<http://a/q>"}
    assert [term for term in before if before[term] != after[term]] == ["<http://a/q>"]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("SELECT $this ?value WHERE { $this gp:quote ?value }", {"<https://w3id.org/guapai/ns/quote>"}),
        ("CONSTRUCT { ?x <http://a/p> ?y } WHERE { ?x a ?y }", {"<http://a/p>", TYPE}),
        ("SELECT * { ?subject ?property ?value }", None),
        ("SELECT * { ?subject <http://a/p> ?x ; ?property 3 }", None),
    ],
)
def test_the_terms_in_a_query(query: str, terms: set[str] | None) -> None:
    assert terms_in(query) == terms


def test_statements_are_found_as_in_a_graph_of_rdflib() -> None:
    """Every pattern of three terms, each given or not, also after more was added, and of many values."""
    a, b, p, q = (URIRef(f"http://e/{name}") for name in "abpq")
    given = [(a, p, b), (a, p, Literal("1")), (a, q, b), (b, p, a), (a, p, b), *((b, q, Literal(n)) for n in range(40))]
    held, usual = Statements(given[:5]), Graph()
    assert list(held.subjects(p, b)) == [a]
    held.extend(given[5:])
    for statement in given:
        usual.add(statement)
    ends = [None, a, b, p, Literal("1"), Literal(39), Literal("none")]
    for pattern in product(ends[:4], [None, p, q, a], ends):
        assert sorted(held.triples(pattern)) == sorted(usual.triples(pattern)), pattern
    assert list(held.objects(a, p)) == [b, Literal("1")]
    assert len(held) == len(usual) == 44
    with pytest.raises(TypeError, match="not removed"):
        held.remove((a, p, b))

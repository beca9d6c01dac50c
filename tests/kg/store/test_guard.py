"""Guard of visitors' queries: what passes, what is refused and where, and that passed queries are harmless."""

import json
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.store.guard import MAX_BYTES, MAX_DEPTH, MAX_TOKENS, Kind, Token, inspect, tokenize

PREFIXES = "PREFIX ex: <http://e/> PREFIX : <http://e/> PREFIX urn: <urn:> BASE <http://e/> "
CALL = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"
"""Call of a port that refuses connections, so that a query that passes fails at once."""

HARMLESS = [
    ("SELECT * { ?s ?p ?o }", Kind.SELECT),
    ("  # a comment\n select*where{?s?p?o}", Kind.SELECT),
    ("PREFIX select: <http://e/> BASE <http://e/> ASK { <a> select:b 1 }", Kind.ASK),
    ("CONSTRUCT WHERE { ?s ?p ?o }", Kind.CONSTRUCT),
    ("DESCRIBE <http://e/s>", Kind.DESCRIBE),
    ('VERSION "1.2" ASK {}', Kind.ASK),
    ("ASK { ?load ?service $insert }", Kind.ASK),
    ("ASK { ex:service ex:load ex:a.service ; :delete _:service }", Kind.ASK),
    ("ASK { <http://e/service> <http://e/#load> 'SERVICE <x> {' }", Kind.ASK),
    ("ASK { ?s ?p 'it\\'s SERVICE', \"a\\\\\", '''a'b''SERVICE''', \"\"\"c\"d\"\"SERVICE\"\"\" }", Kind.ASK),
    ("ASK { ?s ?p ?o } # SERVICE <http://e/> { }\n# LOAD <http://e/>", Kind.ASK),
    ('ASK { ?s ?p \'# no comment\' , """\n# nor this """ }', Kind.ASK),
    ("ASK { ?s ?p 'designation'@en-GB, '中国'@zh, 1, -2.5, 3e4, .5, true }", Kind.ASK),
    ("ASK { ?s ex:a/^ex:b*|!(ex:c|^ex:d)? ?o FILTER(?o<?s&&?s>?p||?o<=1&&(?o != <http://e/#x>)) }", Kind.ASK),
    ("ASK { VALUES (?a ?b) { (1 <http://e/it's#x>) (UNDEF <x>) } FILTER(?a IN (1, 2) && ex:f(?b, <#x>)) }", Kind.ASK),
    ("ASK { ?s ex:a%20b ex:c\\#d , ex:e. ?s ex:f. }", Kind.ASK),
    ("SELECT ?名称 { ?s ex:名称 ?名称 }", Kind.SELECT),
    ("ASK { ?s ex:（一） '｛？　“”' } # ｝\u3000", Kind.ASK),
    ("ASK { {} UNION {} FILTER(?triple || ?a) }", Kind.ASK),
]


@pytest.mark.parametrize(("query", "kind"), HARMLESS)
def test_harmless_queries_pass(query: str, kind: Kind) -> None:
    assert inspect(query) is kind


READ_ONLY = "is refused, because this server is read-only: it answers queries and takes no updates."
NO_CALLS = "SERVICE is refused, because this server does not query other servers for you."
UNCLEAR = "put a blank after <, or write the IRI in full: it is unclear whether < compares or begins an IRI."
NO_TRIPLE_TERMS = "triples as terms, which came with SPARQL 1.2, are not served here"
REFUSED = [
    (f"SELECT * {{\n  {CALL} }}", 2, 3, NO_CALLS),
    ("ASK { ?s ?p ?o.service?x{?s ?p ?o} }", 1, 16, NO_CALLS),
    ("ASK { ?s ?p ex:.SERVICE<http://e/>{} }", 1, 17, NO_CALLS),
    ("ASK { ?s ?p 1SERVICE<http://e/>{} }", 1, 14, NO_CALLS),
    ("ASK { ?s ?p 'a'@en.SERVICE<http://e/>{} }", 1, 20, NO_CALLS),
    ("ASK { service:a {} }", 1, 7, NO_CALLS),
    (
        "PREFIX SERVICEex: <http://e/> ASK {}",
        1,
        8,
        "the name 'SERVICEex:' is refused, because the engine would find SERVICE in it.",
    ),
    (
        "ASK { ?s ?p trueSERVICE<http://e/>{} }",
        1,
        13,
        "the name 'trueSERVICE' is refused, because the engine would find SERVICE in it.",
    ),
    *((f"{update} <http://e/>", 1, 1, f"{update} {READ_ONLY}") for update in ("LOAD", "CLEAR", "DROP", "CREATE")),
    *((f"{update} <a> TO <b>", 1, 1, f"{update} {READ_ONLY}") for update in ("COPY", "MOVE", "ADD")),
    ("INSERT DATA { <a> <b> <c> }", 1, 1, f"INSERT {READ_ONLY}"),
    ("PREFIX ex: <http://e/>\nDELETE WHERE { ?s ?p ?o }", 2, 1, f"DELETE {READ_ONLY}"),
    ("WITH <http://e/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", 1, 1, f"WITH {READ_ONLY}"),
    ("ASK {} ; drop all", 1, 10, f"DROP {READ_ONLY}"),
    ("ASK { ?s ?p 'open }", 1, 13, "a string is not closed."),
    ('ASK { ?s ?p """open" }', 1, 13, "a string is not closed."),
    ("ASK { ?s ?p ?o \\u0053 }", 1, 16, "'\\\\' cannot stand here."),
    ("ASK { ?s ?p ?o )", 1, 16, "')' closes what was not opened."),
    ("ASK { ?s ?p ?o }}", 1, 17, "'}' closes what was not opened."),
    ("ASK { ?s ?p (1 2", 1, 17, "the query ends before a ')'."),
    ("PREFIX ex: <http://e/>", 1, 23, "the query has no SELECT, ASK, CONSTRUCT or DESCRIBE."),
    ("", 1, 1, "the query has no SELECT, ASK, CONSTRUCT or DESCRIBE."),
    ("FETCH ?x", 1, 1, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with 'FETCH'."),
    (
        "ASK { <<?s ?p ?o>> ?p ?o }",
        1,
        7,
        f"{NO_TRIPLE_TERMS}; if << compares with an IRI, put a blank between.",
    ),
    ("ASK { FILTER(?a <1#> 2) }", 1, 17, UNCLEAR),
    ("ASK { FILTER(EXISTS { ?s ?p ?o }<'x'>2) }", 1, 33, UNCLEAR),
    ("ASK { ?s ?p ?o {| ?a ?b |} }", 1, 17, f"{NO_TRIPLE_TERMS}."),
    ("ASK { ?s ?p ?o ~ ?r }", 1, 16, f"{NO_TRIPLE_TERMS}."),
    ("ASK { BIND(triple(?s, ?p, ?o) AS ?x) }", 1, 12, f"{NO_TRIPLE_TERMS}."),
    ("SELECT ？x { ?x ?p 1 }", 1, 8, "'？' (U+FF1F, fullwidth question mark) cannot stand here; write '?'."),
    ("SELECT *\n  ｛ ?s ?p 1 }", 2, 3, "'｛' (U+FF5B, fullwidth left curly bracket) cannot stand here; write '{'."),
    (
        "SELECT *\u3000{ ?s ?p 1 }",
        1,
        9,
        "'\\u3000' (U+3000, ideographic space) cannot stand here; write a plain blank, or nothing.",
    ),
    ("ASK { ?s gp：within ?o }", 1, 12, "'：' (U+FF1A, fullwidth colon) cannot stand here; write ':'."),
    ("ASK { ?s ?p “a” }", 1, 13, "'“' (U+201C, left double quotation mark) cannot stand here; write '\"'."),
    ("ASK { ?s ?p (1，2) }", 1, 15, "'，' (U+FF0C, fullwidth comma) cannot stand here; write ','."),
    ("ASK {\u200b}", 1, 6, "'\\u200b' (U+200B, zero width space) cannot stand here; write a plain blank, or nothing."),
    (
        "SELECT * { ?s ?p ?o｝",
        1,
        21,
        ("the query ends before a '}'; line 1, column 20 has '｝' (U+FF5D, fullwidth right curly bracket); write '}'."),
    ),
    (
        "ASK\n{ ?s ?p ?o｛ }}",
        2,
        14,
        (
            "'}' closes what was not opened; line 2, column 11 has '｛' (U+FF5B, fullwidth left curly bracket); "
            "write '{'."
        ),
    ),
    ("ASK { ?s ?p 'a\ud800' }", 1, 15, "this is half a character (a lone surrogate)."),
]


@pytest.mark.parametrize(("query", "line", "column", "reason"), REFUSED)
def test_refused_with_place_and_reason(query: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        inspect(query)
    assert (str(caught.value), caught.value.line, caught.value.column) == (
        f"Line {line}, column {column}: {reason}",
        line,
        column,
    )


def test_size_is_limited_in_bytes() -> None:
    longest = "ASK { ?s ?p '" + "中" * ((MAX_BYTES - 17) // 3) + "' }"
    longest += " " * (MAX_BYTES - len(longest.encode()))
    assert inspect(longest) is Kind.ASK
    with pytest.raises(QueryError, match=r"The query is 65,537 bytes long; the limit here is 65,536\."):
        inspect(longest + " ")


@pytest.mark.parametrize("opening", ["{", "?s ?p (", "?s ?p [ ?p "])
def test_depth_is_limited(opening: str) -> None:
    closing = {"{": "}", "(": ")", "[": "]"}[opening.replace("?s ?p ", "").replace("?p ", "").strip()]
    inspect("ASK {" + opening * (MAX_DEPTH - 1) + closing * (MAX_DEPTH - 1) + "}")
    with pytest.raises(QueryError, match=r"brackets are nested more than 32 deep, the limit here\."):
        inspect("ASK {" + opening * MAX_DEPTH + closing * MAX_DEPTH + "}")


def test_tokens_are_limited() -> None:
    numbers = "1 " * (MAX_TOKENS - 7)
    assert inspect(f"ASK {{ VALUES ?x {{{numbers}}} }}") is Kind.ASK
    with pytest.raises(QueryError, match="the query has more than 10,000 words and signs, the limit here"):
        inspect(f"ASK {{ VALUES ?x {{{numbers} 1}} }}")


def test_tokens() -> None:
    query = "SELECT ?x { ex:a.b <x#y> 'z'@en-GB, _:c . } # end"
    assert list(tokenize(query)) == [
        Token("word", "SELECT", 0),
        Token("variable", "?x", 7),
        Token("open", "{", 10),
        Token("prefixed", "ex:a.b", 12),
        Token("iri", "<x#y>", 19),
        Token("string", "'z'", 25),
        Token("language", "@en-GB", 28),
        Token("operator", ",", 34),
        Token("label", "_:c", 36),
        Token("operator", ".", 40),
        Token("close", "}", 42),
    ]


AWKWARD = [
    "a.",
    "a",
    "a.a",
    ":a..",
    "ex:a.",
    "'",
    '"""',
    "'a",
    "<a",
    "< ",
    "#\n",
    "@a-",
    "1.",
    "1e",
    "%41",
    "_:a.",
    "?",
    "\\u",
]


@pytest.mark.parametrize("part", [*AWKWARD, "ex:%41.", "?a<a#", "'\\'", "((", ".5e+"])
def test_one_linear_pass(part: str) -> None:
    """Four times the text takes about four times the processor time; with backtracking it would be sixteen times."""

    def seconds(size: int) -> float:
        query = "ASK {" + part * (size // len(part))
        best = float("inf")
        for _ in range(5):
            start = time.thread_time()
            with suppress(QueryError):
                deque(tokenize(query), maxlen=0)
            best = min(best, time.thread_time() - start)
        return best

    assert seconds(4 * 16_000) < 9 * seconds(16_000) + 0.02


@given(st.text(max_size=300))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_any_text_passes_or_is_a_query_error(text: str) -> None:
    for query in (text, f"ASK {{ {text} }}"):
        with suppress(QueryError):
            assert inspect(query) in Kind


SOUP = (
    *("SERVICE ", "SERVICE", "SILENT ", "ex:", "ex:a", ".SERVICE", ":", ":a", "urn:a", "<1#>", "<#x>", "<urn:a#>"),
    *(
        "<http://127.0.0.1:9/>",
        "<http://127.0.0.1:9/#>",
        "<a>",
        "<'>",
        "'",
        '"',
        '"""',
        "'''",
        "''",
        "#",
        "\n",
        "\r",
        " ",
    ),
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "?s ",
        "?p ",
        "?o ",
        "FILTER",
        "FILTER(",
        "BIND(",
        "AS ?z)",
        "1",
        "2.5",
        "1e3",
        ".",
    ),
    *(
        "..",
        ";",
        ",",
        "<",
        ">",
        "<<",
        "<=",
        "=",
        "&&",
        "||",
        "!",
        "+",
        "*",
        "/",
        "^",
        "@en",
        "^^ex:a",
        "\\",
        "%41",
        "true",
    ),
    *(
        "EXISTS{",
        "OPTIONAL{",
        "UNION",
        "?s ?p ?o .",
        "VALUES ?x {",
        "_:a.",
        "IF(",
        "GROUP BY ",
        "{|",
        "|}",
        "·",
        "、",
        CALL,
    ),
)
SEEDS = (
    f"SELECT * {{ ?s ?p ?o {CALL} }}",
    f"ASK {{ ?s ?p ?o FILTER(1 < 2) {CALL} }}",
    f"ASK {{ ?s ?p 'a#b', \"c'd\", '''e\"f''' . # {CALL}\n }}",
    f"SELECT * {{ ?s ?p ?o FILTER(?o = ex:a && (?s<?o || 1>2)) . {CALL} }}",
)


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """Yield a query that calls another server, with fragments inserted and removed."""
    query = draw(st.sampled_from(SEEDS))
    for piece in draw(st.lists(st.sampled_from(SOUP), min_size=1, max_size=6)):
        start = draw(st.integers(0, len(query)))
        end = start + draw(st.sampled_from((0, 0, 1, 3, 8)))
        query = query[:start] + piece + query[end:]
    return PREFIXES + query


ENGINE = """
import json, sys
from pyoxigraph import NamedNode, Quad, Store
store, thing = Store(), NamedNode("http://e/s")
store.add(Quad(thing, thing, thing))
for query in json.load(sys.stdin):
    try:
        found = store.query(query)
        for _ in range(20 if hasattr(found, "__next__") else 0):
            if next(found, None) is None:
                break
        print("answered")
    except (SyntaxError, RuntimeError):
        print("refused")
    except OSError:
        print("called", repr(query))
"""


@pytest.mark.parametrize("examples", [300, pytest.param(3000, marks=pytest.mark.slow)])
def test_the_engine_neither_dies_of_nor_calls_out_for_what_passes(examples: int) -> None:
    """The engine in a process of its own reads everything that the guard let pass, and every spoiled seed besides."""
    passed: list[str] = []

    @given(spoiled())
    @settings(max_examples=examples, derandomize=True, deadline=None, database=None)
    def collect(query: str) -> None:
        try:
            inspect(query)
        except QueryError:
            return
        passed.append(query)

    collect()
    assert len(passed) > examples / 60
    assert engine(passed) <= {"answered", "refused"}
    assert "answered" in engine(passed)
    (called,) = engine([PREFIXES + SEEDS[0]])
    assert called.startswith("called"), "without the guard the engine calls out"


def engine(queries: list[str]) -> set[str]:
    """Return the engine's result of each query, run in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", ENGINE],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    return set(run.stdout.splitlines())

"""Reasoning: consistency by HermiT, derived kinds, planted contradictions, inferred triples."""

from collections.abc import Collection
from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Node, URIRef

from kg import tables, vocab
from kg.errors import BuildError
from kg.pipeline import fold, reason
from kg.release import Release
from kg.tables.decided import decided

ROOT = Path(__file__).parents[3]
ONTOLOGY = ROOT / "ontology"
VOCABULARY = [ONTOLOGY / name for name in ("guapai.ttl", "alignments.ttl", "deprecated.ttl", "schemes.ttl")]
CONTRADICTIONS = sorted((ONTOLOGY / "examples").glob("contradiction-*.ttl"))
NAMES = ("Center", "Base", "Park", "Platform", "Cluster", "Pilot")
ID = "https://w3id.org/guapai/id/"
GP = "https://w3id.org/guapai/ns/"
SCHEME = "https://w3id.org/guapai/scheme/"
HEAD = f"@prefix gp: <{GP}> .\n"


@pytest.mark.slow
def test_real_data_are_consistent_and_every_kind_is_derived(release: Release) -> None:
    graphs = [release.graphs / f"{name}.nt" for name in ("ontology", "schemes", "designations")]
    found = reason.conclude(graphs, at_once=20_000)
    package = decided(tables.open_package(ROOT / "data"))
    categories = {row["id"]: row["category"] for row in package.rows("programmes")}
    designations = {row["id"]: categories[row["programme_id"]] for row in package.rows("designations")}
    assert found.types == {
        f"{ID}designation/{key}": f"gp:{kind.capitalize()}" for key, kind in sorted(designations.items())
    }
    assert sum(found.derived.values()) == release.manifest["counts"]["rows"]["designations"]
    inferred = (release.graphs / "inferred.nt").read_text(encoding="utf-8")
    assert "".join(vocab.lines(found.triples)) == inferred
    assert len(found.triples) == release.manifest["counts"]["triples"]["inferred"] <= 500_000


def test_the_planted_contradictions_are_against_different_axioms() -> None:
    reasons = [path.read_text("utf-8").split("\n")[0] for path in CONTRADICTIONS]
    assert len(set(reasons)) == len(reasons) >= 5
    assert all(text.startswith("# contradicts ") for text in reasons)


def test_the_vocabulary_alone_is_consistent() -> None:
    assert reason.is_consistent(VOCABULARY)


@pytest.mark.parametrize("path", CONTRADICTIONS, ids=lambda path: path.stem)
def test_every_planted_contradiction_is_found(path: Path) -> None:
    assert not reason.is_consistent([*VOCABULARY, path])


def test_every_kind_is_derived_from_its_category(tmp_path: Path) -> None:
    path = tmp_path / "designations.ttl"
    path.write_text(
        HEAD
        + "".join(
            f"<{ID}programme/{name}> a gp:Programme ; gp:hasCategory <{SCHEME}category/{name.lower()}> .\n"
            f"<{ID}designation/{name}> a gp:Designation , gp:{name} ; gp:underProgramme <{ID}programme/{name}> .\n"
            for name in NAMES
        ),
        encoding="utf-8",
    )
    found = reason.conclude([*VOCABULARY, path])
    assert found.types == {f"{ID}designation/{name}": f"gp:{name}" for name in sorted(NAMES)}


def test_a_designation_whose_kind_is_not_asserted_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "designations.ttl"
    path.write_text(
        f"{HEAD}<{ID}programme/x> a gp:Programme ; gp:hasCategory <{SCHEME}category/park> .\n"
        f"<{ID}designation/x> a gp:Designation ; gp:underProgramme <{ID}programme/x> .",
        encoding="utf-8",
    )
    with pytest.raises(BuildError, match="designation/x: asserted nothing, derived gp:Park"):
        reason.conclude([*VOCABULARY, path])


def test_what_follows_is_what_owlrl_says_too(tmp_path: Path) -> None:
    """A small sample on which the slow, complete rules of owlrl can be run: chains, transitivity, definitions."""
    path = tmp_path / "sample.ttl"
    path.write_text(
        f"""{HEAD}
        <{ID}place/320583> a gp:Place ; gp:directlyWithin <{ID}place/320500> .
        <{ID}place/320500> a gp:Place ; gp:directlyWithin <{ID}place/320000> .
        <{ID}place/320000> a gp:Place ; gp:inRegion <{ID}region/yrd> .
        <{ID}region/yrd> a gp:Region .
        <{ID}programme/zone> a gp:Programme ; gp:hasCategory <{SCHEME}category/park> ;
            gp:hasPurposeAssignment <{ID}assignment/zone-transfer> .
        <{ID}assignment/zone-transfer> a gp:PurposeAssignment ; gp:assignsPurpose <{SCHEME}purpose/transfer> .
        <{SCHEME}purpose/transfer> a gp:ApprovalPurpose .
        <{ID}designation/kunshan> a gp:Designation ; gp:underProgramme <{ID}programme/zone> ;
            gp:locatedIn <{ID}place/320583> .
        """,
        encoding="utf-8",
    )
    data = {subject.n3() for subject in Graph().parse(path, format="turtle").subjects()}
    found = {triple for triple in reason.materialise([*VOCABULARY, path]) if triple[0] in data}
    whole = Graph()
    for source in [*VOCABULARY, path]:
        whole.parse(source, format="turtle")
    stated = set(whole)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(whole)
    idle = (OWL.Thing, RDFS.Resource, OWL.NamedIndividual)
    expected = {
        (s.n3(), p.n3(), o.n3())
        for s, p, o in set(whole) - stated
        if s.n3() in data and p != OWL.sameAs and not isinstance(o, Literal | BNode) and o not in idle
    }
    assert found == expected
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert {
        (f"<{ID}designation/kunshan>", f"<{GP}servesPurpose>", f"<{SCHEME}purpose/transfer>"),
        (f"<{ID}place/320583>", f"<{GP}inRegion>", f"<{ID}region/yrd>"),
        (f"<{ID}designation/kunshan>", kind, f"<{GP}Park>"),
    } <= found


def designations(*extra: str) -> str:
    """Four designations of one programme and one of another, all with a place, with some statements more."""
    lines = [
        f"<{ID}programme/{name}> a gp:Programme ; gp:hasCategory <{SCHEME}category/park> ." for name in ("zone", "area")
    ]
    lines += [
        f"<{ID}designation/{key}> a gp:Designation , gp:Park ; gp:underProgramme <{ID}programme/{name}> ; "
        f"gp:locatedIn <{ID}place/{place}> ."
        for key, name, place in (
            ("a", "zone", 1),
            ("b", "zone", 2),
            ("c", "zone", 1),
            ("d", "zone", 3),
            ("e", "area", 1),
        )
    ]
    lines += [f"<{ID}place/{number}> a gp:Place ." for number in (1, 2, 3)]
    return "\n".join(
        [HEAD, *lines, *(f"<{ID}designation/{one}> gp:liesOn <{ID}designation/{other}> ." for one, other in extra)]
    )


def folded(words: str) -> set[frozenset[str]]:
    """Return the groups of designations that are folded together."""
    graph = Graph()
    for path in VOCABULARY:
        graph.parse(path)
    graph.parse(data=words, format="turtle")
    found = fold.fold(graph, reason.ALIKE)
    groups: dict[str, set[str]] = {}
    for thing in graph.subjects(RDF.type, URIRef(f"{GP}Designation")):
        groups.setdefault(str(found.of(thing)), set()).add(str(thing).removeprefix(f"{ID}designation/"))
    return {frozenset(group) for group in groups.values()}


def test_designations_are_folded_by_programme_properties_and_height() -> None:
    assert folded(designations()) == {frozenset("abcd"), frozenset("e")}
    assert folded(designations("ab")) == {frozenset("a"), frozenset("b"), frozenset("cd"), frozenset("e")}
    assert folded(designations("ab", "bc")) == {
        frozenset("a"),
        frozenset("b"),
        frozenset("c"),
        frozenset("d"),
        frozenset("e"),
    }
    assert folded(designations("ac", "bd")) == {frozenset("ab"), frozenset("cd"), frozenset("e")}


ACROSS = {
    "what a designation tells of a place": (
        (
            "x:hub a owl:ObjectProperty ; rdfs:range x:Hub . x:Near a owl:Class ; "
            "owl:equivalentClass [ a owl:Restriction ; owl:onProperty gp:locatedIn ; owl:someValuesFrom x:Hub ] . "
            "designation:a x:hub place:1 ."
        ),
        ("designation:e", "rdf:type", "x:Near"),
    ),
    "a place that leads back": (
        (
            "x:hosts a owl:ObjectProperty ; owl:inverseOf gp:locatedIn . "
            "x:beside a owl:ObjectProperty ; owl:propertyChainAxiom ( gp:locatedIn x:hosts ) ."
        ),
        ("designation:a", "x:beside", "designation:e"),
    ),
    "two that are one by what they point to": (
        "x:only a owl:InverseFunctionalProperty . designation:a x:only place:1 . designation:e x:only place:1 .",
        ("designation:a", "owl:sameAs", "designation:e"),
    ),
    "designations that lie on one another": (
        "gp:liesOn a owl:TransitiveProperty .",
        ("designation:a", "gp:liesOn", "designation:c"),
    ),
}
"""Axioms that join designations, and what follows from statements about two of them."""


@pytest.mark.parametrize("case", ACROSS)
def test_the_rules_find_in_parts_what_they_find_in_the_whole(case: str, tmp_path: Path) -> None:
    axioms, across = ACROSS[case]
    spaces = vocab.PREFIXES | {"designation": f"{ID}designation/", "place": f"{ID}place/", "x": "https://example.org/"}
    path = tmp_path / "designations.ttl"
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in spaces.items())
    path.write_text(head + designations("ab", "bc") + axioms, encoding="utf-8")
    whole = reason.materialise([*VOCABULARY, path], at_once=1_000_000)
    terms = [name.partition(":") for name in across]
    assert tuple(f"<{spaces[prefix]}{local}>" for prefix, _, local in terms) in whole
    assert reason.materialise([*VOCABULARY, path], at_once=1) == whole


def test_designations_are_parted_by_what_leads_from_one_to_another() -> None:
    """Designations that lie on one another are together; no part is larger than asked, unless one group is."""
    graph = Graph().parse(data=designations("ab", "bc"), format="turtle")
    members: set[Node] = set(graph.subjects(RDF.type, URIRef(f"{GP}Designation")))
    seen: list[list[str]] = []

    def close(statements: Collection[fold.Statement]) -> set[fold.Statement]:
        seen.append(sorted({str(subject).rpartition("/")[2] for subject, _, _ in statements if subject in members}))
        return set(statements)

    together: set[fold.Statement] = set()
    for closure in fold.closures(list(graph), members, 8, close):
        together |= closure
    assert together == set(graph)
    assert sorted(seen) == [[], ["a", "b", "c"], ["d", "e"]]


@pytest.mark.parametrize(("extra", "consistent"), [(("ac", "bd"), True), (("ab", "ba"), False), (("ab", "bb"), False)])
def test_folding_neither_hides_nor_makes_a_contradiction(
    extra: tuple[str, ...],
    consistent: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    path = tmp_path / "designations.ttl"
    path.write_text(designations(*extra), encoding="utf-8")
    assert reason.is_consistent([*VOCABULARY, path]) is consistent

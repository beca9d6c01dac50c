"""HermiT finds the ontology consistent, derives kinds, and finds every planted contradiction; what follows is right."""

from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDFS, BNode, Graph, Literal

from kg import reason
from kg.errors import BuildError
from kg.release import Release

ONTOLOGY = Path(__file__).parent.parent / "ontology"
VOCABULARY = [ONTOLOGY / name for name in ("guapai.ttl", "alignments.ttl", "schemes.ttl")]
CONTRADICTIONS = sorted((ONTOLOGY / "examples").glob("contradiction-*.ttl"))
NAMES = ("Center", "Base", "Park", "Platform", "Cluster", "Pilot")
ID = "https://w3id.org/guapai/id/"
GP = "https://w3id.org/guapai/ns/"
SCHEME = "https://w3id.org/guapai/scheme/"
HEAD = f"@prefix gp: <{GP}> .\n"


def test_real_data_are_consistent_and_every_kind_is_derived(release: Release) -> None:
    graphs = [release.graphs / f"{name}.nt" for name in ("ontology", "schemes", "plates")]
    found = reason.check_consistency(graphs)
    assert found.derived == {"gp:Center": 13}
    assert len(found.types) == release.manifest["counts"]["rows"]["designations"]


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
    path = tmp_path / "plates.ttl"
    path.write_text(
        HEAD
        + "".join(
            f"<{ID}programme/{name}> a gp:Programme ; gp:hasCategory <{SCHEME}category/{name.lower()}> .\n"
            f"<{ID}designation/{name}> a gp:Designation , gp:{name} ; gp:underProgramme <{ID}programme/{name}> .\n"
            for name in NAMES
        ),
        encoding="utf-8",
    )
    found = reason.check_consistency([*VOCABULARY, path])
    assert found.types == {f"{ID}designation/{name}": f"gp:{name}" for name in sorted(NAMES)}


def test_a_plate_whose_kind_is_not_asserted_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "plates.ttl"
    path.write_text(
        f"{HEAD}<{ID}programme/x> a gp:Programme ; gp:hasCategory <{SCHEME}category/park> .\n"
        f"<{ID}designation/x> a gp:Designation ; gp:underProgramme <{ID}programme/x> .",
        encoding="utf-8",
    )
    with pytest.raises(BuildError, match="designation/x: asserted nothing, derived gp:Park"):
        reason.check_consistency([*VOCABULARY, path])


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

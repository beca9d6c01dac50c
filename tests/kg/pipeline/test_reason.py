"""HermiT finds the ontology consistent, derives kinds, and finds every planted contradiction."""

from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from kg import tables
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
KINDS = (ONTOLOGY / "kinds.rq").read_text(encoding="utf-8")
HEAD = f"@prefix gp: <{GP}> .\n"


@pytest.mark.slow
def test_real_data_are_consistent_and_every_kind_is_derived(release: Release) -> None:
    graphs = [release.graphs / f"{name}.nt" for name in ("ontology", "schemes", "designations")]
    found = reason.conclude(graphs, KINDS)
    package = decided(tables.open_package(ROOT / "data"))
    categories = {row["id"]: row["category"] for row in package.rows("programmes")}
    designations = {row["id"]: categories[row["programme_id"]] for row in package.rows("designations")}
    assert found == {f"{ID}designation/{key}": f"gp:{kind.capitalize()}" for key, kind in sorted(designations.items())}
    assert len(found) == release.manifest["counts"]["rows"]["designations"]


def test_the_planted_contradictions_are_against_different_axioms() -> None:
    reasons = [path.read_text("utf-8").split("\n")[0] for path in CONTRADICTIONS]
    assert len(set(reasons)) == len(reasons) >= 5
    assert all(text.startswith("# contradicts ") for text in reasons)


def test_the_vocabulary_alone_is_consistent() -> None:
    assert reason.is_consistent(VOCABULARY)


@pytest.mark.parametrize("path", CONTRADICTIONS, ids=lambda path: path.stem)
@pytest.mark.slow
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
    assert reason.conclude([*VOCABULARY, path], KINDS) == {
        f"{ID}designation/{name}": f"gp:{name}" for name in sorted(NAMES)
    }


def test_a_designation_whose_kind_is_not_asserted_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "designations.ttl"
    path.write_text(
        f"{HEAD}<{ID}programme/x> a gp:Programme ; gp:hasCategory <{SCHEME}category/park> .\n"
        f"<{ID}designation/x> a gp:Designation ; gp:underProgramme <{ID}programme/x> .",
        encoding="utf-8",
    )
    with pytest.raises(BuildError, match="designation/x: asserted nothing, derived gp:Park"):
        reason.conclude([*VOCABULARY, path], KINDS)


def test_a_rule_that_disagrees_with_hermit_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "designations.ttl"
    path.write_text(designations(), encoding="utf-8")
    assert set(reason.conclude([*VOCABULARY, path], KINDS).values()) == {"gp:Park"}
    with pytest.raises(BuildError) as caught:
        reason.conclude([*VOCABULARY, path], KINDS.replace("gp:Park", "gp:Pilot"))
    assert str(caught.value).splitlines() == [
        "5 designations of another kind than follows from their programme:",
        *(
            f"{ID}designation/{key}: asserted gp:Park, derived gp:Pilot by the rule but gp:Park by HermiT"
            for key in "abcde"
        ),
    ]


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


@pytest.mark.parametrize(("extra", "consistent"), [(("ac", "bd"), True), (("ab", "ba"), False), (("ab", "bb"), False)])
@pytest.mark.slow
def test_folding_neither_hides_nor_makes_a_contradiction(
    extra: tuple[str, ...],
    consistent: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    path = tmp_path / "designations.ttl"
    path.write_text(designations(*extra), encoding="utf-8")
    assert reason.is_consistent([*VOCABULARY, path]) is consistent

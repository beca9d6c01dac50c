"""Examples of shapes: an invalid one breaks its shape only, a valid one none; the ontology passes its style."""

import re
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, Graph

from kg.pipeline.validate import as_triples, validate
from kg.vocab import SHAPES as SHAPES_NAMESPACE
from kg.vocab import line

ONTOLOGY = Path(__file__).parents[3] / "ontology"
EXAMPLES = ONTOLOGY / "examples"
SHAPES, STYLE = ONTOLOGY / "shapes.ttl", ONTOLOGY / "style.ttl"
VOCABULARY = [ONTOLOGY / name for name in ("guapai.ttl", "alignments.ttl", "deprecated.ttl", "schemes.ttl")]
HOME = {
    str(shape).removeprefix(SHAPES_NAMESPACE): path
    for path in (SHAPES, STYLE)
    for shape in Graph().parse(path).subjects(RDF.type, SH.NodeShape)
    if str(shape).startswith(SHAPES_NAMESPACE)
}
"""Shape to the file in which it stands."""
PAIRED = sorted(path for path in EXAMPLES.glob("*.ttl") if re.match(r"(in)?valid-", path.name))
FIRST_LINE = re.compile(r"# (?P<verb>passes|breaks) gps:(?P<shape>\w+)(: .+)?")


def shape_of(example: Path) -> str:
    """Return the shape of an example, the second part of its file name: `invalid-MandateShape-no-status.ttl`."""
    return example.stem.split("-")[1]


@pytest.fixture(scope="session")
def background(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every example about data rests on, parsed once: the lists, the things of background.ttl, the subclasses.

    Of the ontology shapes see nothing but the subclasses; without the rest a run takes a third less time.
    """
    merged = Graph()
    for path in (ONTOLOGY / "schemes.ttl", EXAMPLES / "background.ttl"):
        merged.parse(path)
    for path in VOCABULARY:
        for narrower, broader in Graph().parse(path).subject_objects(RDFS.subClassOf):
            merged.add((narrower, RDFS.subClassOf, broader))
    target = tmp_path_factory.mktemp("shapes") / "background.nt"
    merged.serialize(target, format="nt", encoding="utf-8")
    return target


def failed(example: Path, background: Path) -> set[str]:
    """Return the shapes that an example fails, of any severity; examples of terms are validated alone by both files."""
    if HOME[shape_of(example)] == STYLE:
        results = *validate([example], STYLE).results, *validate([example], SHAPES).results
    else:
        results = validate([example, background], SHAPES).results
    return {result.shape for result in results}


@pytest.mark.parametrize("name", sorted(HOME))
def test_every_shape_has_an_example_that_passes_and_one_that_breaks_it(name: str) -> None:
    assert (EXAMPLES / f"valid-{name}.ttl").exists()
    assert (EXAMPLES / f"invalid-{name}.ttl").exists()


@pytest.mark.parametrize("example", PAIRED, ids=lambda path: path.stem)
def test_an_invalid_example_breaks_its_shape_and_no_other_and_a_valid_one_breaks_none(
    example: Path, background: Path
) -> None:
    first = FIRST_LINE.fullmatch(example.read_text("utf-8").splitlines()[0])
    assert first
    assert first["shape"] == shape_of(example)
    assert first["shape"] in HOME
    assert first["verb"] == ("passes" if example.name.startswith("valid-") else "breaks")
    assert failed(example, background) == ({f"gps:{first['shape']}"} if first["verb"] == "breaks" else set())


def test_every_fault_is_said_in_both_languages() -> None:
    for example in EXAMPLES.glob("invalid-*.ttl"):
        first = example.read_text("utf-8").splitlines()[0]
        assert re.fullmatch(r"# breaks gps:\w+: [^|]*[一-鿿][^|]* \| [^|一-鿿]+", first), example.name


def test_the_background_passes_every_shape(background: Path) -> None:
    assert validate([background], SHAPES).results == ()


def test_the_examples_about_data_break_no_shape_of_style() -> None:
    about_data = [path for path in PAIRED if HOME[shape_of(path)] == SHAPES]
    assert validate(about_data, STYLE).results == ()


def test_the_ontology_passes_the_shapes_on_its_style() -> None:
    assert validate(VOCABULARY, STYLE).results == ()


def test_a_report_becomes_triples_without_blank_nodes(tmp_path: Path) -> None:
    example = tmp_path / "carrier.ttl"
    example.write_text(
        "<https://w3id.org/guapai/id/carrier/x> a <https://w3id.org/guapai/ns/Carrier> .", encoding="utf-8"
    )
    report = validate([example], SHAPES)
    assert {"gps:ChineseName", "gps:FromRow", "gps:Sourced", "gps:CarrierShape"} <= {r.shape for r in report.results}
    lines = [line(triple) for triple in as_triples(report)]
    assert len(lines) == len(set(lines))
    assert not [text for text in lines if "_:" in text]
    results = [text for text in lines if text.endswith("<http://www.w3.org/ns/shacl#ValidationResult> .\n")]
    assert len(results) == len(report.results) == report.counts["violation"]

"""Examples of shapes: an invalid one breaks its shape only, a valid one none; the ontology passes its style."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, Dataset, Graph
from sampling import chosen

from kg.pipeline.rdf_files import with_subclasses
from kg.pipeline.validate import as_triples, parts, validate
from kg.release.reuse import Reuse
from kg.vocab import BASE, line, term
from kg.vocab import SHAPES as SHAPES_NAMESPACE

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
BLOCK = re.compile(r"^# (passes|breaks)(?:: (.+))?\n<examples/(\w+)/((?:in)?valid(?:-[\w-]+)?)> \{$", re.MULTILINE)
FAULT = re.compile(r"[^|]*[一-鿿][^|]* \| [^|一-鿿]+")
"""What is wrong with an example, in Chinese and in English."""


@dataclass(frozen=True)
class Example:
    """One graph of a file of examples: its shape, its name, passes or breaks, its fault."""

    shape: str
    name: str
    verb: str
    fault: str

    def __str__(self) -> str:
        return f"{self.shape}/{self.name}"


PAIRED = [
    Example(path.stem, name, verb, fault)
    for path in sorted(EXAMPLES.glob("*.trig"))
    for verb, fault, _, name in BLOCK.findall(path.read_text("utf-8"))
]


@cache
def graphs(shape: str) -> dict[str, Graph]:
    """Return the graphs of a shape's file by their names."""
    dataset = Dataset().parse(EXAMPLES / f"{shape}.trig", format="trig")
    return {str(graph.identifier).removeprefix(f"{BASE}examples/"): graph for graph in dataset.graphs() if len(graph)}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[Example, Path]:
    """Each example in a file of its own, as the validator reads it."""
    folder = tmp_path_factory.mktemp("examples")
    made = {}
    for example in PAIRED:
        made[example] = folder / f"{example.shape}-{example.name}.nt"
        found = "".join(
            " ".join(term.n3() for term in triple) + " .\n" for triple in graphs(example.shape)[str(example)]
        )
        made[example].write_text(found, encoding="utf-8")
    return made


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


def failed(example: Example, file: Path, background: Path) -> set[str]:
    """Return the shapes that an example fails, however mild; one about terms stands alone and meets both files."""
    if HOME[example.shape] == STYLE:
        results = *validate([file], STYLE).results, *validate([file], SHAPES).results
    else:
        results = validate([file, background], SHAPES).results
    return {result.shape for result in results}


def test_every_shape_has_a_file_with_an_example_that_passes_and_one_that_breaks_it() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.trig")} == HOME.keys()
    for shape in HOME:
        names = [example.name for example in PAIRED if example.shape == shape]
        assert {"valid", "invalid"} <= set(names), shape
        assert len(names) == len(set(names)), shape
        assert graphs(shape).keys() == {f"{shape}/{name}" for name in names}


ALONE = {"RdShares"}
"""Shapes that add up what stands in one row, for the examples share a row."""


def batches(examples: Iterable[Example]) -> list[dict[str, Example]]:
    """Return groups of examples that say nothing of the same things: each thing to its example."""
    found: list[dict[str, Example]] = []
    alone: list[dict[str, Example]] = []
    for example in examples:
        own = dict.fromkeys(map(str, graphs(example.shape)[str(example)].subjects()), example)
        batch = next((each for each in found if each.keys().isdisjoint(own)), None)
        if example.shape in ALONE:
            alone.append(own)
        elif batch is None:
            found.append(own)
        else:
            batch |= own
    return found + alone


@pytest.mark.parametrize("verb", ["passes", "breaks"])
def test_an_invalid_example_breaks_its_shape_and_no_other_and_a_valid_one_breaks_none(
    verb: str, files: dict[Example, Path], background: Path
) -> None:
    """Many at a time, which takes a quarter of the time."""
    about_data = [example for example in PAIRED if example.verb == verb and HOME[example.shape] == SHAPES]
    for batch in batches(about_data):
        met: dict[Example, set[str]] = {example: set() for example in batch.values()}
        for result in validate([*(files[example] for example in met), background], SHAPES).results:
            met[batch[result.focus]].add(result.shape)
        assert met == {example: {f"gps:{example.shape}"} if verb == "breaks" else set() for example in met}


@pytest.mark.parametrize(
    "example", chosen(PAIRED, lambda each: HOME[each.shape] == STYLE and each.name in ("valid", "invalid")), ids=str
)
def test_alone_too_an_invalid_example_breaks_its_shape_and_no_other_and_a_valid_one_breaks_none(
    example: Example, files: dict[Example, Path], background: Path
) -> None:
    assert example.verb == ("passes" if example.name.startswith("valid") else "breaks")
    expected = {f"gps:{example.shape}"} if example.verb == "breaks" else set()
    assert failed(example, files[example], background) == expected


def test_every_fault_is_said_in_both_languages() -> None:
    for example in PAIRED:
        assert bool(FAULT.fullmatch(example.fault)) is (example.verb == "breaks"), example


def test_the_background_passes_every_shape(background: Path) -> None:
    assert validate([background], SHAPES).results == ()


def test_the_examples_about_data_break_no_shape_of_style(files: dict[Example, Path]) -> None:
    about_data = [file for example, file in files.items() if HOME[example.shape] == SHAPES]
    assert validate(about_data, STYLE).results == ()


def test_the_ontology_passes_the_shapes_on_its_style() -> None:
    assert validate(VOCABULARY, STYLE).results == ()


def test_a_shape_is_evaluated_again_only_where_what_it_reads_changed(tmp_path: Path) -> None:
    data, reuse, gp = tmp_path / "data.nt", Reuse(tmp_path / "held"), "https://w3id.org/guapai/ns/"
    carrier = f"<{gp}x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{gp}Carrier> .\n"
    named = f'<{gp}x> <http://www.w3.org/2004/02/skos/core#prefLabel> "{{}}"@zh .\n'
    results = []
    for text in (carrier, carrier, carrier + named.format("甲"), carrier + named.format("")):
        data.write_text(text, encoding="utf-8")
        before = {path.name: path.stat().st_ino for path in reuse.folder.iterdir()} if reuse.folder.exists() else {}
        results.append(validate([data], SHAPES, reuse=reuse))
        assert results[-1] == validate([data], SHAPES)
        after = {path.name: path.stat().st_ino for path in reuse.folder.iterdir()}
        changed = [name for name, node in after.items() if before.get(name) != node]
        reading = [part.name for part in parts(SHAPES) if part.reads(frozenset({term("skos:prefLabel")}))]
        assert len(changed) == {1: len(parts(SHAPES)), 2: 0}.get(len(results), len(reading))
    assert results[0] == results[1]
    assert len({report.results for report in results}) == 3


def test_a_shape_reads_what_it_names_and_subclasses_of_it() -> None:
    terms = {part.name: part.terms for part in parts(SHAPES)}
    assert len(terms) == len([shape for shape, path in HOME.items() if path == SHAPES])
    assert {"<https://w3id.org/guapai/ns/quote>", "<https://w3id.org/guapai/ns/passage>"} <= terms["gps:QuoteInPassage"]
    assert [part.name for part in parts(STYLE) if part.terms is None] == ["gps:PropertyIsNoIndividual"]
    below = {"<b>": {"<c>"}, "<a>": {"<b>"}, "<c>": {"<a>"}}
    assert with_subclasses(frozenset({"<b>", "<x>"}), below) == {"<a>", "<b>", "<c>", "<x>"}


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

"""An example that breaks a shape breaks no other, and one that passes passes all; the ontology passes its style."""

import re
from pathlib import Path

import pytest

from kg.validate import Report, as_triples, validate
from kg.vocab import line

ONTOLOGY = Path(__file__).parent.parent / "ontology"
EXAMPLES = ONTOLOGY / "examples"
SHAPES, STYLE = ONTOLOGY / "shapes.ttl", ONTOLOGY / "style.ttl"
HOME = {
    name: path
    for path in (SHAPES, STYLE)
    for name in re.findall(r"^gps:(\w+) a sh:NodeShape", path.read_text("utf-8"), re.MULTILINE)
}
"""Shape to the file in which it stands."""
BROKEN = sorted(path.stem.removeprefix("invalid-") for path in EXAMPLES.glob("invalid-*.ttl"))


def checked(example: Path, shapes: Path) -> Report:
    return validate([example] if shapes == STYLE else [example, ONTOLOGY / "schemes.ttl"], shapes)


@pytest.mark.parametrize("name", BROKEN)
def test_the_valid_example_passes_and_the_invalid_one_breaks_its_shape_and_no_other(name: str) -> None:
    valid, invalid = EXAMPLES / f"valid-{name}.ttl", EXAMPLES / f"invalid-{name}.ttl"
    assert valid.read_text("utf-8").startswith(f"# passes gps:{name}\n")
    assert invalid.read_text("utf-8").startswith(f"# breaks gps:{name}\n")
    assert checked(valid, HOME[name]).results == ()
    assert {result.shape for result in checked(invalid, HOME[name]).results} == {f"gps:{name}"}


def test_the_ontology_passes_the_shapes_on_its_style() -> None:
    vocabulary = [ONTOLOGY / name for name in ("guapai.ttl", "alignments.ttl", "schemes.ttl")]
    assert validate(vocabulary, STYLE).results == ()


def test_a_report_becomes_triples_without_blank_nodes(tmp_path: Path) -> None:
    example = tmp_path / "carrier.ttl"
    example.write_text(
        "<https://w3id.org/guapai/id/carrier/x> a <https://w3id.org/guapai/ns/Carrier> .", encoding="utf-8"
    )
    report = validate([example], SHAPES)
    assert {"gps:TwoNames", "gps:FromRow", "gps:Sourced", "gps:CarrierShape"} <= {r.shape for r in report.results}
    lines = [line(triple) for triple in as_triples(report)]
    assert len(lines) == len(set(lines))
    assert not [text for text in lines if "_:" in text]
    results = [text for text in lines if text.endswith("<http://www.w3.org/ns/shacl#ValidationResult> .\n")]
    assert len(results) == len(report.results) == report.counts["violation"]

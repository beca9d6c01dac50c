"""Every shape has an example that passes and one that breaks it and no other; the ontology passes its style."""

import re
from functools import cache
from pathlib import Path

import pytest

from kg.validate import Report, as_triples, validate
from kg.vocab import line

ONTOLOGY = Path(__file__).parent.parent / "ontology"
EXAMPLES = ONTOLOGY / "examples"
SHAPES, STYLE = ONTOLOGY / "shapes.ttl", ONTOLOGY / "style.ttl"


@cache
def named(path: Path) -> list[str]:
    return re.findall(r"^gps:(\w+) a sh:NodeShape", path.read_text("utf-8"), re.MULTILINE)


ALL = [(name, SHAPES) for name in named(SHAPES)] + [(name, STYLE) for name in named(STYLE)]


def checked(example: Path, shapes: Path) -> Report:
    return validate([example] if shapes == STYLE else [example, ONTOLOGY / "schemes.ttl"], shapes)


def test_no_example_is_without_its_shape() -> None:
    kinds = {f"{kind}-{name}.ttl" for name, _ in ALL for kind in ("valid", "invalid")}
    assert {path.name for path in EXAMPLES.glob("*valid-*.ttl")} == kinds


@pytest.mark.parametrize(("name", "shapes"), ALL, ids=[name for name, _ in ALL])
def test_the_valid_example_passes_and_the_invalid_one_breaks_its_shape_and_no_other(name: str, shapes: Path) -> None:
    valid, invalid = EXAMPLES / f"valid-{name}.ttl", EXAMPLES / f"invalid-{name}.ttl"
    assert valid.read_text("utf-8").startswith(f"# passes gps:{name}\n")
    assert invalid.read_text("utf-8").startswith(f"# breaks gps:{name}\n")
    assert checked(valid, shapes).results == ()
    assert {result.shape for result in checked(invalid, shapes).results} == {f"gps:{name}"}


def test_the_ontology_passes_the_shapes_on_its_style() -> None:
    assert validate([ONTOLOGY / "guapai.ttl"], STYLE).results == ()
    assert validate([ONTOLOGY / "schemes.ttl"], STYLE).results == ()


def test_a_report_becomes_triples_without_blank_nodes() -> None:
    report = checked(EXAMPLES / "invalid-TermNames.ttl", STYLE)
    lines = [line(triple) for triple in as_triples(report)]
    assert len(lines) == len(set(lines))
    assert not [text for text in lines if "_:" in text]
    demand = '"A term has one preferred name in Chinese and one in English."@en'
    message = f"<http://www.w3.org/ns/shacl#resultMessage> {demand} .\n"
    assert [text.partition(" ")[2] for text in lines].count(message) == 1

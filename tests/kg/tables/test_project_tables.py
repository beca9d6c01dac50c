"""The project's tables against the reference implementation of Table Schema, and against the papers."""

import csv
import json
from pathlib import Path

import pytest
from frictionless import Package
from rdflib import RDF, SKOS, Graph

from kg import tables
from kg.tables import ANY_KIND, Column
from kg.vocab import KINDS, SCHEMES, term

ROOT = Path(__file__).parents[3]
DATA, ONTOLOGY = ROOT / "data", ROOT / "ontology"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_reference_implementation_finds_the_package_valid() -> None:
    report = Package(str(DATA / "datapackage.json")).validate()
    assert report.flatten(["resource", "rowNumber", "fieldName", "message"]) == []
    assert report.stats["tasks"] == len(json.loads((DATA / "datapackage.json").read_text("utf-8"))["resources"])


def test_every_file_belongs_to_the_package() -> None:
    package = tables.open_package(DATA)
    known = {path for resource in package.resources.values() for path in resource.paths}
    assert {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")} == known


def test_a_column_name_means_the_same_type_everywhere() -> None:
    kinds: dict[str, set[str]] = {}
    for resource in tables.open_package(DATA).resources.values():
        for column in resource.fields:
            assert column["description"], f"{resource.name}.{column['name']} is not described"
            shape = (column["type"], column.get("guapai:list", ""), column.get("guapai:date", False))
            kinds.setdefault(str(column["name"]), set()).add(str(shape))
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


def columns() -> dict[str, Column]:
    """Return every column by table and name."""
    return {
        f"{name}.{column.name}": column
        for name, resource in tables.open_package(DATA).resources.items()
        for column in resource.described.values()
    }


def test_every_column_has_a_title_in_both_languages() -> None:
    assert [name for name, column in columns().items() if not all(column.titles.values())] == []
    assert {tuple(column.titles) for column in columns().values()} == {("zh", "en")}


def test_every_property_and_class_of_the_dictionary_is_in_the_ontology() -> None:
    ontology = Graph().parse(ONTOLOGY / "guapai.ttl").parse(ONTOLOGY / "alignments.ttl")
    declared = {subject.n3() for subject in ontology.subjects(RDF.type)}
    named = {name for column in columns().values() for name in column.properties}
    named |= {name for table in tables.open_package(DATA).resources.values() for name in table.classes}
    assert {name for name in named if term(name) not in declared} == set()


def test_every_value_of_a_column_with_a_scheme_is_one_of_its_concepts() -> None:
    schemes = Graph().parse(ONTOLOGY / "schemes.ttl")
    concepts = {str(subject) for subject in schemes.subjects(SKOS.inScheme)}
    found = columns()
    values = {
        f"{SCHEMES}{column.scheme}/{word}" for column in found.values() if column.scheme for word in column.values
    }
    assert values - concepts == set()
    assert [
        name for name, column in found.items() if column.scheme and not column.values and name != "places.ranks"
    ] == []
    named = {f"{SCHEMES}{column.scheme}" for column in found.values() if column.scheme}
    assert named - {str(subject) for subject in schemes.subjects(RDF.type, SKOS.ConceptScheme)} == set()


def test_every_kind_of_the_dictionary_is_a_kind_of_things() -> None:
    kinds = {column.kind for column in columns().values()}
    kinds |= {table.kind.partition("/")[0] for table in tables.open_package(DATA).resources.values()}
    assert kinds - {*KINDS, ANY_KIND, ""} == set()


def test_what_the_dictionary_says_of_columns_fits_together() -> None:
    """Dates say which days they give, values are read from printed columns, labels are columns of their table."""
    for name, resource in tables.open_package(DATA).resources.items():
        described = resource.described
        assert {printed for column in described.values() for printed in column.read_from} <= set(resource.printed), name
        assert resource.own("label") in ("", *described), name
        for column in described.values():
            assert not (column.first or column.last) or column.is_date, (name, column.name)
            assert not column.merged or name == "records", (name, column.name)


def test_the_table_of_printed_columns_names_every_printed_column_in_order() -> None:
    package = tables.open_package(DATA)
    printed: dict[str, list[str]] = {}
    for row in sorted(package.rows("papers-columns"), key=lambda row: (row["table_id"], int(row["position"]))):
        printed.setdefault(row["table_id"], []).append(row["column_name"])
    assert printed == {name: package.resources[name].printed for name in printed}
    assert set(printed) == {f"p1-t{number}" for number in range(1, 6)} | {f"p2-t{number}" for number in range(1, 6)}


def test_a_sample_of_cells_as_the_papers_print_them() -> None:
    """Copied from the papers by hand, faults included."""

    def cell(table: str, key: str, column: str) -> str:
        with (DATA / "papers" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            return next(row[column] for row in csv.DictReader(stream) if row["id"] == key)

    assert cell("p1-t1", "r02", "authority") == "国家发展和改革委员会、科学技术部"
    assert cell("p1-t2", "r03", "carrier") == "青岛国创智能家电研究院有限公司"
    assert cell("p1-t3", "r06", "authority") == "原国家科学技术委员会、经济体制改革委员会和计划委员会"
    assert cell("p1-t3", "r08", "count") == "约 300"
    assert cell("p1-t4", "r04", "count") == "3+12"
    assert cell("p1-t4", "r05", "authority") == "科学技术部、国家卫生健康委员会、原总后"
    assert cell("p1-t5", "r02", "carrier") == "取得国家高新技术创业服务中心资格"
    assert cell("p2-t1", "r20", "patents") == "10 286"
    assert cell("p2-t2", "r08", "plan") == "《成渝地区双城经济圈建设规划纲要》"
    assert cell("p2-t3", "r11", "indicator") == "科技类上市公司市值"
    assert cell("p2-t4", "r04", "development") == "79.90"
    assert cell("p2-t5", "r04", "applied") == "32.18"


def test_extents_and_words_of_statements_are_those_of_the_schemes() -> None:
    package, schemes = tables.open_package(DATA), Graph().parse(ONTOLOGY / "schemes.ttl")
    concepts = {str(subject).removeprefix(SCHEMES) for subject in schemes.subjects(SKOS.inScheme)}
    assert {f"extent/{key}" for key in package.index("extents")} == {
        concept for concept in concepts if concept.startswith("extent/")
    }
    worded = set(package.index("statement_words"))
    needed = {
        f"{column.scheme}/{value}"
        for table, name in (
            *(("mandates", "role"), ("programme_relations", "relation")),
            *(("designation_relations", "relation"), ("records", "stage")),
        )
        for column in (package.resources[table].described[name],)
        for value in column.values
    }
    assert worded == needed
    assert worded <= concepts
    relation = package.resources["designation_relations"].described["relation"]
    assert set(relation.value_properties) == set(relation.values)

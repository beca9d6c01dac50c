"""Build of the real data: complete, reproducible, without repeated statements, safe for the current release."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
from parted_rows import further

from kg.errors import BuildError, InputError, ReleaseError
from kg.pipeline import build, papers, validate
from kg.release import Release, open_release, verify
from kg.release.reuse import FOLDER
from kg.store import EmbeddedStore
from kg.store.questions import with_prefixes
from kg.tables import checks, open_package
from kg.tables.decided import decided
from kg.vocab import PREFIXES, THINGS

ROOT = Path(__file__).parents[3]
DATA, ONTOLOGY = ROOT / "data", ROOT / "ontology"


@pytest.fixture(scope="module")
def store(release: Release) -> EmbeddedStore:
    return EmbeddedStore(release.store_path)


def count(store: EmbeddedStore, pattern: str) -> int:
    declared = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    cell = store.select(f"{declared}SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", {}).rows[0][0]
    assert cell is not None
    return int(cell.value)


def test_every_row_of_the_tables_is_in_the_graph(release: Release, store: EmbeddedStore) -> None:
    made = {
        "programmes": "gp:Programme",
        "authorities": "gp:Authority",
        "affiliations": "gp:Affiliation",
        "mandates": "gp:Mandate",
        "purposes": "gp:ApprovalPurpose",
        "purpose_texts": "gp:PurposeText",
        "purpose_assignments": "gp:PurposeAssignment",
        "programme_relations": "gp:ProgrammeRelation",
        "places": "gp:Place",
        "regions": "gp:Region",
        "carriers": "gp:Carrier",
        "designations": "gp:Designation",
        "claims": "gp:Claim",
        "strategies": "gp:Strategy",
        "sources": "gp:SourceDocument",
        "papers-columns": "gp:TableColumn",
        "p2-t1": "gp:ScienceCluster",
        "p2-t3": "gp:Indicator",
    }
    rows = release.manifest["counts"]["rows"]
    assert {table: count(store, f"?x a {name}") for table, name in made.items()} == {
        table: rows[table] for table in made
    }
    assert (
        count(store, "?x a gp:Record")
        == sum(rows[table] for table in papers.tables(open_package(DATA))) + rows["records"]
    )
    assert count(store, "?x a gp:Positioning") == rows["p2-positions"] + rows["p2-text-positions"]
    assert count(store, "?p gp:inRegion|gp:partlyInRegion ?r") == rows["region_members"]


def test_the_registry_has_the_sizes_that_the_issue_names(release: Release, store: EmbeddedStore) -> None:
    rows = release.manifest["counts"]["rows"]
    assert rows["programmes"] == 72 + 55 + 1, "two packs, and the provincial zones"
    package = open_package(DATA)
    bodies = {row["authority_id"] for table in ("mandates", "affiliations") for row in package.rows(table)}
    bodies |= {row["parent_id"] for row in package.rows("affiliations")}
    registered = "{ ?x a gp:Authority . ?m gp:mandateOf|gp:affiliationOf|gp:affiliationWith ?x }"
    assert count(store, f"{{ SELECT DISTINCT ?x WHERE {registered} }}") == len(bodies), (
        "the others only supervise carriers"
    )
    assert sum(rows[table] for table in ("p1-t1", "p1-t3", "p1-t4", "p1-t5")) == 23
    paper_2 = ("p2-t1", "p2-t2", "p2-t3", "p2-t4", "p2-t5")
    assert [rows[table] for table in ("p1-t2", *paper_2)] == [4, 20, 8, 11, 9, 6]


@pytest.fixture(scope="module")
def lines(release: Release) -> dict[str, list[str]]:
    """Statements of each graph."""
    return {path.stem: path.read_text("utf-8").splitlines() for path in release.graphs.rglob("*.nt")}


def test_no_triple_stands_twice_in_the_default_graph(
    release: Release, store: EmbeddedStore, lines: dict[str, list[str]]
) -> None:
    default = [line for found in lines.values() for line in found]
    assert len(default) == len(set(default)), "a triple stands in two graphs, or twice in one"
    declared = sum(release.manifest["counts"]["triples"].values())
    assert len(default) == declared == count(store, "?s ?p ?o")


def test_data_have_no_blank_nodes(lines: dict[str, list[str]]) -> None:
    data = (line for name, found in lines.items() if name not in ("ontology", "schemes") for line in found)
    assert [line for line in data if line.startswith("_:") or " _:" in line.split('"')[0]] == []


def test_every_predicate_and_class_is_declared(store: EmbeddedStore, lines: dict[str, list[str]]) -> None:
    """Terms of RDF, RDFS, OWL, SHACL, VoID and DCAT need none."""
    said = {line.split(" ", 2)[1].strip("<>") for found in lines.values() for line in found}
    kinds = "VALUES ?y { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }"
    declared = {f"{x}" for x, _ in pairs(store, f"{kinds} ?x a ?y")}
    languages = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "sh", "void", "dcat"))
    assert {name for name in said - declared if not name.startswith(languages)} == set()


def reproducible(release: Release) -> dict[str, object]:
    """A manifest without what is said of the store, whose bytes differ from build to build."""
    derived = {name: entry for name, entry in release.manifest["derived"].items() if not name.startswith("store/")}
    return {**release.manifest, "derived": derived, "checksum": ""}


def quads(release: Release) -> Counter[tuple[str, ...]]:
    """What the store holds, whose bytes differ from build to build, and so do the names of its blank nodes."""
    held = pyoxigraph.Store.read_only(str(release.store_path))
    return Counter(
        tuple("_:" if isinstance(each, pyoxigraph.BlankNode) else str(each) for each in quad) for quad in held
    )


@pytest.mark.slow
def test_two_builds_of_the_same_tables_are_the_same_bytes(
    small_data: Path, small_release: Release, tmp_path: Path
) -> None:
    again = build.build(small_data, ONTOLOGY, tmp_path / "dist")
    assert again.id == small_release.id
    assert reproducible(again) == reproducible(small_release)
    verify(again)
    columns = [sorted((release.path / "columns").iterdir()) for release in (small_release, again)]
    assert [path.name for path in columns[0]] == [path.name for path in columns[1]] != []
    assert [path.read_bytes() for path in columns[0]] == [path.read_bytes() for path in columns[1]]


@pytest.mark.slow
def test_after_a_changed_row_the_release_is_that_of_a_full_build(small_data: Path, tmp_path: Path) -> None:
    """What is reused of the build before changes no byte."""
    data, dist = tmp_path / "data", tmp_path / "dist"
    shutil.copytree(small_data, data)
    before = build.build(data, ONTOLOGY, dist)
    path = data / "places.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Kunshan", "Kunshan City"), encoding="utf-8")
    assert text.count("Kunshan") > 0
    after, full = build.build(data, ONTOLOGY, dist), build.build(data, ONTOLOGY, tmp_path / "other")
    assert after.id == full.id != before.id
    assert reproducible(after) == reproducible(full)
    assert quads(after) == quads(full)
    assert list((dist / FOLDER).iterdir()) != []


@pytest.mark.slow
def test_two_builds_of_the_real_tables_are_the_same_bytes(release: Release, tmp_path: Path) -> None:
    again = build.build(DATA, ONTOLOGY, tmp_path / "dist", modules=ONTOLOGY.parent / "node_modules")
    assert reproducible(again) == reproducible(release)


def test_exactly_the_three_warnings_of_the_rd_shares(release: Release) -> None:
    with (release.path / "report" / "validation.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    severe = [
        (row["severity"], row["shape"], row["focus"].partition("/id/")[2]) for row in rows if row["severity"] != "info"
    ]
    assert severe == [
        ("warning", "gps:RdShares", "record/p2-t4/r04"),
        ("warning", "gps:RdShares", "record/p2-t4/r05"),
        ("warning", "gps:RdShares", "record/p2-t5/r04"),
    ]


def test_a_build_with_faults_leaves_the_served_release_untouched(
    small_data: Path, small_release: Release, tmp_path: Path
) -> None:
    data, dist = tmp_path / "data", tmp_path / "dist"
    shutil.copytree(small_data, data)
    shutil.copytree(small_release.path.parent, dist, symlinks=True)
    good = open_release(dist)
    path = data / "programmes.csv"
    path.write_text(path.read_text("utf-8").replace(",1988-05,", ",1988-15,"), encoding="utf-8")
    with pytest.raises(InputError, match="1988-15"):
        build.build(data, ONTOLOGY, dist)
    assert {entry.name for entry in dist.iterdir()} - {build.LOCK, FOLDER} == {good.id, "current"}
    assert open_release(dist) == good
    verify(good)


@pytest.mark.slow
def test_a_violated_shape_and_a_contradiction_stop_the_build(
    small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults that no rule of tables detects: shapes and reasoner report them, both together."""
    ontology = tmp_path / "ontology"
    shutil.copytree(ONTOLOGY, ontology)
    shape = """
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix gp: <https://w3id.org/guapai/ns/> .
    <https://w3id.org/guapai/shapes/Impossible> a sh:NodeShape ; sh:targetClass gp:Carrier ;
      sh:property [ sh:path gp:seatedIn ; sh:maxCount 0 ; sh:message "无驻地"@zh , "no seat"@en ] .
    """
    with (ontology / "shapes.ttl").open("a", encoding="utf-8") as stream:
        stream.write(shape)
    with (ontology / "guapai.ttl").open("a", encoding="utf-8") as stream:
        stream.write("\ngp:Programme rdfs:subClassOf owl:Nothing .\n")
    monkeypatch.chdir(tmp_path)
    package = checks.checked(small_data)
    seats = {row["carrier_id"] for row in package.rows("carrier_seats")}
    seated = len(seats | {row["id"] for row in package.rows("carriers") if row["place_id"]})
    assert seated
    with pytest.raises(BuildError, match=f"^{seated} violations of the shapes") as caught:
        build.build(small_data, ontology, tmp_path / "dist")
    assert str(caught.value).endswith("\nHermiT finds a contradiction between the data and the ontology")
    assert {path.name for path in (tmp_path / "dist").iterdir()} == {build.LOCK, FOLDER}


def test_a_release_that_was_changed_is_found_out(small_release: Release, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(small_release.path, copy)
    (copy / "tables" / "regions.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"tables/regions\.csv has 3 bytes instead of \d+"):
        verify(open_release(copy))
    with pytest.raises(ReleaseError, match="run `guapai build` first"):
        open_release(tmp_path / "nowhere")


@pytest.mark.slow
def test_validate_says_the_same_without_writing(small_data: Path, small_release: Release) -> None:
    report = build.report(small_data, ONTOLOGY)
    assert report.counts == small_release.manifest["counts"]["results"]
    assert isinstance(report, validate.Report)
    assert checks.checked(small_data).data_as_of == small_release.data_as_of.isoformat()


def test_what_came_of_the_rows_of_each_list_adds_up(release: Release, store: EmbeddedStore) -> None:
    """Rows of the tables, records in the graph and the report of lists agree, list by list."""
    package = decided(open_package(DATA))
    rows = Counter(row["list_id"] for row in package.rows("records"))
    with (release.path / "report" / build.LISTS_REPORT).open(encoding="utf-8", newline="") as stream:
        listed = list(csv.DictReader(stream))
    assert {row["list"]: int(row["rows"]) for row in listed} == {key: rows[key] for key in package.index("lists")}
    assert all(int(row["rows"]) == int(row["taken"]) + int(row["merged"]) + int(row["left_out"]) for row in listed)
    designations = sum(int(row["taken"]) for row in listed) + further(package)
    assert designations == count(store, "?x a gp:Designation")
    for row in listed:
        table = f"<{PREFIXES['id']}table/{row['list']}>"
        assert count(store, f"?record gp:fromRow ?row ; gp:hasOutcome ?o . ?row gp:inTable {table}") == int(row["rows"])


def pairs(store: EmbeddedStore, pattern: str) -> set[tuple[str, ...]]:
    """Return the bindings of ?x and ?y."""
    found = store.select(with_prefixes(f"SELECT ?x ?y WHERE {{ {pattern} }}"), {}).rows
    return {tuple(str(term.value) for term in row if term is not None) for row in found}


def test_every_designation_names_its_records_and_their_documents(release: Release, store: EmbeddedStore) -> None:
    designations = {key for key, _ in pairs(store, "?x a ?y . FILTER(?y = gp:Designation)")}
    derived = {(x, y) for x, y in pairs(store, "?x prov:wasDerivedFrom ?y") if x in designations}
    assert {(y, x) for x, y in derived} == {(x, y) for x, y in pairs(store, "?x gp:hasOutcome ?o ; gp:describes ?y")}
    assert {x for x, _ in derived} == designations
    sources = pairs(store, "?x dcterms:source ?y")
    behind: dict[str, set[str]] = {}
    for thing, source in sources:
        behind.setdefault(thing, set()).add(source)
    repaired = {
        f"{THINGS}record/{row['record_id']}": {f"{THINGS}source/{key}" for key in row.many("repaired")}
        for row in open_package(DATA).rows("corrections")
        if row["column"] == "source_ids"
    }
    told: dict[str, set[str]] = {}
    for designation, record in derived:
        told.setdefault(designation, set()).update(behind[record] | repaired.get(record, set()))
    assert {statement for _, statement in pairs(store, "?x gp:isPlacedBy ?y")} <= behind.keys()
    assert told == {designation: behind[designation] for designation in designations}
    rows = release.manifest["counts"]["rows"]
    assert count(store, "?x gp:hasOutcome ?y") == rows["records"]
    assert count(store, "?x a gp:FormerPlace") == rows["former_places"]
    assert count(store, "?x a gp:List") == rows["lists"]
    assert count(store, "?x a gp:DesignationRelation") == rows["designation_relations"]


def test_a_reading_says_what_the_designation_says(store: EmbeddedStore) -> None:
    """Readings distinguish several records of a designation; its own value is the taken one."""
    assert count(store, "?x a gp:Reading") > 0
    stray = "?x gp:readingOf ?p ; prov:wasDerivedFrom ?r . FILTER NOT EXISTS { ?r gp:describes ?p }"
    assert count(store, stray) == 0
    other = """?x gp:readingOf ?p ; gp:columnName "approved_date" ; gp:takenValue ?v . FILTER NOT EXISTS {
        ?p gp:approvedText ?v } FILTER NOT EXISTS { ?p gp:hasStage/gp:approvedText ?v }"""
    assert count(store, other) == 0
    disregarded = "?x gp:disregardedValue ?v . FILTER NOT EXISTS { ?x gp:disregardsRecord ?r }"
    assert count(store, disregarded) == 0


@pytest.mark.slow
def test_a_damaged_release_is_built_anew(small_data: Path, small_release: Release, tmp_path: Path) -> None:
    """The same tables make the same id: the damaged folder must not stay in the place of the sound one."""
    shutil.copytree(small_release.path, tmp_path / small_release.id)
    (tmp_path / small_release.id / "columns" / "names.parquet").write_bytes(b"")
    again = build.build(small_data, ONTOLOGY, tmp_path)
    assert again.id == small_release.id
    verify(again)
    assert sorted(path.name for path in tmp_path.iterdir()) == [build.LOCK, FOLDER, small_release.id, "current"]

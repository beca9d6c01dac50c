"""The command: errors, help, output as table, CSV and JSON."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Dataset, Graph

from kg.cli import main
from kg.release import Release
from kg.release.export import FORMATS
from kg.store.departures import DEPARTURES

ROOT = Path(__file__).parents[3]


def run(*arguments: str, text: str | None = None) -> tuple[int, str, str]:
    outcome = CliRunner().invoke(main, list(arguments), input=text, catch_exceptions=False)
    return outcome.exit_code, outcome.stdout, outcome.stderr


def test_a_fault_in_the_input_is_said_without_a_traceback(small_data: Path, tmp_path: Path) -> None:
    shutil.copytree(small_data, tmp_path / "data")
    path = tmp_path / "data" / "mandates.csv"
    path.write_text(
        path.read_text("utf-8").replace(",state-council,approves,", ",state-counsel,approves,", 1), encoding="utf-8"
    )
    code, _, errors = run("build", "--data", str(tmp_path / "data"), "--dist", str(tmp_path / "dist"))
    assert code == 1
    assert errors == (
        "guapai: 1 fault in the input:\n"
        "mandates.csv, row 2, column authority_id: found 'state-counsel', expected a key of the table authorities\n"
    )
    assert not (tmp_path / "dist").exists()


@pytest.mark.slow
def test_validate_lists_the_three_warnings_and_exits_0(small_data: Path) -> None:
    code, output, errors = run("validate", "--data", str(small_data), "--format", "json")
    assert code == 0
    warned = [row["focus"].rpartition("/id/")[2] for row in json.loads(output) if row["severity"] == "warning"]
    assert warned == ["record/p2-t4/r04", "record/p2-t4/r05", "record/p2-t5/r04"]
    assert "0 violations, 3 warnings" in errors


def test_queries_come_from_standard_input_and_from_files(release: Release, tmp_path: Path) -> None:
    query = 'SELECT ?name WHERE { id:authority/most skos:prefLabel ?name FILTER(LANG(?name) = "en") }'
    query = query.replace("id:authority/most", "<https://w3id.org/guapai/id/authority/most>")
    path = tmp_path / "asked.rq"
    path.write_text(query, encoding="utf-8")
    expected = "name\nMinistry of Science and Technology\n"
    assert run("query", "-", "--dist", str(release.path), "--format", "csv", text=query)[1] == expected
    assert run("query", str(path), "--dist", str(release.path), "--format", "csv")[1] == expected
    marked = run("query", "-", "--dist", str(release.path), "--format", "csv", text=f"\ufeff{query}")
    assert marked[1] == expected, "a byte order mark is passed over"
    as_json = run("query", str(path), "--dist", str(release.path), "--format", "json")[1]
    assert json.loads(as_json) == [{"name": "Ministry of Science and Technology"}]
    assert "Ministry of Science and Technology" in run("query", str(path), "--dist", str(release.path))[1]


def test_a_query_that_the_engine_answers_otherwise_is_told(release: Release) -> None:
    query = 'SELECT (BNODE("a") AS ?node) { VALUES ?x { 1 2 } }'
    _, output, errors = run("query", "-", "--dist", str(release.path), "--format", "csv", text=query)
    assert len(set(output.splitlines()[1:])) == 1, "what SPARQL 1.1 makes two"
    assert f"note: {DEPARTURES['bnode-of-text']['en']}\n" in errors
    assert "note:" not in run("query", "1", "--dist", str(release.path))[2]


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (["query", "99"], None, "no question '99'; there are 1 to"),
        (["query", "-"], "SELECT ?x WHERE { ?x", "the query cannot be read"),
        (["query", "-"], "ASK {}", "expected a SELECT query"),
        (
            ["query", "-", "--endpoint", "http://127.0.0.1:9/sparql"],
            "SELECT ?x {}",
            "http://127.0.0.1:9/sparql does not answer",
        ),
    ],
)
def test_errors_of_queries_are_sentences(release: Release, arguments: list[str], text: str | None, said: str) -> None:
    code, _, errors = run(*arguments, "--dist", str(release.path), text=text)
    assert code == 1
    assert errors.startswith("guapai: ")
    assert said in errors


def test_no_release_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    code, _, errors = run("query", "1", "--dist", str(tmp_path))
    assert (code, "run `guapai build` first" in errors) == (1, True)


@pytest.mark.slow
def test_reason_says_that_all_is_consistent_and_writes_what_follows(small_release: Release, tmp_path: Path) -> None:
    code, output, _ = run("reason", "--dist", str(small_release.path), "--out", str(tmp_path / "derived.nt"))
    assert code == 0
    assert "every derived type agrees" in output
    assert (tmp_path / "derived.nt").read_bytes() == (small_release.graphs / "derived.nt").read_bytes()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_export_writes_every_format_and_all_say_the_same(small_release: Release, tmp_path: Path) -> None:
    target = tmp_path / "export"
    code, output, _ = run("export", "--dist", str(small_release.path), "--to", str(target))
    assert code == 0
    assert {Path(line).name for line in output.split("\n")} >= {
        *(f"guapai.{name}" for name in FORMATS if name != "csv"),
        "SHA256SUMS",
    }
    counts = small_release.manifest["counts"]["triples"]
    total = sum(counts.values())
    lines = {name: (target / f"guapai.{name}").read_text("utf-8").splitlines() for name in ("nt", "nq")}
    assert len(lines["nt"]) == total
    assert len(lines["nq"]) == total
    assert {line.split(" ")[0] for line in lines["nt"] if not line.startswith("_:")} <= {
        line.split(" ")[0] for line in lines["nq"]
    }
    for name in ("ttl", "rdf", "jsonld"):
        text = (target / f"guapai.{name}").read_text("utf-8")
        assert len(Graph().parse(data=text, format={"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}[name])) == total
    assert len(list(Dataset().parse(data=(target / "guapai.trig").read_text("utf-8"), format="trig").quads())) == len(
        lines["nq"]
    )
    assert (target / "tables" / "mandates.csv").read_bytes() == (ROOT / "data" / "mandates.csv").read_bytes()


@pytest.mark.slow
def test_export_describes_its_files_with_their_checksums(small_release: Release, tmp_path: Path) -> None:
    target = tmp_path / "export"
    run("export", "--dist", str(small_release.path), "--to", str(target), "--format", "nt", "--format", "csv")
    sums = dict(reversed(line.split("  ")) for line in (target / "SHA256SUMS").read_text("utf-8").splitlines())
    described = Graph().parse(target / "dataset.ttl")
    found = described.query(
        """SELECT ?title ?digest WHERE { ?d dcat:distribution ?x . ?x dcterms:title ?title ;
            <http://spdx.org/rdf/terms#checksum>/<http://spdx.org/rdf/terms#checksumValue> ?digest }"""
    )
    digests = {str(row[0]): str(row[1]) for row in found}  # type: ignore[index]
    assert digests
    assert digests == {name: digest for name, digest in sums.items() if name != "dataset.ttl"}
    assert run("export", "--dist", str(small_release.path), "--to", str(target))[0] == 1, (
        "a folder in use is left alone"
    )

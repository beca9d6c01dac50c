"""Findings of a release: graph, report and manifest agree."""

import csv

from reform import BEFORE_REFORM

from kg.analysis.findings.table import KEY_HEADERS
from kg.release import Release
from kg.store import EmbeddedStore, questions


def test_a_release_holds_the_findings_of_both_dates(small_release: Release) -> None:
    assert {"graphs/findings.nt", "report/findings.csv"} <= small_release.manifest["files"].keys()
    with (small_release.path / "report" / "findings.csv").open(encoding="utf-8", newline="") as stream:
        heads, *rows = csv.reader(stream)
    assert heads == [*KEY_HEADERS, "statement_zh", "statement_en"]
    assert {row[2] for row in rows} == {BEFORE_REFORM.isoformat(), small_release.data_as_of.isoformat()}
    store = EmbeddedStore(small_release.store_path)
    states = questions.rows(
        store,
        """SELECT ?finding ?day ?chinese ?english WHERE { GRAPH <https://w3id.org/guapai/graph/findings> {
          ?finding gp:hasState ?state . ?state gp:asOf ?day ; gp:statement ?chinese, ?english .
          FILTER(LANG(?chinese) = "zh" && LANG(?english) = "en") } }""",
    )
    told = {tuple(row) for row in questions.as_cells(states)}
    assert told == {(f"id:finding/{row[0]}", row[2], *row[-2:]) for row in rows} != set()


def test_the_words_of_findings_do_not_accuse(small_release: Release) -> None:
    report = (small_release.path / "report" / "findings.csv").read_text("utf-8")
    assert not [word for word in ("waste", "redundan", "浪费", "多余") if word in report]
    graph = (small_release.graphs / "findings.nt").read_text("utf-8").splitlines()
    assert len(graph) == len(set(graph)) == small_release.manifest["counts"]["triples"]["findings"]

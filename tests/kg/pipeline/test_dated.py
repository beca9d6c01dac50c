"""Days of approval and places of designations that documents state, one row for each (dated_cases.csv)."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from kg.pipeline.merge import Designation

with (Path(__file__).parent / "dated_cases.csv").open(encoding="utf-8", newline="") as stream:
    CASES = list(csv.DictReader(stream))


@pytest.mark.parametrize("case", CASES, ids=[case["designation"] for case in CASES])
def test_date_and_place_are_those_of_the_document(case: Mapping[str, str], merged: Mapping[str, Designation]) -> None:
    found = merged[case["designation"]]
    assert found.row["name_zh"] == case["name"]
    assert (found.cell("approved_date"), found.cell("place_ids")) == (case["approved_date"], case["place_ids"])
    assert set(case["source_ids"].split(";")) - {""} <= {*found.sources, *_documents(found)}


@pytest.mark.parametrize(
    ("designation", "ended", "source"),
    [
        ("customs-special-zone-0071", "2023-01-01", "dt-25"),
        ("customs-special-zone-0072", "2020-12-18", "dt-33"),
    ],
)
def test_the_day_of_ending_is_that_of_the_document(
    designation: str, ended: str, source: str, merged: Mapping[str, Designation]
) -> None:
    found = merged[designation]
    assert found.cell("ended_date") == ended
    assert source in found.sources


def test_the_older_laboratory_is_none_of_the_nine(merged: Mapping[str, Designation]) -> None:
    found = merged["national-laboratory-0005"]
    assert (found.cell("standing"), found.cell("approved_date")) == ("not-in-list", "1984")
    others = [each for each in merged.values() if each.row["programme_id"] == "national-laboratory"]
    assert sum(not each.cell("standing") for each in others) == 4


def _documents(found: Designation) -> set[str]:
    return {key for statement in found.statements for key in statement.many("source_ids")}

"""Findings written into a release are read again as they were."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from reform import BEFORE_REFORM

from kg.analysis.findings import find, stored
from kg.analysis.findings.finding import Ruling
from kg.release.columns import Columns


def test_findings_are_read_as_they_were_written(columns: Columns, tmp_path: Path) -> None:
    found = find.find(columns, BEFORE_REFORM)
    ruling = Ruling(
        "d1",
        "unsure",
        "理由",
        "somebody",
        date(2024, 1, 2),
        reopened=True,
        looked_at=date(2022, 12, 31),
        came=("a",),
        went=("b",),
        ministries=("c",),
    )
    found[0] = replace(found[0], rulings=(ruling, replace(ruling, looked_at=None)))
    assert any(one.subtracted for one in found)
    stored.write(tmp_path, found)
    assert stored.read(tmp_path, BEFORE_REFORM) == found
    assert stored.read(tmp_path, date(2020, 1, 1)) is None


def test_what_a_day_without_findings_left_is_no_file(tmp_path: Path) -> None:
    stored.write(tmp_path, [])
    assert stored.read(tmp_path, BEFORE_REFORM) is None

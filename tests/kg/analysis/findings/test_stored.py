"""Findings written into a file are read again as they were; processes of a server share those of days of choice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from reform import BEFORE_REFORM

from kg.analysis.findings import find, stored
from kg.analysis.findings.finding import Finding, Ruling
from kg.analysis.findings.stored import SharedDays
from kg.release.columns import Columns
from web.data import Computed


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


def computed_again() -> list[Finding]:
    pytest.fail("the day has been computed")


def test_another_process_reads_what_one_has_computed(columns: Columns, tmp_path: Path) -> None:
    found = find.find(columns, BEFORE_REFORM)
    days = [SharedDays(tmp_path, "a release") for _process in range(2)]
    assert days[0].findings(BEFORE_REFORM, lambda: found) == found
    assert days[1].findings(BEFORE_REFORM, computed_again) == found
    assert SharedDays(tmp_path, "another release").findings(BEFORE_REFORM, lambda: found[:1]) == found[:1]


def test_a_server_answers_from_the_files_of_its_processes(columns: Columns, tmp_path: Path) -> None:
    few = find.find(columns, BEFORE_REFORM)[:3]
    stored.write_day(tmp_path / "a release", BEFORE_REFORM, few)
    assert (
        list(
            Computed(columns, BEFORE_REFORM, shared=SharedDays(tmp_path, "a release")).findings(BEFORE_REFORM).values()
        )
        == few
    )


def test_who_asks_while_a_day_is_computed_waits_for_it(tmp_path: Path) -> None:
    begun, asked, computations = threading.Event(), threading.Event(), list[int]()

    def compute() -> list[Finding]:
        computations.append(1)
        begun.set()
        asked.wait(30)
        return []

    def late() -> list[Finding]:
        begun.wait(30)
        asked.set()
        return SharedDays(tmp_path, "a release").findings(BEFORE_REFORM, compute)

    with ThreadPoolExecutor() as threads:
        both = [
            threads.submit(SharedDays(tmp_path, "a release").findings, BEFORE_REFORM, compute),
            threads.submit(late),
        ]
        assert [one.result() for one in both] == [[], []]
    assert len(computations) == 1


def test_the_files_are_bounded_and_the_first_go_first(tmp_path: Path) -> None:
    days = [date(2020, 1, 1) + timedelta(number) for number in range(4)]
    shared = SharedDays(tmp_path, "a release", max_days=2)
    for day in days:
        assert shared.findings(day, list) == []
    kept = sorted(path.stem for path in (tmp_path / "a release" / stored.FOLDER).iterdir())
    assert kept == [str(day) for day in days[2:]]


def test_without_a_folder_each_process_computes(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder", encoding="utf-8")
    assert SharedDays(file, "a release").findings(BEFORE_REFORM, list) == []
    assert [path.name for path in tmp_path.iterdir()] == ["file"]

"""`guapai match`: lists as CSV and workbooks, with and without headers, matched and written."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from kg.cli import main
from kg.importing import match_list
from kg.release import Release

ROWS = [
    ["名称", "所在地", "备注"],
    ["鼓楼区", "南京", "=1+1"],
    ["昆山", "", ""],
    ["没有这个地方", "", ""],
    ["江苏省昆衫市", "", ""],
]
MADE = ["kind", "key", "iri", "matched_name", "score", "sure", "fit", "features", "others"]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(ROWS)
    return path


def run(release: Release, *arguments: str) -> tuple[int, str, str]:
    command = ["match", *arguments, "--dist", str(release.path)]
    outcome = CliRunner().invoke(main, command, catch_exceptions=False)
    return outcome.exit_code, outcome.stdout, outcome.stderr


def matched(release: Release, path: Path, *arguments: str) -> list[dict[str, str]]:
    code, output, _ = run(release, str(path), "--format", "csv", *arguments)
    assert code == 0
    return list(csv.DictReader(io.StringIO(output)))


def test_a_list_keeps_its_cells_and_gets_keys_scores_and_features(release: Release, listed: Path) -> None:
    rows = matched(release, listed, "--kind", "place")
    assert list(rows[0]) == [*ROWS[0], *(f"guapai_{name}" for name in MADE)]
    assert [[row[head] for head in ROWS[0]] for row in rows] == ROWS[1:]
    first = {name: rows[0][f"guapai_{name}"] for name in MADE[:8]}
    assert first == {
        "kind": "place",
        "key": "320106",
        "iri": "https://w3id.org/guapai/id/place/320106",
        "matched_name": "江苏省南京市鼓楼区",
        "score": "99.4",
        "sure": "true",
        "fit": "whole",
        "features": "name 0.99; place 1.00",
    }
    assert "place/350102" in rows[0]["guapai_others"]
    assert [(row["guapai_key"], row["guapai_sure"]) for row in rows[1:]] == [
        ("320583", "true"),
        ("", ""),
        ("320583", "false"),
    ]


def test_under_the_least_score_a_row_has_no_key_and_its_candidates_stand_among_the_others(
    release: Release, listed: Path
) -> None:
    misprint = matched(release, listed, "--kind", "place", "--min-score", "90")[3]
    assert (misprint["guapai_key"], misprint["guapai_score"]) == ("", "")
    assert "place/320583" in misprint["guapai_others"]


def test_csv_and_workbook_are_written_and_read_without_a_formula(
    release: Release, listed: Path, tmp_path: Path
) -> None:
    for name in ("out.csv", "out.xlsx"):
        code, _, told = run(release, str(listed), "--kind", "place", "--output", str(tmp_path / name))
        assert code == 0
        assert told.endswith("4 rows: 2 surely matched, 1 perhaps, 1 without a match\n")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1][2] == "'=1+1"
    sheet = load_workbook(tmp_path / "out.xlsx").active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[1][:5] == ["鼓楼区", "南京", "=1+1", "place", "320106"]
    assert sheet["C2"].data_type == "s"
    again = matched(release, tmp_path / "out.xlsx", "--kind", "place")
    assert [row["guapai_key"] for row in again][:2] == ["320106", "320583"]


def test_a_workbook_a_column_without_header_and_a_given_header(release: Release, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["地名甲", "别的"])
    book.active.append(["昆山", "x"])
    book.save(tmp_path / "list.xlsx")
    assert matched(release, tmp_path / "list.xlsx", "--column", "地名甲=name")[0]["guapai_key"] == "320583"
    bare = tmp_path / "bare.csv"
    bare.write_text("昆山\n江阴\n", encoding="gb18030")
    assert [row["guapai_key"] for row in matched(release, bare, "--kind", "place")] == ["320583", "320281"]


def test_without_output_the_first_rows_are_shown(release: Release, listed: Path) -> None:
    code, output, told = run(release, str(listed), "--kind", "place")
    assert code == 0
    assert "江苏省南京市鼓楼区" in output.replace("\n", "")
    assert told == "4 of 4 rows are shown; --output writes all\n"
    as_json = json.loads(run(release, str(listed), "--kind", "place", "--format", "json")[1])
    assert as_json[1]["guapai_key"] == "320583"


@pytest.mark.parametrize(
    ("content", "arguments", "told"),
    [
        ("", (), "found an empty file"),
        (",,\n,,\n", (), "no rows"),
        ("名称\n昆山\n", ("--column", "别处=name"), "expected this column"),
    ],
)
def test_faults_are_told(release: Release, tmp_path: Path, content: str, arguments: tuple[str, ...], told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(content, encoding="utf-8")
    code, _, errors = run(release, str(path), *arguments)
    assert code == 1
    assert told in errors


def test_a_file_that_cannot_be_written_is_told(release: Release, listed: Path, tmp_path: Path) -> None:
    code, _, errors = run(release, str(listed), "--output", str(tmp_path / "none" / "out.csv"))
    assert code == 1
    assert errors.endswith("/none/out.csv: No such file or directory; nothing was written\n")


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_file_is_there_when_it_is_whole_and_not_before(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"as before")

    def rows() -> Iterator[list[str]]:
        yield ["昆山"]
        assert path.read_bytes() == b"as before"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        match_list.write(path, ["name"], rows())
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(name, b"as before")]

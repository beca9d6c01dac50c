"""docs/add-a-programme.md: a programme is taken out of a copy of the tables, and its steps put the same rows back."""

import csv
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.release import open_release
from kg.store import EmbeddedStore
from kg.store.questions import as_cells, rows
from kg.tables import to_csv

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
DOCUMENT = (ROOT / "docs" / "add-a-programme.md").read_text(encoding="utf-8")
PROGRAMME, LIST = "ai-pilot-zone", "rengong_zhineng_shiyanqu"
FILES = (f"designations/{PROGRAMME}.csv", f"records/{LIST}.csv")
BLOCK = re.compile(r"```(\w+)\n(.+?)```", re.DOTALL)


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def steps() -> list[tuple[str, str, str]]:
    """Return each block of the tutorial: its language, the last table named before it, its text."""
    found = []
    for block in BLOCK.finditer(DOCUMENT):
        named = re.findall(r"`data/(\w+\.csv)`", DOCUMENT[: block.start()])
        found.append((block[1], named[-1], block[2]))
    return found


STEPS = steps()
GIVEN = [(name, list(csv.reader(text.splitlines()))) for language, name, text in STEPS if language == "csv"]
"""Tables with the header and the rows that the tutorial gives them."""


@pytest.fixture
def data(small_data: Path, tmp_path: Path) -> Path:
    """The small tables without the programme."""
    folder = tmp_path / "data"
    shutil.copytree(small_data, folder)
    for name, (_header, *given) in GIVEN:
        header, *found = table(folder / name)
        kept = [row for row in found if row[0] not in {each[0] for each in given}]
        (folder / name).write_text(to_csv(header, iter(kept)), encoding="utf-8")
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        if isinstance(resource["path"], list):
            resource["path"] = [path for path in resource["path"] if path not in FILES]
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    for path in FILES:
        (folder / path).unlink()
    return folder


def add(path: Path, given: list[list[str]]) -> None:
    """Add rows to a table, in the place of those with their keys."""
    header, *found = table(path)
    assert given[0] == header
    changed = {row[0] for row in given[1:]}
    rows = [*(row for row in found if row[0] not in changed), *given[1:]]
    path.write_text(to_csv(header, iter(rows)), encoding="utf-8")


def run(command: str, data: Path, folder: Path) -> None:
    _guapai, name, *arguments = shlex.split(command)
    arguments = [str(folder / each) if each.endswith(".csv") else each for each in arguments]
    dist = ["--dist", str(folder / "dist")] if name == "build" else []
    outcome = CliRunner().invoke(main, [name, *arguments, "--data", str(data), *dist])
    assert outcome.exit_code == 0, f"{command}\n{outcome.output}"


def follow(data: Path, folder: Path, *, build: bool) -> None:
    for language, name, text in STEPS:
        if language == "csv":
            add(data / name, list(csv.reader(text.splitlines())))
        elif language == "list":
            (folder / f"{LIST}.csv").write_text(text, encoding="utf-8")
        for command in text.splitlines() if language == "sh" else ():
            if build or not command.startswith("guapai build"):
                run(command, data, folder)


def test_the_rows_of_the_tutorial_are_those_of_the_tables() -> None:
    assert {name for name, _ in GIVEN} == {
        *("sources.csv", "programmes.csv", "mandates.csv", "purpose_texts.csv", "purpose_assignments.csv", "lists.csv")
    }
    for name, given in GIVEN:
        header, *found = table(DATA / name)
        assert given[0] == header
        assert [row for row in given[1:] if row not in found] == [], name


@pytest.mark.slow
def test_its_steps_give_the_designations_that_the_tables_have(data: Path, tmp_path: Path) -> None:
    follow(data, tmp_path, build=False)
    for path in FILES:
        assert table(data / path) == table(DATA / path)


@pytest.mark.slow
def test_its_build_holds_the_programme(data: Path, tmp_path: Path) -> None:
    follow(data, tmp_path, build=True)
    store = EmbeddedStore(open_release(tmp_path / "dist").store_path)
    query = (
        f"SELECT (COUNT(*) AS ?n) WHERE {{ ?d gp:underProgramme <https://w3id.org/guapai/id/programme/{PROGRAMME}> }}"
    )
    assert list(as_cells(rows(store, query))) == [[str(len(table(DATA / FILES[0])) - 1)]]

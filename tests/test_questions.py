"""Every competency question gives the expected rows, by the engine and by the command."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import query
from kg.cli import main
from kg.release import Release
from kg.store import EmbeddedStore

ROOT = Path(__file__).parent.parent
QUESTIONS = query.questions(ROOT / "ontology" / "questions")


def test_there_are_at_least_twenty_numbered_without_a_gap() -> None:
    assert len(QUESTIONS) >= 20
    assert [question.number for question in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_expected_rows(question: query.Question, release: Release) -> None:
    solutions = query.rows(EmbeddedStore(release.store_path), question.query)
    columns, rows = query.expected(question)
    assert rows, "an expectation of nothing is none"
    assert list(solutions.variables) == columns
    assert list(query.as_cells(solutions)) == rows


PAPER_TABLES = {
    8: "p1-t1", 9: "p1-t2", 10: "p1-t3", 11: "p1-t4", 12: "p1-t5", 14: "p2-t1", 15: "p2-t2", 16: "p2-t3", 17: "p2-t4", 18: "p2-t5",
}  # fmt: skip


@pytest.mark.parametrize(("number", "table"), PAPER_TABLES.items())
def test_the_papers_tables_come_back_cell_by_cell(number: int, table: str, release: Release) -> None:
    """The answer equals the table as it stands in data/papers, whatever the expected rows say."""
    question = query.find(ROOT / "ontology" / "questions", str(number))
    solutions = query.rows(EmbeddedStore(release.store_path), question.query)
    columns = ["id", *(name.removeprefix("?") for name in solutions.variables[1:])]
    with (ROOT / "data" / "papers" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        expected = [[row[column] for column in columns] for row in csv.DictReader(stream)]
    assert list(query.as_cells(solutions)) == expected


def test_the_command_answers_by_number_and_by_key(release: Release) -> None:
    arguments = ["query", "--dist", str(release.path), "--format", "csv"]
    for asked in ("4", "04-do-rd-shares-add-up"):
        outcome = CliRunner().invoke(main, [*arguments, asked])
        assert outcome.exit_code == 0
        assert list(csv.reader(io.StringIO(outcome.output)))[1:] == query.expected(QUESTIONS[3])[1]

"""Documentation of the commands: help, example, and a line in both READMEs."""

import re
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner

from kg.cli import COMMANDS, main
from kg.release import Release
from kg.store import EmbeddedStore, NamedNode
from kg.store.questions import questions, rows

MOST = "https://w3id.org/guapai/id/authority/most"
ROOT = Path(__file__).parents[3]
READMES = [(ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_an_example_and_a_line_in_both_readmes(name: str) -> None:
    outcome = CliRunner().invoke(main, [name, "--help"])
    assert outcome.exit_code == 0
    command = main.get_command(Context(main), name)
    assert command
    assert command.help
    assert command.epilog
    assert f"guapai {name}" in command.epilog
    for text in READMES:
        assert f"guapai {name}" in text


def test_the_five_questions_stand_in_both_readmes_with_their_command_and_page() -> None:
    for question in questions(ROOT / "ontology" / "questions")[:5]:
        for text in READMES:
            assert f"guapai query {question.number}" in text
            assert f"/questions/{question.key}" in text


def test_the_two_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("run", "test", "test-all", "lint"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    for text in READMES:
        assert "make run" in text
        assert "make test" in text


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("data/*.md"), *ROOT.glob("ontology/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_query_of_both_readmes_has_an_answer(release: Release) -> None:
    texts = {text for readme in READMES for text in re.findall(r"```sparql\n(.+?)```", readme, re.DOTALL)}
    assert len(texts) == 1
    found = rows(EmbeddedStore(release.store_path), *texts).rows
    assert NamedNode(MOST) in [row[0] for row in found]

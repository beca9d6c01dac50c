"""docs/sparql-cookbook.md: its queries give rows, and its questions are those of ontology/questions."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.store import cookbook, questions
from kg.vocab import PREFIXES

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "sparql-cookbook.md").read_text(encoding="utf-8")
DECLARED, *QUERIES = re.findall(r"```sparql\n(.+?)```", DOCUMENT, re.DOTALL)


def test_the_questions_are_generated_from_their_headers() -> None:
    known = questions.questions(ROOT / "ontology" / "questions")
    assert cookbook.updated(DOCUMENT, known) == DOCUMENT, "run `make docs/sparql-cookbook.md`"
    topics = [topic for topic, _ in questions.by_topic(known)]
    assert all(topic.keys() == {"zh", "en"} for topic in topics)
    for language in ("zh", "en"):
        assert len({topic[language] for topic in topics}) == len(topics), "one topic, two titles"


def test_the_prefixes_are_those_of_the_project() -> None:
    declared = dict(re.findall(r"PREFIX (\w+): <(.+)>", DECLARED))
    assert declared.items() <= PREFIXES.items()


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_patterns_gives_rows(client: FlaskClient, query: str) -> None:
    """Sent as a program sends it: with the declared prefixes and nothing else."""
    answer = client.post("/sparql", data={"query": DECLARED + query, "format": "json"})
    assert answer.status_code == 200, answer.text
    assert answer.json
    assert answer.json["results"]["bindings"]

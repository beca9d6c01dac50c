"""Client and parsing of pages for tests."""

import re

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.store import EmbeddedStore
from kg.store.questions import with_prefixes


class Client(FlaskClient):
    """Test client that reads responses completely."""

    def open(self, *arguments: object, **options: object) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **options})  # type: ignore[arg-type]


def soup(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def words(element: object) -> str:
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()  # type: ignore[attr-defined]


def number(found: object) -> int:
    """Parse a number formatted with thin spaces."""
    return int(re.sub(r"\s", "", words(found)))


def count(store: EmbeddedStore, pattern: str) -> int:
    """Count the solutions of a pattern."""
    rows = store.select(with_prefixes(f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ {pattern} }}"), {}).rows
    return int(rows[0][0].value)

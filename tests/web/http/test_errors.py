"""Errors in HTTP: an error of the family tells a program its code."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.errors import StoreError


def test_a_store_that_does_not_answer_is_a_problem_with_the_code_of_the_error(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> str:
        raise StoreError("the disk is gone")

    monkeypatch.setitem(app.view_functions, "corrections.correction", failing)
    answer = client.get("/correction?lang=en", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The store of the graph does not answer.",
        "instance": "/correction?lang=en",
        "code": "store",
    }
    page = client.get("/correction?lang=en", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (503, "text/html")

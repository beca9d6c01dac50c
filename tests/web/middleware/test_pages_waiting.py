"""Pages that are being made: counted from their begin to their end, queries not at all."""

from contextlib import suppress

import pytest
from flask import Flask
from waiting import until

from web.middleware import pages_waiting
from web.middleware.pages_waiting import Pages


def test_a_page_waits_when_it_has_been_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages()
    assert not pages.wait()
    monkeypatch.setattr(pages_waiting, "LATE_SECONDS", 600)
    pages.enter("one")
    assert not pages.wait(), "it has just begun"
    monkeypatch.setattr(pages_waiting, "LATE_SECONDS", 0.01)
    until(pages.wait)
    pages.leave("one")
    pages.leave("one")
    assert not pages.wait()


def test_pages_are_counted_until_they_are_made_or_fail() -> None:
    app, pages, counted = Flask("pages"), Pages(), list[int]()
    pages_waiting.init_app(app, pages)

    def page() -> str:
        counted.append(len(pages._started))
        return "page"

    def failing() -> str:
        counted.append(len(pages._started))
        raise ValueError

    app.add_url_rule("/page", view_func=page)
    app.add_url_rule("/failing", view_func=failing)
    app.add_url_rule("/query", "sparql.query", page)
    app.testing = True
    client = app.test_client()
    for path in ("/page", "/failing", "/query", "/nowhere"):
        with suppress(ValueError):
            client.get(path)
        assert pages._started == {}
    assert counted == [1, 1, 0]

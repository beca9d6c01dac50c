"""A long page tells a browser at once that it is being made, and is given when it is ready."""

import threading

from bs4 import BeautifulSoup
from flask import Flask
from read_pages import words
from waiting import until

from kg.release import Release
from web import create_app
from web.middleware import patience

BROWSER = {"Accept": "text/html,*/*;q=0.8"}
ADDRESS = "/dossier/320000?lang=en"


def slow(release: Release, ready: threading.Event, made: list[str]) -> Flask:
    app = create_app(release)

    def view(path: str) -> str:
        assert ready.wait(600)
        made.append(path)
        return f"<p>{path}</p>"

    app.view_functions["dossier.dossier"] = view
    patience.init_app(app, 0.05)
    return app


def test_a_browser_is_told_that_the_page_is_being_made_and_gets_it_once(release: Release) -> None:
    ready, made = threading.Event(), list[str]()
    client = slow(release, ready, made).test_client()
    for _ in range(2):
        answer = client.get(ADDRESS, headers=BROWSER)
        assert (answer.status_code, answer.headers["Refresh"], answer.headers["Cache-Control"]) == (
            202,
            "3",
            "no-store",
        )
        assert words(BeautifulSoup(answer.text, "html.parser").h1) == "Being prepared"
    assert made == [], "one job, which waits"
    ready.set()
    until(lambda: bool(made))
    assert (client.get(ADDRESS, headers=BROWSER).text, made) == ("<p>320000</p>", ["320000"])
    assert client.get(ADDRESS, headers=BROWSER).text == "<p>320000</p>"
    assert made == ["320000", "320000"], "each is given once"


def test_a_program_waits_for_the_answer_itself(release: Release) -> None:
    ready, made = threading.Event(), list[str]()
    ready.set()
    answer = slow(release, ready, made).test_client().get(ADDRESS, headers={"Accept": "*/*"})
    assert (answer.status_code, answer.text, made) == (200, "<p>320000</p>", ["320000"])

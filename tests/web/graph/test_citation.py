"""Citations of things, lists, findings, dossiers and the data set, each with the release that is cited."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from kg.release import Release
from web.graph.citation import Citation

KUNSHAN = (
    "Kunshan City, Jiangsu: 8 designations for industrial development of 6 ministries "
    "(GACC, MEE, MIIT, MOFCOM, MOHURD and 1 more)"
)
KUNSHAN_BEFORE = (
    "Kunshan City, Jiangsu: 6 designations for industrial development of 5 ministries (GACC, MEE, MOFCOM, MOHURD, MOST)"
)
PAGES = {
    "/page/place/320583": ("Kunshan City", "https://w3id.org/guapai/id/place/320583"),
    "/page/finding/territorial/320583/industrial-development": (
        KUNSHAN,
        "https://w3id.org/guapai/id/finding/territorial/320583/industrial-development",
    ),
    "/page/finding/territorial/320583/industrial-development/2022-12-31": (
        KUNSHAN_BEFORE,
        "https://w3id.org/guapai/id/finding/territorial/320583/industrial-development/2022-12-31",
    ),
    "/page/designation/national-high-tech-zone-0039": (
        "Kunshan National High-tech Zone",
        "https://w3id.org/guapai/id/designation/national-high-tech-zone-0039",
    ),
    "/designations?place=320583": ("Designations", "https://w3id.org/guapai/designations?place=320583"),
    "/ask?place=320583&purpose=technology-transfer": (
        "Who already has a designation for this?",
        "https://w3id.org/guapai/ask?place=320583&purpose=technology-transfer",
    ),
    "/dossier/320583": ("Dossier: Kunshan City", "https://w3id.org/guapai/dossier/320583"),
    "/about": ("Guapai (挂牌)", "https://w3id.org/guapai/dataset"),
}
"""Page to the title and the address that its citation has."""


def permanent(address: str, release: Release) -> str:
    return address.replace("https://w3id.org/guapai/", f"https://w3id.org/guapai/release/{release.id}/")


def cited(client: FlaskClient, page: str, form: str) -> str:
    answer = client.get(f"{page}{'&' if '?' in page else '?'}lang=en&cite={form}")
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_cited_in_three_forms(client: FlaskClient, release: Release, page: str) -> None:
    title, address = PAGES[page][0], permanent(PAGES[page][1], release)
    day = release.data_as_of
    (item,) = json.loads(cited(client, page, "csl"))
    assert item == {
        "id": item["id"],
        "type": "dataset",
        "title": title,
        "author": [{"literal": "Guapai"}],
        "container-title": "Guapai (挂牌)",
        "version": release.id,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "URL": address,
        "language": "en",
    }
    assert cited(client, page, "gb7714") == f"Guapai. {title}[DS/OL]. release {release.id}. ({day}). {address}.\n"
    assert cited(client, page, "bibtex") == (
        f"@misc{{{item['id']},\n  author = {{{{Guapai}}}},\n  title = {{{{{title}}}}},\n"
        f"  howpublished = {{Guapai (挂牌)}},\n  year = {{{day.year}}},\n  month = {{{day.month}}},\n"
        f"  version = {{{release.id}}},\n  url = {{{address}}},\n  langid = {{english}}\n}}\n"
    )


@pytest.mark.parametrize("page", PAGES)
def test_each_page_shows_its_citation_with_a_button_that_copies(client: FlaskClient, page: str) -> None:
    shown = client.get(f"{page}{'&' if '?' in page else '?'}lang=en").text
    assert shown.count("data-copies=") == 3
    assert f"{PAGES[page][0]}[DS/OL]" in shown


def test_the_button_copies_the_citation(site: str, browser: Browser, release: Release) -> None:
    """Data set, designation, finding, dossier and answer sheet, by clicking."""
    copied = {}
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang=en")
            page.locator(".citing summary").click()
            page.locator("[data-copies=cited-gb7714]").click()
            page.get_by_text("copied").wait_for()
            copied[path] = page.evaluate("navigator.clipboard.readText()").strip()
    day = release.data_as_of
    assert copied == {
        path: f"Guapai. {title}[DS/OL]. release {release.id}. ({day}). {permanent(address, release)}."
        for path, (title, address) in PAGES.items()
    }


def test_signs_that_tex_takes_for_commands_are_written_out(release: Release, app: Flask) -> None:
    citation = Citation(r"5% & {a}_b#c$ ~^\x", "https://w3id.org/guapai/", release.id, release.data_as_of, "en")
    with app.test_request_context("/?lang=en"):
        lines = citation.bibtex.splitlines()
    assert lines[2] == (r"  title = {{5\% \& \{a\}\_b\#c\$ \textasciitilde{}\textasciicircum{}\textbackslash{}x}},")


def test_another_form_is_not_known(client: FlaskClient) -> None:
    answer = client.get("/page/place/320583?cite=apa", headers={"Accept": "application/problem+json"})
    assert answer.status_code == 404
    assert "bibtex, csl, gb7714" in answer.json["detail"]

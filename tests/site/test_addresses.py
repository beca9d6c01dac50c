"""Promised addresses: alternates, headers, languages."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.release import Release
from kg.vocab import TERMS
from web.views.resource.page import LISTS

TWINS = (
    *sorted({f"/{name}" for name in LISTS.values()} - {"/designations"}),
    *("/designations?programme=national-high-tech-zone", "/findings?kind=stacking", "/quality", "/accounting"),
    *("/lists", "/compare", "/concentration"),
    *("/matrices/ministry-purpose", "/matrices/programme-programme", "/search?q=昆山"),
    "/ask?place=320583&purpose=technology-transfer",
    "/compare/places?one=320583&other=110117",
    "/compare/programmes?one=national-etdz&other=national-high-tech-zone",
)
"""Pages with alternates as data."""


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def twin(address: str, ending: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}.{ending}{mark}{query}"


@pytest.mark.parametrize("address", TWINS)
def test_a_page_of_data_has_its_twins_and_names_them(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    json_twin = client.get(twin(address, "json"))
    assert (json_twin.status_code, json_twin.mimetype) == (200, "application/json")
    assert json_twin.json
    csv_twin = client.get(twin(address, "csv"))
    assert (csv_twin.status_code, csv_twin.mimetype) == (200, "text/csv")
    heads, *rows = csv.reader(io.StringIO(csv_twin.text))
    assert rows
    assert {len(row) for row in rows} == {len(heads)}
    for answer in (json_twin, csv_twin):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Accept-Language" in answer.headers["Vary"]
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(twin(address, "json" if answer is json_twin else "csv"), headers=tag).status_code == 304
    for ending in ("json", "csv", "xlsx"):
        named = twin(address.partition("?")[0], ending)
        assert re.search(rf'href="[^"]*{re.escape(named)}[?"&]', page.text), f"the page does not lead to {named}"


@pytest.mark.parametrize(
    ("accept", "address", "language"),
    [
        ("", "/claims", "zh-Hans"),
        ("en-GB,zh;q=0.5", "/claims", "en"),
        ("zh-CN,en;q=0.9", "/claims", "zh-Hans"),
        ("de,en;q=0.4", "/claims", "en"),
        ("de", "/claims", "zh-Hans"),
        ("zh", "/claims?lang=en", "en"),
        ("en", "/claims?lang=zh", "zh-Hans"),
        ("en", "/claims?lang=de", "en"),
    ],
)
def test_the_language_by_address_goes_before_the_header(
    client: FlaskClient, accept: str, address: str, language: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": accept} if accept else {})
    assert f'<html lang="{language}">' in answer.text
    assert ("Accept-Language" in answer.headers.get("Vary", "")) is ("lang=zh" not in address and "=en" not in address)


def test_all_schemes_come_as_data_too(client: FlaskClient) -> None:
    answer = client.get("/scheme/", headers={"Accept": "application/n-triples"})
    assert (answer.status_code, answer.mimetype) == (200, "application/n-triples")
    assert f"<{TERMS}ApprovalPurpose>" in answer.text


def test_those_who_run_the_site_are_answered_and_no_other_site(client: FlaskClient) -> None:
    for address in ("/health", "/metrics"):
        assert "Access-Control-Allow-Origin" not in client.get(address).headers, address


def test_a_term_is_documented_with_its_uses_and_shapes(client: FlaskClient, release: Release) -> None:
    page = client.get("/ns/Designation?lang=en").text
    count = re.search(r'How the data use it <span class="count">([\d\s\u202f]+)<', page)
    assert count
    assert int(re.sub(r"\D", "", count[1])) == release.manifest["counts"]["rows"]["designations"]
    assert 'href="/shapes/DesignationShape?lang=en"' in page
    ontology = client.get("/ontology?lang=en").text
    row = re.search(r"<code>gp:locatedIn</code></th>(.*?)</tr>", ontology, re.DOTALL)
    assert row
    assert "/ns/Place?lang=en" in row[1], "what it points to"


def test_names_without_english_are_written_in_pinyin_on_english_pages_alone(client: FlaskClient) -> None:
    address = "/page/carrier/shan-dong-feng-xiang"
    english, chinese = (client.get(f"{address}?lang={language}").text for language in ("en", "zh"))
    said = '<span lang="zh-Latn-pinyin">Shandong Fengxiang Gufen Youxian Gongsi</span>'
    assert said in english
    assert "transcription in pinyin, not an official English name" in english
    assert "<title>山东凤祥股份有限公司 (Shandong Fengxiang Gufen Youxian Gongsi)" in english
    assert said not in chinese
    listed = client.get("/carriers?q=山东凤祥股份&lang=en").text
    assert 'lang="zh-Hans">山东凤祥股份有限公司</a> <span class="reading" lang="zh-Latn-pinyin">Shandong' in listed
    found = client.get("/search?q=山东凤祥股份&lang=en").text
    assert '<span class="reading" lang="zh-Latn-pinyin">Shandong Fengxiang' in found


@pytest.mark.parametrize(
    ("thing", "chinese", "english"),
    [
        (
            "reading/national-etdz-0186/extent",
            "南宁经济技术开发区：范围为",
            "Nanning National Economic and Technological Development Zone: has extent",
        ),
        ("geometry/360921", "奉新县：坐标点", "Fengxin County: point on the map"),
        ("result/report", "校验报告", "Report of the validation"),
        ("structure/p2-t5/observedMeasure", "度量为", "Paper 2, table 5: has observed measure"),
        (
            "row/p1-t3/r01",
            "第一篇论文表3 r01：国家级高新技术产业开发区",
            "Paper 1, table 3 r01: 国家级高新技术产业开发区",
        ),
    ],
)
def test_a_thing_without_a_name_is_called_after_its_kin(
    client: FlaskClient, thing: str, chinese: str, english: str
) -> None:
    for language, name in (("zh", chinese), ("en", english)):
        title = re.search(r"<h1[^>]*>([^<]+)", client.get(f"/page/{thing}?lang={language}").text)
        assert title
        assert name in title[1]


def test_a_page_says_what_it_is_where_it_is_shared(client: FlaskClient) -> None:
    finding = "/page/finding/territorial/110117/agriculture-rural"
    for address, title in (("/matrices?lang=en", "Ministries and purposes — Guapai"), (f"{finding}?lang=zh", "平谷区")):
        page = client.get(address).text
        said = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]+)">', page))
        assert said.keys() - {"image"} == {"title", "description", "type", "site_name", "locale"}
        assert title in said["title"]
    assert "/card/finding/territorial/110117/agriculture-rural.png" in said["image"]
    assert "平谷" in said["description"], "a finding is described by its own sentence"

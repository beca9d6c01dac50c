"""The correction form: its row repairs the record, and faults are explained."""

import csv
import io
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import expectations
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from read_pages import soup, words

from kg import tables
from kg.curation import corrections
from kg.curation.corrections import REPAIRED
from kg.errors import EXPECTATIONS, GuapaiError
from kg.pipeline.merge import corrected
from kg.release import Release
from kg.tables import Row, dates, record_checks, schema
from kg.vocab import THINGS
from web.html import reporting
from web.views.correction import SENTENCES

RECORD = "guojia_gaoxinqu/0001"
CHINESE = re.compile("[一-鿿]")
EXTENTS = (
    "organisation, town, within-county, county, several-counties, within-prefecture, prefecture, province, "
    "several-provinces, unknown"
)
TOLD = {"reason": "批复写明“海淀区” | the approval states it", "source": "国函〔1988〕74号, https://a.example/?x=1&y=2"}
TOLD |= {"who": '=cmd, "A" O\'Neil', "on": "2026-11-24"}


@pytest.fixture(scope="module")
def record(release: Release) -> Row:
    package = tables.open_package(release.path / "tables")
    return next(row for row in package.rows("records") if row["id"] == RECORD)


def asked(client: FlaskClient, language: str = "en", **cells: str) -> BeautifulSoup:
    return soup(client, f"/correction?{urlencode({'lang': language, 'record': RECORD, **cells})}")


def lines(page: BeautifulSoup) -> list[dict[str, str]]:
    shown = page.find("pre")
    assert shown is not None, words(page.main)
    return list(csv.DictReader(io.StringIO(shown.get_text())))


def complaints(page: BeautifulSoup) -> list[str]:
    assert page.find("pre") is None, "no line where something is at fault"
    return [words(entry) for entry in page.select("section[role=status] .evidence li")]


@pytest.mark.slow
def test_the_line_passes_the_rules_and_repairs_the_value(
    client: FlaskClient, release: Release, record: Row, tmp_path: Path
) -> None:
    """Three cells by names and keys, in a copy of the tables, with quotes, commas and line ends."""
    told = TOLD | {"who": 'Ye "A", O\'Neil', "reason": '第一行\r\n第二行,"引号"'}
    page = asked(
        client, column="place_ids", place_ids="海淀区；北京市朝日区、110106", extent="several-counties", **told
    )
    said = complaints(page)
    assert said == [
        "Places '北京市朝日区' — No item has this key or name. Use keys or full names, separated by semicolons."
    ]
    page = asked(client, column="place_ids", place_ids="海淀区；北京朝阳、110106", extent="several-counties", **told)
    found = lines(page)
    assert [(row["column"], row["found"], row["repaired"]) for row in found] == [
        ("place_ids", record["place_ids"], "110108;110105;110106"),
        ("extent", record["extent"], "several-counties"),
    ]
    assert {row["reason"] for row in found} == {f'第一行 第二行,"引号"（{TOLD["source"]}）'}
    assert {(row["record_id"], row["decided_by"], row["decided_on"]) for row in found} == {
        (RECORD, 'Ye "A", O\'Neil', "2026-11-24")
    }
    copy = tmp_path / "tables"
    shutil.copytree(release.path / "tables", copy)
    before = (copy / "corrections.csv").read_text("utf-8")
    header, _, added = page.pre.get_text().partition("\n")
    assert before.startswith(f"{header}\n")
    (copy / "corrections.csv").write_text(before + added, encoding="utf-8")
    package = tables.open_package(copy)
    assert schema.check(package) == []
    assert list(record_checks.check(package)) == []
    after = next(row for row in corrected(package) if row["id"] == RECORD)
    changed = {column: cell for column, cell in after.cells.items() if cell != record[column]}
    assert changed == {"place_ids": "110108;110105;110106", "extent": "several-counties"}


@pytest.mark.parametrize(
    ("cells", "english", "chinese"),
    [
        (
            {"approved_date": "1988-02-30"},
            "Date of approval '1988-02-30' — Expected a day, month or year that exists: YYYY-MM-DD, YYYY-MM or YYYY.",
            "批复日期 '1988-02-30' — 应为存在的年、月或日：YYYY-MM-DD、YYYY-MM 或 YYYY。",
        ),
        (
            {"extent": "huge"},
            f"Extent 'huge' — Expected one of: {EXTENTS}.",
            f"范围 'huge' — 应为其中之一：{EXTENTS}。",
        ),
        (
            {"carrier_ids": "无此机构"},
            "Carriers '无此机构' — No item has this key or name. Use keys or full names, separated by semicolons.",
            "载体 '无此机构' — 没有这个键或名称。请写键或完整名称，以分号分隔。",
        ),
        ({"source_ids": ""}, "Documents '' — A value is required.", "文件 '' — 此处必须填写。"),
        (
            {"extent": "county", "who": "=HYPERLINK(1)"},
            "Who says so '=HYPERLINK(1)' — It must not begin with = + - or @, which spreadsheets read as a formula.",
            "更正者 '=HYPERLINK(1)' — 不得以 =、+、- 或 @ 开头，表格软件会把它当作公式。",
        ),
        (
            {"extent": "county", "on": "24.11.2026"},
            "Day '24.11.2026' — Expected a day, month or year that exists: YYYY-MM-DD, YYYY-MM or YYYY.",
            "日期 '24.11.2026' — 应为存在的年、月或日：YYYY-MM-DD、YYYY-MM 或 YYYY。",
        ),
        (
            {"extent": "county", "who": " "},
            "Who says so nothing — A value is required.",
            "更正者 没有 — 此处必须填写。",
        ),
    ],
)
def test_each_fault_is_said_plainly(client: FlaskClient, cells: dict[str, str], english: str, chinese: str) -> None:
    told = TOLD | {"who": "A"} | cells
    assert complaints(asked(client, **told)) == [english]
    assert complaints(asked(client, "zh", **told)) == [chinese]


def test_every_code_that_a_correction_can_meet_has_a_sentence_in_both_languages(app: Flask) -> None:
    """The codes named where corrections are made and held against the rules, by the text of the code itself."""
    codes = expectations.codes_of(corrections, dates)
    codes |= expectations.codes_of(schema, without={"check", "_repeated"})  # of entire tables
    codes |= expectations.codes_of(record_checks, only={"repair_faults", "_fault"})
    assert set(SENTENCES) == codes
    for code in codes:
        fields = expectations.fields(EXPECTATIONS[code])
        parameters = {name: f"<{name}>" for name in fields}
        with app.test_request_context("/?lang=en"):
            english, plain = str(SENTENCES[code]) % parameters, str(SENTENCES[code])
        with app.test_request_context("/?lang=zh"):
            chinese = str(SENTENCES[code]) % parameters
        assert english.isascii(), code
        assert CHINESE.search(chinese), code
        named = set(re.findall(r"%\((\w+)\)s", plain))
        assert {name for name in fields if f"<{name}>" in chinese} == named <= fields, code


def test_a_name_of_several_places_is_asked_back(client: FlaskClient) -> None:
    (said,) = complaints(asked(client, place_ids="鼓楼区", **TOLD | {"who": "A"}))
    assert said.startswith(
        "Places '鼓楼区' — This name is ambiguous; use one of these keys: 320106 (江苏省南京市鼓楼区), "
    )


def test_a_cell_that_was_repaired_is_repaired_in_its_line(client: FlaskClient, release: Release) -> None:
    package = tables.open_package(release.path / "tables")
    first = next(row for row in package.rows("corrections") if row["column"] == "extent")
    told = TOLD | {"who": "A", "record": first["record_id"]}
    assert complaints(asked(client, extent="town", **told)) == [
        "Extent 'extent' — This cell has already been corrected: change that line of the file instead of adding one."
    ]
    page = asked(client, extent=first["repaired"], **told)
    assert "No value differs from the present one" in words(page.main)
    assert f"corrected by line {first['id']}" in words(page.main)


def test_the_form_stands_on_the_pages_of_designation_and_record(client: FlaskClient, record: Row) -> None:
    for address in (f"/page/record/{RECORD}", f"/page/designation/{record['designation_id']}"):
        form = soup(client, f"{address}?lang=en").find("form", {"action": "/correction"})
        assert form is not None, address
        assert RECORD in {entry["value"] for entry in form.select("input[name=record], select[name=record] option")}
        assert [option["value"] for option in form.select("select[name=column] option")] == list(REPAIRED)
    printed = soup(client, "/page/table/p1-t3?lang=en").select_one("table.printed tbody th a")["href"]
    assert soup(client, printed).find("form", {"action": "/correction"}) is None, "a printed table"


def test_what_a_reader_wrote_is_only_ever_text(client: FlaskClient) -> None:
    page = asked(client, extent="county", **TOLD | {"who": "<script>alert(1)</script>", "reason": "</pre><b>x"})
    assert page.main.find("script") is None
    assert page.main.find("b", string="x") is None
    (line,) = lines(page)
    assert line["decided_by"] == "<script>alert(1)</script>"


def test_without_a_record_it_says_how_to_report_and_finds_the_designation(client: FlaskClient) -> None:
    link = soup(client, "/?lang=en").select_one('footer a[href="/correction?lang=en"]')
    assert link is not None
    page = soup(client, str(link["href"]))
    assert words(page.h1) == words(link) == "Report an error"
    form = page.main.form
    assert form is not None
    told = {str(field["name"]): str(field.get("value", "粉末冶金")) for field in form.select("input[name]")}
    found = soup(client, f"{form['action']}?{urlencode(told)}").select("ol.hits .hit a")
    designation = soup(client, str(found[0]["href"]))
    assert designation.find("form", {"action": "/correction"}) is not None
    assert words(designation.find("summary", string="Is something wrong here?"))


@pytest.mark.parametrize("address", ["record=nowhere/1", f"record={RECORD}&column=id", f"record={RECORD}&column=name"])
def test_what_cannot_be_repaired_is_404(client: FlaskClient, address: str) -> None:
    assert client.get(f"/correction?{address}").status_code == 404


@pytest.mark.parametrize(
    ("recipient", "begins", "subject"),
    [
        ("https://git.example/guapai/issues/new", "https://git.example/guapai/issues/new?", "title"),
        ("data@guapai.example", "mailto:data@guapai.example?", "subject"),
    ],
)
def test_a_correction_is_sent_to_whom_the_server_names(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, recipient: str, begins: str, subject: str
) -> None:
    """The link holds row, designation, release and the line itself; without a recipient the page says so."""
    told = TOLD | {"who": "Ye", "extent": "county"}
    page = asked(client, **told)
    assert page.find("a", class_="button") is None
    assert "This server names no address for reports." in words(page.main)
    monkeypatch.setitem(client.application.config, "REPORT_TO", recipient)
    page = asked(client, **told)
    address = str(page.find("a", class_="button")["href"])
    assert address.startswith(begins)
    found = parse_qs(urlsplit(address).query)
    release = client.application.extensions["guapai"].release
    assert found[subject] == [f"Correction: {RECORD}"]
    first, second, third, empty, *lines_ = found["body"][0].split("\n")
    assert first == f"Row: {THINGS}record/{RECORD}"
    assert second.startswith(f"Designation: {THINGS}designation/")
    assert third == f"Release {release.id}, data as of {release.data_as_of}"
    assert (empty, "\n".join(lines_).strip()) == ("", page.pre.get_text().strip())
    assert f"write to {recipient}" in words(soup(client, "/correction?lang=en").main)


def test_an_address_for_reports_must_be_one() -> None:
    with pytest.raises(GuapaiError, match=r"^no address for reports 'javascript:x': expected https://… without"):
        reporting.init_app(Flask("test"), "javascript:x")

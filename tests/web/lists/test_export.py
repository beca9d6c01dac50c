"""Excel export: the rows of the other formats, typed cells and headers, no formulas, a description sheet."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from read_pages import soup, words

from kg.release import Release
from kg.release.columns import Database
from kg.vocab import BASE
from web.graph.labels import NUMEROUS, name, names_of
from web.lists import workbook
from web.lists.claims import CLAIMS
from web.lists.definitions import Definition
from web.lists.finding_sheet import TYPES
from web.lists.findings import FINDINGS
from web.lists.views import PLAIN

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JIANGSU_TOWNS = "province=320000&programme=agri-industry-town"


def opened(client: FlaskClient, address: str) -> tuple[list[tuple[object, ...]], dict[str, str]]:
    """Return the rows of the first sheet and the lines of the second."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, SHEET), address
    book: Workbook = load_workbook(io.BytesIO(answer.data))
    rows, about = book.worksheets
    return list(rows.iter_rows(values_only=True)), dict(about.iter_rows(values_only=True))


def day(cell: object) -> str:
    return cell.date().isoformat() if isinstance(cell, datetime) else ""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", NUMEROUS)
def test_names_read_at_once_are_those_of_the_graph(app: Flask, kind: str, lang: str) -> None:
    with app.test_request_context(f"/designations.csv?lang={lang}"):
        some = dict(sorted(names_of(kind).items())[::150])
        assert some == {iri: name(iri).text for iri in some}


def test_the_designations_are_those_of_the_csv_with_days_and_numbers(client: FlaskClient, release: Release) -> None:
    (heads, *rows), about = opened(client, f"/designations.xlsx?{JIANGSU_TOWNS}&sort=-approved&lang=en")
    text = client.get(f"/designations.csv?{JIANGSU_TOWNS}&sort=-approved&lang=en").text
    expected = list(csv.DictReader(io.StringIO(text)))
    at = {head: place for place, head in enumerate(heads)}
    assert list(at) == [
        *("Designation", "Programme", "Ministry today", "Place", "Carrier"),
        *("Approved, first possible day", "Approved, last possible day", "Extent", "Records"),
        *("Inferred ministries", "Ministries whose mandate has lapsed", "Designation (IRI)"),
    ]
    assert [
        (
            *(row[at["Designation"]], row[at["Designation (IRI)"]], row[at["Place"]]),
            *(day(row[at[f"Approved, {which} possible day"]]) for which in ("first", "last")),
            row[at["Records"]],
        )
        for row in rows
    ] == [
        (
            *(row["thing"], row["thing_iri"], row["place"], row["approved_first"], row["approved_last"]),
            int(row["records"]),
        )
        for row in expected
    ]
    assert len(rows) > 50
    towns = "Agricultural Industry Strong Town"
    assert (about["List"], about["Province"], about["Programme"]) == ("Designations", "Jiangsu", towns)
    assert (about["Release"], about["Data as of"]) == (release.id, str(release.data_as_of))
    address, told = f"{BASE}release/{release.id}/designations.xlsx?", f"data as of {release.data_as_of}. "
    assert about["Citation"].partition(told)[2].startswith(address)
    whole = list(about)[list(about).index("List completeness") + 1 :]
    assert "Strong agricultural industry towns" in whole, "the lists of the chosen programme"


def test_the_findings_are_those_of_the_csv_with_factors_as_numbers(client: FlaskClient) -> None:
    (heads, *rows), about = opened(client, "/findings.xlsx?kind=stacking&place=110000&lang=zh")
    expected = list(csv.DictReader(io.StringIO(client.get("/findings.csv?kind=stacking&place=110000&lang=zh").text)))
    at = {head: place for place, head in enumerate(heads)}
    assert [(row[at["发现"]], day(row[at["日期"]]), row[at["代码"]], row[at["成员"]]) for row in rows] == [
        (row["title"], row["as_of"], row["place"], len(row["members"].split(";"))) for row in expected
    ]
    assert [row[at["得分"]] for row in rows] == pytest.approx([float(row["score"]) for row in expected], abs=1e-6)
    assert [row[at["观察值"]] for row in rows] == [float(row["observed"]) for row in expected]
    assert rows
    assert about["地点"] == "北京市"


def as_text(cell: object) -> str:
    """Return a cell of any file as CSV has it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).removeprefix("'")


NARROWED = {"designations": "&programme=agri-sci-park", "carriers": "&province=320000", "places": "&province=320000"}
"""Long lists are compared in a part of them."""


@pytest.mark.parametrize("listing", [*PLAIN, CLAIMS], ids=lambda listing: listing.name)
def test_a_list_has_the_same_rows_in_every_format(client: FlaskClient, tmp_path: Path, listing: Definition) -> None:
    address = f"/{listing.name}.%s?lang=en{NARROWED.get(listing.name, '')}"
    heads, *texts = csv.reader(io.StringIO(client.get(address % "csv").text))
    expected = [[as_text(cell) for cell in row] for row in texts]
    assert expected
    (_titles, *rows), _about = opened(client, address % "xlsx")
    entries = json.loads(client.get(address % "json").text)["entries"]
    named = [at for at, head in enumerate(heads) if not head.endswith("_iri")]
    last = [[] if listing is CLAIMS else [entry["iri"]] for entry in entries]
    assert [[as_text(cell) for cell in row] for row in rows] == [
        [*(row[at] for at in named), *iri] for row, iri in zip(expected, last, strict=True)
    ], "names, and the IRI of the row in the last column"
    names, rows = parquet(client, address % "parquet", tmp_path)
    assert names == heads
    assert [[as_text(cell) for cell in row] for row in rows] == expected
    if listing is CLAIMS:
        assert [entry["iri"].rpartition("/")[2] for entry in entries] == [row[0] for row in expected]
    else:
        assert [flat(listing, entry) for entry in entries] == expected


def flat(listing: Definition, entry: Mapping[str, Any]) -> list[str]:
    """Return an entry of JSON as a row of CSV."""
    cells = [] if listing.names_rows else [entry["name"], entry["iri"]]
    for column in listing.taken:
        if column.names_things:
            cells += [";".join(one[part] for one in entry[column.name]) for part in ("name", "iri")]
        else:
            cells += [entry[head] for head in column.headers]
    return [as_text(cell) for cell in cells]


def test_columns_are_those_asked_for_on_the_page_and_in_every_format(client: FlaskClient, tmp_path: Path) -> None:
    asked = "programme=national-high-tech-zone&columns=place,document&columns=ministry,purpose&lang=en"
    heads = ["thing", "place", "document", "ministry", "purpose"]
    page = soup(client, f"/designations?{asked}")
    assert [words(cell) for cell in page.select("table.list thead th")] == [
        *("Designation", "Place", "Document number", "Ministry today", "Main purposes")
    ]
    ticked = [box["value"] for box in page.select("input[name=columns][checked]")]
    assert sorted(ticked) == sorted(heads[1:])
    table = list(csv.DictReader(io.StringIO(client.get(f"/designations.csv?{asked}").text)))
    assert [name for name in table[0] if not name.endswith("_iri")] == heads
    assert {row["ministry_iri"].rpartition("/")[2] for row in table} == {"miit"}
    assert {"high-tech-industrialisation"} <= {
        iri.rpartition("/")[2] for row in table for iri in row["purpose_iri"].split(";")
    }
    assert any("国函" in row["document"] for row in table)
    entries = json.loads(client.get(f"/designations.json?{asked}").text)["entries"]
    assert {name for entry in entries for name in entry} == {"iri", "name", *heads[1:]}
    names, _rows = parquet(client, f"/designations.parquet?{asked}", tmp_path)
    assert names == list(table[0])
    (titles, *_cells), _about = opened(client, f"/designations.xlsx?{asked}")
    assert list(titles) == [
        *("Designation", "Place", "Document number", "Ministry today", "Main purposes", "Designation (IRI)")
    ]
    (link,) = page.select(".formats a[href*=xlsx]")
    assert "columns=place,document,ministry,purpose" in str(link["href"])
    wrong = json.loads(client.get("/designations.json?province=640000&columns=place,nothing").text)
    assert wrong["unknown"] == ["columns=nothing"]


def test_a_workbook_can_be_filtered_and_its_headers_stay_in_sight(client: FlaskClient) -> None:
    answer = client.get("/places.xlsx?level=province&lang=en")
    rows, _about = load_workbook(io.BytesIO(answer.data)).worksheets
    assert rows.auto_filter.ref == rows.dimensions
    assert rows.freeze_panes == "B2"


def parquet(client: FlaskClient, address: str, folder: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return names of columns and rows of a Parquet file, read by DuckDB."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/vnd.apache.parquet"), address
    path = folder / "list.parquet"
    path.write_bytes(answer.data)
    return Database().table("SELECT * FROM read_parquet($path)", {"path": str(path)})


@pytest.mark.parametrize("asked", ["place=110000", "possible=1&place=320500", "as_of=2015-01-01&kind=territorial"])
def test_findings_have_the_same_rows_in_every_format(client: FlaskClient, tmp_path: Path, asked: str) -> None:
    address = f"/{FINDINGS.name}.%s?lang=en&{asked}"
    heads, *texts = csv.reader(io.StringIO(client.get(address % "csv").text))
    names, rows = parquet(client, address % "parquet", tmp_path)
    assert names == heads
    for row, text in zip(rows, texts, strict=True):
        for head, cell, printed in zip(heads, row, text, strict=True):
            if TYPES.get(head) == "DOUBLE":
                assert cell == (float(printed) if printed else None), head
            else:
                assert as_text(cell).lower() == printed.removeprefix("'").lower(), head
    assert texts
    states = [(row[heads.index("key")], row[heads.index("as_of")]) for row in texts]
    (titles, *cells), _about = opened(client, address % "xlsx")
    at = {title: place for place, title in enumerate(titles)}
    assert [(row[at["IRI"]].partition("/finding/")[2], as_text(row[at["Day"]])) for row in cells] == states
    entries = json.loads(client.get(address % "json").text)["entries"]
    assert [
        (entry["iri"].partition("/finding/")[2], state["as_of"]) for entry in entries for state in entry["states"]
    ] == states


def test_numbers_and_days_have_their_types_in_parquet(client: FlaskClient, tmp_path: Path) -> None:
    parquet(client, "/designations.parquet?programme=agri-sci-park&lang=en", tmp_path)
    kinds = dict(
        Database().query(
            "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($path))",
            {"path": str(tmp_path / "list.parquet")},
        )
    )
    assert {name: kind for name, kind in kinds.items() if kind != "VARCHAR"} == {
        "approved_first": "DATE",
        "approved_last": "DATE",
        "records": "BIGINT",
    }


@pytest.mark.parametrize(
    "address",
    [
        "/ask.{}?place=320583&purpose=technology-transfer",
        "/compare/places.{}?one=320583&other=110117",
        "/compare/programmes.{}?one=national-etdz&other=national-high-tech-zone",
        *("/accounting.{}?", "/concentration.{}?", "/search.{}?q=昆山", "/compare.{}?place=110117"),
        *("/matrices/ministry-purpose.{}?", "/quality.{}?"),
    ],
)
def test_a_table_has_the_heads_and_cells_of_its_csv_with_numbers(client: FlaskClient, address: str) -> None:
    ((*heads,), *rows), about = opened(client, address.format("xlsx") + "&lang=en")
    first, *expected = csv.reader(io.StringIO(client.get(address.format("csv") + "&lang=en").text))
    assert heads == first
    assert expected
    for row, texts in zip(rows, expected, strict=True):
        for head, cell, text in zip(heads, row, texts, strict=True):
            plain = text.removeprefix("'")
            if isinstance(cell, int | float):
                assert head not in ("key", "place")
                assert float(plain) == cell
            else:
                assert (cell or "") == plain
    assert about["Address on the site"].startswith(address.partition(".")[0])
    assert "Filters" not in about, "the address says what was asked"


def test_pages_lead_to_the_workbook_in_their_language(client: FlaskClient) -> None:
    for address in (f"/designations?{JIANGSU_TOWNS}", "/findings?place=320583", "/programmes?category=zone"):
        for language in ("zh", "en"):
            (link,) = soup(client, f"{address}&lang={language}").select(".formats a[href*=xlsx]")
            path, _, asked = address.partition("?")
            assert str(link["href"]).startswith(f"{path}.xlsx?")
            assert set(str(link["href"]).partition("?")[2].split("&")) == {*asked.split("&"), f"lang={language}"}


def test_who_has_the_workbook_is_told_so(client: FlaskClient) -> None:
    tag = client.get("/places.xlsx?level=province&lang=en").headers["ETag"]
    assert client.get("/places.xlsx?level=province&lang=en", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/places.xlsx?level=province&lang=zh", headers={"If-None-Match": tag}).status_code == 200


HOSTILE = ['=HYPERLINK("http://bad.example","x")', "+1", "-1+2", "@SUM(1)", "\t=1", "http://bad.example", "{=1}", "x=1"]


def made(app: Flask, rows: list[list[workbook.Cell]]) -> bytes:
    with app.test_request_context("/designations.xlsx?lang=en"):
        response = workbook.workbook("x", ["=head"], rows, [("=title", "=text")])
        with closing(response):
            return bytes(response.data)


def test_no_cell_is_a_formula_or_a_link(app: Flask) -> None:
    content = made(app, [[text] for text in HOSTILE])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [name for name in package.namelist() if "worksheets" in name]
        assert sheets == ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"], "no relations, so no links"
        assert all(b"<f>" not in package.read(name) and b"<hyperlink" not in package.read(name) for name in sheets)
    rows, about = load_workbook(io.BytesIO(content)).worksheets
    cells = [cell for (cell,) in rows.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in HOSTILE]
    assert [cell.quotePrefix for cell in cells] == [True] * 5 + [False] * 3
    assert [cell.data_type for cell in (rows["A1"], about["A1"], about["B1"])] == ["s"] * 3


def test_cells_are_what_they_are_and_too_many_rows_go_on_to_a_further_sheet(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    content = made(app, [[1], [2.5], [date(2023, 3, 1)], [None], ["字" * 40_000]])
    assert content == made(app, [[1], [2.5], [date(2023, 3, 1)], [None], ["字" * 40_000]]), "no clock"
    first, second, third, about = load_workbook(io.BytesIO(content)).worksheets
    assert [sheet.title for sheet in (first, second, third, about)] == ["rows", "rows 2", "rows 3", "about"]
    assert [sheet["A1"].value for sheet in (first, second, third)] == ["=head"] * 3
    values = [sheet[cell].value for sheet in (first, second, third) for cell in ("A2", "A3") if sheet.max_row > 1]
    assert values == [1, 2.5, datetime(2023, 3, 1), None, "字" * workbook.LONGEST, None]  # noqa: DTZ001

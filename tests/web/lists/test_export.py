"""Excel export: the rows of the other formats, typed cells and headers, no formulas, a description sheet."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from read_pages import soup

from kg.release import Release
from web.lists import export

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


def test_the_designations_are_those_of_the_csv_with_days_and_numbers(client: FlaskClient, release: Release) -> None:
    (heads, *rows), about = opened(client, f"/designations.xlsx?{JIANGSU_TOWNS}&sort=-approved&lang=en")
    text = client.get(f"/designations.csv?{JIANGSU_TOWNS}&sort=-approved&lang=en").text
    expected = list(csv.DictReader(io.StringIO(text)))
    at = {head: place for place, head in enumerate(heads)}
    assert list(at) == [
        *(
            "Designation",
            "Designation (IRI)",
            "Programme",
            "Programme (IRI)",
            "Place",
            "Place (IRI)",
            "Carrier",
            "Carrier (IRI)",
        ),
        *("Approved, first possible day", "Approved, last possible day", "Extent", "Extent (IRI)", "Records"),
    ]
    assert [
        (
            *(row[at["Designation"]], row[at["Designation (IRI)"]], row[at["Place (IRI)"]]),
            *(day(row[at[f"Approved, {which} possible day"]]) for which in ("first", "last")),
            row[at["Records"]],
        )
        for row in rows
    ] == [
        (
            *(row["thing"], row["thing_iri"], row["place_iri"], row["approved_first"], row["approved_last"]),
            int(row["records"]),
        )
        for row in expected
    ]
    assert len(rows) > 50
    towns = "Agricultural Industry Strong Town"
    assert (about["List"], about["Province"], about["Programme"]) == ("Designations", "Jiangsu", towns)
    assert (about["Release"], about["Data as of"]) == (release.id, str(release.data_as_of))
    assert about["Citation"].endswith(f"release {release.id}, data as of {release.data_as_of}.")
    whole = list(about)[list(about).index("How whole the lists are") + 1 :]
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


@pytest.mark.parametrize("name", ["programmes", "sources", "mandates"])
def test_a_list_of_the_graph_has_the_cells_of_its_csv(client: FlaskClient, name: str) -> None:
    (_heads, *rows), _about = opened(client, f"/{name}.xlsx?lang=en")
    _columns, *expected = csv.reader(io.StringIO(client.get(f"/{name}.csv?lang=en").text))
    assert [["" if cell is None else str(cell) for cell in row] for row in rows] == expected


@pytest.mark.parametrize(
    "address",
    [
        "/ask.{}?place=320583&purpose=technology-transfer",
        "/compare/places.{}?one=320583&other=110117",
        "/compare/programmes.{}?one=national-etdz&other=national-high-tech-zone",
        *("/accounting.{}?", "/claims.{}?", "/concentration.{}?", "/search.{}?q=昆山", "/compare.{}?place=110117"),
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


def made(app: Flask, rows: list[list[export.Cell]]) -> bytes:
    with app.test_request_context("/designations.xlsx?lang=en"):
        return bytes(export.workbook("x", ["=head"], rows, [("=title", "=text")]).data)


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
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    content = made(app, [[1], [2.5], [date(2023, 3, 1)], [None], ["字" * 40_000]])
    assert content == made(app, [[1], [2.5], [date(2023, 3, 1)], [None], ["字" * 40_000]]), "no clock"
    first, second, third, about = load_workbook(io.BytesIO(content)).worksheets
    assert [sheet.title for sheet in (first, second, third, about)] == ["rows", "rows 2", "rows 3", "about"]
    assert [sheet["A1"].value for sheet in (first, second, third)] == ["=head"] * 3
    values = [sheet[cell].value for sheet in (first, second, third) for cell in ("A2", "A3") if sheet.max_row > 1]
    assert values == [1, 2.5, datetime(2023, 3, 1), None, "字" * export.LONGEST, None]  # noqa: DTZ001

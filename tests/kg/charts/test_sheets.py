"""Sheets of maps: outlines read, areas with the codes of today, written into a release and read again."""

import json
from pathlib import Path

import pytest

from kg import tables
from kg.charts import choropleth, maps, outlines, sheets
from kg.charts.outlines import Outline
from kg.charts.sheets import Division
from kg.pipeline import columns

MODULES = Path(__file__).parents[3] / "node_modules"

SQUARE = ((100.0, 30.0), (104.0, 30.0), (104.0, 34.0), (100.0, 34.0), (100.0, 30.0))
DIVISIONS = {
    one.code: one
    for one in (
        Division("500000", "重庆", "重庆市", "Chongqing", "province", "", "500000", "500000"),
        Division("500101", "万州", "万州区", "Wanzhou District", "county", "500101", "500000", "500000"),
        Division("370000", "山东", "山东省", "Shandong", "province", "", "", "370000"),
        Division("370100", "济南", "济南市", "Jinan City", "prefecture", "", "370100", "370000"),
        Division("370116", "莱芜", "莱芜区", "Laiwu District", "county", "370116", "370100", "370000"),
        Division("429021", "神农架", "神农架林区", "Shennongjia", "county", "429021", "429021", "420000"),
    )
}
FORMER = {"371200": ["370116", "370117"], "371202": ["370116"], "500112": ["500101", "500157"]}


def test_the_encoding_of_outlines_is_undone() -> None:
    text = "".join(chr(((step << 1) ^ (step >> 31)) + 64) for step in (1024, 0, 0, 1024, -1024, -1024))
    assert list(outlines.decoded(text, (0, 1024))) == [(1.0, 1.0), (1.0, 2.0), (0.0, 1.0)]


def test_without_the_package_there_are_no_outlines(tmp_path: Path) -> None:
    assert outlines.read(tmp_path) == ("", {})
    assert choropleth.read(tmp_path / "maps") == {}


@pytest.mark.parametrize(
    ("code", "name", "province", "today"),
    [
        ("370100", "济南市", "370000", "370100"),  # the same code
        ("371202", "莱城区", "370000", "370100"),  # merged: its prefecture of today
        ("371200", "莱芜市", "370000", ""),  # 370117 is unknown: not whole in one
        ("500112", "渝北区", "500000", ""),  # split between two districts
        ("", "万州区", "500000", "500101"),  # no code: by name within the province
        ("", "无名区", "500000", ""),
    ],
)
def test_an_area_of_2018_has_its_code_of_today(code: str, name: str, province: str, today: str) -> None:
    assert sheets.today(Outline(code, name, ()), province, DIVISIONS, FORMER) == today


@pytest.mark.skipif(not (MODULES / "echarts").is_dir(), reason="needs the outlines of `make node_modules`")
def test_what_changed_since_2018_is_known_in_the_real_tables() -> None:
    package = tables.open_package(MODULES.parent / "data")
    known = {row[0]: Division(row[0], "", *row[1:]) for row in columns.places(package)}
    former: dict[str, list[str]] = {}
    for row in package.rows("former_places"):
        former.setdefault(row["code"], []).extend(row.many("place_ids"))
    changed = {}
    for province, file in outlines.read(MODULES)[1].items():
        found = outlines.outlines(file)
        for outline in found:
            code = sheets.today(outline, province, known, former)
            assert code in known or not code, outline.name
            if code != outline.code:
                changed[outline.name] = code
    assert {name: changed[name] for name in ("莱芜市", "哈密市", "山南市", "崇明区", "渝北区")} == {
        "莱芜市": "370100",
        "哈密市": "650500",
        "山南市": "540500",
        "崇明区": "310151",
        "渝北区": "",
    }


def test_labels_are_short() -> None:
    labels = [division.labels for division in DIVISIONS.values()]
    assert labels[1:4] == [("万州", "Wanzhou"), ("山东", "Shandong"), ("济南", "Jinan")]
    assert labels[-1] == ("神农架", "Shennongjia")


def test_sheets_are_read_as_they_were_written(tmp_path: Path) -> None:
    found = {"": [Outline("370000", "山东", (SQUARE,))], "370000": [Outline("370100", "济南市", (SQUARE,))]}
    made = sheets.sheets(found, DIVISIONS.values(), FORMER, ["500000"])
    assert [area.code for area in made["370000"].areas] == ["370100"]
    assert [(made[key].level, made[key].unlisted) for key in ("", "370000")] == [
        ("province", ("500000",)),
        ("prefecture", ()),
    ]
    assert (made[""].divisions, made["370000"].divisions) == (("370000", "500000"), ("370100",))
    for folder in ("one", "other"):
        choropleth.write(tmp_path / folder, choropleth.written("echarts 4.9.0", made))
    files = [(tmp_path / folder / choropleth.FILE).read_bytes() for folder in ("one", "other")]
    assert files[0] == files[1]
    assert choropleth.read(tmp_path / "one") == made
    content = json.loads(files[0])
    assert (content["source"], content["licence"]) == ("echarts 4.9.0", "Apache License 2.0")


def test_a_map_has_equal_parts_as_steps_and_no_zero_where_there_are_no_data() -> None:
    codes = ("320000", "330000", "540000", "710000", "820000")
    areas = tuple(choropleth.Area(code, "M0 0z", (0.0, 0.0), 30.0, 100.0, ("江苏", "Jiangsu")) for code in codes)
    sheet = choropleth.Sheet(areas, maps.Frame(0, 0, 1, 10, 10), codes, "province", ("710000", "820000"))
    found = choropleth.shaded(sheet, {"320000": 7, "330000": 2, "820000": 1}, lambda code: f"/{code}")
    assert [(shade.count, shade.step) for shade in found.shades] == [(7, 3), (2, 2), (0, 0), (None, 0), (1, 1)]
    assert found.steps == ((1, 1), (2, 6), (7, 7))
    assert [code for code, _, _ in found.rows] == ["320000", "330000", "820000", "540000", "710000"]
    assert (found.absent, found.zero) == (True, True)
    assert [found.named(found.shades[0], language) for language in ("zh", "en")] == ["江苏", ""]


def test_no_number_stands_for_a_place_of_which_too_little_is_known() -> None:
    areas = tuple(
        choropleth.Area(code, "M0 0h9v9z", (4.0, 4.0), 9.0, 81.0, (code, code))
        for code in ("110000", "140000", "710000")
    )
    frame = maps.Frame(0, 0, 1, 10, 10)
    sheet = choropleth.Sheet(areas, frame, ("110000", "140000", "710000"), "province", ("710000",))
    plain = choropleth.shaded(sheet, {"110000": 3}, str)
    assert {shade.area.code: shade.count for shade in plain.shades} == {"110000": 3, "140000": 0, "710000": None}
    assert (plain.zero, plain.absent, plain.unknown) == (True, True, frozenset())
    hatched = choropleth.shaded(sheet, {"110000": 3, "140000": 1}, str, unknown={"140000", "650000"})
    assert {shade.area.code: (shade.count, shade.step) for shade in hatched.shades} == {
        "110000": (3, 1),
        "140000": (None, 0),
        "710000": (None, 0),
    }
    assert hatched.rows == (("110000", 3, "110000"), ("140000", None, "140000"), ("710000", None, "710000"))
    assert (hatched.zero, hatched.absent, hatched.unknown) == (False, True, frozenset({"140000"}))

"""SVG documents: names, numbers, marks; whole XML whatever the names hold; nothing that runs."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from kg.charts.document import Key, Words, document, width_of, wrapped
from kg.charts.pictures import Series, Square, curves, heatmap, stacked_bars, stacked_years

SVG = "{http://www.w3.org/2000/svg}"


def read(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314


def texts(drawing: str) -> list[str]:
    return [found.text or "" for found in read(drawing).iter(f"{SVG}text")]


def kinds(drawing: str, name: str) -> list[str]:
    return [found.get("class", "") for found in read(drawing).iter(SVG + name)]


def test_a_heatmap_has_names_and_numbers_and_marks() -> None:
    squares = [Square(0, 0, 14, 2.0, significant=True), Square(0, 1, 0, None), Square(1, 0, 33, 64.0, by_design=True)]
    drawing = heatmap(["one", "two"], ["left", "right"], squares, Words("title", vertical="lift", note="below"))
    assert texts(drawing) == [
        *("title", "lift", "≤⅛", "¼", "½", "1", "2", "4", "≥8", "one", "two", "14", "0", "33", "left", "right", "below")
    ]
    assert kinds(drawing, "rect").count("sure") == 1
    fills = [found.get("fill") for found in read(drawing).iter(f"{SVG}rect")]
    assert fills.count("url(#by-design)") == 1
    assert fills.count("#c7433d") == 2  # a lift of 64 has the colour of 8, once more in the legend
    assert fills.count("#e7bbb9") == 2  # a third of the way from white to red


def test_curves_name_the_strong_ones_only() -> None:
    points = ((0.0, 0.0), (0.5, 0.2), (1.0, 1.0))
    series = [Series("strong", points=points), Series("faint", points=points, strong=False)]
    drawing = curves(series, Words("title", "across", "up"))
    assert {"strong", "across", "up"} <= set(texts(drawing))
    assert "faint" not in texts(drawing)
    assert kinds(drawing, "polyline") == ["faint", "line-0"]
    line = next(found for found in read(drawing).iter(f"{SVG}polyline"))
    assert line.get("points") == "0.0,400.0 200.0,320.0 400.0,0.0"


def test_bars_say_parts_in_percent() -> None:
    series = [Series("east", [0.63]), Series("west", [0.33]), Series("far", [0.04])]
    drawing = stacked_bars(["row"], series, Words(""))
    assert texts(drawing) == ["east", "west", "far", "row", "63%", "33%"]  # 4% is too narrow for a number


def test_years_stand_upon_one_another_with_the_reform() -> None:
    drawing = stacked_years(
        [2022, 2023], [Series("a", [1, 2]), Series("rest", [3, 2])], Words("t"), date(2023, 3, 10), "reform"
    )
    assert {"2022", "2023", "a", "rest", "reform"} <= set(texts(drawing))
    parts = [found for found in read(drawing).iter(f"{SVG}rect") if found.get("y")]
    columns = [(found.get("class"), found.get("y"), found.get("height")) for found in parts]
    assert columns == [
        ("part-0", "195", "65"),
        ("others", "0", "195"),
        ("part-0", "130", "130"),
        ("others", "0", "130"),
    ]
    assert kinds(drawing, "path").count("reform") == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'a"b&c', "x\x00y\ud800", "重庆"])
def test_a_name_is_text_whatever_it_holds(name: str) -> None:
    drawing = document("", 10, 10, Words(name, note=name), [Key(name, {"class": "part-0"})])
    shown = "x\ufffdy\ufffd" if "\x00" in name else name
    assert texts(drawing) == [shown] * 3
    assert {found.tag.removeprefix(SVG) for found in read(drawing).iter()} == {
        "svg",
        "title",
        "style",
        "rect",
        "g",
        "text",
    }
    assert drawing.encode()


def test_texts_are_as_wide_as_their_letters() -> None:
    assert width_of("重庆", 10) == 20
    assert width_of("ab", 10) == pytest.approx(11.2)
    assert wrapped("重庆市人民政府", 30, 10) == ["重庆市", "人民政", "府"]
    assert wrapped("one two three", 45, 10) == ["one two", "three"]
    assert wrapped("", 10) == []

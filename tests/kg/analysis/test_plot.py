"""Charts: names and numbers are drawn, output is deterministic, Chinese needs a font."""

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings_world import Designation, world
from matplotlib import rc_context

from kg.analysis import plot
from kg.analysis.plot import Asked
from kg.charts import drawing
from kg.charts.drawing import Series, Square, Words
from kg.cli import main
from kg.errors import QueryError
from kg.release import Release
from kg.release.columns import Columns

DAY = date(2022, 12, 31)


def texts(path: Path) -> list[str]:
    """Return the texts of a picture that was drawn with its texts as texts."""
    return re.findall(r"<text [^>]*>([^<]*)</text>", path.read_text("utf-8"))


@pytest.fixture(autouse=True)
def texts_as_texts() -> object:
    with rc_context({"svg.fonttype": "none"}):
        yield


def test_a_heatmap_has_names_and_numbers_and_frames_what_is_sure(tmp_path: Path) -> None:
    squares = [Square(0, 0, 14, 2.4, significant=True), Square(0, 1, 0, None), Square(1, 0, 33, 8.0, by_design=True)]
    path = tmp_path / "matrix.svg"
    drawing.heatmap(path, ["one", "two"], ["left", "right"], squares, Words("title", note="below"))
    found = texts(path)
    for said in ("one", "two", "left", "right", "14", "0", "33", "title", "below"):
        assert said in found
    assert path.read_text("utf-8").count("stroke: #222222; stroke-width: 1.3") == 1


def test_curves_name_the_strong_ones_only(tmp_path: Path) -> None:
    points = ((0.0, 0.0), (0.5, 0.2), (1.0, 1.0))
    path = tmp_path / "curves.svg"
    series = [Series("strong", points=points), Series("faint", points=points, strong=False)]
    drawing.curves(path, series, Words("title", "across", "up"))
    assert {"strong", "across", "up"} <= set(texts(path))
    assert "faint" not in texts(path)


def test_bars_say_parts_in_percent(tmp_path: Path) -> None:
    path = tmp_path / "bars.svg"
    drawing.stacked_bars(
        path, ["row"], [Series("east", [0.63]), Series("west", [0.33]), Series("far", [0.04])], Words("")
    )
    found = texts(path)
    assert {"row", "east", "west", "far", "63%", "33%"} <= set(found)
    assert "4%" not in found  # too narrow for a number


def test_the_same_data_make_the_same_bytes(tmp_path: Path) -> None:
    for suffix in drawing.FORMATS:
        paths = [tmp_path / f"{name}.{suffix}" for name in ("first", "second")]
        for path in paths:
            drawing.stacked_areas(
                path, [2021, 2022], [Series("a", [1, 2]), Series("b", [3, 1])], Words("t"), (2021.5, "m")
            )
        assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].read_bytes().startswith(b"\x89PNG")


def small(folder: Path) -> Columns:
    designations = [
        Designation("z", "national-high-tech-zone", ("320583",)),
        Designation("e", "national-etdz", ("320583",)),
    ]
    return world(folder, designations)


def test_without_a_chinese_font_the_words_are_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = small(tmp_path)
    monkeypatch.setattr(drawing, "chinese_font", lambda: None)
    plot.draw(Asked(columns, DAY, "zh"), "ministry-ministry", tmp_path / "a.svg")
    assert "County-level units where two ministries give designations · 2022-12-31" in texts(tmp_path / "a.svg")


def test_what_cannot_be_drawn_is_said_in_a_sentence(tmp_path: Path) -> None:
    columns = small(tmp_path)
    with pytest.raises(QueryError, match=r"a\.pdf: expected a file name that ends in \.svg or \.png"):
        plot.draw(Asked(columns, DAY, "en"), "lorenz", tmp_path / "a.pdf")
    with pytest.raises(QueryError, match="nothing to draw on 1950-01-01"):
        plot.draw(Asked(columns, date(1950, 1, 1), "en"), "ministry-ministry", tmp_path / "a.svg")


EXPECTED = {
    "ministry-purpose": "Ministry of Commerce",
    "ministry-ministry": "Ministry of Commerce",
    "programme-county": "National High-tech Industrial Development Zone",
    "programme-carrier": "State Key Laboratory",
    "lorenz": "residents, cumulated (census of 2020)",
    "regions": "mean of whole lists",
    "ranks": "capitals of provinces",
    "kinds": "districts",
    "timeline": "reform of 2023",
}
"""Picture to words that stand in it."""


@pytest.mark.parametrize("picture", list(plot.PICTURES))
def test_every_picture_of_the_real_data(picture: str, columns: Columns, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    plot.draw(Asked(columns, DAY, "en"), picture, path)
    assert any(EXPECTED[picture] in said for said in texts(path)), texts(path)


def test_the_command_draws(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "regions.png"
    asked = ["plot", "regions", "--dist", str(release.path.parent), "--as-of", "2022-12-31", "--to", str(path)]
    outcome = CliRunner().invoke(main, asked)
    assert (outcome.exit_code, outcome.stdout.strip()) == (0, str(path))
    assert path.read_bytes().startswith(b"\x89PNG")

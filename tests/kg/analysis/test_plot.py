"""Pictures of a release: names and numbers are drawn as text, output is deterministic, PNG needs an extra."""

import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from findings_world import Designation, world

from kg.analysis import plot
from kg.analysis.plot import Asked, Language
from kg.cli import main
from kg.errors import GuapaiError, QueryError
from kg.release import Release
from kg.release.columns import Columns

DAY = date(2022, 12, 31)


def texts(path: Path) -> list[str]:
    """Return the texts of a picture."""
    return [found.text or "" for found in ET.parse(path).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314


def small(folder: Path) -> Columns:
    designations = [
        Designation("z", "national-high-tech-zone", ("320583",)),
        Designation("e", "national-etdz", ("320583",)),
    ]
    return world(folder, designations)


@pytest.mark.parametrize(
    ("language", "title", "source"),
    [
        ("zh", "部委两两同在的县级单位 · 2022-12-31", "来源：挂牌（Guapai）3f2a91c07b1e 版"),
        (
            "en",
            "County-level units where two ministries give designations · 2022-12-31",
            "Source: Guapai, release 3f2a91c07b1e",
        ),
    ],
)
def test_a_picture_says_its_title_and_release_in_the_language_asked(
    language: Language, title: str, source: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.svg"
    plot.draw(Asked(small(tmp_path), DAY, language, "3f2a91c07b1e"), "ministry-ministry", path)
    said = texts(path)
    assert title in " ".join(said)  # a long title has two lines
    assert said[-1] == source


def test_the_same_data_make_the_same_bytes(tmp_path: Path) -> None:
    columns = small(tmp_path)
    for name in ("a.svg", "b.svg"):
        plot.draw(Asked(columns, DAY, "zh"), "ministry-ministry", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_as_png_the_words_are_english_where_no_font_has_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns, drawn = small(tmp_path), []
    monkeypatch.setattr(plot, "draws_chinese", lambda: False)
    monkeypatch.setattr(plot, "png", lambda drawing: (drawn.append(drawing), b"pixels")[1])
    plot.draw(Asked(columns, DAY, "zh"), "ministry-ministry", tmp_path / "a.png")
    assert "County-level units where two ministries give designations · 2022-12-31" in drawn[0]
    assert (tmp_path / "a.png").read_bytes() == b"pixels"


def test_without_the_extra_one_sentence_says_how_to_get_it(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    path = tmp_path / "regions.png"
    asked = ["plot", "regions", "--dist", str(release.path.parent), "--as-of", "2022-12-31", "--to", str(path)]
    outcome = CliRunner().invoke(main, asked)
    said = "guapai: PNG needs the extra png (pip install 'guapai[png]'); SVG needs nothing\n"
    assert (outcome.exit_code, outcome.stderr, outcome.stdout) == (1, said, "")
    assert not path.exists()


def test_what_cannot_be_drawn_is_said_in_a_sentence(tmp_path: Path) -> None:
    columns = small(tmp_path)
    with pytest.raises(QueryError, match=r"a\.pdf: expected a file name that ends in \.svg or \.png"):
        plot.draw(Asked(columns, DAY, "en"), "lorenz", tmp_path / "a.pdf")
    with pytest.raises(QueryError, match="nothing to draw on 1950-01-01"):
        plot.draw(Asked(columns, date(1950, 1, 1), "en"), "ministry-ministry", tmp_path / "a.svg")
    with pytest.raises(GuapaiError, match="cannot be written: No such file or directory"):
        plot.draw(Asked(columns, DAY, "en"), "ministry-ministry", tmp_path / "none" / "a.svg")


EXPECTED = {
    "ministry-purpose": "Ministry of Commerce",
    "ministry-ministry": "Ministry of Commerce",
    "programme-county": "National High-tech Industrial Development Zone",
    "programme-carrier": "State Key Laboratory",
    "lorenz": "residents, cumulated (census of 2020)",
    "regions": "mean of whole lists",
    "ranks": "capitals of provinces",
    "kinds": "districts",
    "timeline": "Ministry of Science and Technology",
}
"""Picture to words that stand in it."""


@pytest.mark.parametrize("picture", list(plot.PICTURES))
def test_every_picture_of_the_real_data(picture: str, columns: Columns, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    plot.draw(Asked(columns, DAY, "en"), picture, path)
    assert any(EXPECTED[picture] in said for said in texts(path)), texts(path)


def test_the_command_draws(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "regions.svg"
    asked = ["plot", "regions", "--dist", str(release.path.parent), "--as-of", "2022-12-31", "--to", str(path)]
    outcome = CliRunner().invoke(main, asked)
    assert (outcome.exit_code, outcome.stdout.strip()) == (0, str(path))
    assert f"来源：挂牌（Guapai）{release.id} 版" in texts(path)

"""Positions claimed by several regions: against the competency question, and a few areas by hand."""

from datetime import date
from pathlib import Path

import pytest
from findings_world import opened

from kg.analysis.atlas import Atlas
from kg.analysis.findings.kinds import positioning
from kg.release import Release
from kg.release.columns import Columns
from kg.store import EmbeddedStore, questions

ROOT = Path(__file__).parents[4]
DAY = date(2022, 12, 31)


def small(folder: Path) -> Columns:
    """A region of two provinces, a city in it, and a province beside it, with three positions."""
    claims = [
        *(
            ("p1", "source", "region", "delta"),
            ("p2", "source", "place", "320500"),
            ("p3", "source", "place", "110000"),
        ),
        *(("p4", "engine", "region", "delta"), ("p5", "engine", "place", "320500")),
        *(
            ("p6", "highland", "place", "110000"),
            ("p7", "center", "place", "110000"),
            ("p8", "center", "region", "delta"),
        ),
    ]
    places = [("320500", "320500", "320000"), ("320000", "", "320000"), ("310000", "310000", "310000")]
    places += [("110000", "110000", "110000")]
    return opened(
        folder / "columns",
        {
            "positions": [
                {"position": key, "national_design": key == "center"}
                for key in ("source", "engine", "highland", "center")
            ],
            "positionings": [
                {"positioning": key, "position": position, "kind": kind, "area": area}
                for key, position, kind, area in claims
            ],
            "places": [
                {"place": place, "prefecture": prefecture, "province": province}
                for place, prefecture, province in places
            ],
            "region_places": [{"region": "delta", "place": key, "scope": "whole"} for key in ("310000", "320000")],
        },
    )


def test_what_two_areas_claim_is_found(tmp_path: Path) -> None:
    found = {finding.group["position"]: finding for finding in positioning.find(small(tmp_path), DAY)}
    assert set(found) == {"source", "engine", "center"}
    source = found["source"]
    assert (source.key, source.members, source.marks) == ("positioning/source", ("p1", "p2", "p3"), ())
    assert source.group == {"position": "source", "region": "delta"}
    # the city lies in the region: two of the three areas are rivals, so that the score is a half
    assert source.factors == {"areas": 3.0, "apart": 2.0}
    assert source.score == pytest.approx(0.5)


def test_a_city_within_the_region_is_no_rival(tmp_path: Path) -> None:
    found = {finding.group["position"]: finding for finding in positioning.find(small(tmp_path), DAY)}
    assert found["engine"].factors == {"areas": 2.0, "apart": 1.0}
    assert found["engine"].score == 0


def test_national_design_is_marked_and_not_ranked_above_others(tmp_path: Path) -> None:
    found = {finding.group["position"]: finding for finding in positioning.find(small(tmp_path), DAY)}
    assert (found["center"].marks, found["center"].score) == (("by-national-design",), 0.0)
    assert found["center"].factors["apart"] == 2


def test_areas_with_positions_of_their_own(tmp_path: Path) -> None:
    """Region: source, engine, center; city: source, engine; capital: source, highland, center: all three differ."""
    assert positioning.own_sets(small(tmp_path)) == 1


def test_the_same_region_twice_is_one_area(tmp_path: Path) -> None:
    atlas = Atlas(small(tmp_path))
    assert positioning.apart([("region", "delta"), ("region", "delta")], atlas) == {("region", "delta")}


def test_the_engine_finds_what_the_question_finds(release: Release, columns: Columns) -> None:
    """Set-based: SPARQL alone finds the same positions with as many areas, and the same mark."""
    labels = dict(columns.query("SELECT position, label_zh FROM positions"))
    engine = {
        (
            labels[finding.group["position"]],
            str(int(finding.factors["areas"])),
            str("by-national-design" in finding.marks).lower(),
        )
        for finding in positioning.find(columns, DAY)
    }
    question = questions.find(ROOT / "ontology" / "questions", "21")
    rows = questions.as_cells(questions.rows(EmbeddedStore(release.store_path), question.query))
    assert engine == {(position, areas, design) for position, areas, _, design in rows}
    assert engine

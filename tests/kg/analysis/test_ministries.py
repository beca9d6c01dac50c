"""Ministries of programmes on a date, by the project's own mandates."""

from datetime import date
from pathlib import Path

import findings_world
import pytest

from kg.analysis.ministries import Answer, gaps, ministries, registry
from kg.release.columns import Columns

BEFORE, AFTER, TODAY = date(2022, 12, 31), date(2024, 1, 1), date(2026, 11, 24)


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    return findings_world.world(tmp_path_factory.mktemp("world"), [])


def names(answer: Answer | None) -> tuple[set[str], set[str]] | None:
    return None if answer is None else (set(answer.ministries), set(answer.inferred))


@pytest.mark.parametrize(
    ("programme", "day", "expected"),
    [
        ("agri-sci-park", BEFORE, ({"most"}, set())),
        ("agri-sci-park", date(2023, 4, 1), ({"most", "mara"}, {"mara"})),
        ("agri-sci-park", AFTER, ({"mara"}, {"mara"})),
        ("national-high-tech-zone", date(1990, 1, 1), ({"sstc"}, set())),
        ("national-high-tech-zone", BEFORE, ({"most"}, set())),
        ("national-high-tech-zone", AFTER, ({"miit"}, set())),
        # approved by a body that became another: the mandate passes on
        ("modern-agri-industrial-park", date(2017, 12, 31), ({"moa", "mof"}, set())),
        ("modern-agri-industrial-park", BEFORE, ({"mara"}, set())),
        # a data bureau answers to the reform commission, and the Torch Centre to one ministry after another
        ("big-data-pilot-zone", TODAY, ({"ndrc"}, set())),
        ("maker-space", BEFORE, ({"most"}, set())),
        ("maker-space", AFTER, ({"miit"}, set())),
        ("tech-incubator", AFTER, ({"miit"}, {"miit"})),
        # who administers goes before who approves (finance ministry, reform commission)
        ("agri-modernisation-demo-zone", BEFORE, ({"mara"}, set())),
        # an unsourced mandate (the reform commission's) raises nothing
        ("comprehensive-national-science-center", BEFORE, ({"ndrc", "most"}, set())),
        # only the State Council is known
        ("other-national-development-zone", BEFORE, None),
        ("pilot-free-trade-zone", BEFORE, ({"mofcom"}, {"mofcom"})),
        # not begun yet
        ("emerging-industry-demo-base", BEFORE, None),
    ],
)
def test_ministries_on_a_date(
    columns: Columns, programme: str, day: date, expected: tuple[set[str], set[str]] | None
) -> None:
    assert names(ministries(columns, day).get(programme)) == expected


def test_a_lapsed_mandate_keeps_the_last_administering_body(columns: Columns) -> None:
    answer = ministries(columns, BEFORE)["crop-mechanisation-demo-county"]
    key = "crop-mechanisation-demo-county-mara-administers-2018-03"
    assert answer == Answer(frozenset({"mara"}), frozenset(), (("mara", key),), "administers", lapsed=True)
    assert not ministries(columns, date(2022, 12, 28))["crop-mechanisation-demo-county"].lapsed


def test_a_mandate_passes_to_the_successor(tmp_path: Path) -> None:
    """The farm ministry of before 2018 approved; nobody wrote down that its successor does."""
    names = ("mandate", "programme", "authority", "role", "valid_from", "valid_to", "status")
    mandates = [
        ("open", "p", "moa", "approves", date(2016, 1, 1), None, "asserted"),
        ("ended", "q", "moa", "approves", date(2016, 1, 1), date(2017, 6, 30), "asserted"),
        ("only-state-council", "r", "state-council", "approves", None, None, "asserted"),
        ("unsourced", "s", "ndrc", "administers", None, None, "unsourced"),
        ("executes", "t", "most", "executes", None, None, "asserted"),
    ]
    columns = findings_world.world(
        tmp_path,
        [],
        mandates=[dict(zip(names, row, strict=True)) for row in mandates],
        programmes=[{"programme": key} for key in "pqrst"],
    )
    known = ministries(columns, BEFORE)
    assert known["p"] == Answer(frozenset({"mara"}), frozenset(), (("mara", "open"),), "approves", lapsed=False)
    assert known["q"] == Answer(frozenset({"mara"}), frozenset(), (("mara", "ended"),), "approves", lapsed=True)
    assert ministries(columns, date(2018, 3, 31))["p"].ministries == {"moa"}
    assert gaps(columns, BEFORE) == [("r", 0), ("s", 0), ("t", 0)]


def test_the_last_ministry_stands_though_a_body_above_ministries_came_after_it(tmp_path: Path) -> None:
    """The State Council is no ministry, neither while its mandate is in force nor after; mandates are told apart."""
    names = ("mandate", "programme", "authority", "role", "valid_from", "valid_to", "status")
    mandates = [
        ("first", "p", "ndrc", "approves", date(2005, 1, 1), date(2010, 12, 31), "asserted"),
        ("second", "p", "state-council", "approves", date(2011, 1, 1), date(2015, 12, 31), "asserted"),
        ("took-part", "p", "most", "participates", date(2005, 1, 1), None, "asserted"),
        ("inferred", "q", "ndrc", "administers", date(2005, 1, 1), None, "inferred"),
        ("asserted", "q", "ndrc", "approves", date(2005, 1, 1), date(2015, 12, 31), "asserted"),
    ]
    columns = findings_world.world(
        tmp_path,
        [],
        mandates=[dict(zip(names, row, strict=True)) for row in mandates],
        programmes=[{"programme": key} for key in "pq"],
    )
    known = ministries(columns, BEFORE)
    assert known["p"] == Answer(frozenset({"ndrc"}), frozenset(), (("ndrc", "first"),), "approves", lapsed=True)
    assert known["p"].mandates == ("first",)
    # the asserted mandate of the other role supports the ministry as long as it is in force
    assert known["q"].inferred == {"ndrc"}
    assert ministries(columns, date(2015, 12, 31))["q"].inferred == frozenset()
    assert registry(columns).in_force("p", BEFORE) == {"took-part"}
    assert registry(columns).in_force("p", date(2010, 12, 31)) == {"first", "took-part"}


@pytest.mark.parametrize(
    ("body", "day", "expected"),
    [
        ("torch-center", date(1995, 1, 1), "sstc"),
        ("torch-center", BEFORE, "most"),
        ("torch-center", date(2023, 9, 15), "miit"),
        ("torch-center", AFTER, "miit"),
        ("agenda21-center", AFTER, "most"),  # under the science foundation, which is under the ministry
        ("nda", TODAY, "ndrc"),
        ("cac", TODAY, "cac"),  # the next is the Party centre
        ("cmc-lsd", TODAY, "cmc-lsd"),  # the next is the Central Military Commission
        ("gld-health", date(2015, 1, 1), "former-general-logistics"),
        ("gld-health", BEFORE, "cmc-lsd"),
        ("spc", BEFORE, "ndrc"),  # through the commission of 1998
        ("state-council", BEFORE, None),
        ("state-council-office", BEFORE, None),
        ("cpc-central", BEFORE, None),
        ("cmc", BEFORE, None),
    ],
)
def test_bodies_roll_up_to_their_ministry(columns: Columns, body: str, day: date, expected: str | None) -> None:
    assert registry(columns).ministry(body, day) == expected

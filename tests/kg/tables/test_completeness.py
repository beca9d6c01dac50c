"""Completeness of lists and programmes: the definition, and the real lists that pages disagreed on."""

from pathlib import Path

import pytest

from kg.pipeline import merge
from kg.tables import completeness, open_package
from kg.tables.completeness import Held

DATA = Path(__file__).parents[3] / "data"


@pytest.mark.parametrize(
    ("held", "official", "stated", "state"),
    [
        (9, None, "whole", "whole"),
        (8, 9, "whole", "whole"),
        (9, 9, "partial", "whole"),
        (10, 9, "sample", "whole"),
        (8, 9, "partial", "partial"),
        (8, 9, "sample", "sample"),
        (8, 9, "unknown", "partial"),
        (8, None, "unknown", "unknown"),
        (8, None, "partial", "partial"),
    ],
)
def test_the_definition(held: int, official: int | None, stated: str, state: str) -> None:
    assert completeness.state(held, official, stated) == state


@pytest.fixture(scope="module")
def real() -> tuple[dict[str, Held], dict[str, Held]]:
    package = open_package(DATA)
    return merge.whole(package, merge.designations(package))


def test_zones_that_a_list_calls_ended_are_not_held(real: tuple[dict[str, Held], dict[str, Held]]) -> None:
    """Of 236 economic zones that the list names, 232 are in force, as the official total counts."""
    lists, programmes = real
    assert lists["guojia_jingkaiqu"] == programmes["national-etdz"] == Held(232, 232, "whole", "guojia_jingkaiqu")


def test_a_list_that_lacks_some_is_partial_everywhere(real: tuple[dict[str, Held], dict[str, Held]]) -> None:
    lists, programmes = real
    key = "national_enterprise_tech_centers"
    assert programmes["national-enterprise-technology-center"] == lists[key]
    assert (lists[key].state, lists[key].official) == ("partial", 1714)


def test_the_total_of_a_list_of_several_programmes_is_none_of_theirs(
    real: tuple[dict[str, Held], dict[str, Held]],
) -> None:
    lists, programmes = real
    assert lists["extra_moa_county_pilots"].held == 1427
    shares = [found for found in programmes.values() if found.list_id == "extra_moa_county_pilots"]
    assert sum(found.held for found in shares) == 1427
    assert {found.official for found in shares} == {None}
    assert max(found.held for found in shares) == 872
    assert programmes["state-key-laboratory"].official is None
    assert lists["skl_state_key_labs"].official == 522


def test_a_stage_that_came_later_completes_the_parks(real: tuple[dict[str, Held], dict[str, Held]]) -> None:
    lists, programmes = real
    assert programmes["modern-agri-industrial-park"].list_id == "guojia_xiandai_nongye_chanyeyuan"
    assert lists["guojia_xiandai_nongye_chanyeyuan_2017_2"].held == 30

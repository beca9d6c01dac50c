"""Organisation-borne designations of the small world, for tests of thematic and carrier overlaps."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from findings_world import Designation, Rows, table, world

from kg.release.columns import Columns

DAY = date(2022, 12, 31)
SUZHOU, WUXI = "320583", "320281"


def borne(key: str, programme: str, place: str = SUZHOU) -> Designation:
    """Make an organisation-borne designation whose name is its key."""
    return Designation(key, programme, (place,) if place else (), "organisation", bearer="organisation")


def words() -> dict[str, Rows]:
    """Return the project's words, sources of topics and look-alikes as columns."""
    return {
        "stopwords": [dict(row) for row in table("stopwords")],
        "topic_sources": [
            row | {"programme": row["id"], "keeps_places": row["keeps_places"] == "true"}
            for row in table("topic_sources")
        ],
        "look_alikes": [row | {"one": row["one_id"], "other": row["other_id"]} for row in table("look_alikes")],
        "place_names": [{"place": "320583", "name": "昆山", "former": False}],
    }


def small(
    folder: Path,
    *designations: Designation,
    carriers: Iterable[tuple[str, str]] = (),
    relations: Iterable[Sequence[str]] = (),
) -> Columns:
    """Write the small world with the project's words and carriers of designations; open it."""
    rows = [{"designation": designation, "carrier": carrier} for designation, carrier in carriers]
    return world(folder, designations, relations, designation_carriers=rows, **words())


LABORATORY = borne("杂交水稻国家重点实验室", "state-key-laboratory")
CENTRE = borne("水稻国家工程研究中心", "national-engineering-research-center")

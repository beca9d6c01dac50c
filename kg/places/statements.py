"""Counties of designations whose records state none: from place statements about them or about their carriers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.places.words import PlaceWords
from kg.tables import Package, Row
from kg.text.names import normal

THROUGH_CARRIER = "through-carrier"


@dataclass(frozen=True, slots=True)
class Placed:
    """A designation as its records place it: key, programme, name, places, extent, carriers."""

    key: str
    programme: str
    name: str
    place_ids: Sequence[str]
    extent: str
    carrier_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counties:
    """Counties of a designation with their basis and extent (enumerations of records), and the statements behind."""

    place_ids: tuple[str, ...]
    basis: str
    extent: str
    statements: tuple[Row, ...]


@dataclass(frozen=True)
class PlaceStatements:
    """The place statements of a package.

    own: by designation; seats: by carrier; sited: programmes whose designations have a site of their own, other than
    the seat of the carrier (field stations, facilities); counties: keys of places that count as counties; upwards: of
    each place, the chain from itself to the country; short: short names of places; entire: extents of titles of entire
    divisions above counties, which no county stands for; stations: last words of the names of stations.
    """

    own: Mapping[str, Sequence[Row]]
    seats: Mapping[str, Row]
    sited: frozenset[str]
    counties: frozenset[str]
    upwards: Mapping[str, frozenset[str]]
    short: Mapping[str, str]
    entire: frozenset[str]
    stations: tuple[str, ...]

    @classmethod
    def of(cls, package: Package) -> "PlaceStatements":
        """Read the tables of a checked package."""
        places = package.index("places")
        parents = {row["parent_id"] for row in places.values()}
        childless = {key for key, row in places.items() if row["level"] == "prefecture" and key not in parents}
        return cls(
            own=package.grouped("designation_places", "designation_id"),
            seats={row["carrier_id"]: row for row in package.rows("carrier_seats")},
            sited=frozenset(row["id"] for row in package.rows("topic_sources") if row["keeps_places"] == "true"),
            counties=frozenset(childless | {key for key, row in places.items() if row["level"] == "county"}),
            upwards={key: _upwards(key, places) for key in places},
            short={key: row["short_zh"] or row["name_zh"] for key, row in places.items()},
            entire=frozenset(row["id"] for row in package.rows("extents") if row["entire"] not in ("", "county")),
            stations=PlaceWords.of(package.rows("place_words")).kinds["station"],
        )

    def counties_of(self, placed: Placed) -> Counties | None:
        """Return the counties of a designation whose records name none; None if no statement gives one.

        A statement about the designation comes first. An organisation's designation lies at the seat of its carrier if
        the seat lies in the prefecture or province that the records state, or if they state no place; a station must be
        named after that prefecture or province; a title of an entire division keeps it.
        """
        if placed.extent in self.entire or not self.counties.isdisjoint(placed.place_ids):
            return None
        own = tuple(row for row in self.own.get(placed.key, ()) if not placed.place_ids or self._inside(row, placed))
        seat = None if own else self._seat(placed)
        found = own or ((seat,) if seat else ())
        if not found:
            return None
        codes = tuple(dict.fromkeys(row["place_id"] for row in found))
        extent = placed.extent
        if extent not in ("organisation", "town"):
            extent = "within-county" if len(codes) == 1 else "several-counties"
        return Counties(codes, THROUGH_CARRIER if seat else found[0]["basis"], extent, found)

    def _seat(self, placed: Placed) -> Row | None:
        """Return the one seat in the places of the records; None if a carrier's seat is unknown or two seats differ."""
        if placed.extent != "organisation" or self._has_own_site(placed):
            return None
        if not placed.carrier_ids or not all(key in self.seats for key in placed.carrier_ids):
            return None
        seats = [self.seats[key] for key in placed.carrier_ids]
        inside = [seat for seat in seats if not placed.place_ids or self._inside(seat, placed)]
        return inside[0] if len({seat["place_id"] for seat in inside}) == 1 else None

    def _has_own_site(self, placed: Placed) -> bool:
        """Whether it may stand elsewhere than its carrier; brackets at its end name its town: …种质资源圃（杭州）.

        河西走廊综合试验站 stands somewhere in 甘肃, not at its university in 兰州; 兰州综合试验站 stands there.
        """
        if placed.name.endswith(self.stations) and not any(self.short[key] in placed.name for key in placed.place_ids):
            return True
        return placed.programme in self.sited and not normal(placed.name).endswith(")")

    def _inside(self, statement: Row, placed: Placed) -> bool:
        return not self.upwards[statement["place_id"]].isdisjoint(placed.place_ids)


def _upwards(key: str, places: Mapping[str, Row]) -> frozenset[str]:
    """Return a place and the places above it below the country."""
    found: set[str] = set()
    while key in places and key not in found and places[key]["level"] != "country":
        found.add(key)
        key = places[key]["parent_id"]
    return frozenset(found)

"""Existing designations for a purpose at a place and around it, to be checked before applying for a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kg.analysis import resolve
from kg.analysis.ask.particulars import Particulars, particulars
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import Answer as Charge
from kg.analysis.ministries import ministries
from kg.analysis.resolve import Place
from kg.errors import QueryError
from kg.release.columns import Columns

Where = Literal["here", "covering", "somewhere", "prefecture", "province"]
Nearness = Literal["same", "near", "unknown", "touching", ""]

WHERE: tuple[Where, ...] = ("here", "covering", "somewhere", "prefecture", "province")
"""Location of a designation relative to the queried place, the nearest first.

here: in the place; covering: it covers the entire prefecture or province around the place; somewhere: in the same
prefecture, county unknown, so perhaps here, unless all its carriers are seated in other counties; prefecture, province:
elsewhere in the same one.
"""
NEARNESS: tuple[Nearness, ...] = ("same", "near", "unknown", "touching", "")
"""Closeness of a designation to a queried purpose or field, the closest first.

same: it has it (or a narrower one); near: another one of the same group; unknown: it states none; touching: it has
others and matches only the other criterion; empty: none was queried.
"""

_HOLDERS = f"""
    WITH programmes_near AS (SELECT e.programme, e.rank FROM (SELECT unnest($near) AS e)),
    standing AS (SELECT * FROM designations WHERE {IN_FORCE}),
    fielded AS (
        SELECT designation, CASE WHEN len($same_fields) = 0 THEN 4
            WHEN bool_or(list_contains($same_fields, field)) THEN 0
            WHEN bool_or(list_contains($near_fields, field)) THEN 1 WHEN count(field) > 0 THEN 3 ELSE 2 END AS field
        FROM standing LEFT JOIN designation_fields USING (designation) GROUP BY designation
    ),
    doubtful AS (
        SELECT designation FROM standing JOIN designation_places USING (designation)
        WHERE extent IN (SELECT extent FROM extents WHERE one_county) GROUP BY designation HAVING count(*) > 1
    ),
    elsewhere AS (
        SELECT designation FROM standing JOIN designation_carriers USING (designation)
        JOIN (SELECT carrier, place AS seat FROM carriers) USING (carrier)
        LEFT JOIN (SELECT place AS seat, county AS seat_county FROM places) USING (seat)
        WHERE extent = 'organisation' AND programme NOT IN (SELECT programme FROM topic_sources WHERE keeps_places)
        GROUP BY designation
        HAVING bool_and(coalesce(seat_county, '') <> '') AND NOT bool_or(coalesce(seat_county, '') = $place)
    ),
    placed AS (
        SELECT designation, place, CASE
            WHEN place = $place OR list_contains([county, prefecture, province], $place)
                THEN CASE WHEN doubtful.designation IS NULL THEN 0 ELSE 2 END
            WHEN extent = 'province' THEN 1
            WHEN place = $prefecture AND (extent = 'prefecture' OR (extent = 'county' AND level = 'prefecture')) THEN 1
            WHEN $prefecture <> '' AND prefecture = $prefecture
                THEN CASE WHEN county = '' AND elsewhere.designation IS NULL THEN 2 ELSE 3 END
            ELSE 4 END AS whereabouts
        FROM standing JOIN designation_places USING (designation) JOIN places USING (place)
        LEFT JOIN doubtful USING (designation) LEFT JOIN elsewhere USING (designation)
        WHERE province = $province
    )
    SELECT designation, any_value(name_zh), programme, min(whereabouts), arg_min(place, whereabouts),
        coalesce(any_value(near.rank), 3) AS purpose, any_value(field), any_value(approved_first), any_value(dated)
    FROM standing JOIN placed USING (designation) JOIN fielded USING (designation)
    LEFT JOIN programmes_near near USING (programme)
    GROUP BY designation, programme
    HAVING $everything OR purpose < 3 OR any_value(field) < 2
    ORDER BY 4, 6, 7, programme, designation
"""  # noqa: S608 — made of our own constants


@dataclass(frozen=True, slots=True)
class Question:
    """A question, each part as a key or a name.

    place: a province, prefecture or county, or a zone that lies in one; purpose: a purpose or group of purposes;
    programme: a kind of designation, in the place of its main purposes; field: a field or group of fields; as_of: the
    day. With a place alone the answer is everything there and around.
    """

    place: str
    as_of: date
    purpose: str = ""
    programme: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The resolved question: the place, and keys of the purposes, programme and field ("" for none).

    through: keys of the designations by whose names the place was found, empty where it was named itself; besides:
    codes of other places of that name.
    """

    place: Place
    as_of: date
    purposes: tuple[str, ...]
    programme: str
    field: str
    through: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    @property
    def place_alone(self) -> bool:
        """Whether everything at the place is asked for."""
        return not (self.purposes or self.programme or self.field)


@dataclass(frozen=True, slots=True)
class Holder:
    """An existing designation.

    designation, name, programme: key, Chinese name, key of its programme; where: location relative to the queried place
    (`WHERE`); place: code of its place; purpose, field: closeness to the question (`NEARNESS`); ministries: keys,
    responsible on the day; inferred: those of them known only from an inferred mandate; lapsed: all mandates have
    ended, and the last ministries are given; since: first possible day of approval, None if undated; particulars:
    carriers, stage, documents and sources.
    """

    designation: str
    name: str
    programme: str
    where: Where
    place: str
    purpose: Nearness
    field: Nearness
    ministries: tuple[str, ...]
    inferred: tuple[str, ...]
    lapsed: bool
    since: date | None
    particulars: Particulars


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of a relevant programme in the data.

    programme: key; purpose: closeness to the question; designations: in force on the day, in the entire country;
    unplaced: those without a known province; completeness: of its most complete list (whole, partial, sample, unknown),
    a list of this programme alone before others, "none" without a list; official_total: number of designations, None
    where no list of this programme alone states it.
    """

    programme: str
    purpose: Nearness
    designations: int
    unplaced: int
    completeness: str
    official_total: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The resolved question, the designations by closeness, and the completeness of the lists used."""

    asked: Asked
    holders: tuple[Holder, ...]
    coverage: tuple[Coverage, ...]


def ask(columns: Columns, question: Question) -> Answer:
    """Return the designations for a purpose or field at a place and around it, on a day.

    Args:
        columns: the columns of a release, the only input.
        question: the question.

    Raises:
        QueryError: a name is unknown or ambiguous, or the place is the whole country.
    """
    asked = _understood(columns, question)
    near = _programmes(columns, asked)
    same, around = _fields(columns, asked.field)
    listed = [{"programme": programme, "rank": NEARNESS.index(rank)} for programme, rank in near.items()]
    rows = columns.query(
        _HOLDERS,
        {
            "as_of": asked.as_of,
            "near": listed or [{"programme": "", "rank": 0}],
            "same_fields": same or [],
            "near_fields": around or [""],
            "everything": asked.place_alone,
            "place": asked.place.code,
            "prefecture": asked.place.prefecture,
            "province": asked.place.province,
        },
    )
    details = particulars(columns, [row[0] for row in rows], asked.as_of)
    charges = ministries(columns, asked.as_of)
    holders = tuple(_holder(row, asked, charges.get(row[2]), details[row[0]]) for row in rows)
    return Answer(asked, holders, tuple(_coverage(columns, asked.as_of, near)))


def _holder(row: tuple[Any, ...], asked: Asked, charge: Charge | None, details: Particulars) -> Holder:
    """Make the holder of a row of `_HOLDERS`."""
    designation, name, programme, where, place, purpose, field, since, dated = row
    return Holder(
        designation=designation,
        name=name,
        programme=programme,
        where=WHERE[where],
        place=place,
        purpose=NEARNESS[purpose] if asked.purposes or asked.programme else "",
        field=NEARNESS[field],
        ministries=tuple(sorted(charge.ministries)) if charge else (),
        inferred=tuple(sorted(charge.inferred)) if charge else (),
        lapsed=charge is not None and charge.lapsed,
        since=since if dated else None,
        particulars=details,
    )


def _understood(columns: Columns, question: Question) -> Asked:
    meant = resolve.whereabouts(columns, question.place)
    place = resolve.meant_place(columns, meant)
    if not place.province:
        raise QueryError(f"{place.name} is too large to ask about: expected a province, prefecture or county")
    purpose, programme, field = (
        resolve.key(columns, kind, asked) if asked else ""
        for kind, asked in (("purpose", question.purpose), ("programme", question.programme), ("field", question.field))
    )
    purposes = {purpose} - {""}
    if programme and not purpose:
        rows = columns.query(
            "SELECT purpose FROM programme_purposes WHERE programme = $programme AND weight = 'main' AND NOT generic",
            {"programme": programme},
        )
        purposes = {main for (main,) in rows}
    besides = tuple(candidate.key for candidate in meant.besides)
    return Asked(place, question.as_of, tuple(sorted(purposes)), programme, field, meant.through, besides)


def _programmes(columns: Columns, asked: Asked) -> dict[str, Nearness]:
    """Return the programmes that serve a queried purpose, or another one of its group; the queried one is same.

    With a place alone all programmes are returned, each with no nearness.
    """
    if asked.place_alone:
        return dict.fromkeys((key for (key,) in columns.query("SELECT programme FROM programmes ORDER BY 1")), "")
    near: dict[str, Nearness] = {}
    rows = columns.query(
        """SELECT programme, bool_or(list_contains($purposes, purpose) OR list_contains($purposes, purpose_group))
        FROM programme_purposes WHERE purpose_group IN
            (SELECT purpose_group FROM purposes WHERE list_contains($purposes, purpose))
        GROUP BY programme ORDER BY programme""",
        {"purposes": list(asked.purposes) or [""]},
    )
    near |= {programme: "same" if same else "near" for programme, same in rows}
    return near | ({asked.programme: "same"} if asked.programme else {})


def _fields(columns: Columns, field: str) -> tuple[list[str], list[str]]:
    """Return the queried field and those in it, and those of its group, including the group itself."""
    rows = dict(columns.query("SELECT field, broader FROM fields", {}))
    if not field:
        return [], []
    same = [key for key, broader in rows.items() if field in (key, broader)]
    group = rows[field]
    return same, [key for key, broader in rows.items() if group and group in (key, broader) and key not in same]


def _coverage(columns: Columns, as_of: date, near: Mapping[str, Nearness]) -> list[Coverage]:
    rows = columns.query(
        f"""WITH standing AS (SELECT programme, designation, designation NOT IN (SELECT designation
        FROM designation_places) AS unplaced
            FROM designations WHERE {IN_FORCE})
        SELECT programme, count(designation), count(designation) FILTER (unplaced),
            any_value(CASE WHEN list <> '' THEN completeness END), any_value(official_total)
        FROM programmes LEFT JOIN standing USING (programme)
        WHERE list_contains($programmes, programme) GROUP BY programme ORDER BY programme""",  # noqa: S608
        {"as_of": as_of, "programmes": sorted(near) or [""]},
    )
    found = [
        Coverage(programme, near[programme], designations, unplaced, completeness or "none", total)
        for programme, designations, unplaced, completeness, total in rows
    ]
    return sorted(found, key=lambda row: (NEARNESS.index(row.purpose), row.programme))

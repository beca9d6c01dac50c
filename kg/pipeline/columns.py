"""Tables and merged designations as rows of the columns (`kg.release.columns`), for counts, matrices and findings."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from kg.analysis.resolve import rows as names
from kg.pipeline import mapping, papers
from kg.pipeline.designations import counted_from, known_to, replaced_forms
from kg.pipeline.merge import Designation, whole
from kg.release import columns
from kg.release.columns import Cell
from kg.tables import Package, Row, dates, figures, grades
from kg.tables.accounting import accounts
from kg.tables.completeness import Held
from kg.tables.decided import decided

Rows = Iterator[Sequence[Cell]]
OWN_PREFECTURE = ("municipality", "special-administrative-region")
"""Ranks of provinces that count as their own prefecture."""
RELATED = ("subject_id", "object_id", "relation", "status")


def tables(package: Package, designations: Sequence[Designation]) -> columns.Tables:
    """Return the rows of all tables of `release.schema.SCHEMA`."""

    def many(column: str) -> Rows:
        return ((designation.key, key) for designation in designations for key in designation.many(column))

    lists, programmes = whole(package, designations)
    return {
        "designations": _designations(package, designations),
        "designation_places": many("place_ids"),
        "designation_carriers": many("carrier_ids"),
        "designation_fields": many("field_ids"),
        "designation_relations": _cells(package, "designation_relations", *RELATED),
        "designation_stages": (
            (designation.key, stage, *_span(value.cell))
            for designation in designations
            for stage, value in designation.stages.items()
        ),
        "designation_records": (
            (designation.key, record["id"], record["list_id"])
            for designation in designations
            for record in designation.records
        ),
        "designation_documents": many("document"),
        "designation_sources": ((designation.key, key) for designation in designations for key in designation.sources),
        "sources": _sources(package),
        "places": places(package),
        "carriers": _carriers(package),
        "fields": _cells(package, "fields", "id", "broader_id", "label_zh", "label_en"),
        "lists": _lists(package, lists),
        "list_programmes": ((row["id"], key) for row in package.rows("lists") for key in row.many("programme_ids")),
        "extents": _cells(package, "extents", "id", "entire", "one_county", "small", "counted"),
        "regions": _regions(package),
        "region_places": _cells(package, "region_members", "region_id", "place_id", "scope"),
        "weights": ((row["id"], float(row["value"])) for row in package.rows("weights")),
        "eligible_units": _cells(package, "eligible_units", "id", "ranks"),
        "designation_field_texts": _field_texts(designations),
        "place_names": _place_names(package),
        "stopwords": _cells(package, "stopwords", "word", "kind"),
        "topic_sources": (
            (row["id"], row["reads"], row["keeps_places"] == "true") for row in package.rows("topic_sources")
        ),
        "look_alikes": _cells(package, "look_alikes", "one_id", "other_id"),
        "duplicate_weights": ((row["id"], float(row["value"])) for row in package.rows("duplicate_weights")),
        "name_variants": _cells(package, "name_variants", "word", "form"),
        "name_words": _cells(package, "name_words", "word", "kind"),
        "pinyin_words": _cells(package, "pinyin_words", "word"),
        "programme_names": (
            (row["id"], name)
            for row in package.rows("programmes")
            for name in (row["name_zh"], *row.many("aliases_zh"))
        ),
        "decisions": _decisions(package),
        **_registry(package, programmes),
        **_papers(package),
        "names": (row for kind in package.by_name for row in names.from_tables(package, kind)),
    }


def _decisions(package: Package) -> Rows:
    """Yield the decisions; a pair with its two present designations, if it resolves to two."""
    canonical = decided(package).canonical
    for row in package.rows("decisions"):
        designations = [f"designation/{canonical.designation(row[name])}" for name in ("one_id", "other_id")]
        two = not row["finding"] and len({*designations, "designation/"}) > len(designations)
        yield (
            *_texts(row, ("id", "finding")),
            *(designations if two else _texts(row, ("one_id", "other_id"))),
            *_texts(row, ("verdict", "reason", "decided_by")),
            dates.parse(row["decided_on"]).first,
            *_texts(row, ("evidence_hash", "members", "ministries")),
            dates.parse(row["looked_at"]).first if row["looked_at"] else None,
        )


def _registry(package: Package, held: Mapping[str, Held]) -> columns.Tables:
    programme = ("id", "name_zh", "name_en", "category", "policy_area", "bearer", "usual_extent", "parent_id")
    authority = ("id", "name_zh", "name_en", "short_zh", "kind")
    mandate = ("id", "programme_id", "authority_id", "role")
    purposes = package.index("purposes")
    return {
        "programmes": (
            (*_texts(row, programme), *_valid(row), *_held(held[row["id"]]), held[row["id"]].list_id)
            for row in package.rows("programmes")
        ),
        "programme_purposes": (
            (row["programme_id"], row["purpose_id"], _group(purpose), row["weight"], purpose["generic"])
            for row in package.rows("purpose_assignments")
            for purpose in (purposes[row["purpose_id"]],)
        ),
        "programme_relations": _cells(package, "programme_relations", "subject_id", "object_id", "relation", "status"),
        "mandates": ((*_texts(row, mandate), *_valid(row), row["status"]) for row in package.rows("mandates")),
        "authorities": (
            (*_texts(row, authority), *_valid(row), row["successor_id"]) for row in package.rows("authorities")
        ),
        "affiliations": (
            (*_texts(row, ("authority_id", "parent_id")), *_valid(row)) for row in package.rows("affiliations")
        ),
        "reforms": (
            (row["id"], _span(row["date"])[0], row["name_zh"], row["name_en"]) for row in package.rows("reforms")
        ),
        "purposes": (
            (row["id"], _group(row), row["label_zh"], row["label_en"], row["generic"]) for row in purposes.values()
        ),
    }


def _papers(package: Package) -> columns.Tables:
    """Return the tables of the papers' claims, areas and figures, and of reference data."""
    claim = ("id", "source_id", "section", "quote", "statement_zh", "statement_en", "numbers", "required_programme_ids")
    test = ("id", "claim_id", "measure", "programme_ids", "region_ids", "place_ids", "parameters")
    return {
        "place_ranks": ((row["id"], rank) for row in package.rows("places") for rank in row.many("ranks")),
        "populations": (
            (row["place_id"], int(row["year"]), int(row["persons"])) for row in package.rows("populations")
        ),
        "positions": (
            (*_texts(row, ("id", "label_zh", "label_en")), row["national_design"])
            for row in package.rows("positionings")
        ),
        "positionings": (
            (f"{row.resource}/{row['id']}", row["positioning_id"], quote, area["plan"], *found)
            for row, area, quote in papers.claimed_positions(package)
            for found in _areas(area)
        ),
        "strategies": _cells(package, "strategies", "id", "name_zh", "name_en"),
        "strategy_areas": ((row["id"], *found) for row in package.rows("strategies") for found in _areas(row)),
        "claims": ((*_texts(row, claim), _number(row["required_completeness"])) for row in package.rows("claims")),
        "claim_tests": (
            (
                *(*_texts(row, test), _span(row["tested_on"])[0], row["comparison"]),
                *(_number(row["claimed"]), _number(row["tolerance"]), row["reason_zh"], row["reason_en"]),
            )
            for row in package.rows("claim-tests")
        ),
        "figures": (
            (found.key, _number(reading.value))
            for found in papers.observations(package)
            if (reading := figures.read(found.printed)).value is not None
        ),
    }


def _areas(row: Row) -> Iterator[tuple[str, str]]:
    for kind in ("place", "region"):
        for key in row.many(f"{kind}_ids"):
            yield kind, key


def _number(cell: str | Decimal | None) -> float | None:
    return float(cell) if cell or cell == 0 else None


def _designations(package: Package, designations: Sequence[Designation]) -> Rows:
    programmes = package.index("programmes")
    lists, forms, known = package.index("lists"), replaced_forms(package), grades.grades(package)
    sourced = {row["id"] for row in package.rows("sources") if row["reliability"] != "unsourced"}
    for designation in designations:
        programme = programmes[designation.row["programme_id"]]
        approved, ended = designation.cell("approved_date"), designation.cell("ended_date")
        limit = known_to(designation, lists, programme, forms[programme["id"]])
        yield (
            *(designation.key, programme["id"], programme["category"], programme["policy_area"], programme["bearer"]),
            *(designation.row["name_zh"], designation.row["name_en"], designation.cell("extent") or "unknown"),
            *(*_span(approved), *(_span(ended) if ended else (None, limit))),
            *(counted_from(designation, lists), bool(approved)),
            *(designation.cell("standing"), designation.cell("place_basis"), *grades.span(designation.sources, known)),
            *(not sourced.isdisjoint(designation.sources), len(designation.records)),
        )


def _sources(package: Package) -> Rows:
    known, cells = grades.grades(package), ("id", "title_zh", "address", "reliability")
    return ((*_texts(row, cells), known[row["id"]].key) for row in package.rows("sources"))


def places(package: Package) -> Iterator[tuple[str, ...]]:
    """Yield each place with its county, prefecture and province; empty for levels below the place.

    A municipality, and a special administrative region, counts as its own prefecture; a prefecture without counties
    (东莞, 中山) as its own county; a county under no prefecture (仙桃, 石河子) as its own prefecture.
    """
    known = package.index("places")
    parents = {row["parent_id"] for row in known.values()}
    for row in known.values():
        at: dict[str, str] = {}
        above: Row | None = row
        while above is not None:
            at[above["level"]] = above["id"]
            above = known.get(above["parent_id"])
        province = at.get("province", "")
        if province and not set(known[province].many("ranks")).isdisjoint(OWN_PREFECTURE):
            at["prefecture"] = province
        if row["level"] == "prefecture" and row["id"] not in parents:
            at["county"] = row["id"]
        county = at.get("county", "")
        prefecture = at.get("prefecture", county)
        yield row["id"], row["name_zh"], row["name_en"], row["level"], county, prefecture, province


def _field_texts(designations: Sequence[Designation]) -> Rows:
    """Yield the distinct printed field cells of each designation, from which topics are read."""
    for designation in designations:
        for cell in dict.fromkeys(record["field"] for record in designation.records if record["field"]):
            yield designation.key, cell


def _place_names(package: Package) -> Rows:
    """Yield the long and short names of places, and former names that no place has today.

    The name of a unit merged into another is no former name of that other.
    """
    today: dict[str, set[str]] = {}
    for row in package.rows("places"):
        today[row["id"]] = {row["name_zh"], row["short_zh"]} - {""}
        yield from ((row["id"], name, False) for name in sorted(today[row["id"]]))
    current = set().union(*today.values())
    older: dict[tuple[str, str], None] = {}
    for row in package.rows("former_places"):
        place = row["place_ids"]
        if place == row["code"]:
            names = {row["name_zh"], row["short_zh"]} - {""} - current
            older |= dict.fromkeys((place, name) for name in sorted(names))
    yield from ((place, name, True) for place, name in older)


def _carriers(package: Package) -> Rows:
    """Yield the carriers, each at the seat of its place statement, else of its own row."""
    seats = {row["carrier_id"]: row["place_id"] for row in package.rows("carrier_seats")}
    english = mapping.carriers_in_english(package)
    for row in package.rows("carriers"):
        key, place = row["id"], seats.get(row["id"], row["place_id"])
        yield key, row["name_zh"], english.get(key, ""), row["kind"], place, row["designation_id"]


def _regions(package: Package) -> Rows:
    """Yield the regions with their place in the table, in which analyses show them."""
    for order, row in enumerate(package.rows("regions")):
        yield (*_texts(row, ("id", "name_zh", "name_en", "kind")), order)


def _lists(package: Package, held: Mapping[str, Held]) -> Rows:
    lists = package.index("lists")
    for found in accounts(package):
        row = lists[found.list_id]
        yield (
            *(*_texts(row, ("id", "title_zh", "title_en")), *_held(held[row["id"]]), row["edition"]),
            *(found.rows, found.taken, found.merged, sum(found.left_out.values())),
        )


def _held(found: Held) -> tuple[str, int, int | None]:
    return found.state, found.held, found.official


def _cells(package: Package, table: str, *names: str) -> Rows:
    return (_texts(row, names) for row in package.rows(table))


def _texts(row: Row, names: Sequence[str]) -> list[str]:
    return [row[name] for name in names]


def _group(purpose: Row) -> str:
    """Return the group of a purpose; a group is its own."""
    return purpose["broader_id"] or purpose["id"]


def _span(cell: str) -> tuple[date | None, date | None]:
    if not cell:
        return None, None
    span = dates.parse(cell)
    return span.first, span.last


def _valid(row: Row) -> tuple[date | None, date | None]:
    return _span(row["valid_from"])[0], _span(row["valid_to"])[1]

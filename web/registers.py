"""What the lists of plates, carriers, places and published lists show, and by what they are narrowed, as SQL."""

from flask_babel import lazy_gettext as _

from kg.columns import COUNTRY
from kg.findings.standing import IN_FORCE
from kg.vocab import SCHEMES, THINGS
from web.facets import Facet, Register, Shown

ABOVE = f"SELECT plate, unnest(['{COUNTRY}', province, prefecture, county, place]) AS place FROM plate_places JOIN places USING (place)"  # noqa: E501, S608
"""Each plate with every place in which it lies, whole or within."""
TIED = "SELECT unnest($tied_programmes::VARCHAR[]) AS programme, unnest($tied_ministries::VARCHAR[]) AS ministry"
"""Each programme with the ministries that answer for it today; the parameters come from `kg.findings.ministries`."""
UNDATED = "undated"
FORCE = {"yes": _("in force, as far as the lists say"), "no": _("ended, withdrawn or no longer listed")}


def _placed(level: str) -> str:
    return f"SELECT plate AS thing, {level} AS key FROM plate_places JOIN places USING (place)"  # noqa: S608


def _place_facets(ties: dict[str, str]) -> tuple[Facet, ...]:
    base = THINGS + "place/"
    return (
        Facet("province", _("Province"), ties["province"], base, order="key"),
        Facet("prefecture", _("Prefecture"), ties["prefecture"], base, order="key", after="province"),
        Facet("county", _("County"), ties["county"], base, order="key", after="prefecture"),
    )


DESIGNATIONS = Register(
    "designations",
    _("Plates"),
    _("Plate"),
    _("The plates themselves, as far as their lists have been published and taken in. Each rests on rows of lists."),
    "plates",
    "plate",
    THINGS + "designation/",
    (
        Shown("programme", _("Programme"), "r.programme", "thing", THINGS + "programme/", "r.programme"),
        Shown(
            "place",
            _("Place"),
            "(SELECT list(t.place ORDER BY t.place) FROM plate_places t WHERE t.plate = r.plate)",
            "thing",
            THINGS + "place/",
            "(SELECT min(t.place) FROM plate_places t WHERE t.plate = r.plate)",
        ),
        Shown(
            "carrier",
            _("Carrier"),
            "(SELECT list(t.carrier ORDER BY t.carrier) FROM plate_carriers t WHERE t.plate = r.plate)",
            "thing",
            THINGS + "carrier/",
        ),
        Shown("approved", _("Approved"), "[r.approved_first, r.approved_last]", "days", sort="r.approved_first"),
        Shown("extent", _("Extent"), "r.extent", "thing", SCHEMES + "extent/"),
        Shown("records", _("Records"), "r.records", "number", sort="r.records"),
    ),
    (
        Facet(
            "programme", _("Programme"), "SELECT plate AS thing, programme AS key FROM plates", THINGS + "programme/"
        ),
        Facet(
            "ministry",
            _("Ministry today"),
            f"SELECT plate AS thing, ministry AS key FROM plates JOIN ({TIED}) USING (programme)",  # noqa: S608
            THINGS + "authority/",
        ),
        Facet(
            "group",
            _("Group of purposes"),
            "SELECT plate AS thing, purpose_group AS key FROM plates JOIN programme_purposes USING (programme) "
            "WHERE weight = 'main'",
            SCHEMES + "purpose/",
        ),
        *_place_facets({level: _placed(level) for level in ("province", "prefecture", "county")}),
        Facet(
            "field",
            _("Field"),
            "SELECT plate AS thing, unnest([field, broader]) AS key FROM plate_fields JOIN fields USING (field)",
            SCHEMES + "field/",
        ),
        Facet("extent", _("Extent"), "SELECT plate AS thing, extent AS key FROM plates", SCHEMES + "extent/"),
        Facet(
            "year",
            _("Year of approval"),
            f"SELECT plate AS thing, CASE WHEN approved_first IS NULL THEN '{UNDATED}' "  # noqa: S608
            "ELSE year(approved_first)::VARCHAR END AS key FROM plates",
            words={UNDATED: _("no date stated")},
            order="-key",
        ),
        Facet("category", _("Category"), "SELECT plate AS thing, category AS key FROM plates", SCHEMES + "category/"),
        Facet(
            "force",
            _("In force"),
            f"SELECT plate AS thing, CASE WHEN standing IN ('', 'in-force') AND (counted_from IS NULL OR {IN_FORCE}) "  # noqa: S608
            "THEN 'yes' ELSE 'no' END AS key FROM plates",
            words=FORCE,
        ),
        Facet(
            "place",
            _("In"),
            f"SELECT plate AS thing, place AS key FROM ({ABOVE})",  # noqa: S608
            THINGS + "place/",
            offered=False,
        ),
        Facet(
            "at",
            _("The whole of"),
            "SELECT plate AS thing, place AS key FROM plate_places",
            THINGS + "place/",
            offered=False,
        ),
        Facet(
            "region",
            _("In region"),
            f"SELECT plate AS thing, region AS key FROM ({ABOVE}) JOIN region_places USING (place) "  # noqa: S608
            "WHERE scope = 'whole'",
            THINGS + "region/",
            offered=False,
        ),
        Facet(
            "carrier",
            _("Carrier"),
            "SELECT plate AS thing, carrier AS key FROM plate_carriers",
            THINGS + "carrier/",
            offered=False,
        ),
        Facet(
            "list",
            _("In list"),
            "SELECT plate AS thing, list AS key FROM plate_records",
            THINGS + "table/",
            offered=False,
        ),
        Facet(
            "source",
            _("From document"),
            "SELECT plate AS thing, source AS key FROM plate_sources",
            THINGS + "source/",
            offered=False,
        ),
    ),
    "r.programme, r.plate",
)

CARRIERS = Register(
    "carriers",
    _("Carriers"),
    _("Carrier"),
    _("The organisations, zones and companies that bear plates, each under all its spellings."),
    "carriers",
    "carrier",
    THINGS + "carrier/",
    (
        Shown("kind", _("Kind"), "r.kind", "thing", SCHEMES + "carrier-kind/", "r.kind"),
        Shown(
            "province",
            _("Provinces of its plates"),
            "(SELECT list(DISTINCT q.province ORDER BY q.province) FROM plate_carriers t "
            "JOIN plate_places USING (plate) JOIN places q USING (place) "
            "WHERE t.carrier = r.carrier AND q.province <> '')",
            "thing",
            THINGS + "place/",
        ),
        Shown(
            "programmes",
            _("Programmes"),
            "(SELECT list(DISTINCT programme ORDER BY programme) FROM plate_carriers t JOIN plates USING (plate) "
            "WHERE t.carrier = r.carrier)",
            "thing",
            THINGS + "programme/",
        ),
        Shown(
            "plates",
            _("Plates"),
            "(SELECT count(*) FROM plate_carriers t WHERE t.carrier = r.carrier)",
            "number",
            sort="(SELECT count(*) FROM plate_carriers t WHERE t.carrier = r.carrier)",
        ),
        Shown("plate", _("Is itself the plate"), "r.plate", "thing", THINGS + "designation/"),
    ),
    (
        Facet("kind", _("Kind"), "SELECT carrier AS thing, kind AS key FROM carriers", SCHEMES + "carrier-kind/"),
        Facet(
            "province",
            _("Province of its plates"),
            "SELECT carrier AS thing, province AS key FROM plate_carriers JOIN plate_places USING (plate) "
            "JOIN places USING (place)",
            THINGS + "place/",
            order="key",
        ),
        Facet(
            "programme",
            _("Programme"),
            "SELECT carrier AS thing, programme AS key FROM plate_carriers JOIN plates USING (plate)",
            THINGS + "programme/",
        ),
        Facet(
            "ministry",
            _("Ministry today"),
            f"SELECT carrier AS thing, ministry AS key FROM plate_carriers JOIN plates USING (plate) "  # noqa: S608
            f"JOIN ({TIED}) USING (programme)",
            THINGS + "authority/",
        ),
    ),
    "(SELECT count(*) FROM plate_carriers t WHERE t.carrier = r.carrier) DESC, r.carrier",
)

PLATES_IN = f"(SELECT count(DISTINCT t.plate) FROM ({ABOVE}) t WHERE t.place = r.place)"  # noqa: S608

PLACES = Register(
    "places",
    _("Places"),
    _("Place"),
    _("The administrative divisions of today, by code, each with the plates that lie in it or below it."),
    "places",
    "place",
    THINGS + "place/",
    (
        Shown("code", _("Code"), "r.place", "text", sort="r.place"),
        Shown("level", _("Level"), "r.level", "thing", SCHEMES + "level/"),
        Shown(
            "within",
            _("Within"),
            "[CASE WHEN r.prefecture NOT IN (r.place, r.province) THEN r.prefecture END, "
            "CASE WHEN r.province <> r.place THEN r.province END]",
            "thing",
            THINGS + "place/",
        ),
        Shown("plates", _("Plates"), PLATES_IN, "number", sort=PLATES_IN),
    ),
    (
        Facet("level", _("Level"), "SELECT place AS thing, level AS key FROM places", SCHEMES + "level/"),
        *_place_facets(
            {
                "province": "SELECT place AS thing, province AS key FROM places",
                "prefecture": "SELECT place AS thing, prefecture AS key FROM places",
                "county": "SELECT place AS thing, county AS key FROM places",
            }
        )[:2],
        Facet(
            "programme",
            _("Has a plate of"),
            f"SELECT t.place AS thing, programme AS key FROM ({ABOVE}) t JOIN plates USING (plate)",  # noqa: S608
            THINGS + "programme/",
        ),
    ),
    "r.place",
)

FOUND = "(SELECT count(DISTINCT t.plate) FROM plate_records t WHERE t.list = r.list)"

LISTS = Register(
    "lists",
    _("Lists"),
    _("List"),
    _("The published lists that were taken in: how much of the official total each holds, and what came of its rows."),
    "lists",
    "list",
    THINGS + "table/",
    (
        Shown(
            "programme",
            _("Programme"),
            "(SELECT list(t.programme ORDER BY t.programme) FROM list_programmes t WHERE t.list = r.list)",
            "thing",
            THINGS + "programme/",
        ),
        Shown(
            "coverage",
            _("Plates of the official total"),
            f"[{FOUND}, r.official_total]",
            "coverage",
            sort=f"{FOUND} / r.official_total",
        ),
        Shown("completeness", _("Completeness"), "r.completeness", "mark", SCHEMES + "completeness/"),
        Shown("edition", _("Edition"), "r.edition", "text", sort="r.edition"),
        Shown("rows", _("Rows"), "r.rows", "number", sort="r.rows"),
        Shown("taken", _("Taken"), "r.taken", "number"),
        Shown("merged", _("Merged"), "r.merged", "number"),
        Shown("left_out", _("Left out"), "r.left_out", "number", sort="r.left_out"),
    ),
    (
        Facet(
            "completeness",
            _("Completeness"),
            "SELECT list AS thing, completeness AS key FROM lists",
            SCHEMES + "completeness/",
        ),
        Facet(
            "programme",
            _("Programme"),
            "SELECT list AS thing, programme AS key FROM list_programmes",
            THINGS + "programme/",
        ),
    ),
    "r.rows DESC, r.list",
)

REGISTERS = (DESIGNATIONS, CARRIERS, PLACES, LISTS)
"""All lists that are asked of the columns."""

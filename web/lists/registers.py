"""What the lists of carriers, places and published lists show, and by what they are narrowed, as SQL; all lists."""

from kg.vocab import SCHEMES, THINGS
from web.http.language import later as _
from web.lists.designation_register import ABOVE, DESIGNATIONS, TIED, place_facets
from web.lists.facets import Facet, Register, Shown

CARRIERS = Register(
    "carriers",
    _("Carriers"),
    _("Carrier"),
    _("The organisations, zones and companies that bear designations, each under all its spellings."),
    "carriers",
    "carrier",
    THINGS + "carrier/",
    (
        Shown("kind", _("Kind"), "r.kind", "thing", SCHEMES + "carrier-kind/", "r.kind"),
        Shown(
            "province",
            _("Provinces of its designations"),
            "(SELECT list(DISTINCT q.province ORDER BY q.province) FROM designation_carriers t "
            "JOIN designation_places USING (designation) JOIN places q USING (place) "
            "WHERE t.carrier = r.carrier AND q.province <> '')",
            "thing",
            THINGS + "place/",
        ),
        Shown(
            "programmes",
            _("Programmes"),
            "(SELECT list(DISTINCT programme ORDER BY programme) FROM designation_carriers t JOIN designations "
            "USING (designation) "
            "WHERE t.carrier = r.carrier)",
            "thing",
            THINGS + "programme/",
        ),
        Shown(
            "designations",
            _("Designations"),
            "(SELECT count(*) FROM designation_carriers t WHERE t.carrier = r.carrier)",
            "number",
            sort="(SELECT count(*) FROM designation_carriers t WHERE t.carrier = r.carrier)",
        ),
        Shown("designation", _("Is itself the designation"), "r.designation", "thing", THINGS + "designation/"),
    ),
    (
        Facet("kind", _("Kind"), "SELECT carrier AS thing, kind AS key FROM carriers", SCHEMES + "carrier-kind/"),
        Facet(
            "province",
            _("Province of its designations"),
            "SELECT carrier AS thing, province AS key FROM designation_carriers JOIN designation_places USING "
            "(designation) "
            "JOIN places USING (place)",
            THINGS + "place/",
            order="key",
        ),
        Facet(
            "programme",
            _("Programme"),
            "SELECT carrier AS thing, programme AS key FROM designation_carriers JOIN designations USING (designation)",
            THINGS + "programme/",
        ),
        Facet(
            "ministry",
            _("Ministry today"),
            f"SELECT carrier AS thing, ministry AS key FROM designation_carriers JOIN designations USING (designation) "  # noqa: S608
            f"JOIN ({TIED}) USING (programme)",
            THINGS + "authority/",
        ),
    ),
    "(SELECT count(*) FROM designation_carriers t WHERE t.carrier = r.carrier) DESC, r.carrier",
)

DESIGNATIONS_IN = f"(SELECT count(DISTINCT t.designation) FROM ({ABOVE}) t WHERE t.place = r.place)"  # noqa: S608

PLACES = Register(
    "places",
    _("Places"),
    _("Place"),
    _("The administrative divisions of today, by code, each with the designations that lie in it or below it."),
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
        Shown("designations", _("Designations"), DESIGNATIONS_IN, "number", sort=DESIGNATIONS_IN),
    ),
    (
        Facet("level", _("Level"), "SELECT place AS thing, level AS key FROM places", SCHEMES + "level/"),
        *place_facets(
            {
                "province": "SELECT place AS thing, province AS key FROM places",
                "prefecture": "SELECT place AS thing, prefecture AS key FROM places",
                "county": "SELECT place AS thing, county AS key FROM places",
            }
        )[:2],
        Facet(
            "programme",
            _("Has a designation of"),
            f"SELECT t.place AS thing, programme AS key FROM ({ABOVE}) t JOIN designations USING (designation)",  # noqa: S608
            THINGS + "programme/",
        ),
    ),
    "r.place",
)

FOUND = "(SELECT count(DISTINCT t.designation) FROM designation_records t WHERE t.list = r.list)"

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
            _("Designations of the official total"),
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

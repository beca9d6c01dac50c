"""What the list of designations shows, and by what it is narrowed, as SQL; with the pieces that other lists share."""

from kg.analysis.in_force import IN_FORCE
from kg.analysis.measures.timeline import FIRST_YEAR
from kg.release.columns import COUNTRY
from kg.vocab import SCHEMES, THINGS
from web.http.language import lazy_gettext as _
from web.lists.definitions import Column, Definition, Facet

ABOVE = f"SELECT designation, unnest(['{COUNTRY}', province, prefecture, county, place]) AS place FROM designation_places JOIN places USING (place)"  # noqa: E501, S608
"""Each designation with every place in which it lies, whole or within."""
TIED = "SELECT unnest($tied_programmes::VARCHAR[]) AS programme, unnest($tied_ministries::VARCHAR[]) AS ministry"
"""Each programme with the ministries that answer for it today; the parameters come from `kg.analysis.ministries`."""
AT_END_OF_YEAR = IN_FORCE.replace("$as_of", "least(make_date(of_year::INTEGER, 12, 31), $as_of)")
"""SQL: in force at the end of a year, that of today on the last day known; as the picture over time counts."""
MARKED = f"{TIED}, unnest($tied_inferred::BOOLEAN[]) AS inferred, unnest($tied_lapsed::BOOLEAN[]) AS lapsed"
"""The same with how well the mandates are known: inferred, or lapsed and the last ones."""
COUNTIES = "SELECT place AS key, [name_zh, name_en] AS names FROM places WHERE county = place"
"""SQL: the names by which a county is chosen without its prefecture."""
UNDATED = "undated"
FORCE = {"yes": _("in force, as far as the lists say"), "no": _("ended, withdrawn or no longer listed")}


def _placed(level: str) -> str:
    return f"SELECT designation AS thing, {level} AS key FROM designation_places JOIN places USING (place)"  # noqa: S608


def _behind(condition: str) -> str:
    """Return SQL of the ministries that answer for a row's programme today, those under a condition."""
    return f"(SELECT list(t.ministry ORDER BY t.ministry) FROM ({MARKED}) t WHERE t.programme = r.programme AND {condition})"  # noqa: E501, S608


def _above(level: str) -> str:
    """Return SQL of the divisions of a level in which a row lies."""
    return (
        f"(SELECT list(DISTINCT p.{level} ORDER BY p.{level}) FROM designation_places t JOIN places p USING (place) "  # noqa: S608
        f"WHERE t.designation = r.designation AND p.{level} <> '')"
    )


def place_facets(ties: dict[str, str]) -> tuple[Facet, ...]:
    """Return the facets of province, prefecture and county, by the SQL that ties a thing to each."""
    base = THINGS + "place/"
    return (
        Facet("province", _("Province"), ties["province"], base, order="key"),
        Facet("prefecture", _("Prefecture"), ties["prefecture"], base, order="key", after="province"),
        Facet("county", _("County"), ties["county"], base, order="key", after="prefecture", typed=COUNTIES),
    )


DESIGNATIONS = Definition(
    name="designations",
    title=_("Designations"),
    entry=_("Designation"),
    sentence=_(
        "The individual designations, as far as their lists have been published and imported. Each is based on rows "
        "of those lists."
    ),
    table="designations",
    key="designation",
    base=THINGS + "designation/",
    columns=(
        Column("programme", _("Programme"), "r.programme", "thing", THINGS + "programme/", "r.programme"),
        Column("ministry", _("Ministry today"), _behind("true"), "thing", THINGS + "authority/"),
        Column(
            "place",
            _("Place"),
            "(SELECT list(t.place ORDER BY t.place) FROM designation_places t WHERE t.designation = r.designation)",
            "thing",
            THINGS + "place/",
            "(SELECT min(t.place) FROM designation_places t WHERE t.designation = r.designation)",
        ),
        Column(
            "carrier",
            _("Carrier"),
            "(SELECT list(t.carrier ORDER BY t.carrier) FROM designation_carriers t WHERE t.designation = "
            "r.designation)",
            "thing",
            THINGS + "carrier/",
        ),
        Column("approved", _("Approved"), "[r.approved_first, r.approved_last]", "days", sort="r.approved_first"),
        Column("extent", _("Extent"), "r.extent", "thing", SCHEMES + "extent/"),
        Column("records", _("Records"), "r.records", "number", sort="r.records"),
        Column("inferred", _("Inferred ministries"), _behind("inferred"), "thing", THINGS + "authority/", shown=False),
        Column(
            "lapsed",
            _("Ministries whose mandate has lapsed"),
            _behind("lapsed"),
            "thing",
            THINGS + "authority/",
            shown=False,
        ),
        *(
            Column(level, title, _above(level), "thing", THINGS + "place/", optional=True)
            for level, title in (("province", _("Province")), ("prefecture", _("Prefecture")), ("county", _("County")))
        ),
        Column(
            "year",
            _("Year of approval"),
            "year(r.approved_first)::VARCHAR",
            "text",
            sort="r.approved_first",
            optional=True,
        ),
        Column("status", _("Status"), "r.standing", "mark", SCHEMES + "standing/", "r.standing", optional=True),
        Column(
            "document",
            _("Document number"),
            "(SELECT list(t.document ORDER BY t.document) FROM designation_documents t "
            "WHERE t.designation = r.designation)",
            "text",
            optional=True,
        ),
        Column(
            "field",
            _("Field"),
            "(SELECT list(t.field ORDER BY t.field) FROM designation_fields t WHERE t.designation = r.designation)",
            "thing",
            SCHEMES + "field/",
            optional=True,
        ),
        Column(
            "purpose",
            _("Main purposes"),
            "(SELECT list(t.purpose ORDER BY t.purpose) FROM programme_purposes t "
            "WHERE t.programme = r.programme AND t.weight = 'main')",
            "thing",
            SCHEMES + "purpose/",
            optional=True,
        ),
    ),
    facets=(
        Facet("programme", _("Programme"), base=THINGS + "programme/"),
        Facet(
            "ministry",
            _("Ministry today"),
            f"SELECT designation AS thing, ministry AS key FROM designations JOIN ({TIED}) USING (programme)",  # noqa: S608
            THINGS + "authority/",
        ),
        Facet(
            "group",
            _("Group of purposes"),
            "SELECT designation AS thing, purpose_group AS key FROM designations JOIN programme_purposes USING "
            "(programme) "
            "WHERE weight = 'main'",
            SCHEMES + "purpose/",
        ),
        *place_facets({level: _placed(level) for level in ("province", "prefecture", "county")}),
        Facet(
            "field",
            _("Field"),
            "SELECT designation AS thing, unnest([field, broader]) AS key FROM designation_fields JOIN fields "
            "USING (field)",
            SCHEMES + "field/",
        ),
        Facet("extent", _("Extent"), base=SCHEMES + "extent/"),
        Facet(
            "year",
            _("Year of approval"),
            f"SELECT designation AS thing, CASE WHEN approved_first IS NULL THEN '{UNDATED}' "  # noqa: S608
            "ELSE year(approved_first)::VARCHAR END AS key FROM designations",
            words={UNDATED: _("no date stated")},
            order="-key",
        ),
        Facet("category", _("Category"), base=SCHEMES + "category/"),
        Facet(
            "force",
            _("In force"),
            "SELECT designation AS thing, CASE WHEN standing IN ('', 'in-force') AND (counted_from IS NULL OR "  # noqa: S608
            f"{IN_FORCE}) "
            "THEN 'yes' ELSE 'no' END AS key FROM designations",
            words=FORCE,
        ),
        Facet(
            "year_end",
            _("Dated, and in force at the end of"),
            "SELECT designation AS thing, of_year::VARCHAR AS key FROM designations, "  # noqa: S608
            f"generate_series({FIRST_YEAR}, year($as_of)) AS years(of_year) WHERE dated AND {AT_END_OF_YEAR}",
            offered=False,
        ),
        Facet(
            "place",
            _("In"),
            f"SELECT designation AS thing, place AS key FROM ({ABOVE})",  # noqa: S608
            THINGS + "place/",
            offered=False,
        ),
        Facet(
            "at",
            _("The whole of"),
            "SELECT designation AS thing, place AS key FROM designation_places",
            THINGS + "place/",
            offered=False,
        ),
        Facet(
            "region",
            _("In region"),
            f"SELECT designation AS thing, region AS key FROM ({ABOVE}) JOIN region_places USING (place) "  # noqa: S608
            "WHERE scope = 'whole'",
            THINGS + "region/",
            offered=False,
        ),
        Facet(
            "carrier",
            _("Carrier"),
            "SELECT designation AS thing, carrier AS key FROM designation_carriers",
            THINGS + "carrier/",
            offered=False,
        ),
        Facet(
            "list",
            _("In list"),
            "SELECT designation AS thing, list AS key FROM designation_records",
            THINGS + "table/",
            offered=False,
        ),
        Facet(
            "source",
            _("From document"),
            "SELECT designation AS thing, source AS key FROM designation_sources",
            THINGS + "source/",
            offered=False,
        ),
    ),
    order="r.programme, r.designation",
    words="concat_ws(' ', r.name_zh, r.name_en)",
    whole=True,
)

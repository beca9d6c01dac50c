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
UNDATED = "undated"
FORCE = {"yes": _("in force, as far as the lists say"), "no": _("ended, withdrawn or no longer listed")}


def _placed(level: str) -> str:
    return f"SELECT designation AS thing, {level} AS key FROM designation_places JOIN places USING (place)"  # noqa: S608


def place_facets(ties: dict[str, str]) -> tuple[Facet, ...]:
    """Return the facets of province, prefecture and county, by the SQL that ties a thing to each."""
    base = THINGS + "place/"
    return (
        Facet("province", _("Province"), ties["province"], base, order="key"),
        Facet("prefecture", _("Prefecture"), ties["prefecture"], base, order="key", after="province"),
        Facet("county", _("County"), ties["county"], base, order="key", after="prefecture"),
    )


DESIGNATIONS = Definition(
    name="designations",
    title=_("Designations"),
    entry=_("Designation"),
    sentence=_(
        "The designations themselves, as far as their lists have been published and taken in. Each rests on rows "
        "of lists."
    ),
    table="designations",
    key="designation",
    base=THINGS + "designation/",
    columns=(
        Column("programme", _("Programme"), "r.programme", "thing", THINGS + "programme/", "r.programme"),
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
    words="r.name_zh",
    whole=True,
)

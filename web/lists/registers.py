"""What the lists of carriers, places, published lists and coverage gaps show, and by what they are narrowed, as SQL."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import request

from kg.analysis import coverage_gaps
from kg.analysis.coverage_gaps import Gap
from kg.release.columns import Database
from kg.vocab import SCHEMES, THINGS
from web.data import computed, requested_day
from web.http.language import lazy_gettext as _
from web.lists.definitions import Column, Definition, Facet, Source
from web.lists.designations import ABOVE, TIED, place_facets

CARRIERS = Definition(
    name="carriers",
    title=_("Carriers"),
    entry=_("Carrier"),
    sentence=_("The organisations, zones and companies that hold designations, each under all its spellings."),
    table="carriers",
    key="carrier",
    base=THINGS + "carrier/",
    columns=(
        Column("kind", _("Kind"), "r.kind", "thing", SCHEMES + "carrier-kind/", "r.kind"),
        Column(
            "province",
            _("Provinces of its designations"),
            "(SELECT list(DISTINCT q.province ORDER BY q.province) FROM designation_carriers t "
            "JOIN designation_places USING (designation) JOIN places q USING (place) "
            "WHERE t.carrier = r.carrier AND q.province <> '')",
            "thing",
            THINGS + "place/",
        ),
        Column(
            "programmes",
            _("Programmes"),
            "(SELECT list(DISTINCT programme ORDER BY programme) FROM designation_carriers t JOIN designations "
            "USING (designation) "
            "WHERE t.carrier = r.carrier)",
            "thing",
            THINGS + "programme/",
        ),
        Column(
            "designations",
            _("Designations"),
            "(SELECT count(*) FROM designation_carriers t WHERE t.carrier = r.carrier)",
            "number",
            sort="(SELECT count(*) FROM designation_carriers t WHERE t.carrier = r.carrier)",
        ),
        Column("designation", _("Is itself the designation"), "r.designation", "thing", THINGS + "designation/"),
    ),
    facets=(
        Facet("kind", _("Kind"), base=SCHEMES + "carrier-kind/"),
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
    order="(SELECT count(*) FROM designation_carriers t WHERE t.carrier = r.carrier) DESC, r.carrier",
    words="concat_ws(' ', r.name_zh, r.name_en)",
    whole=True,
)

DESIGNATIONS_IN = f"(SELECT count(DISTINCT t.designation) FROM ({ABOVE}) t WHERE t.place = r.place)"  # noqa: S608

PLACES = Definition(
    name="places",
    title=_("Places"),
    entry=_("Place"),
    sentence=_(
        "The administrative divisions of today, by code, each with the designations that lie in it or below it."
    ),
    table="places",
    key="place",
    base=THINGS + "place/",
    columns=(
        Column("code", _("Code"), "r.place", "text", sort="r.place"),
        Column("level", _("Level"), "r.level", "thing", SCHEMES + "level/"),
        Column(
            "within",
            _("Within"),
            "[CASE WHEN r.prefecture NOT IN (r.place, r.province) THEN r.prefecture END, "
            "CASE WHEN r.province <> r.place THEN r.province END]",
            "thing",
            THINGS + "place/",
        ),
        Column("designations", _("Designations"), DESIGNATIONS_IN, "number", sort=DESIGNATIONS_IN),
    ),
    facets=(
        Facet("level", _("Level"), base=SCHEMES + "level/"),
        *place_facets(
            {
                "province": "SELECT place AS thing, province AS key FROM places",
                "prefecture": "SELECT place AS thing, prefecture AS key FROM places",
                "county": "SELECT place AS thing, county AS key FROM places",
            }
        )[:2],
        Facet(
            "programme",
            _("Has a designation of programme"),
            f"SELECT t.place AS thing, programme AS key FROM ({ABOVE}) t JOIN designations USING (designation)",  # noqa: S608
            THINGS + "programme/",
        ),
    ),
    order="r.place",
    words="concat_ws(' ', r.name_zh, r.name_en)",
    whole=True,
)

LISTS = Definition(
    name="lists",
    title=_("Lists"),
    entry=_("List"),
    sentence=_(
        "The published lists that were imported: how much of the official total each holds, and what became of "
        "its rows."
    ),
    table="lists",
    key="list",
    base=THINGS + "table/",
    columns=(
        Column(
            "programme",
            _("Programme"),
            "(SELECT list(t.programme ORDER BY t.programme) FROM list_programmes t WHERE t.list = r.list)",
            "thing",
            THINGS + "programme/",
        ),
        Column(
            "coverage",
            _("Held / official total"),
            "[r.held, r.official_total]",
            "coverage",
            sort="r.held / r.official_total",
        ),
        Column("completeness", _("Completeness"), "r.completeness", "mark", SCHEMES + "completeness/"),
        Column("edition", _("Edition"), "r.edition", "text", sort="r.edition"),
        Column("rows", _("Rows"), "r.rows", "number", sort="r.rows"),
        Column("taken", _("Taken"), "r.taken", "number"),
        Column("merged", _("Merged"), "r.merged", "number"),
        Column("left_out", _("Left out"), "r.left_out", "number", sort="r.left_out"),
    ),
    facets=(
        Facet("completeness", _("Completeness"), base=SCHEMES + "completeness/"),
        Facet(
            "programme",
            _("Programme"),
            "SELECT list AS thing, programme AS key FROM list_programmes",
            THINGS + "programme/",
        ),
    ),
    order="r.rows DESC, r.list",
    words="concat_ws(' ', r.title_zh, r.title_en)",
    whole=True,
)

GAP_KINDS = {
    **dict.fromkeys(("key", "strategy", "programme", "observed", "expected", "completeness"), "VARCHAR"),
    **dict.fromkeys(("purpose", "ministry"), "VARCHAR[]"),
    **dict.fromkeys(("inside", "held", "share", "rank"), "INTEGER"),
}
"""Columns of the table of coverage gaps, keys of facets, rank in the default order."""


def _gap_day() -> date:
    """Return the day in `as_of`, else today."""
    return requested_day("as_of", computed().today) if request.args.get("as_of") else computed().today


def _gap_source() -> Source:
    found, day = computed(), _gap_day()

    def read() -> Source:
        tables = Database.of_rows("entries", GAP_KINDS, _gap_rows(coverage_gaps.gaps(found.columns, day)))
        return Source(tables, tables, {}, {})

    return found.cached(("list of gaps", day), read)


def _gap_rows(gaps: Sequence[Gap]) -> Iterator[tuple[Any, ...]]:
    for rank, gap in enumerate(gaps):
        yield (
            *(f"{gap.strategy}/{gap.programme}", gap.strategy, gap.programme, f"0 / {gap.held}", f"{gap.expected:.2g}"),
            *(gap.completeness, [*gap.purpose_groups], [*gap.ministries]),
            *(gap.inside, gap.held, round(100 * gap.share), rank),
        )


def _each(column: str) -> str:
    return f"SELECT key AS thing, unnest({column}) AS key FROM entries"  # noqa: S608


GAPS = Definition(
    name="gaps",
    title=_("Coverage gaps"),
    entry=_("Programme"),
    sentence=_(
        "Programmes with complete lists that have no designation in the area of a strategy, and the number of "
        "prefectures in the area where chance would predict one. A table, not findings: most gaps concern small "
        "programmes."
    ),
    columns=(
        Column("strategy", _("Strategy"), "r.strategy", "thing", f"{THINGS}strategy/", "r.strategy"),
        Column("purpose", _("Group of purposes"), "r.purpose", "thing", f"{SCHEMES}purpose/"),
        Column("ministry", _("Ministry"), "r.ministry", "thing", f"{THINGS}authority/"),
        Column("observed", _("In the area, of all prefectures with one"), "r.observed", "text", sort="r.held"),
        Column("expected", _("Expected by chance"), "r.expected", "text", sort="r.expected::DOUBLE"),
        Column("inside", _("Prefectures of the area"), "r.inside", "number", sort="r.inside"),
        Column("completeness", _("Completeness"), "r.completeness", "mark", f"{SCHEMES}completeness/"),
        Column("share", _("Found of the official total (per cent)"), "r.share", "number", sort="r.share"),
    ),
    facets=(
        Facet("strategy", _("Strategy"), base=f"{THINGS}strategy/", order="name"),
        Facet("purpose", _("Group of purposes"), _each("purpose"), base=f"{SCHEMES}purpose/", order="name"),
        Facet("ministry", _("Ministry"), _each("ministry"), base=f"{THINGS}authority/", order="name"),
        Facet("programme", _("Programme"), base=f"{THINGS}programme/", order="name"),
    ),
    base=f"{THINGS}programme/",
    part=lambda key: key.rpartition("/")[2],
    source=_gap_source,
    parameters=("as_of",),
    whole=True,
)

"""Table of coverage gaps on a day: programmes with complete lists that the area of a strategy lacks."""

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

KINDS = {
    **dict.fromkeys(("key", "strategy", "programme", "observed", "expected", "completeness"), "VARCHAR"),
    **dict.fromkeys(("purpose", "ministry"), "VARCHAR[]"),
    **dict.fromkeys(("inside", "held", "share", "rank"), "INTEGER"),
}


def asked_day() -> date:
    """Return the day in `as_of`, else today."""
    return requested_day("as_of", computed().today) if request.args.get("as_of") else computed().today


def _source() -> Source:
    found, day = computed(), asked_day()

    def read() -> Source:
        tables = Database.of_rows("entries", KINDS, _rows(coverage_gaps.gaps(found.columns, day)))
        return Source(tables, tables, {}, {})

    return found.cached(("list of gaps", day), read)


def _rows(gaps: Sequence[Gap]) -> Iterator[tuple[Any, ...]]:
    for rank, gap in enumerate(gaps):
        yield (
            *(f"{gap.strategy}/{gap.programme}", gap.strategy, gap.programme, f"0 / {gap.held}", f"{gap.expected:.2g}"),
            *(gap.completeness, [*gap.purpose_groups], [*gap.ministries]),
            *(gap.inside, gap.held, round(100 * gap.share), rank),
        )


def _tied(column: str) -> str:
    return f"SELECT key AS thing, unnest({column}) AS key FROM entries"  # noqa: S608


GAPS = Definition(
    name="gaps",
    title=_("Coverage gaps"),
    entry=_("Programme"),
    sentence=_(
        "Programmes with complete lists of which the area of a strategy has no designation: 0 of all that there are, "
        "and how many prefectures of the area chance would give one. A table and no finding: most gaps are small "
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
        Facet("purpose", _("Group of purposes"), _tied("purpose"), base=f"{SCHEMES}purpose/", order="name"),
        Facet("ministry", _("Ministry"), _tied("ministry"), base=f"{THINGS}authority/", order="name"),
        Facet("programme", _("Programme"), base=f"{THINGS}programme/", order="name"),
    ),
    base=f"{THINGS}programme/",
    part=lambda key: key.rpartition("/")[2],
    source=_source,
    parameters=("as_of",),
    whole=True,
)

"""Lists from the graph: programmes, authorities, purposes, mandates, regions, sources, tables, positions."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kg.vocab import SCHEMES, THINGS
from web.http.language import lazy_gettext as _
from web.lists.definitions import Column, Definition, Facet
from web.lists.graph_rows import Adding, behind, nothing, resting, serving, source


def _texts(name: str, title: str, kind: str = "text") -> Column:
    return Column(name, title, kind=kind, printed=True)


def _number(name: str, title: str) -> Column:
    sql = f'r."{name}"[1]'
    return Column(name, title, sql, "number", sort=f"TRY_CAST({sql} AS BIGINT)", printed=True)


def _count(name: str, title: str) -> Column:
    """Return a column that says how many things there are."""
    sql = f'len(r."{name}")'
    return Column(name, title, sql, "number", sort=sql)


COLUMNS = {
    column.name: column
    for column in (
        _texts("address", _("Address"), "address"),
        Column("area", _("Policy area")),
        Column("authority", _("Authority")),
        Column("category", _("Category")),
        Column("claimant", _("Claimed by")),
        _texts("date", _("Date as printed")),
        Column("document", _("Document")),
        _texts("from", _("From"), "date"),
        Column("group", _("Group of purposes")),
        Column("inferred", _("Inferred ministries"), shown=False),
        Column("key", _("Key"), "r.key", "text", printed=True),
        Column("kind", _("Kind")),
        Column("lapsed", _("Ministries whose mandate has lapsed"), shown=False),
        _count("main", _("As main purpose")),
        _count("mandates", _("Mandates")),
        Column("ministry", _("Ministries today")),
        _texts("national", _("By national design"), "boolean"),
        _count("part", _("Partial members")),
        _number("official", _("Official total")),
        _number("designations", _("Designations held")),
        Column("position", _("Positions claimed")),
        Column("programme", _("Programme")),
        Column("purpose", _("Main purposes")),
        Column("grade", _("Grade"), kind="mark"),
        Column("reliability", _("Reliability"), kind="mark"),
        Column("role", _("Role")),
        _number("rows", _("Rows")),
        _count("secondary", _("As secondary purpose")),
        Column("status", _("Status"), kind="mark"),
        Column("successor", _("Became")),
        _texts("to", _("Until"), "date"),
        _count("whole", _("Full members")),
    )
}
"""Columns of these lists, except the row itself."""


ROWS = ("thing", "self", "key")
"""Columns made from the key of a row."""


def _claimant(key: str) -> str:
    return f"{THINGS}{'place' if key.isdecimal() else 'region'}/{key}"


BASES: Mapping[str, str | Callable[[str], str]] = {
    "area": f"{SCHEMES}policy-area/",
    "authority": f"{THINGS}authority/",
    "category": f"{SCHEMES}category/",
    "claimant": _claimant,
    "document": f"{THINGS}source/",
    "group": f"{SCHEMES}purpose/",
    "kind": f"{SCHEMES}authority-kind/",
    "ministry": f"{THINGS}authority/",
    "programme": f"{THINGS}programme/",
    "purpose": f"{SCHEMES}purpose/",
    "grade": f"{SCHEMES}source-grade/",
    "reliability": f"{SCHEMES}reliability/",
    "role": f"{SCHEMES}mandate-role/",
    "status": f"{SCHEMES}status/",
}
"""Facet to the IRI of its keys."""


def _listing(
    name: str,
    titles: tuple[str, str, str],
    base: str,
    shown: str,
    *,
    facets: str = "",
    order: str = "",
    adding: Adding = nothing,
    narrows: str = "",
) -> Definition:
    """Return a list of the graph, whose rows come from `queries/lists/<name>.rq`.

    Args:
        name: name and address.
        titles: of the list, of a row, and one sentence.
        base: IRI of a row without its key.
        shown: columns, separated by blanks; `thing` and `self` are the row itself.
        facets: columns that are facets.
        order: columns to sort by before the name.
        adding: computes cells that the query does not give.
        narrows: facet of the list of designations for the rows of this list.
    """
    title, entry, sentence = titles
    own = {
        "thing": Column("thing", entry, "r.key", "thing", base),
        "self": Column("self", entry, "r.key", "link", base),
        "designations": replace(COLUMNS["designations"], narrows=narrows),
    }
    columns = tuple({**COLUMNS, **own}[column] for column in shown.split())
    facet_names, cells = facets.split(), [*dict.fromkeys(f"{shown} {facets}".split())]
    return Definition(
        name=name,
        title=title,
        entry=entry,
        sentence=sentence,
        columns=columns,
        facets=tuple(
            Facet(
                facet,
                COLUMNS[facet].title,
                f'SELECT key AS thing, unnest("{facet}_key") AS key FROM entries',  # noqa: S608
                BASES[facet],
                order="name",
            )
            for facet in facet_names
        ),
        base=base,
        words="r.words",
        source=lambda: source(name, [c for c in cells if c not in ROWS], facet_names, order.split(), adding),
        whole="designations" in shown.split(),
    )


THINGS_LISTED = (
    _listing(
        "programmes",
        (
            _("Programmes"),
            _("Programme"),
            _(
                "Each kind of designation with its purpose and the ministries responsible today. “Designations” counts "
                "all held here, ended ones included; the official total counts those still in place."
            ),
        ),
        THINGS + "programme/",
        "thing category ministry purpose designations official inferred lapsed",
        facets="category area ministry group purpose",
        order="order",
        adding=behind,
        narrows="programme",
    ),
    _listing(
        "authorities",
        (
            _("Authorities"),
            _("Authority"),
            _("The bodies that approve, administer, execute or take part, past and present."),
        ),
        THINGS + "authority/",
        "thing kind from to successor mandates",
        facets="kind",
        order="kind",
    ),
    _listing(
        "purposes",
        (
            _("Purposes"),
            _("Purpose"),
            _("The purposes that programmes serve, in groups; each assignment is backed by a quote from a document."),
        ),
        SCHEMES + "purpose/",
        "group thing main secondary ministry",
        facets="group ministry",
        order="group",
        adding=serving,
    ),
    _listing(
        "mandates",
        (
            _("Mandates"),
            _("Mandate"),
            _("Which body has which role in which programme, from when to when, and on what basis."),
        ),
        THINGS + "mandate/",
        "programme role authority from to status self",
        facets="role status authority programme",
        order="programme role from",
    ),
    _listing(
        "regions",
        (_("Regions"), _("Region"), _("Macro-regions, made of whole or partial divisions.")),
        THINGS + "region/",
        "thing whole part position",
    ),
    _listing(
        "sources",
        (_("Sources"), _("Document"), _("The documents, lists and papers behind everything here.")),
        THINGS + "source/",
        "thing grade reliability date rows designations address",
        facets="grade reliability",
        adding=resting,
        narrows="source",
    ),
    _listing(
        "tables",
        (_("Tables"), _("Table"), _("The tables of the papers as printed, and the tables of this project.")),
        THINGS + "table/",
        "thing document key rows",
        facets="document",
        order="document key",
    ),
    _listing(
        "positions",
        (_("Positions"), _("Position"), _("What regions claim to be, in plans that the second paper quotes.")),
        SCHEMES + "position/",
        "thing national claimant",
        facets="claimant",
        order="order",
    ),
)
"""All lists from the graph."""

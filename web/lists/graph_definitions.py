"""What each list shows: its columns, its filters, its order. The rows come from `queries/lists/<name>.rq`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kg.store import Literal, NamedNode, Term
from web.graph import ministries
from web.graph.matrix import MAIN
from web.graph.queries import Graph, Row, last_part, value
from web.http.language import later as _
from web.lists import counts, totals

Cells = Mapping[str, tuple[Term, ...]]
Adding = Callable[[Graph, str, str], Cells]
"""Takes the graph, the IRI of an entry and the day called today; returns cells beyond those of the query."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: the IRI of the thing, and its cells by column, none of them twice."""

    iri: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Column:
    """A column of any list: its name (the variable of the query), its title, and what stands in it.

    kind: `thing` names with links, `mark` a status, `link` a link to the entry itself, `text`, `date` as printed,
    `boolean`, `number`, `count` how many things there are, `address` a link out of the site.
    """

    name: str
    title: str
    kind: str = "thing"

    @property
    def names_things(self) -> bool:
        """Whether what stands here are things with names and IRIs."""
        return self.kind in ("thing", "mark", "link")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its name (and address), titles of the whole and of an entry, one sentence, and what it shows.

    shown, filters: names of columns, parted by blanks; order: columns by which entries are sorted before their name;
    length: entries on a page; adding: cells that the query cannot find; facet: the parameter by which the list of
    designations is narrowed to those of an entry; taken: columns that only the list as data has, for pages mark them.
    """

    name: str
    title: str
    entry: str
    sentence: str
    shown: str
    filters: str = ""
    order: str = ""
    length: int = 100
    adding: Adding | None = None
    facet: str = ""
    taken: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown; that of the entries themselves has the title of an entry."""
        return tuple(Column("thing", self.entry) if name == "thing" else COLUMNS[name] for name in self.shown.split())

    @property
    def data_columns(self) -> tuple[Column, ...]:
        """The columns of the list as data."""
        return (*self.columns, *(COLUMNS[name] for name in self.taken.split()))


COLUMNS = {
    column.name: column
    for column in (
        Column("address", _("Address"), "address"),
        Column("area", _("Policy area")),
        Column("authority", _("Authority")),
        Column("category", _("Category")),
        Column("claimant", _("Claimed by")),
        Column("date", _("Date as printed"), "text"),
        Column("document", _("Document")),
        Column("from", _("From"), "date"),
        Column("group", _("Group of purposes")),
        Column("inferred", _("Inferred ministries")),
        Column("key", _("Key"), "text"),
        Column("kind", _("Kind")),
        Column("lapsed", _("Ministries whose mandate has lapsed")),
        Column("main", _("As main purpose"), "count"),
        Column("mandates", _("Mandates"), "count"),
        Column("ministry", _("Ministries today")),
        Column("national", _("By national design"), "boolean"),
        Column("paper", _("Paper")),
        Column("part", _("Partial members"), "count"),
        Column("designation", _("Designations")),
        Column("official", _("Official total"), "number"),
        Column("designations", _("Designations held"), "number"),
        Column("position", _("Positions claimed")),
        Column("programme", _("Programme")),
        Column("purpose", _("Main purposes")),
        Column("quote", _("Quote"), "text"),
        Column("reliability", _("Reliability"), "mark"),
        Column("role", _("Role")),
        Column("rows", _("Rows"), "number"),
        Column("secondary", _("As secondary purpose"), "count"),
        Column("section", _("Section"), "text"),
        Column("self", _("Mandate"), "link"),
        Column("status", _("Status"), "mark"),
        Column("successor", _("Became")),
        Column("to", _("Until"), "date"),
        Column("verdict", _("Verdict"), "mark"),
        Column("whole", _("Whole members"), "count"),
    )
}
"""Every column but that of the entries, once for all lists."""


def behind(graph: Graph, iri: str, today: str) -> Cells:
    """Return the ministries behind a programme today, and the purposes and groups that it serves as main ones."""
    ties = ministries.on(graph, today).get(iri, ())
    main = [row for row in _main_purposes(graph) if value(row, "programme") == iri]
    return {
        "ministry": tuple(NamedNode(tie.ministry) for tie in ties),
        "inferred": tuple(NamedNode(tie.ministry) for tie in ties if ministries.INFERRED in tie.marks),
        "lapsed": tuple(NamedNode(tie.ministry) for tie in ties if ministries.LAPSED in tie.marks),
        "purpose": tuple(dict.fromkeys(row["purpose"] for row in main)),
        "group": tuple(dict.fromkeys(row["group"] for row in main)),
        **_held(last_part(iri)),
    }


def _held(programme: str) -> Cells:
    """Return how many designations of a programme this release holds, and how many there are by its main list."""
    total = totals.total(programme)
    return {
        "designations": (Literal(str(total.designations)),),
        "official": () if total.official is None else (Literal(str(total.official)),),
    }


def resting(graph: Graph, iri: str, _today: str) -> Cells:
    """Return how many rows of lists rest on a document, and how many designations that we hold."""

    def read() -> Mapping[str, str]:
        return {value(row, "source"): value(row, "records") for row in graph.rows("resource/source_records")}

    rows, designations = graph.cached("rows by source", read).get(iri), counts.by_source().get(last_part(iri))
    return {name: (Literal(str(count)),) for name, count in (("rows", rows), ("designations", designations)) if count}


def serving(graph: Graph, iri: str, today: str) -> Cells:
    """Return the ministries that serve a purpose today, as a main one."""
    programmes = [value(row, "programme") for row in _main_purposes(graph) if value(row, "purpose") == iri]
    found = {tie.ministry for programme in programmes for tie in ministries.on(graph, today).get(programme, ())}
    return {"ministry": tuple(NamedNode(ministry) for ministry in sorted(found))}


def _main_purposes(graph: Graph) -> list[Row]:
    rows = graph.cached("purpose_weights", lambda: graph.rows("graph/purpose_weights"))
    return [row for row in rows if value(row, "weight") == MAIN]


LISTINGS = (
    Listing(
        "programmes",
        _("Programmes"),
        _("Programme"),
        _(
            "The kinds of designation, each with what it is for and the ministries behind it today. "
            "Designations are all that are here, ended ones, too; the official total is of those that stand."
        ),
        "thing category ministry purpose designations official",
        "category area ministry group purpose",
        "order",
        adding=behind,
        facet="programme",
        taken="inferred lapsed",
    ),
    Listing(
        "authorities",
        _("Authorities"),
        _("Authority"),
        _("The bodies that approve, administer, execute or take part, past and present."),
        "thing kind from to successor mandates",
        "kind",
        "kind",
    ),
    Listing(
        "purposes",
        _("Purposes"),
        _("Purpose"),
        _("What programmes are for, in groups; each tie rests on a quote from a document."),
        "group thing main secondary ministry",
        "group ministry",
        "group",
        adding=serving,
    ),
    Listing(
        "mandates",
        _("Mandates"),
        _("Mandate"),
        _("Which body has which role in which programme, from when to when, and how well we know it."),
        "programme role authority from to status self",
        "role status authority programme",
        "programme role from",
    ),
    Listing(
        "regions",
        _("Regions"),
        _("Region"),
        _("Macro-regions, made of whole or partial divisions."),
        "thing whole part position",
    ),
    Listing(
        "sources",
        _("Sources"),
        _("Document"),
        _("The documents, lists and papers on which everything rests."),
        "thing reliability date rows designations address",
        "reliability",
        adding=resting,
        facet="source",
    ),
    Listing(
        "tables",
        _("Tables"),
        _("Table"),
        _("The tables of the papers as printed, and the tables of this project."),
        "thing document key rows",
        "document",
        "document key",
    ),
    Listing(
        "positions",
        _("Positions"),
        _("Position"),
        _("What regions claim to be, in plans that the second paper quotes."),
        "thing national claimant",
        "claimant",
        "order",
    ),
)
"""All lists but the one of the questions."""

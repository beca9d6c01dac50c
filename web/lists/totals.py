"""How complete the lists are: designations against official totals, by list and by programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.coverage import COUNTED
from kg.vocab import THINGS
from web.lists.counts import ask
from web.lists.definitions import tallies


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a list is here: key, designations found, official total, completeness, and what came of its rows."""

    list: str
    found: int
    official: int | None
    completeness: str
    edition: str
    rows: int
    taken: int
    merged: int
    left_out: int

    @property
    def iri(self) -> str:
        """The IRI of the table that the list is."""
        return f"{THINGS}table/{self.list}"


@dataclass(frozen=True, slots=True)
class Total:
    """The designations of a programme: all, those compared with the official total, and that total if known."""

    designations: int
    counted: int
    official: int | None


def coverage() -> Mapping[str, Total]:
    """Return for each programme its designations and the official total of its longest list that states one."""
    rows = ask(f"""
        SELECT programme, count(*), count(*) FILTER ({COUNTED}), any_value(official) FROM designations LEFT JOIN (
            SELECT programme, arg_max(official_total, rows) AS official FROM list_programmes JOIN lists USING (list)
            WHERE official_total IS NOT NULL
                AND list IN (SELECT list FROM list_programmes GROUP BY list HAVING count(*) = 1)
            GROUP BY programme
        ) USING (programme) GROUP BY programme""")  # noqa: S608
    return {programme: Total(*total) for programme, *total in rows}


def total(programme: str) -> Total:
    """Return the same for one programme, by key; of one without designations nothing is known here."""
    return coverage().get(programme, Total(0, 0, None))


def lists(*, programme: str = "", key: str = "", everything: bool = False) -> list[Coverage]:
    """Return the lists of a programme, one list, or all, those with most rows first."""
    conditions = (
        ("list IN (SELECT list FROM list_programmes WHERE programme = $key)", programme),
        ("list = $key", key),
        ("$key = 'everything'", "everything" if everything else ""),
    )
    condition, asked = next(pair for pair in conditions if pair[1])
    sql = f"""SELECT list, (SELECT count(DISTINCT designation) FROM designation_records t WHERE t.list = l.list), official_total,
            completeness, edition, rows, taken, merged, left_out FROM lists l WHERE {condition} ORDER BY rows DESC, list"""  # noqa: S608, E501
    return tallies().cached(("lists", condition, asked), lambda: [Coverage(*row) for row in ask(sql, key=asked)])


def without_list() -> Sequence[str]:
    """Return the IRIs of the programmes of which this release holds no designation."""
    rows = ask(
        "SELECT programme FROM programmes WHERE programme NOT IN (SELECT programme FROM designations) ORDER BY 1"
    )
    return [f"{THINGS}programme/{key}" for (key,) in rows]

"""How complete the lists are: designations against official totals, by list and by programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """The designations of a programme: all, those held of the official total, that total if known, and the state."""

    designations: int
    counted: int
    official: int | None
    completeness: str


def coverage() -> Mapping[str, Total]:
    """Return the completeness of each programme with designations."""
    rows = ask("""SELECT programme, count(*), held, official_total, completeness FROM designations JOIN programmes
        USING (programme) GROUP BY ALL""")
    return {programme: Total(*total) for programme, *total in rows}


def total(programme: str) -> Total:
    """Return the same for one programme, by key; of one without designations nothing is known here."""
    return coverage().get(programme, Total(0, 0, None, "unknown"))


def lists(*, programme: str = "", key: str = "", everything: bool = False) -> list[Coverage]:
    """Return the lists of a programme, one list, or all, those with most rows first."""
    conditions = (
        ("list IN (SELECT list FROM list_programmes WHERE programme = $key)", programme),
        ("list = $key", key),
        ("$key = 'everything'", "everything" if everything else ""),
    )
    condition, asked = next(pair for pair in conditions if pair[1])
    sql = f"""SELECT list, held, official_total, completeness, edition, rows, taken, merged, left_out
        FROM lists WHERE {condition} ORDER BY rows DESC, list"""  # noqa: S608
    return tallies().cached(("lists", condition, asked), lambda: [Coverage(*row) for row in ask(sql, key=asked)])


def without_list() -> Sequence[str]:
    """Return the IRIs of the programmes of which this release holds no designation."""
    rows = ask(
        "SELECT programme FROM programmes WHERE programme NOT IN (SELECT programme FROM designations) ORDER BY 1"
    )
    return [f"{THINGS}programme/{key}" for (key,) in rows]

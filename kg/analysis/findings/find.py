"""Registry of the kinds of findings, and the entry point for finding them on a date."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from kg.analysis.findings import duplicates, equal_members, rulings
from kg.analysis.findings.finding import Finding, rank
from kg.analysis.findings.kinds import carrier, positioning, programmes, stacking, territorial, thematic
from kg.release.columns import Columns


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding.

    key: prefix of the keys of findings; term: name of its class in the ontology; find: function that returns all
    findings on a date; members: kind of its members, as in an IRI.
    """

    key: str
    term: str
    find: Callable[[Columns, date], list[Finding]]
    members: str = "designation"


KINDS = {
    kind.key: kind
    for kind in (
        Kind("territorial", "TerritorialOverlap", territorial.find),
        Kind("thematic", "ThematicOverlap", thematic.find),
        Kind("carrier", "CarrierOverlap", carrier.find),
        Kind("stacking", "Stacking", stacking.find),
        Kind("duplicate", "PossibleDuplicate", duplicates.find),
        Kind("programme", "ProgrammeOverlap", programmes.find, members="programme"),
        Kind("positioning", "PositioningOverlap", positioning.find, members="positioning"),
    )
}
"""Every kind by key; a new kind is a module and a line here."""


def find(columns: Columns, as_of: date, kinds: Collection[str] = tuple(KINDS)) -> list[Finding]:
    """Return the findings of some kinds on a date in their order (`finding.rank`), with the decisions on them.

    Possible findings come last. Of findings with equal members, all but the first name it (`equal_members`).

    Args:
        columns: the columns of a release, the only input.
        as_of: the day of the designations and mandates.
        kinds: keys of `KINDS`.

    Raises:
        KeyError: an unknown kind.
    """
    found = (finding for kind in kinds for finding in KINDS[kind].find(columns, as_of))
    return equal_members.linked(rank(rulings.with_decisions(columns, found)))

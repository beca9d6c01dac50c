"""Ministries responsible for a programme on a date.

The bodies that administer it on that date, else those that approve it, each rolled up through its dated parents to the
last one below the State Council, the Party centre or the Central Military Commission. A mandate whose holder has been
succeeded passes to the successor; where all mandates have lapsed, the last administering bodies remain, marked so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from kg.release.columns import Columns

TOP_KIND = "council"
"""Kind of the bodies above ministries: State Council and its office, Party centre, Central Military Commission,
co-ordinating groups."""
ROLES = ("administers", "approves")
"""The roles that make a ministry responsible for a programme, the stronger first; executing or taking part does not."""
COUNTED_STATUSES = frozenset({"asserted", "inferred"})
"""Statuses of mandates used for findings; unsourced and disputed ones are displayed only."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """A body's role in a programme; start and end are the first and last possible day, None if open."""

    key: str
    programme: str
    authority: str
    role: str
    start: date | None
    end: date | None
    status: str

    def holds(self, day: date) -> bool:
        """Whether the mandate is in force on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


_Backed = tuple[str, Mandate]
"""A responsible ministry and the mandate for it."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A body: its kind, its last day (None if it exists), its successor ("" if none)."""

    key: str
    kind: str
    end: date | None
    successor: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The ministries responsible for a programme on a day.

    ministries: keys, rolled up; inferred: those without an asserted mandate on that day; rests_on: each ministry with
    the key of a mandate for it, sorted; role: administers or approves; lapsed: all mandates have ended, and the last
    administering (else approving) body remains responsible for the designations.
    """

    ministries: frozenset[str]
    inferred: frozenset[str]
    rests_on: tuple[tuple[str, str], ...]
    role: str
    lapsed: bool

    @property
    def mandates(self) -> tuple[str, ...]:
        """The keys of all supporting mandates, sorted."""
        return tuple(sorted({mandate for _, mandate in self.rests_on}))


@dataclass(frozen=True)
class Registry:
    """Authorities, their dated parents and the mandates of a release."""

    mandates: Mapping[str, tuple[Mandate, ...]]
    authorities: Mapping[str, Authority]
    parents: Mapping[str, tuple[tuple[str, date | None, date | None], ...]]
    _rolled: dict[tuple[str, date], str | None] = field(default_factory=dict)

    def answer(self, programme: str, day: date) -> Answer | None:
        """Return the ministries responsible for a programme on a day; None where none is known: a gap.

        The bodies that administer on the day, else those that approve; if every mandate has ended, the last ones that
        administered, else approved.
        """
        known = [mandate for mandate in self.mandates.get(programme, ()) if mandate.status in COUNTED_STATUSES]
        backed = [
            (ministry, mandate)
            for mandate in self._with_inherited(known, day)
            if mandate.role in ROLES and (mandate.start is None or mandate.start <= day)
            if (ministry := self.ministry(mandate.authority, day))
        ]
        standing = [(ministry, mandate) for ministry, mandate in backed if mandate.holds(day)]
        for lapsed, support in ((False, standing), (True, backed)):
            asserted = {ministry for ministry, mandate in support if mandate.status == "asserted"}
            for role in ROLES:
                chosen = [(ministry, mandate) for ministry, mandate in support if mandate.role == role]
                if chosen := list(_last(chosen)) if lapsed else chosen:
                    return _answer(chosen, asserted, role, lapsed=lapsed)
        return None

    def in_force(self, programme: str, day: date) -> frozenset[str]:
        """Return the keys of the mandates of a programme that are in force on a day, of every role and status."""
        return frozenset(mandate.key for mandate in self.mandates.get(programme, ()) if mandate.holds(day))

    def ministry(self, authority: str, day: date) -> str | None:
        """Roll a body up to its ministry on a day: the highest one below a top body; None for a top body itself.

        A body that has ended is replaced by its successor on that day.
        """
        if (authority, day) not in self._rolled:
            self._rolled[authority, day] = self._roll(authority, day)
        return self._rolled[authority, day]

    def _roll(self, authority: str, day: date) -> str | None:
        current, seen = self.successor(authority, day), {""}
        while current not in seen:
            seen.add(current)
            if self._is_top(current):
                return None
            above = [
                self.successor(parent, day)
                for parent, start, end in self.parents.get(current, ())
                if (start is None or start <= day) and (end is None or day <= end)
            ]
            above = [parent for parent in above if not self._is_top(parent)]
            current = min(above, default=current)
        return current or None

    def successor(self, authority: str, day: date) -> str:
        """Return the successor of a body on a day, the body itself while it exists."""
        seen: set[str] = set()
        while authority not in seen and (body := self.authorities.get(authority)):
            seen.add(authority)
            if body.end is None or day <= body.end or not body.successor:
                break
            authority = body.successor
        return authority

    def _is_top(self, authority: str) -> bool:
        body = self.authorities.get(authority)
        return body is not None and body.kind == TOP_KIND

    def _with_inherited(self, mandates: Iterable[Mandate], day: date) -> Iterator[Mandate]:
        """Yield the mandates, and those inherited by a successor by the day.

        A mandate is inherited if it ran until its holder ended and the successor has no mandate of its own in that
        role, which would state its dates more precisely.
        """
        known = list(mandates)
        own = {(mandate.authority, mandate.role) for mandate in known}
        for mandate in known:
            yield mandate
            body = self.authorities.get(mandate.authority)
            successor = self.successor(mandate.authority, day)
            if body is None or body.end is None or successor == mandate.authority or (successor, mandate.role) in own:
                continue
            if mandate.end is None or mandate.end >= body.end:
                start = body.end + timedelta(days=1)
                yield Mandate(mandate.key, mandate.programme, successor, mandate.role, start, None, mandate.status)

    @cached_property
    def programmes(self) -> tuple[str, ...]:
        """The keys of the programmes that have any mandate, sorted."""
        return tuple(sorted(self.mandates))


def registry(columns: Columns) -> Registry:
    """Read mandates, authorities and affiliations of a release."""
    # The cache of rolled-up bodies grows with the days; a copy for each caller keeps it small.
    return replace(columns.cached("registry", lambda: _registry(columns)), _rolled={})


def _registry(columns: Columns) -> Registry:
    mandates: dict[str, list[Mandate]] = defaultdict(list)
    for row in columns.query(
        "SELECT mandate, programme, authority, role, valid_from, valid_to, status FROM mandates ORDER BY mandate", {}
    ):
        mandates[row[1]].append(Mandate(*row))
    bodies = columns.query("SELECT authority, kind, valid_to, coalesce(successor, '') FROM authorities", {})
    parents: dict[str, list[tuple[str, date | None, date | None]]] = defaultdict(list)
    for authority, parent, start, end in columns.query(
        "SELECT authority, parent, valid_from, valid_to FROM affiliations ORDER BY ALL", {}
    ):
        parents[authority].append((parent, start, end))
    return Registry(
        {programme: tuple(rows) for programme, rows in mandates.items()},
        {row[0]: Authority(*row) for row in bodies},
        {authority: tuple(rows) for authority, rows in parents.items()},
    )


def ministries(columns: Columns, as_of: date) -> dict[str, Answer]:
    """Return the responsible ministries of each programme on a date, by programme; excludes programmes without one."""

    def answered() -> dict[str, Answer]:
        known = registry(columns)
        answers = ((programme, known.answer(programme, as_of)) for programme in known.programmes)
        return {programme: answer for programme, answer in answers if answer is not None}

    return columns.cached(("ministries", as_of), answered)


def gaps(columns: Columns, as_of: date) -> list[tuple[str, int]]:
    """Return the programmes without a known ministry on a date, with their counts of designations."""
    known = ministries(columns, as_of)
    rows = columns.query(
        "SELECT programme, count(designation) FROM programmes LEFT JOIN designations USING (programme) GROUP BY 1 "
        "ORDER BY 1",
        {},
    )
    return [(programme, number) for programme, number in rows if programme not in known]


def _answer(chosen: Iterable[_Backed], asserted: set[str], role: str, *, lapsed: bool) -> Answer:
    rests_on = tuple(sorted({(ministry, mandate.key) for ministry, mandate in chosen}))
    ministries = frozenset(ministry for ministry, _ in rests_on)
    return Answer(ministries, ministries - asserted, rests_on, role, lapsed)


def _last(backed: Iterable[_Backed]) -> Iterator[_Backed]:
    """Yield the mandates with the latest end, each with its ministry."""
    ended = [(ministry, mandate, mandate.end) for ministry, mandate in backed if mandate.end is not None]
    newest = max((end for _, _, end in ended), default=None)
    return ((ministry, mandate) for ministry, mandate, end in ended if end == newest)

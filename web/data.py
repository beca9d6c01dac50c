"""What follows from the columns of a release on a day: computed when it is asked for, the last answers kept."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from flask import abort, current_app, request

from kg.analysis.findings import find
from kg.analysis.findings.finding import Finding
from kg.analysis.in_force import IN_FORCE, standing_days
from kg.analysis.ministries import Answer, ministries, registry
from kg.analysis.scenarios import compare
from kg.analysis.scenarios.compare import Change
from kg.cache import Cache
from kg.release.columns import Columns
from web.http.language import gettext as _

KEPT = 64
"""Answers that are kept; each of some hundred kilobytes at ten thousand designations."""
EARLIEST = date(1978, 12, 18)
"""No designation is older than reform and opening."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""How a day is written in an address; `date.fromisoformat` reads more."""
KEY = re.compile(r"[\w.-]*", re.ASCII)
"""What a key in an address is made of."""


class Computed(Cache):
    """Answers over the columns of one release; many threads may ask at a time, and each answer is made once."""

    def __init__(self, columns: Columns, today: date, kept: int = KEPT) -> None:
        """Start with nothing computed.

        Args:
            columns: the columns of the release.
            today: the day that the release calls today.
            kept: answers kept; the one that nobody asked for longest goes first.
        """
        super().__init__(kept)
        self.columns, self.today = columns, today

    @property
    def days(self) -> tuple[date, date]:
        """The two standing days: the eve of the reform, and today."""
        return standing_days(self.today)

    def findings(self, day: date) -> Mapping[str, Finding]:
        """Return all findings of a day by key, those with the highest score first, possible ones last."""
        return self.cached(("findings", day), lambda: {found.key: found for found in find.find(self.columns, day)})

    def ministries(self, day: date) -> Mapping[str, Answer]:
        """Return who answers for each programme on a day."""
        return ministries(self.columns, day)

    def mandates(self, programme: str, day: date) -> frozenset[str]:
        """Return the keys of the mandates of a programme that are in force on a day, of every role and status."""
        return registry(self.columns).in_force(programme, day)

    def in_force(self, day: date) -> frozenset[str]:
        """Return the designations in force on a day."""
        return self.cached(("in force", day), lambda: self._in_force(day))

    def changes(self, early: date, late: date) -> tuple[Change, ...]:
        """Return what became of each finding between two days, those that are only possible left out."""
        return self.cached(("changes", early, late), lambda: self._changes(early, late))

    def warm(self) -> None:
        """Compute what the pages of the standing days need, so that no visitor waits for it."""
        for day in self.days:
            self.findings(day)
        self.changes(*self.days)

    def _in_force(self, day: date) -> frozenset[str]:
        rows = self.columns.query(f"SELECT designation FROM designations WHERE {IN_FORCE}", {"as_of": day})  # noqa: S608
        return frozenset(designation for (designation,) in rows)

    def _changes(self, early: date, late: date) -> tuple[Change, ...]:
        before, after = ([found for found in self.findings(day).values() if found.ranked] for day in (early, late))
        stacks = [found for found in after if found.kind == "stacking"]
        return tuple(compare.compare(self.columns, before, after, stacks, (early, late)))


def computed() -> Computed:
    """Return what the application that answers computes from; without columns this part of the site is closed."""
    found = current_app.extensions["guapai"].computed
    if found is None:
        abort(503, description=_("This release has no columns; `guapai build` writes them."))
    return cast("Computed", found)


def counting() -> bool:
    """Return whether there are columns to count in; pages that only add numbers to what the graph says ask first."""
    return current_app.extensions["guapai"].computed is not None


def asked_keys(parameters: Iterable[str]) -> dict[str, str]:
    """Return the keys in parameters of the address, empty where none is asked for; 404 for what can be no key."""
    chosen = {name: request.args.get(name, "") for name in parameters}
    for key in chosen.values():
        if not KEY.fullmatch(key):
            abort(404, description=key)
    if chosen.get("kind") and chosen["kind"] not in find.KINDS:
        abort(404, description=", ".join(find.KINDS))
    return chosen


def day_of(text: str, today: date) -> date | None:
    """Read a day as YYYY-MM-DD or `today`; None where it is none, or none on which designations can be looked at."""
    if text != "today" and not DAY.fullmatch(text):
        return None
    try:
        day = today if text == "today" else date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= today else None


def asked_day(parameter: str, default: date) -> date:
    """Return the day in a parameter of the address; 400 where it is none."""
    asked, today = request.args.get(parameter, "").strip(), computed().today
    if not asked:
        return default
    day = day_of(asked, today)
    if day is None:
        sentence = _("%(asked)s: expected a day from %(first)s to %(last)s, or today")
        abort(400, description=sentence % {"asked": asked, "first": EARLIEST, "last": today})
    return day

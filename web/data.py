"""Cached analyses of the current release by date."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import cast

from flask import abort, current_app, request

from kg.analysis.findings import find, stored
from kg.analysis.findings.finding import Finding
from kg.analysis.findings.stored import SharedDays
from kg.analysis.in_force import Reform, in_force, not_known, reform, standing_days
from kg.analysis.ministries import Answer, ministries, registry
from kg.analysis.scenarios import compare
from kg.analysis.scenarios.compare import Change
from kg.cache import Cache
from kg.release.columns import Columns
from kg.tables.decided import Decided
from web.http.language import gettext as _
from web.http.language import language

MAX_CACHED = 64
"""Cached values; some hundred kilobytes each at ten thousand designations."""
EARLIEST = date(1978, 12, 18)
"""Start of reform and opening; no designation is older."""
DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Format of a date in an address; `date.fromisoformat` accepts more."""
KEY_PATTERN = re.compile(r"[\w.-]*", re.ASCII)
"""Format of a key in an address."""


class Computed(Cache):
    """Thread-safe cache of analyses over the columns of one release."""

    def __init__(
        self,
        columns: Columns,
        today: date,
        max_entries: int = MAX_CACHED,
        folder: Path | None = None,
        shared: SharedDays | None = None,
    ) -> None:
        """Start with an empty cache.

        Args:
            columns: the columns of the release.
            today: the release's `data_as_of`.
            max_entries: size of the cache; least recently used entries are evicted.
            folder: of the release, which has the findings of the standing days; without it they are computed.
            shared: findings of other days that the processes of this server have computed; None: it has one process.
        """
        super().__init__(max_entries)
        self.columns, self.today, self._folder, self._shared = columns, today, folder, shared

    @property
    def days(self) -> tuple[date, date]:
        """The two standing days: the eve of the newest reform of institutions, and today."""
        return standing_days(self.columns, self.today)

    @property
    def reform(self) -> Reform:
        """The newest reform of institutions."""
        return reform(self.columns)

    def findings(self, day: date) -> Mapping[str, Finding]:
        """Return all findings of a day by key, by descending score, possible ones last."""
        return self.cached(("findings", day), lambda: {found.key: found for found in self._findings(day)})

    def ministries(self, day: date) -> Mapping[str, Answer]:
        """Return the responsible ministries of each programme on a day."""
        return ministries(self.columns, day)

    def mandates(self, programme: str, day: date) -> frozenset[str]:
        """Return the keys of a programme's mandates in force on a day, of every role and status."""
        return registry(self.columns).in_force(programme, day)

    def in_force(self, day: date) -> frozenset[str]:
        """Return the designations in force on a day."""
        return in_force(self.columns, day)

    def not_known(self, day: date) -> frozenset[str]:
        """Return the designations of which it is not known whether they are in force on a day."""
        return not_known(self.columns, day)

    def changes(self, early: date, late: date) -> tuple[Change, ...]:
        """Return the changes of findings between two days, without possible ones."""
        return self.cached(("changes", early, late), lambda: self._changes(early, late))

    def warm(self) -> None:
        """Precompute the findings and changes of the standing days."""
        for day in self.days:
            self.findings(day)
        self.changes(*self.days)

    def _findings(self, day: date) -> list[Finding]:
        """Read the findings that the build or another process has computed, else compute them."""
        found = stored.read(self._folder, day) if self._folder else None
        if found is not None:
            return found
        return self._shared.findings(day, lambda: self._find(day)) if self._shared else self._find(day)

    def _find(self, day: date) -> list[Finding]:
        return find.find(self.columns, day)

    def _changes(self, early: date, late: date) -> tuple[Change, ...]:
        before, after = ([found for found in self.findings(day).values() if found.ranked] for day in (early, late))
        stacks = [found for found in after if found.kind == "stacking"]
        return tuple(compare.compare(self.columns, before, after, stacks, (early, late)))


def computed() -> Computed:
    """Return the analyses of the current application; 503 without columns."""
    found = current_app.extensions["guapai"].computed
    if found is None:
        abort(503, description=_("This release has no columns; `guapai build` writes them."))
    return cast("Computed", found)


def package() -> Decided:
    """Return the tables of the current release as decisions leave them; 503 where it does not describe them."""
    found = current_app.extensions["guapai"].package
    if found is None:
        abort(503, description=_("This release has no tables; `guapai build` writes them."))
    return cast("Decided", found)


def known_reform() -> Reform | None:
    """Return the newest reform of institutions, None where the release has no columns."""
    found = current_app.extensions["guapai"].computed
    return found.reform if found else None


def reform_day() -> date | None:
    """Return the day of the newest reform of institutions, which charts of years mark."""
    known = known_reform()
    return known.day if known else None


def reform_name() -> str:
    """Return the name of the newest reform of institutions in the language of the page."""
    known = known_reform()
    return known.name(language()) if known else _("reform")


def standing_dates(today: str) -> tuple[str, ...]:
    """Return the standing days as text; without columns only today (YYYY-MM-DD)."""
    known = known_reform()
    return (str(known.eve), today) if known else (today,)


def counting() -> bool:
    """Return whether the release has columns."""
    return current_app.extensions["guapai"].computed is not None


def requested_keys(parameters: Iterable[str]) -> dict[str, str]:
    """Return the keys in query parameters, empty where absent; 404 for malformed ones."""
    chosen = {name: request.args.get(name, "") for name in parameters}
    for key in chosen.values():
        if not KEY_PATTERN.fullmatch(key):
            abort(404, description=key)
    if chosen.get("kind") and chosen["kind"] not in find.KINDS:
        abort(404, description=", ".join(find.KINDS))
    return chosen


def parse_day(text: str, today: date) -> date | None:
    """Parse YYYY-MM-DD or `today`; None if malformed or outside EARLIEST to today."""
    if text != "today" and not DAY_PATTERN.fullmatch(text):
        return None
    try:
        day = today if text == "today" else date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= today else None


def requested_day(parameter: str, default: date) -> date:
    """Return the date in a query parameter, or the default; 400 if malformed."""
    requested, today = request.args.get(parameter, "").strip(), computed().today
    if not requested:
        return default
    day = parse_day(requested, today)
    if day is None:
        sentence = _("%(asked)s: expected a day from %(first)s to %(last)s, or today")
        abort(400, description=sentence % {"asked": requested, "first": EARLIEST, "last": today})
    return day

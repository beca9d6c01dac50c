"""Compare the findings of two days, asserted and inferred mandates apart."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.analysis.findings.finding import Finding
from kg.analysis.scenarios.compare import Change
from web.data import computed, requested_day, requested_keys
from web.graph.labels import name
from web.html import finding_words
from web.http.language import gettext
from web.http.language import lazy_gettext as _
from web.http.responses import answer, as_json
from web.lists import export
from web.lists.findings import Place, places
from web.views.compare import fates

blueprint = Blueprint("compare", __name__)

PAGE_SIZE = 30
EXTENSIONS = ("csv", "json", export.XLSX)
OUTCOMES = {
    "resolved": (
        _("resolved: no longer different ministries"),
        _("The designations are still there; the ministry responsible has changed, so the overlap is gone."),
    ),
    "stacked": (
        _("became designations of one ministry"),
        _("The designations are still there and now all belong to one ministry."),
    ),
    "ended": (_("resolved: designations ended"), _("A designation has ended or is no longer in force.")),
    "new-designations": (_("new: new designations"), _("A designation that did not exist on the first day.")),
    "new-mandates": (
        _("new: mandates moved apart or together"),
        _("The designations were there before; the ministry responsible has changed."),
    ),
    "not-known-before": (
        _("not known before"),
        _("A designation is undated or not known to be in force on the first day, so the finding may be older."),
    ),
    "not-known-after": (
        _("not known afterwards"),
        _(
            "It is not known whether a designation is still in force on the second day: "
            "its lists do not cover that day."
        ),
    ),
    "changed-designations": (_("changed: designations"), _("Members were added or removed.")),
    "changed-mandates": (
        _("changed: mandates"),
        _("The same designations, but different ministries or mandates."),
    ),
    "changed-both": (
        _("changed: designations and mandates"),
        _("Designations were added or removed, and mandates moved as well."),
    ),
    "changed-not-known": (
        _("changed: designations that are not known on one day"),
        _("It is not known whether the members that were added or removed are in force on the other day."),
    ),
    "same": (_("unchanged"), _("Members, purposes and mandates are the same.")),
}
"""Outcome of a finding: title and description, in display order."""
FACETS = ("outcome", "strong", "fate", "kind", "place", "ministry", "purpose", "inferred")
HEADLINE_FACETS = ("outcome", "inferred", "strong", "fate")
"""Facets that the summary and the headline leave out of account: they count by them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A change for display: change, outcome, latest state."""

    change: Change
    outcome: str
    state: Finding

    @property
    def inferred(self) -> str:
        """Whether it rests on an inferred mandate on either day: yes or no."""
        return "yes" if self.change.rests_on_inferred else "no"


@blueprint.get("/compare")
@blueprint.get("/compare.<extension>")
def compare(extension: str = "") -> Response:
    """Show the changes of findings between two days, or export them."""
    if extension not in ("", *EXTENSIONS):
        abort(404, description=", ".join(EXTENSIONS))
    found = computed()
    early, late = sorted((requested_day("from", found.days[0]), requested_day("to", found.days[1])))
    chosen = requested_keys(FACETS)
    for facet, keys in (("outcome", OUTCOMES), ("strong", fates.TITLES), ("fate", fates.TITLES)):
        if chosen[facet] not in ("", *keys):
            abort(404, description=", ".join(keys))
    known = places(found)
    everything = found.cached(("rows of changes", early, late), lambda: rows(found.changes(early, late)))
    listed = matching(everything, chosen, known)
    if extension:
        return _alternate(listed, (early, late), extension)
    whole = chosen["outcome"] == "same" or "still" in (chosen["strong"], chosen["fate"])
    shown = [row for row in listed if whole or row.outcome != "same"]
    pages, page = max(-(-len(shown) // PAGE_SIZE), 1), request.args.get("page", 1, int)
    if not 1 <= page <= pages:
        abort(404, description=f"1–{pages}")
    parameters: dict[str, Any] = {facet: key for facet, key in chosen.items() if key}
    parameters |= {name: request.args[name] for name in ("from", "to") if request.args.get(name)}
    place = chosen["place"]
    counted = matching(everything, {**chosen, **dict.fromkeys(HEADLINE_FACETS, "")}, known)
    context = {
        "days": (early, late),
        "fates": fates.fates((row.change, row.outcome) for row in counted),
        "fate_titles": fates.TITLES,
        "still": fates.STILL,
        "chosen": chosen,
        "summary": summary(counted),
        "outcomes": OUTCOMES,
        "choices": _choices(everything, chosen, known),
        "rows": shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "total": len(shown),
        "place": place if place in known else "",
        "page": page,
        "pages": pages,
        "formats": export.alternates(".compare", EXTENSIONS, parameters),
        "finding_words": finding_words,
    }
    return make_response(render_template("compare/compare.html", **context))


def rows(changes: Iterable[Change]) -> tuple[Row, ...]:
    """Return changes with outcomes, most serious first."""
    made = [_row(change) for change in changes]
    order = list(OUTCOMES)
    return tuple(sorted(made, key=lambda row: (order.index(row.outcome), _place(row.change), row.change.key)))


def _row(change: Change) -> Row:
    state = change.after or change.before
    if state is None:
        raise AssertionError(change.key)
    outcome = {
        "gone": "stacked" if change.became else "resolved" if change.cause == "mandates" else "ended",
        "new": f"new-{change.cause}",
        "changed": f"changed-{change.cause}",
    }.get(change.change, change.change)
    return Row(change, outcome, state)


def _place(change: Change) -> tuple[int, tuple[float, ...]]:
    """Return the position of a change among those of its outcome: overlaps by strength, the others by score."""
    states = [state for state in (change.before, change.after) if state]
    return 0 if any(state.strength for state in states) else 1, min(state.precedence for state in states)


def matching(everything: Iterable[Row], chosen: Mapping[str, str], known: Mapping[str, Place]) -> list[Row]:
    """Return the rows that match all chosen keys."""
    of = _facets(known)
    asked = [(of[facet], key) for facet, key in chosen.items() if key]
    return [row for row in everything if all(key in keys(row) for keys, key in asked)]


def summary(found: Iterable[Row]) -> list[tuple[str, int, int]]:
    """Return the number of findings by outcome, on asserted mandates alone and with inferred ones."""
    counts = Counter((row.outcome, row.inferred) for row in found)
    return [(outcome, counts[outcome, "no"], counts[outcome, "yes"]) for outcome in OUTCOMES]


def _facets(known: Mapping[str, Place]) -> Mapping[str, Callable[[Row], Iterable[str]]]:
    def within(row: Row) -> tuple[str, ...]:
        code = row.state.group.get("place", "")
        return (code, known[code].prefecture, known[code].province) if code in known else ()

    def ministries(row: Row) -> set[str]:
        return {key for state in (row.change.before, row.change.after) if state for key in state.ministries}

    return {
        "outcome": lambda row: [row.outcome],
        "strong": lambda row: [fates.fate(row.change, row.outcome, strong=True)],
        "fate": lambda row: [fates.fate(row.change, row.outcome, strong=False)],
        "kind": lambda row: [row.state.kind],
        "place": within,
        "ministry": ministries,
        "purpose": lambda row: [row.state.group.get("purpose_group", "")],
        "inferred": lambda row: [row.inferred],
    }


def _choices(
    everything: Sequence[Row], chosen: Mapping[str, str], known: Mapping[str, Place]
) -> list[tuple[str, str, str, list[tuple[str, str, int]]]]:
    """Return the facets: parameter, title, chosen key, options with counts."""
    of = _facets(known)
    titles: dict[str, tuple[object, Callable[[str], str]]] = {
        "outcome": (_("Result"), lambda key: str(OUTCOMES[key][0])),
        "strong": (_("Strong overlaps"), lambda key: str(fates.TITLES[key])),
        "kind": (_("Kind"), lambda key: name(finding_words.class_of(key)).text),
        "place": (_("Place"), lambda key: finding_words.called("place", key)),
        "ministry": (_("Ministry"), lambda key: finding_words.called("authority", key)),
        "purpose": (
            _("Group of purposes"),
            lambda key: name(finding_words.GROUPS["purpose_group"] + key).text,
        ),
        "inferred": (_("Rests on inferred mandates"), lambda key: str(_("yes") if key == "yes" else _("no"))),
    }
    made = []
    for facet, (heading, text) in titles.items():
        left = matching(everything, {**chosen, facet: ""}, known)
        counts = Counter(key for row in left for key in set(of[facet](row)) if key)
        if facet == "place":
            counts = Counter(
                {key: n for key, n in counts.items() if known[key].province == key or key == chosen[facet]}
            )
        keys = [key for key in OUTCOMES if key in counts] if facet == "outcome" else sorted(counts)
        made.append((facet, str(heading), chosen[facet], [(key, text(key), counts[key]) for key in keys]))
    return made


def _alternate(listed: Sequence[Row], days: tuple[date, date], extension: str) -> Response:
    headers = ["key", "title", "kind", "outcome", "change", "cause", "became", "inferred"]
    headers += [f"{what}_{day}" for day in days for what in ("ministries", "designations", "score")]
    cells = [_cells(row) for row in listed]
    if extension != "json":
        return export.table(f"compare.{extension}", gettext("What changed between two days"), headers, cells)
    content = {
        "from": str(days[0]),
        "to": str(days[1]),
        "total": len(listed),
        "strong": _strong(listed),
        "summary": {outcome: {"asserted": a, "inferred": i} for outcome, a, i in summary(listed)},
        "entries": [dict(zip(headers, row, strict=True)) for row in cells],
    }
    return answer(as_json(content), "json")


def _strong(listed: Iterable[Row]) -> dict[str, int]:
    """Return the number of strong overlaps by what became of them."""
    numbers = Counter(fates.fate(row.change, row.outcome, strong=True) for row in listed)
    return {key: numbers[key] for key in fates.TITLES}


def _cells(row: Row) -> list[str]:
    change = row.change
    cells = [change.key, finding_words.title(row.state), row.state.kind, row.outcome]
    cells += [change.change, change.cause, change.became, row.inferred]
    for state in (change.before, change.after):
        cells += [";".join(state.ministries), ";".join(state.members), f"{state.score:.6f}"] if state else ["", "", ""]
    return cells

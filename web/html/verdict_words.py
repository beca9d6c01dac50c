"""Tests of claims in words: measures, outcomes, measured and claimed numbers."""

import math

from kg.analysis.claims import claims
from kg.analysis.claims.claims import Claim
from kg.analysis.claims.evaluate import Test, Value
from kg.vocab import THINGS
from web.data import Computed
from web.http.language import gettext
from web.http.language import lazy_gettext as _

MEASURES = {
    "designations": _("number of designations in force"),
    "begun": _("designations that began between two days"),
    "share": _("share of the designations in an area"),
    "share-difference": _("share of one area minus that of another"),
    "share-difference-growth": _("growth of the difference between two shares"),
    "location-quotient": _("location quotient"),
    "areas-with": _("areas that have a designation"),
    "related": _("designations related to another one"),
    "untied": _("designations with no designation of another programme nearby"),
    "beside": _("share of the designations with a designation of another programme nearby"),
    "meetings": _("places where several ministries have designations"),
    "rank-correlation": _("rank correlation of rank and designations"),
    "kind-share": _("share of the designations in counties"),
    "units-without": _("counties without a designation"),
    "policy-share": _("share of a policy area among the designations of counties"),
    "figure": _("printed figure"),
    "figure-ratio": _("ratio of two printed figures"),
    "figure-rank": _("place of a printed figure in its column"),
    "figure-distance-rank": _("place by distance from another row"),
    "own-positions": _("areas whose set of positions no other claims"),
    "beyond": _("beyond what the graph can test"),
}
"""Label of a measure; docs/measures.md defines each."""

OUTCOMES = {"holds": _("holds"), "fails": _("fails"), "open": _("undecided")}
"""Outcome of a test on the data of the release."""

SIGNS = {"equal": "=", "at-least": "≥", "at-most": "≤", "more-than": ">", "less-than": "<"}
"""Comparison of the measured with the claimed number."""


def judged(found: Computed) -> list[Claim]:
    """Return all claims with tests and verdicts."""
    return found.cached("claims", lambda: claims.evaluated(found.columns))


def areas(test: Test) -> list[str]:
    """Return the IRIs of the places and regions of a test."""
    return [f"{THINGS}place/{key}" for key in test.places] + [f"{THINGS}region/{key}" for key in test.regions]


def measured(value: Value | None) -> str:
    """Return the measured number or interval, empty if none."""
    if value is None:
        return ""
    low, high = f"{value.low:.4g}", f"{value.high:.4g}"
    if low == high:
        return low
    return str(
        gettext("%(low)s or more", low=low)
        if math.isinf(value.high)
        else gettext("%(low)s to %(high)s", low=low, high=high)
    )


def claimed(test: Test) -> str:
    """Return the claimed number, such as = 21; empty if it cannot be tested."""
    if test.measure == claims.BEYOND:
        return ""
    around = f" ± {test.tolerance:.4g}" if test.tolerance else ""
    return f"{SIGNS[test.comparison]} {test.claimed:.4g}{around}"

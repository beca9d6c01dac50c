"""The papers' claims, their tests and verdicts."""

import math
from collections import Counter
from collections.abc import Mapping

from flask import Response, abort, make_response, render_template, request

from kg.analysis.claims import claims as verdicts
from kg.analysis.claims.claims import Claim
from kg.analysis.claims.evaluate import Test, Value
from kg.vocab import THINGS
from web.data import Computed, computed
from web.html import finding_words
from web.http.language import gettext, language
from web.http.language import later as _
from web.http.responses import answer, as_json
from web.lists import export, faceted

blueprint = faceted.blueprint
"""Lists share one blueprint."""

ENDINGS = ("csv", "json", export.ENDING)
VERDICTS = ("supported", "contradicted", "not-testable")
MEASURES = {
    "designations": _("number of designations in force"),
    "begun": _("designations that began between two days"),
    "share": _("share of the designations in an area"),
    "share-difference": _("share of one area less that of another"),
    "share-difference-growth": _("growth of the difference between two shares"),
    "location-quotient": _("location quotient"),
    "areas-with": _("areas that have a designation"),
    "related": _("designations related to another one"),
    "untied": _("designations with no designation of another programme nearby"),
    "beside": _("share of the designations with a designation of another programme nearby"),
    "meetings": _("meetings of ministries at one place"),
    "rank-correlation": _("rank correlation of rank and designations"),
    "kind-share": _("share of the designations in counties"),
    "units-without": _("counties without a designation"),
    "policy-share": _("share of a policy area among the designations of counties"),
    "figure": _("printed figure"),
    "figure-ratio": _("one printed figure over another"),
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


@blueprint.get("/claims")
@blueprint.get("/claims.<ending>")
def claims(ending: str = "") -> Response:
    """Show the claims and their verdicts, or export them."""
    if ending not in ("", *ENDINGS):
        abort(404, description=", ".join(ENDINGS))
    everything = judged(computed())
    chosen = {"paper": request.args.get("paper", ""), "verdict": request.args.get("verdict", "")}
    found = [
        claim
        for claim in everything
        if chosen["paper"] in ("", claim.source) and chosen["verdict"] in ("", claim.verdict)
    ]
    if ending == "json":
        return answer(as_json(_content(found)), "json")
    if ending:
        rows = verdicts.rows(found, "zh" if language() == "zh" else "en")
        return export.table(f"claims.{ending}", gettext("Claims"), verdicts.HEADS, rows, export.completeness())
    parameters = {name: key for name, key in chosen.items() if key}
    context = {
        "claims": found,
        "chosen": chosen,
        "papers": Counter(claim.source for claim in everything if chosen["verdict"] in ("", claim.verdict)),
        "counts": Counter(claim.verdict for claim in everything if chosen["paper"] in ("", claim.source)),
        "verdicts": VERDICTS,
        "claim_words": CLAIM_WORDS,
        "formats": export.twins("lists.claims", ENDINGS, parameters),
        "finding_words": finding_words,
    }
    return make_response(render_template("claims/verdicts.html", **context))


def _content(found: list[Claim]) -> dict[str, object]:
    """Return claims as JSON: statements in both languages, tests, lists with completeness."""
    return {
        "list": "claims",
        "total": len(found),
        "entries": [
            {
                "iri": f"{THINGS}claim/{claim.key}",
                "source": claim.source,
                "section": claim.section,
                "quote": claim.quote,
                "statement": {"zh": claim.statement_zh, "en": claim.statement_en},
                "verdict": claim.verdict,
                "on_what_we_hold": claim.outcome,
                "tests": [_test(tested) for tested in claim.tests],
                "lists": [
                    {
                        "programme": each.programme,
                        "found": each.found,
                        "official": each.official,
                        "whole": each.whole,
                    }
                    for each in claim.coverages
                ],
                "lacking": list(claim.lacking),
            }
            for claim in found
        ],
    }


def _test(tested: verdicts.Tested) -> dict[str, object]:
    test, value = tested.test, tested.value
    return {
        "measure": test.measure,
        "as_of": str(test.as_of or ""),
        "comparison": test.comparison,
        "claimed": test.claimed,
        "measured": str(value) if value else "",
        "outcome": tested.outcome,
        "reason": {"zh": test.reason_zh, "en": test.reason_en},
    }


def judged(found: Computed) -> list[Claim]:
    """Return all claims with tests and verdicts."""
    return found.cached("claims", lambda: verdicts.judged(found.columns))


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
    if test.measure == verdicts.BEYOND:
        return ""
    around = f" ± {test.tolerance:.4g}" if test.tolerance else ""
    return f"{SIGNS[test.comparison]} {test.claimed:.4g}{around}"


CLAIM_WORDS: Mapping[str, object] = {
    "measures": MEASURES,
    "outcomes": OUTCOMES,
    "areas": areas,
    "measured": measured,
    "claimed": claimed,
}
"""Functions and labels for the templates of claims."""

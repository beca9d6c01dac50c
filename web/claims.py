"""The papers' claims, each with the verdict of the graph, the numbers that decide it, and how whole the lists are."""

from collections import Counter

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _

from kg.findings import claims as verdicts
from kg.findings.claims import Claim
from kg.vocab import THINGS
from web import faceted, finding_words
from web.answers import answer, as_csv, as_json
from web.computed import Computed, computed
from web.language import language

blueprint = faceted.blueprint
"""All lists are one blueprint; this one has a page of its own."""

ENDINGS = ("csv", "json")
VERDICTS = ("supported", "contradicted", "not-testable")
MEASURES = {
    "plates": _("number of plates in force"),
    "begun": _("plates that began between two days"),
    "share": _("part of an area in the plates"),
    "share-difference": _("part of one area less that of another"),
    "share-difference-growth": _("growth of the difference of two parts"),
    "location-quotient": _("location quotient"),
    "areas-with": _("areas that have a plate"),
    "related": _("plates related to another one"),
    "untied": _("plates without one of another programme beside them"),
    "beside": _("part of the plates with one of another programme beside them"),
    "meetings": _("meetings of ministries at one place"),
    "rank-correlation": _("rank correlation of rank and plates"),
    "kind-share": _("part of the plates in counties"),
    "units-without": _("counties without a plate"),
    "policy-share": _("part of a policy area in the plates of counties"),
    "figure": _("printed figure"),
    "figure-ratio": _("one printed figure over another"),
    "figure-rank": _("place of a printed figure in its column"),
    "figure-distance-rank": _("place by distance from another row"),
    "own-positions": _("areas whose set of positions no other claims"),
    "beyond": _("beyond what the graph can test"),
}
"""What a test measures, in words; docs/measures.md defines each."""


@blueprint.get("/claims")
@blueprint.get("/claims.<ending>")
def claims(ending: str = "") -> Response:
    """Show what the papers claim and what becomes of it, or give the whole of it as CSV or JSON."""
    if ending not in ("", *ENDINGS):
        abort(404, description=", ".join(ENDINGS))
    everything = judged(computed())
    chosen = {"paper": request.args.get("paper", ""), "verdict": request.args.get("verdict", "")}
    found = [
        claim
        for claim in everything
        if chosen["paper"] in ("", claim.source) and chosen["verdict"] in ("", claim.verdict)
    ]
    if ending == "csv":
        tongue = "zh" if language() == "zh" else "en"
        return answer(as_csv(verdicts.HEADS, verdicts.rows(found, tongue)), "csv", "claims.csv")  # type: ignore[arg-type]
    if ending == "json":
        return answer(as_json(_content(found)), "json")
    kept = {name: key for name, key in chosen.items() if key}
    context = {
        "claims": found,
        "chosen": chosen,
        "papers": Counter(claim.source for claim in everything if chosen["verdict"] in ("", claim.verdict)),
        "counts": Counter(claim.verdict for claim in everything if chosen["paper"] in ("", claim.source)),
        "verdicts": VERDICTS,
        "measures": MEASURES,
        "formats": {end: url_for("lists.claims", ending=end, lang=None, **kept) for end in ENDINGS},  # type: ignore[arg-type]
        "said": finding_words,
    }
    return make_response(render_template("verdicts.html", **context))


def judged(found: Computed) -> list[Claim]:
    """Return every claim with its tests and verdict."""
    return found.remembered("claims", lambda: verdicts.judged(found.columns))


def _content(found: list[Claim]) -> dict[str, object]:
    """Return claims as JSON: statements in both languages, tests with numbers, lists with completeness."""
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
                    {"programme": each.programme, "found": each.found, "official": each.official, "whole": each.whole}
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

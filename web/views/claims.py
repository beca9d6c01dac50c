"""The papers' claims, their tests and verdicts."""

from collections import Counter

from flask import Response, abort, make_response, render_template, request

from kg.analysis.claims import claims as verdicts
from kg.analysis.claims.claims import Claim
from kg.vocab import THINGS
from web.data import computed
from web.html import finding_words, verdict_words
from web.html.verdict_words import judged
from web.http.language import gettext, language
from web.http.responses import answer, as_json
from web.lists import export, faceted

blueprint = faceted.blueprint
"""Lists share one blueprint."""

ENDINGS = ("csv", "json", export.ENDING)
VERDICTS = ("supported", "contradicted", "not-testable")


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
        return export.table(f"claims.{ending}", gettext("Claims"), verdicts.HEADERS, rows, export.completeness())
    parameters = {name: key for name, key in chosen.items() if key}
    context = {
        "claims": found,
        "chosen": chosen,
        "papers": Counter(claim.source for claim in everything if chosen["verdict"] in ("", claim.verdict)),
        "counts": Counter(claim.verdict for claim in everything if chosen["paper"] in ("", claim.source)),
        "verdicts": VERDICTS,
        "verdict_words": verdict_words,
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
                        "whole": each.complete,
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

"""The papers' claims, each with the verdict of the graph, the numbers that decide it, and how whole the lists are."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Response

from web.html import finding_words, verdict_words
from web.lists import views
from web.lists.claims import CLAIMS, ClaimSheet
from web.lists.query import Query

blueprint = views.blueprint
"""All lists are one blueprint; this one has a page of its own."""


@blueprint.get("/claims")
@blueprint.get("/claims.<extension>")
def claims(extension: str = "") -> Response:
    """Show what the papers claim and what becomes of it, or give the whole of it as data."""
    return views.show(CLAIMS, extension, sheet=ClaimSheet, template="claims/claims.html", more=_more)


def _more(query: Query) -> Mapping[str, Any]:
    verdicts = Counter(claim.verdict for claim in query.source.found.values())
    return {
        "claims": query.source.found,
        "verdicts": verdicts,
        "verdict_words": verdict_words,
        "finding_words": finding_words,
    }

"""List of the papers' claims with verdicts, and its export."""

from collections.abc import Iterable, Iterator, Mapping

from kg.analysis.claims import claims
from kg.analysis.claims.claims import VERDICTS, Claim, Tested
from kg.release.columns import Database
from kg.vocab import SCHEMES, THINGS
from web.data import computed
from web.html.verdict_words import judged
from web.http.language import language
from web.http.language import lazy_gettext as _
from web.lists.definitions import Definition, Facet, Row, Source
from web.lists.export import Sheet
from web.lists.workbook import Cell

MAX_CLAIMS = 1000
"""Claims on a page: all of them."""
KINDS = {**dict.fromkeys(("key", "paper", "verdict", "words"), "VARCHAR"), "rank": "INTEGER"}


def _source() -> Source:
    found = computed()

    def read() -> Source:
        # What is decided comes first; within a verdict claims stay in the order of the papers.
        known = {claim.key: claim for claim in sorted(judged(found), key=lambda one: VERDICTS.index(one.verdict))}
        rows = [
            (claim.key, claim.source, claim.verdict, f"{claim.quote} {claim.statement_zh} {claim.statement_en}", rank)
            for rank, claim in enumerate(known.values())
        ]
        tables = Database.of_rows("entries", KINDS, rows)
        return Source(tables, tables, {}, known)

    return found.cached("list of claims", read)


CLAIMS = Definition(
    name="claims",
    title=_("Claims"),
    entry=_("Claim"),
    sentence="",
    columns=(),
    facets=(
        Facet("verdict", _("Verdict"), base=f"{SCHEMES}verdict/", order=VERDICTS, tabs=True),
        Facet("paper", _("Paper"), base=f"{THINGS}source/", order="key"),
    ),
    base=f"{THINGS}claim/",
    words="r.words",
    source=_source,
    length=MAX_CLAIMS,
    whole=True,
)


class ClaimSheet(Sheet):
    """Export of claims; in JSON with both languages, tests, and completeness of lists."""

    def __init__(self, found: Mapping[str, Claim]) -> None:
        """Start with the claims by key."""
        super().__init__(CLAIMS)
        self._found = found

    @property
    def headers(self) -> Mapping[str, str]:
        """All are texts."""
        return dict.fromkeys(claims.HEADERS, "VARCHAR")

    @property
    def titles(self) -> list[str]:
        """The same as in CSV."""
        return [*claims.HEADERS]

    def rows(self, found: Iterable[Row]) -> Iterator[list[Cell]]:
        """Yield a row for each claim, in the reader's language."""
        for cells in claims.rows((self._found[row.key] for row in found), "zh" if language() == "zh" else "en"):
            yield [*cells]

    def book_rows(self, found: Iterable[Row]) -> Iterator[list[Cell]]:
        """Yield the same rows as in CSV."""
        return self.rows(found)

    def entries(self, found: Iterable[Row]) -> Iterator[Mapping[str, object]]:
        """Yield each claim with its tests."""
        for row in found:
            claim = self._found[row.key]
            yield {
                "iri": row.iri,
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


def _test(tested: Tested) -> dict[str, object]:
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

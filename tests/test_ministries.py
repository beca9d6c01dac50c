"""The ministries behind programmes on a day, as pages say them: after dates, succession and status."""

from kg import query
from kg.release import Release
from kg.store import EmbeddedStore
from kg.vocab import SCHEMES, THINGS
from web import ministries
from web.graph import Graph


def test_the_matrix_says_what_the_question_says(release: Release, store: EmbeddedStore) -> None:
    """Programmes and ministries of the pages are those that questions 6 and 7 find by SPARQL alone."""
    found = Graph(store)
    purposes = found.rows("purpose_weights")
    for number, day in ((6, "2022-12-31"), (7, str(release.data_as_of))):
        answer = query.rows(store, query.find(release.questions, str(number)).query)
        by_query = {
            (row[0].value, row[side].value, ministry)
            for row in answer.rows
            for side in (1, 3)
            for ministry in row[side + 1].value.split(";")
        }
        standing = ministries.on(found, day)
        by_page = {
            (found.label(row["purpose"].value, "zh").text, programme, found.label(tie.ministry, "zh").text)
            for row in purposes
            if row["weight"].value == f"{SCHEMES}weight/main"
            for tie in standing.get(row["programme"].value, ())
            for programme in [found.label(row["programme"].value, "zh").text]
        }
        assert by_query
        assert by_query <= by_page


def test_ministries_follow_dates_succession_and_status(store: EmbeddedStore) -> None:
    found = Graph(store)

    def behind(key: str, day: str) -> list[tuple[str, bool]]:
        ties = ministries.on(found, day)[f"{THINGS}programme/{key}"]
        return [(tie.ministry.rpartition("/")[2], tie.inferred) for tie in ties]

    assert behind("national-high-tech-zone", "2022-12-31") == [("most", False)]
    assert behind("national-high-tech-zone", "2024-01-01") == [("miit", False)]
    assert [name for name, _ in behind("agri-sci-park", "2022-12-31")] == ["most"]
    assert behind("agri-sci-park", "2024-01-01") == [("mara", True)]

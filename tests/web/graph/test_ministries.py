"""The ministries behind programmes on a day, as pages say them: after dates, succession and status."""

from flask.testing import FlaskClient
from read_pages import soup, words

from kg.release import Release
from kg.store import EmbeddedStore, questions
from kg.vocab import SCHEMES, THINGS
from web.graph import ministries
from web.graph.queries import Graph


def test_the_matrix_says_what_the_question_says(release: Release, store: EmbeddedStore) -> None:
    """Programmes and ministries of the pages are those that questions 6 and 7 find by SPARQL alone."""
    found = Graph(store)
    purposes = found.rows("graph/purpose_weights")
    for number, day in ((6, "2022-12-31"), (7, str(release.data_as_of))):
        answer = questions.rows(store, questions.find(release.questions, str(number)).query)
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


def test_what_a_ministry_lost_is_what_others_gained(client: FlaskClient) -> None:
    """The two read off the mandates by hand: the first by decision, the second inferred."""

    def told(key: str, title: str) -> dict[str, list[str]]:
        page = soup(client, f"/page/authority/{key}?lang=en")
        table = page.select_one(f"section[aria-labelledby=reform] [aria-label='{title}'] table")
        assert table is not None
        rows = table.select("tbody tr")
        return {str(row.th.a["href"]): words(row.td).split(" · ") for row in rows}  # type: ignore[union-attr, index]

    lost = told("most", "It lost")
    assert lost["/page/programme/national-high-tech-zone?lang=en"] == [
        "Ministry of Industry and Information Technology"
    ]
    assert lost["/page/programme/agri-sci-park?lang=en"] == ["Ministry of Agriculture and Rural Affairs inferred"]
    science = "Ministry of Science and Technology"
    for key, name in (("miit", "Ministry of Industry"), ("mara", "Ministry of Agriculture")):
        gained = told(key, "It gained")
        from_it = {
            programme for programme, before in gained.items() if any(each.startswith(science) for each in before)
        }
        to_them = {programme for programme, now in lost.items() if any(each.startswith(name) for each in now)}
        assert from_it == to_them != set()

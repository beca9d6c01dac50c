"""The dossier of a place: designations with documents, findings of both days, gaps, print layout."""

import re
from collections import Counter

import pytest
from flask.testing import FlaskClient
from read_pages import soup, words
from reform import BEFORE_REFORM

from kg.analysis.findings import find
from kg.analysis.in_force import IN_FORCE
from kg.release import Release
from kg.release.columns import Columns
from web.views.dossier import MAX_FULL_FINDINGS

KUNSHAN, PINGGU, HEFEI = "320583", "110117", "340100"
INSIDE = (
    "designation IN (SELECT designation FROM designation_places JOIN places USING (place) WHERE $place IN "
    "(place, county, prefecture))"
)


@pytest.mark.parametrize("code", [KUNSHAN, HEFEI])
def test_every_designation_stands_once_under_bearer_ministries_and_programme(
    client: FlaskClient, columns: Columns, release: Release, code: str
) -> None:
    content = client.get(f"/dossier/{code}.json").get_json()
    held = [
        (bearer, kind["key"], designation["key"], designation["in_force"])
        for bearer, holdings in content["designations"].items()
        for holding in holdings
        for kind in holding["programmes"]
        for designation in kind["designations"]
    ]
    sql = f"SELECT bearer, programme, designation, coalesce({IN_FORCE}, false) FROM designations WHERE {INSIDE}"  # noqa: S608
    assert sorted(held) == sorted(columns.query(sql, {"place": code, "as_of": release.data_as_of}))
    page = soup(client, f"/dossier/{code}?lang=en")
    shown = [str(link["href"]) for link in page.select("table.held tbody th[scope=row] a")]
    assert Counter(shown) == Counter(f"/page/designation/{designation}?lang=en" for _, _, designation, _ in held)
    captions = [words(caption) for caption in page.select("table.held caption")]
    assert sum(int(caption.rpartition(" ")[2]) for caption in captions) == len(held)


def test_every_number_in_brackets_names_a_document_at_the_end(client: FlaskClient, columns: Columns) -> None:
    page = soup(client, f"/dossier/{KUNSHAN}?lang=zh")
    asked = {str(link["href"]).removeprefix("#") for link in page.select("a.ref")}
    listed = {str(entry["id"]): words(entry) for entry in page.select(".sources li")}
    assert asked == set(listed)
    sql = f"""SELECT DISTINCT title, address FROM designations JOIN designation_sources USING (designation)
    JOIN sources USING (source)
        WHERE {INSIDE}"""  # noqa: S608
    expected = {" ".join(filter(None, row)) for row in columns.query(sql, {"place": KUNSHAN})}
    assert set(listed.values()) == expected, "each with its address in full, as a print needs it"


def test_the_findings_are_those_of_both_days_with_factors_quotes_and_members(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    days = [BEFORE_REFORM, release.data_as_of]
    found = [{each.key: each for each in find.find(columns, day) if each.group.get("place") == PINGGU} for day in days]
    ranked = {key for states in found for key, state in states.items() if state.ranked}
    content = client.get(f"/dossier/{PINGGU}.json").get_json()
    told = {each["iri"].rpartition("/finding/")[2]: each["states"] for each in content["findings"]}
    assert set(told) == ranked
    for key, states in told.items():
        assert {state["as_of"]: (state["members"], state["factors"]) for state in states} == {
            day.isoformat(): (list(by_key[key].members), dict(by_key[key].factors))
            for day, by_key in zip(days, found, strict=True)
            if key in by_key
        }
    page = soup(client, f"/dossier/{PINGGU}?lang=en")
    sections = page.select("section.finding")
    assert len(sections) == min(len(ranked), MAX_FULL_FINDINGS)
    for section in sections:
        key = str(section.select_one("h3 a")["href"]).removeprefix("/page/finding/").partition("?")[0]
        members = {designation for states in found if key in states for designation in states[key].members}
        assert len(section.select(".members li")) == len(members)
        assert section.select("blockquote"), "purposes by quote"
        assert f"number of units {found[0][key].factors['units']:.0f}" in words(section)
    assert "succeeds" in words(page.find("section", {"aria-labelledby": "design"})), "set aside as by design"


def test_what_covers_a_place_and_what_may_lie_in_it_stand_apart(client: FlaskClient, columns: Columns) -> None:
    content = client.get(f"/dossier/{KUNSHAN}.json").get_json()
    suzhou, jiangsu = content["above"]
    assert (suzhou["place"]["key"], jiangsu["place"]["key"]) == ("320500", "320000")
    for above in (suzhou, jiangsu):
        rows = columns.query(
            "SELECT designation, extent FROM designations JOIN designation_places USING (designation) WHERE place "
            "= $place",
            {"place": above["place"]["key"]},
        )
        whole = {
            designation for designation, extent in rows if extent in ("prefecture", "province", "several-provinces")
        }
        assert {designation for designations in above["whole"].values() for designation in designations} == whole
        assert {designation for designations in above["somewhere"].values() for designation in designations} == {
            p for p, _ in rows
        } - whole
    page = soup(client, f"/dossier/{KUNSHAN}?lang=en")
    unknown = words(page.find("section", {"aria-labelledby": "unknown"}))
    count = sum(map(len, suzhou["somewhere"].values()))
    assert f"Somewhere in Suzhou, possibly here (county not stated): {count} designations" in unknown


def test_it_says_how_whole_the_lists_are_and_how_to_cite_it(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    """Held are the designations of a programme that no list calls withdrawn or no longer listed."""
    held = dict(
        columns.query("""SELECT programme, count(*) FILTER (standing NOT IN ('withdrawn', 'not-in-list'))
        FROM designations GROUP BY 1""")
    )
    content = client.get(f"/dossier/{PINGGU}.json").get_json()
    holdings = [holding for found in content["designations"].values() for holding in found]
    shown = {kind["key"] for holding in holdings for kind in holding["programmes"]}
    lists = content["lists"]
    assert shown <= lists.keys()
    assert {programme: found["designations"] for programme, found in lists.items()} == {
        programme: held.get(programme, 0) for programme in lists
    }
    totals = {programme: found["official_total"] for programme, found in lists.items() if found["official_total"]}
    assert (
        {programme for programme, total in totals.items() if held.get(programme, 0) >= total}
        <= {programme for programme, found in lists.items() if found["completeness"] == "whole"}
        != set()
    )
    page = soup(client, f"/dossier/{KUNSHAN}?lang=zh")
    assert "部分，" in words(page.find("section", {"aria-labelledby": "whole"}))
    assert words(page.find("cite")) == (
        f"地方档案：昆山市 (320583)。载：挂牌（Guapai），版本 {release.id}，数据截至 {release.data_as_of}。 "
        f"https://w3id.org/guapai/release/{release.id}/dossier/320583"
    )
    former = words(page.find("section", {"aria-labelledby": "place"}))
    assert "昆山县 320523 1983 – 1989" in former


def test_it_is_linked_from_the_place_and_from_the_question(client: FlaskClient) -> None:
    for address in (f"/page/place/{KUNSHAN}?lang=en", f"/ask?place={KUNSHAN}&purpose=technology-transfer&lang=en"):
        assert soup(client, address).find("a", href=f"/dossier/{KUNSHAN}?lang=en"), address


def test_the_print_keeps_findings_and_rows_whole(client: FlaskClient) -> None:
    page = soup(client, f"/dossier/{PINGGU}?lang=en")
    sheet = client.get(str(page.find("link", href=re.compile("dossier.css"))["href"])).text
    printed = re.sub(r"\s+", " ", sheet[sheet.index("@media print") :])
    assert "size: A4" in sheet
    assert re.search(r"tr, \.finding,[^{]*\{ break-inside: avoid; \}", printed)
    assert re.search(r"\.top, \.bottom, \.skip, \.on-screen[^{]*\{ display: none; \}", printed)


@pytest.mark.parametrize("path", ["100000", "999999", "320583.csv", "x/y", ""])
def test_what_has_no_dossier_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(f"/dossier/{path}").status_code == 404


def test_a_word_of_a_template_is_in_the_language_of_each_reader(client: FlaskClient) -> None:
    """Also for a filter on a constant, which a template engine may evaluate at compile time."""
    for language, said in (("zh", "建制为"), ("en", "has rank"), ("zh", "建制为")):
        page = soup(client, f"/dossier/{KUNSHAN}?lang={language}")
        assert said in words(page.find("section", {"aria-labelledby": "place"})), language

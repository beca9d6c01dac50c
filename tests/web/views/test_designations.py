"""Pages of real designations against the tables, and every number against the list that it links to."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from read_pages import soup, words

from kg.pipeline.merge import Designation, corrected, designations
from kg.release import Release
from kg.release.columns import Columns
from kg.tables import Package, Row, open_package
from kg.tables.decided import decided
from web.views.resource import designations as designations_parts

DISPUTED = "modern-agri-industrial-park-0083"
"""Designation whose records state two years for the same stage."""


@pytest.fixture(scope="module")
def package(release: Release) -> Package:
    return decided(open_package(release.path / "tables"))


@pytest.fixture(scope="module")
def merged(package: Package) -> Mapping[str, Designation]:
    return {designation.key: designation for designation in designations(package)}


@pytest.fixture(scope="module")
def records(package: Package) -> Mapping[str, Sequence[Row]]:
    """Records of each designation, ordered by key."""
    found = defaultdict(list)
    for row in corrected(package):
        if row["designation_id"]:
            found[row["designation_id"]].append(row)
    return {key: sorted(rows, key=lambda row: row["id"]) for key, rows in found.items()}


def page_of(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def section(page: BeautifulSoup, name: str) -> Tag:
    found = page.find("section", {"aria-labelledby": name})
    assert isinstance(found, Tag), name
    return found


def number(text: str) -> int:
    return int(re.sub(r"\s", "", text))


def total(client: FlaskClient, address: str) -> int:
    return number(words(page_of(client, address).h1.find(class_="count")))


def test_records_stand_side_by_side_as_printed(
    client: FlaskClient, package: Package, records: Mapping[str, Sequence[Row]]
) -> None:
    """One column a record, one row a cell, as in the tables of records."""
    for key in (DISPUTED, "agri-sci-park-0096"):
        assert len(records[key]) > 2
        page = page_of(client, f"/page/designation/{key}?lang=en")
        shown = [
            [" ".join(cell.get_text(" ").replace("not taken", "").split()) for cell in row.find_all("td")]
            for row in section(page, "records").select("tbody tr:not(.read)")
        ]
        printed = [name for name in package.resources["records"].printed if name != "other"]
        expected = [
            [row[name] or "–" for row in records[key]] for name in printed if any(row[name] for row in records[key])
        ]
        assert sorted(row for row in shown if not any(": " in cell for cell in row)) == sorted(expected)


def test_what_was_not_taken_is_marked(client: FlaskClient) -> None:
    page = page_of(client, f"/page/designation/{DISPUTED}?lang=en")
    marked = [words(cell) for cell in section(page, "records").find_all("td") if cell.find(class_="is-disputed")]
    assert marked == ["2020 not taken"]
    taken = section(page, "taken")
    assert words(taken.find(class_="otherwise")) == "stated otherwise 2020 2"
    assert "begun 2019 · recognised 2022" in words(taken)
    assert "2019 1 3" in words(taken), "the records that say it"


def test_what_is_not_resolved_says_why_in_the_readers_language(client: FlaskClient) -> None:
    for language, reason in (("zh", "未说明在哪个县"), ("en", "no county is stated")):
        found = section(page_of(client, f"/page/designation/agri-sci-park-0001?lang={language}"), "open")
        assert words(found.ul) == f"{reason} 1 2 3", "none of three records says the county"
    page = page_of(client, "/page/designation/agri-sci-park-0002?lang=en")
    assert [words(value) for value in section(page, "taken").select(".is-derived")] == ["derived", "derived"]


def test_relations_by_design_stand_on_both_sides(client: FlaskClient, package: Package) -> None:
    row = next(row for row in package.rows("designation_relations") if row["relation"] == "lies-on")
    for one, other in ((row["subject_id"], row["object_id"]), (row["object_id"], row["subject_id"])):
        relations = section(page_of(client, f"/page/designation/{one}?lang=en"), "relations")
        assert relations.find("a", href=f"/page/designation/{other}?lang=en")
        assert relations.find("a", href=f"/page/designation-relation/{row['id']}?lang=en")


def test_a_designation_says_how_whole_its_lists_are(client: FlaskClient, package: Package) -> None:
    held = {row["designation_id"] for row in package.rows("records") if row["list_id"] == "guojia_gaoxinqu"}
    page = page_of(client, "/page/designation/national-high-tech-zone-0001?lang=en")
    assert f"{len(held)} of 178" in words(section(page, "coverage"))


@pytest.mark.slow
def test_every_number_of_a_place_leads_to_as_many_designations(client: FlaskClient) -> None:
    """Each cell of the matrix, each programme and each division below, in a county, a prefecture and a province."""
    for code in ("320583", "640000"):
        page = page_of(client, f"/page/place/{code}?lang=en")
        links = section(page, "designations").select(".matrix tbody td a, table:not(.matrix) .number a")
        below = page.find("section", {"aria-labelledby": "children"})
        links += below.select(".count[href]") if isinstance(below, Tag) else []
        assert len(links) > 15
        for link in links[::3]:
            assert total(client, str(link["href"])) == number(words(link)), link["href"]
        assert number(words(page.find(id="designations").find(class_="count"))) == total(
            client, f"/designations?place={code}"
        )


def test_what_covers_a_place_is_told_apart(client: FlaskClient, merged: Mapping[str, Designation]) -> None:
    page = page_of(client, "/page/place/320583?lang=en")
    above = {"320500", "320000"}
    for part, covers in (("covered", True), ("somewhere", False)):
        counts = Counter(
            code
            for designation in merged.values()
            for code in above & set(designation.many("place_ids"))
            if (designation.cell("extent") in ("prefecture", "province", "several-provinces")) is covers
        )
        shown = {
            str(title.a["href"]).partition("?")[0].rpartition("/")[2]: number(words(title.find(class_="count")))
            for title in section(page, part).find_all("h3")
        }
        assert shown == dict(counts)
    named = {str(link["href"]) for link in section(page, "designations").select("a[href^='/page/designation/']")}
    inside = {key for key, designation in merged.items() if "320583" in designation.many("place_ids")}
    assert named == {f"/page/designation/{key}?lang=en" for key in inside}


def test_a_place_knows_its_former_names(client: FlaskClient, package: Package) -> None:
    page = page_of(client, "/page/place/420600?lang=zh")
    shown = {
        tuple(words(cell) for cell in row.find_all(["th", "td"])) for row in section(page, "former").select("tbody tr")
    }
    assert shown == {
        (row["name_zh"], row["code"], row["valid_from"], row["valid_to"])
        for row in package.rows("former_places")
        if "420600" in row.many("place_ids")
    }
    assert any(name == "襄樊市" for name, *_ in shown)


def test_a_carrier_shows_its_designations_and_what_it_is(
    client: FlaskClient, package: Package, merged: Mapping[str, Designation]
) -> None:
    borne = {key for key, designation in merged.items() if "qing-hua-da-xue" in designation.many("carrier_ids")}
    designations_shown = section(page_of(client, "/page/carrier/qing-hua-da-xue?lang=zh"), "designations")
    linked = {str(a["href"]).partition("?")[0] for a in designations_shown.select("a[href^='/page/designation/']")}
    assert linked == {f"/page/designation/{key}" for key in borne}
    assert len(borne) > 10
    programmes = {designation.row["programme_id"] for key, designation in merged.items() if key in borne}
    assert len(designations_shown.select("tbody tr")) == len(programmes)
    zone = next(row for row in package.rows("carriers") if row["designation_id"])
    belongs = section(page_of(client, f"/page/carrier/{zone['id']}?lang=en"), "belongs")
    assert belongs.find("a", href=f"/page/designation/{zone['designation_id']}?lang=en")


def test_a_list_shows_what_came_of_each_row(client: FlaskClient, package: Package) -> None:
    rows = [row for row in package.rows("records") if row["list_id"] == "extra_moa_county_pilots"]
    page = page_of(client, "/page/table/extra_moa_county_pilots?lang=en&rows=2")
    keys = [words(row.th) for row in section(page, "rows").select("tbody tr")]
    assert keys == [row["id"].partition("/")[2] for row in rows[200:400]]
    left = sum(row["outcome"] == "left-out" for row in rows)
    assert f"{left} left out" in words(section(page, "rows").p)
    reasons = [words(item) for item in section(page, "rows").ul.find_all("li")]
    assert sum(int(reason.split()[0]) for reason in reasons) == left
    assert f"Page 2 of {-(-len(rows) // 200)}" in words(section(page, "rows"))


def test_a_document_shows_its_lists_and_what_came_of_their_rows(client: FlaskClient, package: Package) -> None:
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for row in package.rows("records"):
        if "pk-S02" in row.many("source_ids"):
            expected[row["list_id"]][row["outcome"]] += 1
    shown = {}
    for row in section(page_of(client, "/page/source/pk-S02?lang=en"), "lists").select("tbody tr"):
        cells = [number(words(cell)) for cell in row.find_all("td")]
        shown[str(row.th.a["href"]).partition("?")[0].rpartition("/")[2]] = cells
    assert shown == {
        key: [sum(found.values()), found["taken"], found["merged"], found["left-out"]]
        for key, found in expected.items()
    }


def test_quality_counts_what_disagrees_and_what_is_unresolved(
    client: FlaskClient, merged: Mapping[str, Designation]
) -> None:
    page = page_of(client, "/quality?lang=en")
    disagreeing = {
        key
        for key, designation in merged.items()
        if any(value.others for value in (*designation.values.values(), *designation.stages.values()))
    }
    assert number(words(page.find(id="disagreements").find(class_="count"))) == len(disagreeing)
    approvals = {words(row("td")[1]) for row in section(page, "disagreements").select("tbody tr") if len(row("a")) > 3}
    assert approvals == {"Ministry of Agriculture and Rural Affairs · Ministry of Finance record"}, "names, not keys"
    placeless: Counter[str] = Counter()
    for designation in merged.values():
        if not designation.many("place_ids"):
            placeless.update({record["list_id"] for record in designation.records})
    shown = {}
    for row in section(page, "unresolved").select("tbody tr"):
        missing = words(row.find_all("td")[1])
        if missing:
            shown[str(row.th.a["href"]).partition("?")[0].rpartition("/")[2]] = number(missing)
    assert shown == dict(placeless)
    messages = page_of(client, "/quality?shape=RdShares&lang=en").select("#messages + ul li")
    assert len(messages) == 3


def test_a_programme_shows_its_designations_by_year_and_province(
    client: FlaskClient, merged: Mapping[str, Designation]
) -> None:
    own = [
        designation for designation in merged.values() if designation.row["programme_id"] == "university-science-park"
    ]
    page = page_of(client, "/page/programme/university-science-park?lang=en")
    assert number(words(page.find(id="designations").find(class_="count"))) == len(own)
    years = Counter(designation.cell("approved_date")[:4] for designation in own if designation.cell("approved_date"))
    shown = dict(str(link["aria-label"]).split(": ") for link in section(page, "designations").select(".years svg a"))
    assert {year: int(count) for year, count in shown.items() if count != "0"} == dict(years)
    for link in section(page, "designations").select(".counted .count")[:6]:
        assert total(client, str(link["href"])) == number(words(link))


def test_a_field_counts_with_those_below_it(
    client: FlaskClient, package: Package, merged: Mapping[str, Designation]
) -> None:
    broader = {row["id"]: row["broader_id"] for row in package.rows("fields")}
    field = "information-technology"
    own = [
        key
        for key, designation in merged.items()
        if any(field in (one, broader[one]) for one in designation.many("field_ids"))
    ]
    page = page_of(client, f"/scheme/field/{field}?lang=en")
    assert number(words(page.find(id="designations").find(class_="count"))) == len(own) > 100


def test_neighbours_of_a_designation_are_counted_and_the_first_of_them_shown(
    client: FlaskClient, merged: Mapping[str, Designation], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {key: designation.many("place_ids") for key, designation in merged.items()}
    held = Counter((merged[key].row["programme_id"], place) for key, found in places.items() for place in found)
    counted = {pair: count for pair, count in held.items() if count - 1 <= designations_parts.MAX_COUNTED}
    (programme, place), count = Counter(counted).most_common(1)[0]
    key = next(
        key for key, found in places.items() if found == (place,) and merged[key].row["programme_id"] == programme
    )
    around = section(page_of(client, f"/page/designation/{key}?lang=en"), "around")
    assert words(around.select_one("h3 .count")) == str(count - 1)
    assert len(around.select_one("ul")("li")) == min(count - 1, designations_parts.MAX_SHOWN)
    listed = around.find("a", string=f"all {count - 1}")
    assert listed is not None
    assert total(client, str(listed["href"])) == count
    monkeypatch.setattr(designations_parts, "MAX_COUNTED", 30)
    around = section(page_of(client, f"/page/designation/{key}?lang=en"), "around")
    assert words(around.select_one("h3 .count")) == "30+"


def test_what_is_called_by_a_place_alone_has_its_programme_in_its_name(client: FlaskClient, columns: Columns) -> None:
    """Four designations of Kunshan are printed as 昆山市; each says which it is."""
    rows = columns.query(
        "SELECT designation, d.name_zh, p.name_zh FROM designations d JOIN programmes p USING (programme) "
        "WHERE d.name_zh IN ('昆山市', '江苏省昆山市')"
    )
    expected = {key: f"{place}（{programme}）" for key, place, programme in rows}
    assert len(set(expected.values())) == len(expected) == 6
    entries = client.get("/designations.json?place=320583&lang=zh").json["entries"]
    names = {entry["iri"].rpartition("/")[2]: entry["name"] for entry in entries}
    assert {key: names[key] for key in expected} == expected
    assert names["national-high-tech-zone-0039"] == "昆山高新技术产业开发区"
    assert words(soup(client, "/page/designation/ip-demo-city-0041?lang=zh").h1) == expected["ip-demo-city-0041"]

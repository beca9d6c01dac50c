"""What an address asks of a list: every facet's counts, sorting, paging and twins, against the tables themselves."""

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from read_pages import words

from kg.pipeline.merge import corrected, designations
from kg.release import Release
from kg.release.columns import Columns
from kg.tables import Package, Row, open_package
from kg.tables.decided import decided
from kg.vocab import THINGS
from web.lists.definitions import Definition
from web.lists.designations import DESIGNATIONS
from web.lists.registers import CARRIERS, LISTS, PLACES

SAR = "special-administrative-region"
TOWNS = "agri-industry-town"
"""A programme of which one list alone tells, row by row, so that nothing is merged."""


@pytest.fixture(scope="module")
def package(release: Release) -> Package:
    return decided(open_package(release.path / "tables"))


@pytest.fixture(scope="module")
def above(package: Package) -> Mapping[str, Mapping[str, str]]:
    """Each place with the places above it and itself, by level; with the municipalities and 东莞 as they count."""
    places = package.index("places")
    parents = {row["parent_id"] for row in places.values()}

    def chain(key: str) -> Iterator[str]:
        while key:
            yield key
            key = places[key]["parent_id"]

    found = {}
    for key, row in places.items():
        levels = {places[one]["level"]: one for one in chain(key)}
        if "province" in levels and {"municipality", SAR} & set(places[levels["province"]].many("ranks")):
            levels["prefecture"] = levels["province"]
        if row["level"] == "prefecture" and key not in parents:
            levels["county"] = key
        if "county" in levels:
            levels.setdefault("prefecture", levels["county"])
        found[key] = levels
    return found


def page_of(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def options(page: BeautifulSoup, facet: str) -> dict[str, int]:
    """Return the keys of a facet with their counts, as the page shows them."""
    found = page.find("select", {"name": facet})
    assert found is not None, facet
    counts = {}
    for option in found.find_all("option")[1:]:
        match = re.search(r"\((\d+)\)$", option.get_text())
        assert match
        counts[str(option["value"])] = int(match[1])
    return counts


def total(page: BeautifulSoup) -> int:
    return int(re.sub(r"\s", "", page.h1.find(class_="count").get_text()))


@pytest.fixture(scope="module")
def places_of(package: Package) -> dict[str, set[str]]:
    """The places of each designation; where its records differ, by the rules that `test_merging` works out by hand."""
    return {designation.key: set(designation.many("place_ids")) for designation in designations(package)}


def test_a_county_is_chosen_by_its_name_without_its_prefecture(client: FlaskClient, columns: Columns) -> None:
    counted = dict(
        columns.query(
            "SELECT place, count(DISTINCT designation) FROM designations JOIN designation_places USING (designation) "
            "JOIN places USING (place) WHERE programme = 'agri-industry-town' AND places.name_zh = '朝阳区' GROUP BY 1"
        )
    )
    asked = "/designations/counties?q=朝阳区&programme=agri-industry-town&lang=zh"
    suggested = client.get(asked).get_json()["suggestions"]
    assert {each["key"]: int(each["note"].rpartition("(")[2][:-1]) for each in suggested} == counted
    every = [code for (code,) in columns.query("SELECT place FROM places WHERE name_zh = '朝阳区' ORDER BY 1")]
    page = page_of(client, "/designations?county=朝阳区&lang=zh")
    assert [str(field["value"]) for field in page.select("input[type=hidden][name=county]")[: len(every)]] == every
    assert {words(chip) for chip in page.select(".chips li")} >= {"县级 北京市 · 朝阳区 ×"}
    one = page_of(client, "/designations?county=朝阳区 110105&lang=zh")
    assert words(one.h1) == words(page_of(client, "/designations?county=110105&lang=zh").h1)
    assert one.select_one("input[type=text][name=county][data-suggest]")


def test_programmes_and_provinces_of_designations(
    client: FlaskClient,
    package: Package,
    places_of: Mapping[str, set[str]],
    above: Mapping[str, Mapping[str, str]],
) -> None:
    page = page_of(client, "/designations?lang=en")
    programmes = [row["programme_id"] for row in package.rows("designations")]
    assert total(page) == len(programmes)
    assert options(page, "programme") == dict(Counter(programmes))
    provinces = Counter(
        province
        for places in places_of.values()
        for province in {above[place]["province"] for place in places if "province" in above[place]}
    )
    assert options(page, "province") == dict(provinces)
    assert page.find("select", {"name": "county"}) is None, "counties are offered within a prefecture"


def test_facets_of_one_programme(client: FlaskClient, package: Package, above: Mapping[str, Mapping[str, str]]) -> None:
    """Every facet of the towns, by the repaired rows of their list; and the same with a province and a year chosen."""
    taken = [row for row in corrected(package) if row["programme_id"] == TOWNS and row["outcome"] != "left-out"]
    rows = list({row["designation_id"]: row for row in reversed(taken)}.values())
    assert len(taken) > len(rows) > 1000, "a decision joined two rows of one list"
    broader = {row["id"]: row["broader_id"] for row in package.rows("fields")}
    groups = {row["id"]: row["broader_id"] or row["id"] for row in package.rows("purposes")}
    main = {
        groups[row["purpose_id"]]
        for row in package.rows("purpose_assignments")
        if row["programme_id"] == TOWNS and row["weight"] == "main"
    }
    stated = Counter(row["designation_id"] for row in package.rows("designation_places"))

    def extent(row: Row) -> str:
        """Return the extent of a record; that of place statements where it has none."""
        known, number = row["extent"] or "unknown", stated[row["designation_id"]]
        below = "within-county" if number == 1 else "several-counties"
        return below if known == "unknown" and number else known

    keys: dict[str, Callable[[object], set[str]]] = {
        "extent": lambda row: {extent(row)},  # type: ignore[arg-type]
        "year": lambda row: {row["approved_date"][:4] or "undated"},  # type: ignore[index]
        "province": lambda row: {above[place]["province"] for place in row.many("place_ids")},  # type: ignore[attr-defined]
        "field": lambda row: {
            key
            for field in row.many("field_ids")
            for key in (field, broader[field])
            if key  # type: ignore[attr-defined]
        },
        "group": lambda _row: main,
    }

    def counted(facet: str, **chosen: str) -> dict[str, int]:
        left = [row for row in rows if all(key in keys[other](row) for other, key in chosen.items() if other != facet)]
        return dict(Counter(key for row in left for key in keys[facet](row)))

    for chosen in ({}, {"province": "330000"}, {"province": "330000", "year": "2021"}):
        asked = "".join(f"&{facet}={key}" for facet, key in chosen.items())
        page = page_of(client, f"/designations?programme={TOWNS}{asked}&lang=en")
        assert total(page) == sum(all(key in keys[facet](row) for facet, key in chosen.items()) for row in rows)
        for facet in keys:
            expected = counted(facet, **chosen)
            if len(expected) > 1 or facet in chosen:
                assert options(page, facet) == expected, (chosen, facet)
    page = page_of(client, f"/designations?programme={TOWNS}&province=330000&lang=en")
    prefectures = Counter(
        above[place]["prefecture"]
        for row in rows
        for place in row.many("place_ids")
        if above[place]["province"] == "330000" and "prefecture" in above[place]
    )
    assert options(page, "prefecture") == dict(prefectures)


def test_designations_of_a_ministry_are_those_of_its_programmes(client: FlaskClient, package: Package) -> None:
    """The ministry of agriculture administers the towns today, and the commission for development does not."""
    towns = sum(row["programme_id"] == TOWNS for row in package.rows("designations"))
    assert total(page_of(client, f"/designations?programme={TOWNS}&ministry=mara&lang=en")) == towns
    assert total(page_of(client, f"/designations?programme={TOWNS}&ministry=ndrc&lang=en")) == 0


def test_a_place_counts_with_all_below_it(
    client: FlaskClient,
    package: Package,
    places_of: Mapping[str, set[str]],
    above: Mapping[str, Mapping[str, str]],
) -> None:
    held = Counter(
        key for places in places_of.values() for key in places.union(*(above[place].values() for place in places))
    )
    rows = list(csv.DictReader(io.StringIO(client.get("/places.csv?lang=en").text)))
    assert {row["code"]: int(row["designations"]) for row in rows} == {
        row["id"]: held[row["id"]] for row in package.rows("places")
    }
    for key in ("100000", "320000", "320500", "320583"):
        assert total(page_of(client, f"/designations?place={key}")) == held[key], key


def test_carriers_by_kind(client: FlaskClient, package: Package) -> None:
    page = page_of(client, "/carriers?lang=en")
    carriers = {row["id"]: row["kind"] for row in package.rows("carriers")}
    assert total(page) == len(carriers)
    assert options(page, "kind") == dict(Counter(carriers.values()))
    borne = defaultdict(set)
    for row in corrected(package):
        for key in row.many("carrier_ids"):
            borne[key].add(row["designation_id"])
    rows = list(csv.DictReader(io.StringIO(client.get("/carriers.csv?lang=en").text)))
    assert {row["thing_iri"].rpartition("/")[2]: int(row["designations"]) for row in rows} == {
        key: len(borne[key] - {""}) for key in carriers
    }
    numbers = [int(row["designations"]) for row in rows]
    assert numbers == sorted(numbers, reverse=True), "those with most come first"


def test_lists_with_their_coverage(client: FlaskClient, package: Package) -> None:
    found = json.loads(client.get("/lists.json?lang=en").text)["entries"]
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    held = defaultdict(set)
    for row in package.rows("records"):
        outcomes[row["list_id"]][row["outcome"]] += 1
    for row in corrected(package):
        if row["standing"] not in ("withdrawn", "not-in-list"):
            held[row["list_id"]].add(row["designation_id"])
    expected = {
        row["id"]: (
            len(held[row["id"]] - {""}),
            int(row["official_total"]) if row["official_total"] else None,
            *(outcomes[row["id"]][outcome] for outcome in ("taken", "merged", "left-out")),
        )
        for row in package.rows("lists")
    }
    assert {
        entry["iri"].removeprefix(f"{THINGS}table/"): (
            *(entry["coverage_found"], entry["coverage_official_total"]),
            *(entry["taken"], entry["merged"], entry["left_out"]),
        )
        for entry in found
    } == expected
    page = page_of(client, "/page/table/guojia_gaoxinqu?lang=en")
    covered, official, *_ = expected["guojia_gaoxinqu"]
    assert f"{covered} of {official}" in " ".join(page.main.get_text(" ").split())


def test_the_accounting_adds_up(client: FlaskClient, package: Package) -> None:
    outcomes = Counter(row["outcome"] for row in package.rows("records"))
    rows = json.loads(client.get("/accounting.json?lang=en").text)["lists"]
    for row in rows:
        assert row["rows"] == row["taken"] + row["merged"] + row["left_out"], row["list"]
    sums = {what: sum(row[what] for row in rows) for what in ("taken", "merged", "left_out")}
    assert sums == {"taken": outcomes["taken"], "merged": outcomes["merged"], "left_out": outcomes["left-out"]}
    page = page_of(client, "/accounting?lang=en")
    left = sum(int(item.b.get_text()) for item in page.find("section", {"aria-labelledby": "left"}).find_all("li"))
    assert left == outcomes["left-out"], "every row left out has its reason"


@pytest.mark.parametrize(
    "listing",
    [pytest.param(DESIGNATIONS, marks=pytest.mark.slow), CARRIERS, PLACES, LISTS],
    ids=lambda listing: listing.name,
)
def test_twins_hold_the_whole_list_in_its_order(client: FlaskClient, listing: Definition) -> None:
    name = listing.name
    first = client.get(f"/{name}.csv?lang=en")
    rows = list(csv.DictReader(io.StringIO(first.text)))
    found = json.loads(client.get(f"/{name}.json?lang=en").text)
    page = page_of(client, f"/{name}?lang=en")
    assert found["total"] == len(found["entries"]) == len(rows) == total(page)
    assert [row["thing_iri"] for row in rows] == [entry["iri"] for entry in found["entries"]]
    assert [row["thing"] for row in rows] == [entry["name"] for entry in found["entries"]]
    shown = [str(link["href"]) for link in page.select("table.list tbody th a")]
    assert shown == [f"/page/{row['thing_iri'].removeprefix(THINGS)}?lang=en" for row in rows[:100]]
    again = client.get(f"/{name}.csv?lang=en", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_list_is_sorted_and_paged_by_address(client: FlaskClient) -> None:
    newest = list(csv.DictReader(io.StringIO(client.get("/designations.csv?sort=-approved&lang=en").text)))
    days = [row["approved_first"] for row in newest if row["approved_first"]]
    assert days == sorted(days, reverse=True)
    assert not newest[-1]["approved_first"], "those without a date come last"
    page = page_of(client, "/designations?sort=-approved&page=3&lang=en")
    shown = [str(link["href"]) for link in page.select("table.list tbody th a")]
    assert shown == [f"/page/{row['thing_iri'].removeprefix(THINGS)}?lang=en" for row in newest[200:300]]
    assert page.find("th", {"aria-sort": "descending"}).get_text(strip=True) == "Approved"
    assert page.find("a", rel="next")["href"] == "/designations?sort=-approved&page=4&lang=en"


def test_what_is_chosen_can_be_taken_out_again(client: FlaskClient) -> None:
    page = page_of(client, "/designations?province=320000&prefecture=320500&programme=national-etdz&page=1&lang=en")
    links = {
        item.find(class_="aside").get_text(): item.a["href"]
        for item in page.select(".chips li")
        if item.find(class_="aside")
    }
    assert links == {
        "Programme": "/designations?province=320000&prefecture=320500&lang=en",
        "Province": "/designations?programme=national-etdz&lang=en",
        "Prefecture": "/designations?province=320000&programme=national-etdz&lang=en",
    }
    assert page.find("select", {"name": "county"}), "a chosen prefecture offers its counties"


@pytest.mark.parametrize(
    "address",
    [
        "/designations?sort=name",
        "/designations?sort=designation;--",
        "/designations?page=0",
        "/designations?page=99999999999999999999",
        "/designations.xml",
        "/page/table/skl_state_key_labs?rows=99",
        "/quality?shape=None",
        "/quality?shape=%3E",
    ],
)
def test_what_is_no_list_is_404(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_page_after_the_last_is_404(client: FlaskClient) -> None:
    page = page_of(client, "/designations?lang=en")
    last = -(-total(page) // len(page.select("table.list tbody tr")))
    assert [client.get(f"/designations?page={number}").status_code for number in (last, last + 1)] == [200, 404]


@pytest.mark.parametrize(
    "key", ["'; DROP VIEW designations; --", "$is_year", "\u0000", "%ED%A0%80", "<script>", "a" * 5000]
)
def test_a_key_is_a_value_and_never_a_part_of_a_query(client: FlaskClient, key: str) -> None:
    answer = client.get("/designations", query_string={"programme": key, "lang": "en"})
    assert answer.status_code == 200
    assert total(BeautifulSoup(answer.text, "html.parser")) == 0
    assert "Nothing matches all of these filters." in answer.text
    assert "<script>" not in answer.text
    assert total(page_of(client, "/designations")) > 8000


def test_a_document_leads_to_its_own_rows_and_designations(client: FlaskClient, package: Package) -> None:
    rows: dict[str, list[str]] = defaultdict(list)
    held: dict[str, set[str]] = defaultdict(set)
    for row in package.rows("records"):
        for source in row.many("source_ids"):
            rows[source].append(row["id"])
    for row in corrected(package):
        for source in row.many("source_ids"):
            held[source] |= {row["designation_id"]} - {""}
    listed = list(csv.DictReader(io.StringIO(client.get("/sources.csv?lang=en").text)))
    counted = {row["thing_iri"].removeprefix(f"{THINGS}source/"): (row["rows"], row["designations"]) for row in listed}
    numbers = {key: (len(rows[key]), len(held[key])) for key in {*rows, *held}}
    assert min(found for found, _ in numbers.values()) == 0, "a source that only a correction names"
    expected = {key: tuple(str(number or "") for number in pair) for key, pair in numbers.items() if any(pair)}
    assert {key: found for key, found in counted.items() if found != ("", "")} == expected
    source, table = "pk-S02", "guojia_xiandai_nongye_chanyeyuan"
    own = sorted(key for key in rows[source] if key.startswith(f"{table}/"))
    assert len(own) > 200, "more than a page"
    shown = []
    for number in range(1, -(-len(own) // 200) + 1):
        page = page_of(client, f"/page/source/{source}?list={table}&rows={number}&lang=en")
        section = page.find("section", {"aria-labelledby": "rows"})
        shown += [str(link["href"]).partition("?")[0] for link in section.select("th.when a")]
    assert shown == [f"/page/record/{key}" for key in own]
    assert client.get(f"/page/source/{source}?list=guojia_gaoxinqu").status_code == 404, "not a list of this document"
    link = page.find("a", href=f"/designations?source={source}&lang=en")
    assert link, "its designations as a list"
    assert total(page_of(client, f"/designations?source={source}&lang=en")) == len(held[source])
    pages = (page_of(client, f"/sources?page={number}&lang=en") for number in range(1, len(listed) // 200 + 2))
    link = next(filter(None, (page.find("a", href=f"/designations?source={source}&lang=en") for page in pages)))
    assert re.sub(r"\D", "", link.get_text()) == str(len(held[source]))


def keys(client: FlaskClient, address: str) -> list[str]:
    """Return the IRIs of a whole list."""
    return [entry["iri"] for entry in json.loads(client.get(address).text)["entries"]]


@pytest.mark.parametrize(
    ("listing", "chosen", "also"),
    [
        ("designations", ("province", "320000", "330000"), "programme=national-high-tech-zone"),
        ("carriers", ("province", "320000", "330000"), "kind=company"),
        ("programmes", ("category", "cluster", "park"), "ministry=mara"),
        ("mandates", ("role", "approves", "administers"), "authority=most"),
        ("findings", ("kind", "territorial", "stacking"), "place=110000"),
        ("claims", ("verdict", "supported", "contradicted"), ""),
    ],
)
def test_a_repeated_filter_means_any_of_its_keys_and_another_filter_narrows(
    client: FlaskClient, listing: str, chosen: tuple[str, str, str], also: str
) -> None:
    """Those of either, in the order of the list, are those of both together."""
    facet, one, other = chosen
    first, second = ({*keys(client, f"/{listing}.json?{facet}={key}&{also}")} for key in (one, other))
    both = keys(client, f"/{listing}.json?{facet}={one}&{facet}={other}&{also}")
    assert first
    assert second
    assert {*both} == first | second
    whole = keys(client, f"/{listing}.json?{also}")
    assert both == [key for key in whole if key in first | second]
    asked = json.loads(client.get(f"/{listing}.json?{facet}={one}&{facet}={other}").text)["filters"]
    assert asked == {facet: [one, other], **({"listed": "all"} if listing == "findings" else {})}
    page = page_of(client, f"/{listing}?{facet}={one}&{facet}={other}&{also}&lang=en")
    assert total(page) == len(both)
    links = {str(a["href"]) for a in page.select(".chips a[aria-label]")}
    with_also = f"&{also}" * bool(also)
    assert {f"/{listing}?{facet}={key}{with_also}&lang=en" for key in (one, other)} <= links


def test_pages_and_counts_of_a_repeated_filter(client: FlaskClient, package: Package) -> None:
    page = page_of(client, "/designations?programme=agri-sci-park&programme=national-etdz&lang=en")
    programmes = Counter(row["programme_id"] for row in package.rows("designations"))
    assert options(page, "programme") == dict(programmes), "what is chosen in a facet does not narrow it"
    assert total(page) == programmes["agri-sci-park"] + programmes["national-etdz"]
    assert page.find("a", rel="next")["href"] == (
        "/designations?programme=agri-sci-park&programme=national-etdz&lang=en&page=2"
    )
    assert [field["value"] for field in page.select("form.facets input[name=programme]")] == ["national-etdz"]


@pytest.mark.parametrize(
    "listing", [pytest.param("designations", marks=pytest.mark.slow), "programmes", "findings", "claims", "places"]
)
def test_what_is_unknown_is_named(client: FlaskClient, listing: str) -> None:
    """A parameter that a list does not know changes nothing; a value that is no key of its facet matches nothing."""
    facet = {"designations": "extent", "programmes": "category", "findings": "score", "places": "level"}.get(
        listing, "verdict"
    )
    whole = json.loads(client.get(f"/{listing}.json?lang=en").text)
    assert whole["unknown"] == []
    found = json.loads(client.get(f"/{listing}.json?colour=red&{facet}=blue&lang=en").text)
    assert (found["unknown"], found["entries"]) == (["colour", f"{facet}=blue"], [])
    found = json.loads(client.get(f"/{listing}.json?colour=red&lang=en").text)
    assert (found["unknown"], found["entries"]) == (["colour"], whole["entries"])
    page = page_of(client, f"/{listing}?colour=red&{facet}=blue&lang=en")
    assert [code.get_text() for code in page.select("[role=status] code")] == ["colour", f"{facet}=blue"]
    assert not page_of(client, f"/{listing}?lang=en").select("[role=status]")


def test_a_key_that_names_something_is_known_though_no_row_has_it(client: FlaskClient, package: Package) -> None:
    held = {row["programme_id"] for row in package.rows("designations")}
    empty = next(row["id"] for row in package.rows("programmes") if row["id"] not in held)
    found = json.loads(client.get(f"/designations.json?programme={empty}&place=999999").text)
    assert (found["unknown"], found["total"]) == (["place=999999"], 0)


def test_free_words_are_looked_for_in_names(client: FlaskClient, package: Package) -> None:
    expected = {row["id"] for row in package.rows("places") if "昆山" in row["name_zh"]}
    assert {key.rpartition("/")[2] for key in keys(client, "/places.json?q=昆山")} == expected != set()
    english = json.loads(client.get("/programmes.json?q=AGRICULTURAL+park&lang=en").text)
    assert all(
        "agricultural" in entry["name"].lower() and "park" in entry["name"].lower() for entry in english["entries"]
    )
    assert english["q"] == "AGRICULTURAL park"
    assert 0 < english["total"] < 20
    assert keys(client, "/places.json?q=%27%20OR%201") == []

"""List and page of findings agree with the analysis, on both standing days and any other."""

import csv
import io
import json
import re
import threading
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from read_pages import soup, words
from reform import BEFORE_REFORM

from kg.analysis import county_coverage
from kg.analysis.findings import find
from kg.analysis.findings.finding import STRENGTHS, TIERS, Finding
from kg.release import Release
from kg.release.columns import Columns
from web.data import Computed
from web.html.finding_words import amount, period

PINGGU = "territorial/110117/agriculture-rural"
STACK = "stacking/110117/agriculture-rural/mara"


@pytest.fixture(scope="module")
def found(columns: Columns, release: Release) -> list[list[Finding]]:
    """Findings of the two standing days."""
    return [find.find(columns, day) for day in (BEFORE_REFORM, release.data_as_of)]


def number(element: object) -> int:
    return int(re.sub(r"\s", "", words(element)))


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


def test_the_list_and_its_twins_hold_what_the_engine_finds(client: FlaskClient, found: list[list[Finding]]) -> None:
    ranked = {finding.key for findings in found for finding in findings if finding.ranked}
    listed = {finding.key for findings in found for finding in findings if finding.ranked and not finding.listed_under}
    page = soup(client, "/findings?lang=en")
    assert number(page.h1.find(class_="count")) == len(listed) < len(ranked)
    assert f"{len(ranked)} findings, listed as {len(listed)}:" in words(page)
    assert number(soup(client, "/findings?listed=all&lang=en").h1.find(class_="count")) == len(ranked)
    whole = json.loads(client.get("/findings.json").text)
    assert {entry["iri"].partition("/finding/")[2] for entry in whole["entries"]} == ranked
    states = sorted((finding.key, str(finding.as_of)) for findings in found for finding in findings if finding.ranked)
    table = rows(client, "/findings.csv")
    assert sorted((row["key"], row["as_of"]) for row in table) == states
    by_key = {(finding.key, str(finding.as_of)): finding for findings in found for finding in findings}
    for row in table:
        finding = by_key[row["key"], row["as_of"]]
        assert row["members"] == ";".join(finding.members)
        assert row["listed_under"] == finding.listed_under
        assert float(row["score"]) == pytest.approx(finding.score, abs=1e-6)
        if "expected" in finding.factors:
            assert float(row["expected"]) == pytest.approx(finding.factors["expected"], rel=1e-4)


def test_every_row_shows_both_days_with_observed_and_expected(client: FlaskClient, found: list[list[Finding]]) -> None:
    page = soup(client, "/findings?kind=territorial&place=110117&lang=en")
    heads = [words(cell) for cell in page.select("table.found thead th")]
    assert heads[-2:] == ["2022-12-31", "Today (2026-11-24)"]
    (row,) = [
        row for row in page.select("table.found tbody tr") if row.th.a["href"].startswith(f"/page/finding/{PINGGU}")
    ]
    (before,) = [finding for finding in found[0] if finding.key == PINGGU]
    early, late = (words(cell) for cell in row.select("td.state"))
    observed, expected = (amount(before.factors[name]) for name in ("observed", "expected"))
    assert (
        early == f"strong MARA , MOST {len(before.members)} designations, 2 ministries, "
        f"{before.factors['qualifying_pairs']:.0f} qualifying pairs · observed {observed}, "
        f"expected by chance {expected}"
    )
    assert late == "not present"


def test_facets_narrow_and_count(client: FlaskClient, found: list[list[Finding]]) -> None:
    ranked = {finding.key: finding for findings in found for finding in findings if finding.ranked}
    listed = {finding.key for findings in found for finding in findings if finding.ranked and not finding.listed_under}
    page = soup(client, "/findings?lang=en")
    kinds = {
        a["href"].partition("kind=")[2].partition("&")[0]: number(a.find(class_="count"))
        for a in page.select(".kinds a")[1:]
    }
    assert kinds == Counter(finding.kind for finding in ranked.values() if finding.key in listed)
    option = page.find("select", {"name": "purpose"}).find("option", value="agriculture-rural")
    purpose = sum(ranked[key].group.get("purpose_group") == "agriculture-rural" for key in listed)
    assert words(option) == f"Agriculture and rural areas ({purpose})"
    beijing = json.loads(client.get("/findings.json?place=110000&kind=territorial").text)
    keys = {
        finding.key
        for finding in ranked.values()
        if finding.kind == "territorial" and finding.group["place"][:2] == "11"
    }
    assert {entry["iri"].partition("/finding/")[2] for entry in beijing["entries"]} == keys
    assert beijing["filters"] == {"kind": "territorial", "listed": "all", "place": "110000"}
    mara = json.loads(client.get("/findings.json?ministry=mara&inferred=yes&score=0.05").text)
    for entry in mara["entries"]:
        assert any("mara" in state["ministries"] for state in entry["states"])
        assert any(state["rests_on_inferred"] for state in entry["states"])
        assert max(state["score"] for state in entry["states"]) >= 0.05
    only = json.loads(client.get("/findings.json?days=early&place=110117").text)
    assert PINGGU in {entry["iri"].partition("/finding/")[2] for entry in only["entries"]}
    assert all(len(entry["states"]) == 1 for entry in only["entries"])
    nothing = soup(client, "/findings?programme=nothing&place=999999&purpose=x&ministry=y&score=0.3&lang=en")
    assert "Nothing matches all of these filters." in words(nothing)


def test_what_is_only_possible_stands_apart(client: FlaskClient, found: list[list[Finding]]) -> None:
    possible = {finding.key for findings in found for finding in findings if not finding.ranked}
    page = soup(client, "/findings?possible=1&lang=en")
    assert number(page.h1.find(class_="count")) == len(possible)
    assert page.find("figure", class_="map") is None
    assert page.find(class_="score") is None
    assert f"{len(possible)} more are only possible" in words(soup(client, "/findings?lang=en"))
    whole = json.loads(client.get("/findings.json?possible=1").text)
    assert {state["certainty"] for entry in whole["entries"] for state in entry["states"]} == {"possible"}
    key = min(possible)
    shown = words(soup(client, f"/page/finding/{key}?lang=en").main)
    assert "Score" not in shown.partition("Why it is listed")[0]


def test_any_other_day_stands_alone(client: FlaskClient, columns: Columns) -> None:
    day = date(2015, 1, 1)
    ranked = {finding.key for finding in find.find(columns, day) if finding.ranked and not finding.listed_under}
    page = soup(client, "/findings?as_of=2015-01-01&lang=en")
    assert [words(cell) for cell in page.select("table.found thead th")][2:] == ["2015-01-01"]
    assert number(page.h1.find(class_="count")) == len(ranked)
    key = next(key for key in sorted(ranked) if key.startswith("territorial"))
    one = soup(client, f"/page/finding/{key}?as_of=2015-01-01&lang=en")
    assert [words(head) for head in one.select(".standings h3")] == ["2015-01-01"]


def test_the_state_of_a_finding_has_the_page_of_the_finding_on_that_day(client: FlaskClient) -> None:
    """Its IRI in the graph consists of the finding's key and the day."""
    page = soup(client, f"/page/finding/{PINGGU}/2022-12-31?lang=en")
    assert [words(head) for head in page.select(".standings h3")] == ["2022-12-31"]
    assert client.get(f"/page/finding/{PINGGU}/2022-02-30").status_code == 404
    listed = [str(a["href"]) for a in soup(client, f"/page/finding/{PINGGU}?lang=en").select(".take a")]
    assert f"/data/finding/{PINGGU}.ttl" in listed
    assert "asOf" in client.get(f"/data/finding/{PINGGU}/2022-12-31.ttl").text


@pytest.mark.parametrize("asked", ["2015", "2015-02-30", "1900-01-01", "2999-01-01", "x' OR 1"])
def test_what_is_no_day_is_refused_in_a_sentence(client: FlaskClient, asked: str) -> None:
    answer = client.get("/findings", query_string={"as_of": asked, "lang": "en"})
    assert answer.status_code == 400
    assert "expected a day from 1978-12-18 to 2026-11-24, or today" in words(BeautifulSoup(answer.text, "html.parser"))


def test_the_page_of_pinggu_says_what_the_papers_case_is_about(client: FlaskClient, found: list[list[Finding]]) -> None:
    """The agricultural science park of one ministry beside the parks of another, resolved by the reform."""
    (before,) = [finding for finding in found[0] if finding.key == PINGGU]
    assert set(before.ministries) == {"mara", "most"}
    page = soup(client, f"/page/finding/{PINGGU}?lang=zh")
    members, pairs = len(before.members), int(before.factors["qualifying_pairs"])
    assert words(page.h1) == f"北京市平谷区：{members}块农业农村牌子，2个部委（农业农村部、科技部）"
    eve, today = (words(card) for card in page.select(".standings > div"))
    strength = f"证据强度 强 {members}块牌子，2个部委，{pairs}对符合条件的牌子类型"
    assert eve.startswith(f"2022-12-31 {strength} 得分 {before.score:.3f} 满分 1 部委 农业农村部 、 科技部")
    assert today == "今日（2026-11-24） 此日没有。 其牌子如今同属一个部委： 变成的叠加"
    assert page.select(".standings > div")[1].a["href"].startswith(f"/page/finding/{STACK}")
    listed = page.find("section", {"aria-labelledby": "members"})
    designations = [a["href"].removeprefix("/page/designation/").partition("?")[0] for a in listed.select("tbody th a")]
    assert sorted(designations) == list(before.members)
    quotes = [words(quote) for quote in page.select(".beside blockquote")]
    assert {"深入推进农业供给侧结构性改革", "引领农业农村现代化的排头兵"} <= set(quotes)
    shown = words(page.main)
    assert "guapai findings --kind territorial --place 110117 --purpose agriculture-rural --as-of 2022-12-31" in shown
    assert before.evidence_hash in shown
    release = client.application.extensions["guapai"].release.id
    assert f"https://w3id.org/guapai/release/{release}/id/finding/{PINGGU}" in words(page.find("cite"))
    factors = {words(row.th): words(row.td) for row in page.select("[aria-labelledby=factors] tbody tr")}
    assert factors["得分"] == f"{before.score:.3f}"
    assert f"1/{round(1 / before.factors['probability']):,}" in factors.values()


def test_a_finding_names_the_others_with_the_same_members(client: FlaskClient, found: list[list[Finding]]) -> None:
    carrier = next(one for one in found[1] if one.kind == "carrier" and one.strength == "strong")
    alike = [one.key for one in found[1] if one.members == carrier.members and one.key != carrier.key and one.ranked]
    assert alike
    page = soup(client, f"/page/finding/{carrier.key}?lang=en")
    links = [str(a["href"]) for a in page.select("section[aria-labelledby=why] a[href^='/page/finding/']")]
    assert [link.partition("?")[0].removeprefix("/page/finding/") for link in links] == alike


def test_a_list_names_what_else_has_the_members_of_a_finding(client: FlaskClient, found: list[list[Finding]]) -> None:
    other = next(one for one in found[1] if one.kind == "thematic" and one.listed_under.startswith("carrier/"))
    asked = {"as_of": "today", "kind": "carrier", "q": other.group["topic"], "lang": "en"}
    page = soup(client, f"/findings?{urlencode(asked)}")
    (row,) = [
        row
        for row in page.select("table.found tbody tr")
        if row.th.a["href"].startswith(f"/page/finding/{other.listed_under}?")
    ]
    beside = [a for a in row.select("td.state small a") if f"/page/finding/{other.key}?" in a["href"]]
    assert [words(a) for a in beside] == ["thematic overlap"]


def test_what_was_set_aside_is_shown_with_its_reason(client: FlaskClient, found: list[list[Finding]]) -> None:
    finding = next(finding for finding in found[1] if finding.ranked and finding.subtracted)
    page = soup(client, f"/page/finding/{finding.key}?lang=en")
    aside = page.find("section", {"aria-labelledby": "design"})
    links = [str(a["href"]).partition("?")[0].rpartition("/")[2] for a in aside.select("a")]
    assert links == [key for pair in finding.subtracted for key in (pair.subject, pair.object)]


@pytest.mark.usefixtures("outlined")
def test_the_maps_count_the_findings_of_each_province_and_of_the_prefectures_of_a_chosen_one(
    client: FlaskClient, found: list[list[Finding]], columns: Columns
) -> None:
    above = {place: pair for place, *pair in columns.query("SELECT place, prefecture, province FROM places")}
    for chosen, level, inside in (("", 1, ""), ("&place=320500", 0, "320000")):
        page = soup(client, f"/findings?kind=territorial&lang=en{chosen}")
        table = page.select("section[aria-labelledby=map] tbody tr")
        for day, (findings, drawn) in enumerate(zip(found, page.select("figure.areas"), strict=True)):
            places = [
                above[f.group["place"]] for f in findings if f.kind == "territorial" and f.ranked and not f.listed_under
            ]
            counted = Counter(pair[level] for pair in places if inside in ("", pair[1]))
            known = county_coverage.by_place(columns, "prefecture" if inside else "province")
            expected = {
                place: count for place, count in counted.items() if known[place].share >= county_coverage.MAPPED
            }
            links = {a["href"].partition("place=")[2].partition("&")[0]: words(a.title) for a in drawn.select("svg a")}
            numbers = {place: title.rpartition(" ")[2] for place, title in links.items()}
            assert {place: int(text) for place, text in numbers.items() if text.isdecimal() and text != "0"} == expected
            assert len(links) == (13 if inside else 34)
            assert sum(number(row.select("td")[day]) for row in table) == counted.total()


def test_the_list_says_what_is_missing(client: FlaskClient, columns: Columns) -> None:
    whole = columns.query("SELECT count(*) FROM lists WHERE completeness = 'whole'")[0][0]
    missing = words(soup(client, "/findings?lang=en").find("section", {"aria-labelledby": "missing"}))
    assert f"Of the lists, {whole} are complete" in missing
    assert "so this is a lower bound" in missing


@pytest.mark.slow
def test_pages_of_findings_are_sound(client: FlaskClient, found: list[list[Finding]]) -> None:
    """One of each kind, in both languages: strict HTML, ids once, headings in order, nothing inline, live links."""
    firsts = {finding.kind: finding.key for findings in found for finding in reversed(findings)}
    assert len(firsts) > 5
    addresses = ["/findings", "/findings?possible=1", *(f"/page/finding/{key}" for key in firsts.values())]
    for address in addresses:
        for language in ("zh", "en"):
            text = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}").text
            HTMLParser(strict=True).parse(text)
            page = BeautifulSoup(text, "html.parser")
            ids = [element["id"] for element in page.find_all(id=True)]
            assert len(ids) == len(set(ids)), address
            levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
            assert levels[0] == 1
            assert levels.count(1) == 1
            assert all(after <= before + 1 for before, after in pairwise(levels)), address
            assert not page.find_all(style=True)
            assert not [script for script in page.find_all("script") if script.string or not script.get("src")]
            assert all(cell.get("scope") for cell in page.find_all("th")), address
        for link in page.main.find_all("a", href=re.compile(r"^/page/(finding|designation|programme|mandate|place)/"))[
            :40
        ]:
            assert client.get(link["href"]).status_code == 200, (address, link["href"])


def test_what_is_no_finding_is_404(client: FlaskClient) -> None:
    addresses = ["/page/finding/x", "/page/finding/territorial/110117/nothing", "/findings.xml", "/findings?page=0"]
    addresses += ["/findings?kind=nothing", "/findings?programme=%3Cx%3E", "/findings?place=%22", "/findings?page=999"]
    for address in addresses:
        assert client.get(address).status_code == 404, address


def test_what_people_decided_stands_in_lists_and_on_the_page(
    app: Flask, columns: Columns, release: Release, found: list[list[Finding]]
) -> None:
    """A verdict on the state before the reform; the page says how today's evidence differs."""
    states = [{one.key: one for one in findings} for findings in found]
    key = next(
        key
        for key, one in states[0].items()
        if one.kind == "territorial" and key in states[1] and states[1][key].evidence_hash != one.evidence_hash
    )
    early, late = (found_on[key] for found_on in states)
    gone = late.members[0]
    values = {
        "finding": key,
        "evidence": early.evidence_hash,
        "members": ";".join({*early.members} - {gone}),
        "ministries": ";".join(late.ministries),
    }
    decided = columns.with_changes(
        [
            (
                "decisions",
                """SELECT 'decision-0001' AS decision, $finding AS finding, '' AS one, '' AS other,
                'overlap-justified' AS verdict, '分工不同' AS reason, '张三' AS decided_by,
                DATE '2026-11-24' AS decided_on, $evidence AS evidence_hash, $members AS members,
                $ministries AS ministries, DATE '2022-12-31' AS looked_at""",
                values,
            )
        ]
    )
    services = app.extensions["guapai"]
    app.extensions["guapai"] = replace(services, computed=Computed(decided, release.data_as_of))
    try:
        client = app.test_client()
        page = soup(client, f"/page/finding/{key}?lang=en")
        listed = soup(client, "/findings?lang=en&decided=overlap-justified")
        again = soup(client, "/findings?lang=en&decided=unsure")
        table = rows(client, "/findings.csv?decided=overlap-justified")
    finally:
        app.extensions["guapai"] = services
        decided.close()
    said = words(page.find(id="decisions").find_parent("section"))
    assert "overlap justified 分工不同 张三, 2026-11-24; looked at as of 2022-12-31" in said
    assert "reopened: the evidence has changed Today (2026-11-24): New since then:" in said
    assert (number(listed.h1.find(class_="count")), number(again.h1.find(class_="count"))) == (1, 0)
    assert "overlap justified" in words(listed.select_one("table.found tbody th"))
    assert {row["as_of"]: row["decided"] for row in table} == {
        "2022-12-31": "overlap-justified decision-0001",
        "2026-11-24": "overlap-justified decision-0001 reopened",
    }


def test_overlaps_come_first_by_strength_and_records_to_decide_last(client: FlaskClient) -> None:
    listed = rows(client, "/findings.csv?as_of=2022-12-31")
    kinds = [row["kind"] for row in listed]
    overlaps = [row for row in listed if row["kind"] in TIERS[0]]
    order = [
        (STRENGTHS.index(row["strength"]), -int(row["qualifying_pairs"]), *(-count(row[name]) for name in COUNTED))
        for row in overlaps
    ]
    assert order == sorted(order)
    assert {row["strength"] for row in overlaps} == {*STRENGTHS}
    assert all((row["strength"] == "strong") is (row["lacks"] == "") for row in overlaps)
    assert not [row for row in listed if row["kind"] not in TIERS[0] and row["strength"]]
    tabs = [str(link["href"]) for link in soup(client, "/findings?lang=en").select("nav.kinds a")][1:]
    assert [tab.partition("kind=")[2].partition("&")[0] for tab in tabs] == [kind for tier in TIERS for kind in tier]
    tiers = [next(n for n, tier in enumerate(TIERS) if kind in tier) for kind in kinds]
    assert tiers == sorted(tiers)
    assert kinds[-1] == "duplicate"
    for kind in {*kinds} - {*TIERS[0]}:
        alone = [float(row["score"]) for row in rows(client, f"/findings.csv?as_of=2022-12-31&kind={kind}")]
        assert alone == sorted(alone, reverse=True)


COUNTED = ("members", "ministries")


def count(cell: str) -> int:
    return len(cell.split(";"))


def test_the_facet_of_strength_narrows_to_what_has_it_on_a_day(client: FlaskClient, found: list[list[Finding]]) -> None:
    for strength in STRENGTHS:
        keys = {one.key for findings in found for one in findings if one.strength == strength}
        whole = json.loads(client.get(f"/findings.json?strength={strength}").text)
        assert {entry["iri"].partition("/finding/")[2] for entry in whole["entries"]} == keys
        assert all(strength in [state["strength"] for state in entry["states"]] for entry in whole["entries"])


def test_an_answer_is_made_once_and_a_failure_is_not_kept(columns: Columns) -> None:
    computed, made = Computed(columns, date(2026, 11, 24), max_entries=2), []
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait()
        computed.cached("key", lambda: made.append(1) or len(made))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
    with pytest.raises(ZeroDivisionError):
        computed.cached("other", lambda: 1 // 0)
    assert computed.cached("other", lambda: 7) == 7
    assert computed.cached("third", lambda: 8) == 8
    assert computed.cached("key", lambda: 9) == 9, "the one that nobody asked for longest went"


def test_numbers_are_said_with_the_digits_that_they_have() -> None:
    assert [amount(number) for number in (0, 3, 0.0273, 1.25, 58.4, 2682.3, 0.0004)] == [
        "0",
        "3",
        "0.027",
        "1.2",
        "58",
        "2682",
        "< 0.001",
    ]
    assert period(date(2021, 1, 1), date(2021, 12, 31)) == "2021"
    assert period(date(2021, 3, 1), date(2021, 3, 31)) == "2021-03"
    assert period(date(2021, 3, 5), date(2021, 3, 5)) == "2021-03-05"
    assert period(None, None) == ""

"""Comparison of days, places and programmes, and the question who has a designation: pages against the analyses."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from html5rdf import HTMLParser
from read_pages import soup, words
from reform import BEFORE_REFORM

from kg.analysis.ask.ask import Question, ask
from kg.analysis.in_force import IN_FORCE
from kg.analysis.ministries import ministries
from kg.analysis.scenarios import compare
from kg.charts import flow
from kg.release import Release
from kg.release.columns import Columns
from web.views.compare.compare import OUTCOMES

PINGGU = "territorial/110117/agriculture-rural"
STACK = "stacking/110117/agriculture-rural/mara"
KUNSHAN, CHANGSHU = "320583", "320581"


def test_the_reform_is_told_as_the_comparison_counts_it(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    days = BEFORE_REFORM, release.data_as_of
    known = client.application.extensions["guapai"].computed
    before, after = ([f for f in known.findings(day).values() if f.ranked] for day in days)
    stacks = [finding for finding in after if finding.kind == "stacking"]
    changes = compare.compare(columns, before, after, stacks, days)
    stacked = Counter("yes" if c.rests_on_inferred else "no" for c in changes if c.became)
    same = sum(change.change == "same" for change in changes)
    found = json.loads(client.get("/compare.json").text)
    assert found["total"] == len(changes)
    assert found["summary"]["stacked"] == {"asserted": stacked["no"], "inferred": stacked["yes"]}
    assert sum(found["summary"]["same"].values()) == same
    assert sum(sum(numbers.values()) for numbers in found["summary"].values()) == len(changes)
    page = soup(client, "/compare?lang=en")
    shown = {
        words(row.th): [int(words(cell)) for cell in row.select("td.number")]
        for row in page.select(".outcomes tbody tr")
    }
    assert shown["became designations of one ministry"] == [stacked["no"], stacked["yes"]]
    assert words(page.find(id="changes").find(class_="count")) == str(len(changes) - same)


def test_what_became_of_strong_overlaps_adds_up_and_leads_to_each(client: FlaskClient, release: Release) -> None:
    known = client.application.extensions["guapai"].computed
    early, late = (
        {
            key
            for key, found in known.findings(day).items()
            if found.kind == "territorial" and found.strength == "strong"
        }
        for day in (BEFORE_REFORM, release.data_as_of)
    )
    page = soup(client, "/compare?lang=en")
    assert words(page.find(id="fates")) == f"territorial overlap, strong: {len(early)} → {len(late)}"
    leads = page.select("[aria-labelledby=fates] .lead")
    counts = [[int(words(link.b)) for link in lead.select("a")] for lead in leads]
    assert [sum(numbers) for numbers in counts] == [len(early), len(late)]
    assert counts[0][0] == counts[1][0] == len(early & late)
    drawn = page.select("figure.flow a")
    assert {a["href"] for a in drawn} == {a["href"] for lead in leads for a in lead.select("a")}
    for link in {str(a["href"]) for a in drawn}:
        shown = soup(client, link)
        (number,) = {int(words(a.b)) for lead in leads for a in lead.select("a") if a["href"] == link}
        assert words(shown.find(id="changes").find(class_="count")) == str(number), link
    entries = client.get("/compare.json?kind=territorial&strong=stacked").json
    assert entries["total"] == entries["strong"]["stacked"] > 0
    assert {entry["key"] for entry in entries["entries"]} <= early - late
    assert client.get("/compare?strong=nothing").status_code == 404


def test_a_flow_is_to_scale_and_its_labels_do_not_meet() -> None:
    made = flow.flow(30, [("ended", 60), ("stacked", 0), ("weaker", 1), ("resolved", 9)], [("new", 20)])
    assert made is not None
    assert (made.before, made.after) == (100, 50)
    assert [(piece.key, piece.y, piece.height) for piece in made.lost] == [
        ("ended", 66.0, 132.0),
        ("weaker", 198.0, 2.2),
        ("resolved", 200.2, 19.8),
    ]
    assert [(piece.y, piece.height) for piece in (made.kept, *made.gained)] == [(0.0, 66.0), (66.0, 44.0)]
    labels = [piece.label for piece in made.lost]
    assert all(below - above >= flow.LINE for above, below in pairwise(labels))
    assert made.height >= labels[-1]
    assert flow.flow(0, [("ended", 0)], []) is None


def test_pinggu_became_a_stack_by_inferred_mandates(client: FlaskClient) -> None:
    found = json.loads(client.get("/compare.json?place=110117&outcome=stacked").text)
    (entry,) = found["entries"]
    assert (entry["key"], entry["became"], entry["inferred"]) == (PINGGU, STACK, "yes")
    assert (entry["ministries_2022-12-31"], entry["ministries_2026-11-24"]) == ("mara;most", "")
    page = soup(client, "/compare?place=110117&lang=zh")
    assert words(page.h1) == "平谷区：有何变化"
    (row,) = [row for row in page.select("table.found tbody tr") if "变为同一部委叠加" in words(row)]
    assert row.find("a", href=re.compile(STACK))
    assert row.find("span", class_="is-inferred")


def test_days_may_be_given_in_any_order_and_twins_agree(client: FlaskClient) -> None:
    one = json.loads(client.get("/compare.json?from=2018-01-01&to=2022-12-31").text)
    other = json.loads(client.get("/compare.json?from=2022-12-31&to=2018-01-01").text)
    assert one == other
    assert (one["from"], one["to"]) == ("2018-01-01", "2022-12-31")
    table = list(csv.DictReader(io.StringIO(client.get("/compare.csv?from=2018-01-01&to=2022-12-31").text)))
    assert [row["key"] for row in table] == [entry["key"] for entry in one["entries"]]
    assert {row["outcome"] for row in table} <= OUTCOMES.keys()
    assert client.get("/compare?outcome=nothing").status_code == 404
    assert client.get("/compare?from=2018").status_code == 400


def test_two_places_stand_side_by_side_by_purpose_and_ministry(
    client: FlaskClient, columns: Columns, release: Release
) -> None:
    answers = ministries(columns, release.data_as_of)
    mains = columns.query(
        "SELECT DISTINCT programme, purpose_group FROM programme_purposes WHERE weight = 'main' AND NOT generic"
    )
    expected: dict[str, Counter[tuple[str, str]]] = {}
    for code in (KUNSHAN, CHANGSHU):
        designations = columns.query(
            """SELECT DISTINCT designation, programme FROM designations JOIN designation_places USING (designation)
            JOIN places USING (place)
            WHERE $code IN (place, county) AND counted_from <= $day AND (ended_last IS NULL OR ended_last >= $day)""",
            {"code": code, "day": release.data_as_of},
        )
        cells = [
            (group, ministry)
            for _designation, programme in designations
            for kind, group in mains
            if kind == programme and programme in answers
            for ministry in answers[programme].ministries
        ]
        expected[code] = Counter(cells)
    page = soup(client, f"/compare/places?one={KUNSHAN}&other=常熟&lang=en")
    shown: dict[str, Counter[tuple[str, str]]] = {KUNSHAN: Counter(), CHANGSHU: Counter()}
    group = ""
    for row in page.select("table.sides tbody tr"):
        link = row.th.a
        group = link["href"].rpartition("/")[2].partition("?")[0] if link else group
        ministry, one, other = row.select("td")
        key = group, ministry.a["href"].rpartition("/")[2].partition("?")[0]
        for code, cell in ((KUNSHAN, one), (CHANGSHU, other)):
            if cell.b:
                shown[code][key] = int(words(cell.b))
    assert shown == expected
    twin = client.get(f"/compare/places.csv?one={KUNSHAN}&other={CHANGSHU}").text
    numbers: dict[str, Counter[tuple[str, str]]] = {KUNSHAN: Counter(), CHANGSHU: Counter()}
    for line in csv.DictReader(io.StringIO(twin)):
        for code, counted in numbers.items():
            counted[line["purpose_group"], line["ministry"]] += int(line[f"designations_{code}"])
    assert {code: +counted for code, counted in numbers.items()} == expected
    whole = client.get("/compare/places.json?one=昆山&other=常熟&lang=zh").json
    assert [(side["key"], side["name"]) for side in whole["places"]] == [(KUNSHAN, "昆山市"), (CHANGSHU, "常熟市")]
    assert [[str(cell) for cell in entry.values()] for entry in whole["entries"]] == list(
        csv.reader(io.StringIO(twin))
    )[1:]


def test_data_of_a_comparison_want_both_sides_to_be_clear(client: FlaskClient) -> None:
    unclear = client.get("/compare/places.json?one=鼓楼&other=320583")
    assert unclear.status_code == 400
    assert "350102" in unclear.text
    assert client.get("/compare/programmes.csv?one=national-etdz").status_code == 400
    assert client.get("/compare/programmes.xml").status_code == 404
    assert "places.csv" not in client.get("/compare/places?one=320583").text


def test_two_programmes_stand_side_by_side(client: FlaskClient) -> None:
    page = soup(client, "/compare/programmes?one=national-etdz&other=national-high-tech-zone&lang=en")
    shown = words(page.main)
    assert "Ministry of Commerce" in shown
    assert "Ministry of Industry and Information Technology" in shown
    listed = {a["href"].partition("place=")[2].partition("&")[0] for a in page.select("[aria-labelledby=both] li a")}
    assert {KUNSHAN, CHANGSHU} <= listed
    twin = "/compare/programmes.{}?one=national-etdz&other=national-high-tech-zone"
    whole = client.get(twin.format("json")).json
    assert set(whole["counties_of_both"]) == listed
    one, other = whole["programmes"]
    assert (one["ministries"], other["ministries"]) == (["mofcom"], ["miit"])
    table = list(csv.DictReader(io.StringIO(client.get(twin.format("csv")).text)))
    assert {
        line["key"] for line in table if line["aspect"] == "county" and line["national-etdz"] and line[other["key"]]
    } == listed
    assert {line["key"]: int(line["national-etdz"] or 0) for line in table if line["aspect"] == "province"} == {
        **dict.fromkeys(other["provinces"], 0),
        **one["provinces"],
    }
    asked = "/compare/programmes?one=national-etdz&other=national-high-tech-zone&as_of=1980-01-01&lang=en"
    assert "None known." in words(soup(client, asked))


def test_kunshan_is_asked_by_name_and_by_key(client: FlaskClient, columns: Columns, release: Release) -> None:
    """Who else has a designation for this purpose here: the main question of the site."""
    question = Question(KUNSHAN, release.data_as_of, "technology-transfer", "", "integrated-circuits")
    answer = ask(columns, question)
    by_key = soup(client, f"/ask?place={KUNSHAN}&purpose=technology-transfer&field=integrated-circuits&lang=zh")
    by_name = soup(client, "/ask?place=昆山&purpose=科技成果转移转化&field=集成电路与半导体&lang=zh")
    assert words(by_key.main) == words(by_name.main)
    figures = [int(words(figure.b)) for figure in by_key.select(".figures li")]
    counts = Counter(holder.where for holder in answer.holders)
    assert figures == [counts[where] for where in ("here", "covering", "somewhere", "prefecture", "province")]
    here = by_key.find("section", {"aria-labelledby": "here"})
    designations = [a["href"].removeprefix("/page/designation/").partition("?")[0] for a in here.select("tbody th a")]
    assert designations == [holder.designation for holder in answer.holders if holder.where == "here"]
    assert "昆山高新技术产业开发区" in words(here)
    table = list(
        csv.DictReader(
            io.StringIO(
                client.get(f"/ask.csv?place={KUNSHAN}&purpose=technology-transfer&field=integrated-circuits").text
            )
        )
    )
    assert [row["designation"] for row in table] == [holder.designation for holder in answer.holders]
    whole = json.loads(
        client.get(f"/ask.json?place={KUNSHAN}&purpose=technology-transfer&field=integrated-circuits").text
    )
    assert [row["programme"] for row in whole["coverage"]] == [row.programme for row in answer.coverage]
    shown = by_key.find("section", {"aria-labelledby": "whole"})
    assert len(shown.select("tbody tr")) == len(answer.coverage)


def test_a_place_alone_is_answered_by_everything_there(client: FlaskClient, columns: Columns) -> None:
    asked = client.get(f"/ask.json?place={KUNSHAN}").json
    assert asked is not None
    here = columns.query(
        f"""SELECT count(DISTINCT designation) FROM designations JOIN designation_places USING (designation)
        WHERE place = $place AND {IN_FORCE}""",  # noqa: S608
        {"place": KUNSHAN, "as_of": date.fromisoformat(asked["asked"]["as_of"])},
    )[0][0]
    assert len([holder for holder in asked["holders"] if holder["where"] == "here"]) == here > 10
    lead = soup(client, f"/ask?place={KUNSHAN}&lang=en").select_one("#answer ~ .lead")
    assert words(lead).startswith(f"designations here {asked['counts']['here']} · elsewhere in the prefecture ")


def test_a_question_that_is_not_clear_is_asked_back(client: FlaskClient) -> None:
    page = soup(client, "/ask?place=鼓楼&purpose=technology-transfer&lang=zh")
    choice = page.find(class_="evidence")
    assert "“鼓楼”可能有几种意思" in words(choice)
    links = {a["href"].partition("place=")[2].partition("&")[0] for a in choice.select("a")}
    assert {"320106", "320302", "350102", "410204"} <= links
    assert "没有名为“火星”的" in words(soup(client, "/ask?place=火星&purpose=technology-transfer&lang=zh").main)
    assert client.get("/ask.json?purpose=technology-transfer").status_code == 400
    form = soup(client, "/ask?lang=en")
    for link in form.select("[aria-labelledby=examples] a"):
        assert soup(client, str(link["href"])).find(id="answer"), link["href"]


def test_pages_of_comparisons_are_sound(client: FlaskClient) -> None:
    addresses = (
        "/compare",
        "/compare?place=110117",
        "/compare/places",
        f"/compare/places?one={KUNSHAN}&other=鼓楼",
        "/compare/programmes",
        "/compare/programmes?one=national-etdz&other=national-high-tech-zone",
        "/ask",
        f"/ask?place={KUNSHAN}&programme=national-high-tech-zone",
        "/ask?place=%3Cscript%3E&purpose=x",
    )
    for address in addresses:
        for language in ("zh", "en"):
            text = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}").text
            HTMLParser(strict=True).parse(text)
            page = BeautifulSoup(text, "html.parser")
            ids = [element["id"] for element in page.find_all(id=True)]
            assert len(ids) == len(set(ids)), address
            assert len(page.find_all("h1")) == 1, address
            assert not page.find_all(style=True)
            controls = page.main.select("form input:not([type=hidden]), form select")
            assert all(control.find_parent("label") for control in controls), address

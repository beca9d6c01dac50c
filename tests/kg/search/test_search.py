"""Search: real names by any part, ranking, and no input interpreted as query syntax."""

import csv
import io
import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from read_pages import soup, words

from kg.errors import QueryTimeout, ReleaseError
from kg.release import Release
from kg.search import Match, Name, Search, open_search, search
from kg.search.index import build_index
from kg.search.tokens import folded, pairs
from kg.text import pinyin
from kg.vocab import SCHEMES, Triple, concept, line, term, text, thing
from web import create_app

PLACES = [
    ("320583", "昆山市", "Kunshan City", "昆山", "kun shan shi", "county"),
    ("530100", "昆明市", "Kunming", "昆明", "kun ming shi", "prefecture"),
    ("420600", "襄阳市", "Xiangyang", "襄阳", "xiang yang shi", "prefecture"),
    ("429004", "仙桃市", "Xiantao", "仙桃", "xian tao shi", "county"),
    ("610100", "西安市", "Xi'an", "西安", "xi an shi", "prefecture"),
    ("141100", "吕梁市", "Lüliang", "吕梁", "lü liang shi", "prefecture"),
    ("500000", "重庆市", "Chongqing Municipality", "重庆", "chong qing shi", "province"),
    ("110105", "朝阳区", "Chaoyang District", "朝阳", "chao yang qu", "county"),
    ("320500", "苏州市", "Suzhou", "苏州", "su zhou shi", "prefecture"),
]
DESIGNATIONS = [
    ("kunshan-zone", "昆山高新技术产业开发区", "320583"),
    ("powder", "粉末冶金国家重点实验室", ""),
    ("powder-center", "国家粉末冶金工程技术研究中心", ""),
    ("xian-zone", "西安高新技术产业开发区", "610100"),
    ("shanghai-ftz", "中国（上海）自由贸易试验区", ""),
    ("quoted", 'A "quoted" designation \\ of 3+2', ""),
]


def world() -> Iterator[Triple]:
    """Say some real places, designations and programmes, and two former divisions, one of which led to the other."""
    preferred, other = term("skos:prefLabel"), term("skos:altLabel")
    for key, chinese, english, short, reading, level in PLACES:
        node = thing("place", key)
        yield from [(node, preferred, text(chinese, "zh")), (node, preferred, text(english, "en"))]
        yield from [(node, other, text(short, "zh")), (node, term("gp:pinyin"), text(reading))]
        yield node, term("gp:hasLevel"), concept("level", level)
    yield thing("place", "320583"), term("gp:directlyWithin"), thing("place", "320500")
    for key, name, place in DESIGNATIONS:
        yield thing("designation", key), preferred, text(name, "zh")
        if place:
            yield thing("designation", key), term("gp:locatedIn"), thing("place", place)
    zone = thing("programme", "national-high-tech-zone")
    yield zone, preferred, text("国家高新技术产业开发区", "zh")
    yield zone, preferred, text("National High-tech Industrial Development Zone", "en")
    yield zone, other, text("国家高新区", "zh")
    older, oldest = thing("former-place", "420600-1983"), thing("former-place", "420600-1981")
    for node, name, follower in ((older, "襄樊市", thing("place", "420600")), (oldest, "襄樊专区", older)):
        yield from [(node, preferred, text(name, "zh")), (node, term("gp:liesTodayIn"), follower)]
    larger = thing("former-place", "211000-1981")
    yield from [(larger, preferred, text("朝阳", "zh")), (larger, term("gp:liesTodayIn"), thing("place", "320500"))]
    yield thing("former-place", "999999-1981"), preferred, text("无人区", "zh")
    yield thing("mandate", "m1"), preferred, text("昆山：不在此列", "zh")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    (folder / "graphs").mkdir()
    (folder / "graphs" / "designations.nt").write_text("".join(map(line, world())), encoding="utf-8")
    concept_ = concept("purpose", "technology-transfer"), term("skos:prefLabel"), text("技术转移", "zh")
    (folder / "graphs" / "schemes.nt").write_text(line(concept_), encoding="utf-8")
    assert build_index(folder) == len(PLACES) + len(DESIGNATIONS) + 3
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Search:
    return open_search(folder)


def found(index: Search, asked: str, kind: str = "") -> list[str]:
    """Return the first Chinese names of all that is found, in order."""
    answer = index.find(asked, kind, limit=100)
    assert answer.total == len(answer.hits)
    assert answer.complete
    return [hit.names[0].text for hit in answer.hits]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("昆", ["昆明市", "昆山市", "昆山高新技术产业开发区"]),
        ("山", ["昆山市", "昆山高新技术产业开发区"]),
        ("昆山", ["昆山市", "昆山高新技术产业开发区"]),
        ("崑山", ["昆山市", "昆山高新技术产业开发区"]),
        ("昆 山市", ["昆山市"]),
        ("昆山 开发区", ["昆山高新技术产业开发区"]),
        ("开发区　昆山", ["昆山高新技术产业开发区"]),
        ("襄樊", ["襄阳市"]),
        ("襄樊专区", ["襄阳市"]),
        ("无人区", ["无人区"]),
        ("朝阳", ["朝阳区", "苏州市"]),
        ("粉末冶金", ["粉末冶金国家重点实验室", "国家粉末冶金工程技术研究中心"]),
        ("粉末冶金國家重點實驗室", ["粉末冶金国家重点实验室"]),
        ("国家", ["国家高新技术产业开发区", "国家粉末冶金工程技术研究中心", "粉末冶金国家重点实验室"]),
        ("高新技术产业开发区", ["国家高新技术产业开发区", "昆山高新技术产业开发区", "西安高新技术产业开发区"]),
        ("上海自由", ["中国（上海）自由贸易试验区"]),
        ("中国（上海）", ["中国（上海）自由贸易试验区"]),
        ("kunshan", ["昆山市", "昆山高新技术产业开发区"]),
        ("Kun Shan", ["昆山市", "昆山高新技术产业开发区"]),
        ("kunsh", ["昆山市", "昆山高新技术产业开发区"]),
        ("kūnshān", ["昆山市", "昆山高新技术产业开发区"]),
        ("ks", ["昆山市", "昆山高新技术产业开发区"]),
        ("kss", ["昆山市"]),
        ("xiantao", ["仙桃市"]),
        ("xian", ["西安市", "襄阳市", "仙桃市", "西安高新技术产业开发区"]),
        ("xi'an", ["西安市", "襄阳市", "仙桃市", "西安高新技术产业开发区"]),
        ("xiangfan", ["襄阳市"]),
        ("fenmoyejin", ["粉末冶金国家重点实验室", "国家粉末冶金工程技术研究中心"]),
        ("chongqing", ["重庆市"]),
        ("zhongqing", []),
        *((spelled, ["吕梁市"]) for spelled in ("lüliang", "lvliang", "luliang", "lyuliang", "Lü Liang")),
        ("high-tech", ["国家高新技术产业开发区"]),
        ("high tech zo", ["国家高新技术产业开发区"]),
        ("development zo", ["国家高新技术产业开发区"]),
        ("national zone", ["国家高新技术产业开发区"]),
        ("tech", ["国家高新技术产业开发区"]),
        ("ech", []),
        ("技术转移", ["技术转移"]),
        ("quoted", ['A "quoted" designation \\ of 3+2']),
        ("昆山：不在此列", []),
        ("襄阳市昆山", []),
        ("", []),
        ("　", []),
    ],
)
def test_names_are_found_by_any_part_in_their_order(index: Search, asked: str, expected: list[str]) -> None:
    assert found(index, asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("昆山", Match(Name("昆山", "zh", "other", "", "kun shan"), "text")),
        ("昆山市", Match(Name("昆山市", "zh", "preferred", "", "kun shan shi"), "text")),
        ("kunshan", Match(Name("昆山", "zh", "other", "", "kun shan"), "pinyin")),
        ("kunshan city", Match(Name("Kunshan City", "en", "preferred", "", ""), "text")),
        ("ks", Match(Name("昆山", "zh", "other", "", "kun shan"), "initials")),
        (
            "襄樊",
            Match(
                Name("襄樊市", "zh", "former", "https://w3id.org/guapai/id/former-place/420600-1983", "xiang fan shi"),
                "text",
            ),
        ),
    ],
)
def test_a_hit_says_by_which_name_it_was_found(index: Search, asked: str, expected: Match) -> None:
    assert index.find(asked).hits[0].match == expected


def test_a_hit_has_its_kind_and_what_tells_it_from_others(index: Search) -> None:
    first, second = index.find("昆山").hits
    assert (first.iri, first.kind, first.context) == (
        "https://w3id.org/guapai/id/place/320583",
        "place",
        ("https://w3id.org/guapai/id/place/320500",),
    )
    assert (second.kind, second.context) == ("designation", ("https://w3id.org/guapai/id/place/320583",))
    assert index.find("技术转移").hits[0].iri == f"{SCHEMES}purpose/technology-transfer"


def test_kinds_are_counted_and_narrow(index: Search) -> None:
    answer = index.find("昆", "designation", limit=1)
    assert (answer.total, dict(answer.kinds), answer.complete) == (1, {"place": 2, "designation": 1}, True)
    assert found(index, "昆", "place") == ["昆明市", "昆山市"]
    assert found(index, "昆", "claim") == []


def test_pages_follow_one_another_without_gap_or_repetition(index: Search) -> None:
    whole = [hit.iri for hit in index.find("市", limit=100).hits]
    assert len(whole) == len(set(whole)) == 8
    assert [hit.iri for at in range(0, 9, 3) for hit in index.find("市", offset=at, limit=3).hits] == whole
    assert [hit.iri for hit in index.suggest("市", 3)] == whole[:3]


@pytest.mark.parametrize(
    "asked",
    [
        *(
            '"',
            '""',
            "*",
            "昆*",
            '"昆山"',
            "昆山 OR 昆明",
            "NOT",
            "AND AND",
            "NEAR(昆 山, 2)",
            "cut:昆",
            "{cut}:昆",
            "^昆",
        ),
        *(
            "(",
            ")",
            "昆 + 山",
            "'; DROP TABLE things; --",
            "\x00",
            "昆\x00山",
            "=昆山",
            "#ks",
            "~kun",
            "\\",
            "%",
            "_",
            "-",
        ),
        *("昆" * 100_000, "a" * 100_000, "xi " * 10_000, "xian" * 9, "🀄", "ﷺ", "ǅ", "\ufffd", "\ud800"),
    ],
)
def test_what_a_reader_types_is_never_syntax(index: Search, asked: str) -> None:
    answer = index.find(asked)
    assert answer.total == len(answer.hits)
    assert len(index.find("昆").hits) == 3, "the index is as it was"


def test_signs_are_left_and_words_stay_words(index: Search) -> None:
    assert found(index, '"昆山"*') == found(index, "^昆山") == found(index, "昆山")
    assert found(index, "昆山 OR 昆明") == []
    assert found(index, "=昆山市#") == ["昆山市"]


@given(st.text(max_size=80))
def test_any_text_is_answered(index: Search, asked: str) -> None:
    answer = index.find(asked, limit=100)
    assert answer.total == len(answer.hits) == sum(answer.kinds.values())


@given(st.sampled_from([name for _, name, _ in DESIGNATIONS[:5]] + [name for _, name, *_ in PLACES]), st.data())
def test_every_part_of_a_name_finds_it(index: Search, name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    if re.search(r"\w", name[start:end]):
        assert name in found(index, name[start:end])


def test_a_search_without_end_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "TIMEOUT_SECONDS", -1.0)
    monkeypatch.setattr(search, "CLOCK_CHECK_STEPS", 1)
    with pytest.raises(QueryTimeout, match="stopped after"):
        open_search(folder).find("昆")


def test_threads_ask_beside_one_another(index: Search) -> None:
    answers: list[list[str]] = []
    threads = [threading.Thread(target=lambda: answers.append(found(index, "昆山"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["昆山市", "昆山高新技术产业开发区"]] * 8


def test_an_index_is_read_only_and_of_this_version(folder: Path, tmp_path: Path) -> None:
    index = open_search(folder)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._connection().execute("DELETE FROM things")
    with pytest.raises(ReleaseError, match="cannot be read: unable to open database file; run `guapai build`"):
        open_search(tmp_path)
    shutil.copy(folder / search.FILE, tmp_path / search.FILE)
    changed = sqlite3.connect(tmp_path / search.FILE)
    changed.execute("PRAGMA user_version = 99")
    changed.commit()
    changed.close()
    with pytest.raises(ReleaseError, match="has format 99, not 2"):
        open_search(tmp_path)


def test_an_index_takes_the_place_of_an_older_one(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "graphs", tmp_path / "graphs")
    assert build_index(tmp_path) == build_index(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graphs", search.FILE]
    assert found(open_search(tmp_path), "昆山市") == ["昆山市"]


def test_more_than_can_be_counted_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MAX_HITS", 30)
    monkeypatch.setattr(search, "MAX_ROWS_READ", 10)
    (tmp_path / "graphs").mkdir()
    triples = [(thing("designation", f"{n:03}"), term("skos:prefLabel"), text(f"昆山{n:03}", "zh")) for n in range(40)]
    triples += [(thing("place", f"{n:03}"), term("skos:prefLabel"), text(f"昆山{n:03}", "zh")) for n in range(20)]
    (tmp_path / "graphs" / "designations.nt").write_text("".join(map(line, triples)), encoding="utf-8")
    build_index(tmp_path)
    index = open_search(tmp_path)
    answer = index.find("昆山", offset=25, limit=20)
    assert (answer.total, dict(answer.kinds), answer.complete) == (50, {"place": 20, "designation": 30}, False)
    assert [hit.names[0].text for hit in answer.hits] == [f"昆山{n:03}" for n in range(5, 10)]
    assert index.find("昆山", "place").complete is False
    assert index.find("昆山00").complete


def test_what_is_written_of_things_comes_after_them_however_well_it_fits(tmp_path: Path) -> None:
    (tmp_path / "graphs").mkdir()
    named = (
        *(("claim", "High-tech zone"), ("source", "High-tech zone rules"), ("table", "A high-tech zone")),
        *(("designation", "High-tech park, a zone"), ("programme", "High-tech development zone")),
    )
    triples = [(thing(kind, "x"), term("skos:prefLabel"), text(name, "en")) for kind, name in named]
    (tmp_path / "graphs" / "designations.nt").write_text("".join(map(line, triples)), encoding="utf-8")
    build_index(tmp_path)
    index = open_search(tmp_path)
    ordered = ["programme", "designation", "claim", "source", "table"]
    assert [hit.kind for hit in index.find("high-tech zone").hits] == ordered
    assert [hit.kind for at in range(5) for hit in index.find("high-tech zone", offset=at, limit=1).hits] == ordered
    assert [hit.kind for hit in index.suggest("high-tech zone", 3)] == ordered[:3]
    assert [hit.kind for hit in index.find("high-tech zone", "claim").hits] == ["claim"]


def test_a_ministry_is_found_by_its_acronym(tmp_path: Path) -> None:
    (tmp_path / "graphs").mkdir()
    named = {
        ("authority", "most"): "Ministry of Science and Technology",
        ("authority", "state-council"): "State Council",
        ("programme", "most"): "Research Center (MOST)",
        ("claim", "x"): "Most designations lie in the east",
    }
    triples = [(thing(*key), term("skos:prefLabel"), text(name, "en")) for key, name in named.items()]
    (tmp_path / "graphs" / "designations.nt").write_text("".join(map(line, triples)), encoding="utf-8")
    build_index(tmp_path)
    index = open_search(tmp_path)
    found = index.find("MOST").hits
    assert [hit.kind for hit in found] == ["authority", "programme", "claim"]
    assert found[0].match == Match(Name("MOST", "en", "other", "", ""), "text")
    assert index.find("state-council").hits[0].match == Match(Name("State Council", "en", "preferred", "", ""), "text")


def test_readings_follow_words_and_not_only_characters() -> None:
    read = {
        name: " ".join(pinyin.syllables(name))
        for name in ("重庆重点", "长沙观测站长期", "吕梁", "六安", "5G产业（AI）")
    }
    assert read == {
        "重庆重点": "chong qing zhong dian",
        "长沙观测站长期": "chang sha guan ce zhan chang qi",
        "吕梁": "lv liang",
        "六安": "lu an",
        "5G产业（AI）": "5g chan ye ai",
    }


def test_folding_is_the_same_for_a_part_and_the_whole() -> None:
    variants = {ord("崑"): "昆", ord("縣"): "县"}
    assert folded("Ｘí'ān 崑山縣 Lüliang", variants) == "xian 昆山县 lvliang"
    assert pairs("昆山市") == ["昆山", "山市"]
    assert pairs("昆") == []


@pytest.mark.parametrize(
    ("asked", "language", "first", "why"),
    [
        ("襄樊", "zh", "襄阳市 地点", "旧名 襄樊"),
        ("襄樊", "en", "Xiangyang Place", "older name 襄樊"),
        ("kunshan", "zh", "昆山市 地点", "拼音 昆山 kun shan"),
        ("崑山", "en", "Kunshan City Place", "other name 昆山"),
        ("重庆市", "zh", "重庆市 地点", ""),
        ("high-tech", "en", "National High-tech Industrial Development Zone Programme", ""),
    ],
)
def test_the_page_says_what_was_found_and_why(
    client: FlaskClient, asked: str, language: str, first: str, why: str
) -> None:
    page = soup(client, f"/search?q={asked}&lang={language}")
    hit = page.select_one("ol.hits li")
    assert hit is not None
    assert words(hit.select_one(".hit")) == first
    reasons = hit.select(".why")
    assert [words(reason).startswith(why) for reason in reasons] == [True] * bool(why)


def test_every_page_has_a_box_that_works_without_scripts(client: FlaskClient) -> None:
    for address, hidden in (("/", []), ("/places?lang=en", ["en"])):
        form = soup(client, address).select_one('header form[role="search"]')
        assert form is not None
        assert (form["action"], form["method"]) == ("/search", "get")
        assert [field["value"] for field in form.select('input[type="hidden"]')] == hidden
        assert form.select_one('input[name="q"]')["aria-label"]  # type: ignore[index]
    page = soup(client, "/search?q=%3Cb%3E%22")
    assert page.select_one('input[name="q"]')["value"] == '<b>"'  # type: ignore[index]
    assert words(page.h1).startswith('检索：<b>"')


def test_kinds_pages_and_twins_hold_the_same(client: FlaskClient) -> None:
    whole = json.loads(client.get("/search.json?q=高新&lang=zh").text)
    assert whole["total"] == len(whole["entries"]) == sum(whole["kinds"].values())
    assert whole["complete"] is True
    rows = list(csv.DictReader(io.StringIO(client.get("/search.csv?q=高新&lang=zh").text)))
    assert [row["iri"] for row in rows] == [entry["iri"] for entry in whole["entries"]]
    pages = -(-whole["total"] // 20)
    shown = [
        str(link["href"]).partition("?")[0]
        for page in range(1, pages + 1)
        for link in soup(client, f"/search?q=高新&page={page}").select("ol.hits .hit a")
    ]
    assert [path.rpartition("/")[2] for path in shown] == [iri["iri"].rpartition("/")[2] for iri in whole["entries"]]
    for kind, count in whole["kinds"].items():
        narrowed = json.loads(client.get(f"/search.json?q=高新&kind={kind}").text)
        assert (narrowed["total"], {entry["kind"] for entry in narrowed["entries"]}) == (count, {kind})
    assert client.get(f"/search?q=高新&page={pages + 1}").status_code == 404
    assert client.get("/search?q=高新&kind=nothing").status_code == 404
    assert client.get("/search.xml?q=高新").status_code == 404


@pytest.mark.parametrize("asked", ["Peking University", "PKU", "北京大学", "beijing daxue"])
def test_a_university_is_found_by_its_english_name_which_is_said_to_have_no_document(
    client: FlaskClient, asked: str
) -> None:
    first = json.loads(client.get(f"/search.json?q={asked}").text)["entries"][0]
    assert (first["kind"], first["names"]) == ("carrier", {"zh": "北京大学", "en": "Peking University"})
    path = first["iri"].removeprefix("https://w3id.org/guapai/id")
    for language, shown in (("zh", ["北京大学", "Peking University"]), ("en", ["Peking University", "北京大学"])):
        header = soup(client, f"/page{path}?lang={language}").select_one("header.title")
        assert header is not None
        texts = [words(header.h1), *(words(line) for line in header.select(".second"))]
        remark = (
            "英文名称为通行名称，无文件依据"
            if language == "zh"
            else "English name as in use, without a document behind it"
        )
        assert " ".join(texts).replace(f" {remark}", "") == " ".join(shown)
        assert sum(remark in line for line in texts) == 1


def test_empty_and_without_result(client: FlaskClient) -> None:
    page = soup(client, "/search?lang=en")
    assert words(page.h1) == "Search"
    assert [words(link) for link in page.main.select("ul.plain a")][:2] == ["昆山", "崑山"]  # type: ignore[union-attr]
    page = soup(client, "/search?q=qqqqqq&lang=en")
    assert words(page.select_one(".none")) == "No name matches."
    assert page.select("ol.hits") == []


def test_suggestions_are_few_and_in_the_readers_language(client: FlaskClient) -> None:
    answer = client.get("/suggest?q=崑山&lang=en")
    suggestions = json.loads(answer.text)["suggestions"]
    assert {key: suggestions[0][key] for key in ("name", "language", "kind_name", "note", "address")} == {
        "name": "Kunshan City",
        "language": "en",
        "kind_name": "Place",
        "note": "Suzhou · other name 昆山",
        "address": "/page/place/320583?lang=en",
    }
    assert len(json.loads(client.get("/suggest?q=市").text)["suggestions"]) == 8
    assert json.loads(client.get("/suggest?q=").text) == {"query": "", "suggestions": []}
    assert client.get("/suggest?q=崑山&lang=en", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.slow
def test_a_release_without_index_serves_all_the_rest(release: Release, tmp_path: Path) -> None:
    for part in ("store", "ontology", "columns"):
        (tmp_path / part).symlink_to(release.path / part)
    client = create_app(Release(tmp_path, release.manifest)).test_client()
    assert client.get("/about").status_code == 200
    assert [client.get(address).status_code for address in ("/search?q=a", "/suggest?q=a")] == [503, 503]

"""Benchmark of search over a million synthetic names against SQLite's full-text index used directly.

    python -m bench.search [NUMBER]

"Bare" is the plainest use of the same table: the first twenty rows by SQLite's rank, their names, and the total number
of rows; "unranked" is that number alone. "Ours" is `Search.find`: ranked, counted by kind, with the matched name.
"""

import json
import random
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from kg.search import FILE, Search, open_search
from kg.search.index import build_index
from kg.search.tokens import parse_query
from kg.vocab import concept, line, term, text, thing

QUERIES = (
    *("国", "昆", "实验室", "重点实验室", "昆山", "崑山", "粉末冶金", "新能源 汽车", "昆山 高新技术", "中南大学"),
    *("kunshan", "kun shan", "fenmoyejin", "gaoxin", "ks", "xian", "high-tech", "laboratory", "g"),
    *("天地华", "天地华中南大学", "tiandihua", "量子", "qqqq"),
)
PLACES = [
    "昆山市",
    "襄阳市",
    "仙桃市",
    "苏州市",
    "西安市",
    "重庆市",
    "长沙市",
    "株洲市",
    "昆明市",
    "上海市",
    "北京市",
    "深圳市",
    "武汉市",
    "成都市",
    "喀什市",
    "朝阳区",
]
SUBJECTS = [
    "粉末冶金",
    "新能源汽车",
    "集成电路",
    "生物医药",
    "人工智能",
    "新材料",
    "节能环保",
    "高端装备",
    "现代农业",
    "海洋工程",
    "轨道交通",
    "航空航天",
    "稀土功能材料",
    "智能制造",
    "数字经济",
]
KINDS = (
    ("重点实验室", "Key Laboratory"),
    ("高新技术产业开发区", "High-tech Industrial Development Zone"),
    ("工程技术研究中心", "Engineering Technology Research Center"),
    ("企业技术中心", "Enterprise Technology Center"),
    ("农业科技园区", "Agricultural Science and Technology Park"),
)
CARRIERS = [
    "中南大学",
    "清华大学",
    "苏州大学",
    "华中科技大学",
    "某某科技股份有限公司",
    "农业科学院",
    "中国科学院金属研究所",
]
Drawn = TypeVar("Drawn")
CHARACTERS = "天地华明新宏远达信成安康泰瑞丰盛光正大同和美东南西北中金银海江河山川"


def names(number: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield Chinese and English names of real places and words with uneven frequencies, each with a unique part."""
    chance = random.Random(seed)  # noqa: S311 — names to measure with, not to keep a secret
    for _ in range(number):
        place, subject, bearer = (_uneven(chance, words) for words in (PLACES, SUBJECTS, CARRIERS))
        chinese, english = _uneven(chance, KINDS)
        own = "".join(chance.choices(CHARACTERS, k=3))
        pattern = chance.randrange(3)
        if pattern == 0:
            yield f"国家{subject}{chinese}（{own}{bearer}）", ""
        elif pattern == 1:
            yield f"{place}{own}{subject}{chinese}", ""
        else:
            yield f"{own}{bearer}{subject}{chinese}", english


def _uneven(chance: random.Random, words: Sequence[Drawn]) -> Drawn:
    """Draw a word, the n-th with the weight 1/n (Zipf)."""
    return chance.choices(words, weights=[1 / place for place in range(1, len(words) + 1)])[0]


def write_graph(path: Path, number: int) -> None:
    """Write designations with these names, and their places and programmes, as the graph of a release."""
    path.parent.mkdir(parents=True)
    preferred = term("skos:prefLabel")
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for at, place in enumerate(PLACES):
            node = thing("place", str(at))
            stream.write(line((node, preferred, text(place, "zh"))))
            stream.write(line((node, term("skos:altLabel"), text(place[:-1], "zh"))))
            stream.write(line((node, term("gp:hasLevel"), concept("level", "county"))))
        for at, (chinese, english) in enumerate(names(number)):
            node = thing("designation", str(at))
            stream.write(line((node, preferred, text(chinese, "zh"))))
            if english:
                stream.write(line((node, preferred, text(english, "en"))))
            stream.write(line((node, term("gp:locatedIn"), thing("place", str(at % len(PLACES))))))


def bare(connection: sqlite3.Connection, expression: str) -> int:
    """Query the index in the plainest way; return the total number of rows."""
    first = connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 20", (expression,))
    for (number,) in first.fetchall():
        connection.execute("SELECT iri, names FROM things WHERE number = ?", (number,)).fetchone()
    (count,) = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).fetchone()
    return int(count)


def unranked(connection: sqlite3.Connection, expression: str) -> int:
    """Query the index without ranking; return the number of rows."""
    (count,) = connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (expression,)).fetchone()
    return int(count)


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the median time of several runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def measure(found: Search, path: Path) -> dict[str, dict[str, float]]:
    """Return, for every query, the number of rows, and milliseconds of ours, suggestions and bare FTS5."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    rows = {}
    for asked in QUERIES:
        expression = parse_query(asked, found.variants, found.syllables).anywhere
        rows[asked] = {
            "rows": unranked(connection, expression),
            "ours": 1000 * seconds(lambda asked=asked: found.find(asked)),
            "suggest": 1000 * seconds(lambda asked=asked: found.suggest(asked)),
            "bare": 1000 * seconds(lambda expression=expression: bare(connection, expression)),
            "unranked": 1000 * seconds(lambda expression=expression: unranked(connection, expression)),
        }
    connection.close()
    return rows


def main(number: int = 1_000_000) -> dict[str, object]:
    """Build an index over a number of names, measure, and return the figures."""
    with TemporaryDirectory() as folder:
        release = Path(folder)
        write_graph(release / "graphs" / "designations.nt", number)
        start = time.perf_counter()
        things = build_index(release)
        built = time.perf_counter() - start
        found = open_search(release)
        rows = measure(found, release / FILE)
        size = (release / FILE).stat().st_size
    total = {column: sum(row[column] for row in rows.values()) for column in ("ours", "suggest", "bare", "unranked")}
    return {
        "things": things,
        "build_seconds": round(built, 1),
        "index_megabytes": round(size / 1e6, 1),
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "ratio_of_sums": round(total["ours"] / total["bare"], 2),
        "ratio_of_sums_unranked": round(total["ours"] / total["unranked"], 2),
        "median_of_ratios": round(median(row["ours"] / row["bare"] for row in rows.values()), 2),
        "questions": {asked: {key: round(value, 2) for key, value in row.items()} for asked, row in rows.items()},
    }


if __name__ == "__main__":
    for number in [int(argument) for argument in sys.argv[1:]] or [1_000_000]:
        sys.stdout.write(json.dumps(main(number), ensure_ascii=False, indent=1) + "\n")

"""Possible duplicates: verdicts by hand, cost of blocking, precision and recall on labelled pairs."""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from pathlib import Path

import pytest
from findings_world import DATA, table

from kg import tables
from kg.analysis.findings import duplicates
from kg.analysis.findings.duplicates.blocking import Relations, candidates, read, relations
from kg.analysis.findings.duplicates.features import Described, Reader, reader
from kg.analysis.findings.duplicates.scoring import judge
from kg.analysis.weights import Weights
from kg.release.columns import Columns
from kg.tables import dates
from kg.text.names import NameWords

PAIRS = list(csv.DictReader((Path(__file__).parent / "duplicates_pairs.csv").read_text("utf-8").splitlines()))
DOCUMENT = Path(__file__).parents[4] / "docs" / "duplicates.md"
WEIGHTS = Weights({row["id"]: float(row["value"]) for row in table("duplicate_weights")})
XIANGYANG, ZAOYANG, XILIN = "420600", "420683", "152500"
NONE = read([], [], [])


def small_reader() -> Reader:
    """A reader that knows three places, and the project's own variants and programmes."""
    above = {XIANGYANG: (XIANGYANG, "420000"), ZAOYANG: (ZAOYANG, XIANGYANG, "420000"), XILIN: (XILIN, "150000")}
    names = {
        "420000": ("湖北省", "湖北"),
        XIANGYANG: ("襄阳市", "襄阳", "襄樊市", "襄樊"),
        ZAOYANG: ("枣阳市", "枣阳"),
        "150000": ("内蒙古自治区", "内蒙古"),
        XILIN: ("锡林郭勒盟", "锡林郭勒"),
    }
    rows = table("programmes")
    return Reader(
        programmes={row["id"]: (row["name_zh"], *filter(None, row["aliases_zh"].split(";"))) for row in rows},
        organised=frozenset(row["id"] for row in rows if row["bearer"] == "organisation"),
        variants={row["word"]: row["form"] for row in table("name_variants")},
        words=NameWords.of(table("name_words")),
        above=above,
        names=names,
    )


READER = small_reader()


def park(name: str, place: str = XIANGYANG, programme: str = "agri-sci-park", **cells: Iterable[str]) -> Described:
    return READER.read(name, programme, name, places=[place], **cells)  # type: ignore[arg-type]


def verdict(one: Described, other: Described, related: Relations = NONE) -> str | None:
    judged = judge(one, other, related, WEIGHTS)
    return judged.verdict if judged else None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("襄樊国家农业科技园区", "湖北襄阳农业科技园区", "duplicate"),
        ("襄阳国家农业科技园区", "湖北襄阳国家农业科技园区(襄阳市区域)", "duplicate"),
        ("襄阳第一国家农业科技园区", "襄阳第二国家农业科技园区", None),
        ("襄阳国家农业科技园区", "襄阳隆中国家农业科技园区", None),
        ("襄阳古隆中东国家农业科技园区", "襄阳古隆中西国家农业科技园区", "undecided"),
    ],
)
def test_names(one: str, other: str, expected: str | None) -> None:
    """The older name of a city, its province, brackets and 国家 say nothing; numbers and words of their own do."""
    assert verdict(park(one), park(other)) == expected


def test_short_names_of_a_league() -> None:
    one, other = park("内蒙古锡盟国家农业科技园区", XILIN), park("内蒙古锡林郭勒国家农业科技园区", XILIN)
    assert verdict(one, other) == "duplicate"


def test_a_county_is_not_its_city() -> None:
    """One name is wider than the other: people must decide; a city and a county elsewhere are different."""
    city, county = park("襄阳国家农业科技园区"), park("襄阳枣阳国家农业科技园区", ZAOYANG)
    assert verdict(city, county) == "undecided"
    assert verdict(city, park("锡林郭勒国家农业科技园区", XILIN)) is None


def test_an_area_without_a_place_is_never_sure() -> None:
    nowhere = READER.read("nowhere", "agri-sci-park", "襄阳国家农业科技园区")
    assert verdict(nowhere, nowhere) == "undecided"


def test_another_carrier_is_a_veto() -> None:
    programme = "state-key-laboratory"
    one, other = (park("水稻国家重点实验室", programme=programme, carriers=[key]) for key in ("one", "other"))
    assert verdict(one, one) == "duplicate"
    assert verdict(one, other) == "look-alike"


def test_relations_by_design_and_look_alikes() -> None:
    one, other = park("襄阳国家农业科技园区"), park("襄阳国家农业高新技术产业示范区", programme="agri-high-tech-zone")
    succeeds = read([("agri-high-tech-zone", "agri-sci-park", "succeeds")], [], [])
    assert verdict(one, other, succeeds) == "by-design"
    modern = park("襄阳国家现代农业产业园", programme="modern-agri-industrial-park")
    assert verdict(one, modern, read([], [], [("agri-sci-park", "modern-agri-industrial-park")])) == "look-alike"
    same = park("湖北襄阳国家农业科技园区")
    assert verdict(one, same, read([], [(same.key, one.key)], [])) == "by-design"


def test_one_designation_under_two_names() -> None:
    one = park("襄阳农业高新技术产业示范区", programme="agri-high-tech-zone", alternates=["national-high-tech-zone"])
    other = park("襄阳高新技术产业开发区", programme="national-high-tech-zone", alternates=["agri-high-tech-zone"])
    alternates = read([("agri-high-tech-zone", "national-high-tech-zone", "alternates")], [], [])
    assert verdict(one, other, alternates) == "duplicate"


def made_up(number: int) -> list[Described]:
    """Designations in one prefecture whose names have a word of their own and words that all of them have."""
    signs = [chr(0x4E00 + step) for step in range(200)]
    return [
        READER.read(str(at), "agri-sci-park", f"{signs[at % 200]}{signs[at // 200]}现代示范", places=[XIANGYANG])
        for at in range(number)
    ]


def test_the_cost_grows_with_the_designations_and_not_with_their_square() -> None:
    few, many = (len(list(candidates(made_up(number), NONE, WEIGHTS))) for number in (1_000, 4_000))
    assert few > 0
    assert many <= 5 * few


@dataclass(frozen=True)
class Rate:
    """A part of a whole with its Wilson interval of 95 % (Wilson 1927)."""

    hits: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Return the interval."""
        z, share = 1.959964, self.hits / self.of
        middle = share + z * z / (2 * self.of)
        width = z * sqrt(share * (1 - share) / self.of + z * z / (4 * self.of * self.of))
        low, high = ((middle + sign * width) / (1 + z * z / self.of) for sign in (-1, 1))
        return max(low, 0.0), min(high, 1.0)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.hits}/{self.of} = {self.hits / self.of:.3f} ({low:.3f} to {high:.3f})"


@dataclass(frozen=True)
class Judged:
    """A labelled pair with its verdict, "different" where there is none, and whether blocking brings it together."""

    pair: Mapping[str, str]
    verdict: str
    blocked: bool


@pytest.fixture(scope="module")
def judged(columns: Columns) -> list[Judged]:
    reading, related = reader(columns), relations(columns)
    alternates: dict[str, list[str]] = {}
    for one, other in sorted(related.alternates):
        alternates.setdefault(one, []).append(other)
        alternates.setdefault(other, []).append(one)
    records = {}
    for row in tables.open_package(DATA).rows("records"):
        if row["outcome"] != "left-out" and row["name"]:
            span = dates.parse(row["approved_date"]) if row["approved_date"] else None
            records[row["id"]] = reading.read(
                *(row["id"], row["programme_id"], row["name"]),
                places=row.many("place_ids"),
                carriers=row.many("carrier_ids"),
                fields=row.many("field_ids"),
                days=(span.first, span.last) if span else (None, None),
                alternates=alternates.get(row["programme_id"], ()),
            )
    pairs = candidates(list(records.values()), related, WEIGHTS)
    together = {frozenset((mine.key, theirs.key)) for mine, theirs in pairs}
    found = []
    for pair in PAIRS:
        mine, theirs = records[pair["one"]], records[pair["other"]]
        assert (mine.name, theirs.name) == (pair["one_name"], pair["other_name"])
        blocked = frozenset((mine.key, theirs.key)) in together
        found.append(Judged(pair, verdict(mine, theirs, related) or "different", blocked))
    return found


def rates(judged: Iterable[Judged]) -> tuple[Rate, Rate]:
    """Return precision and recall of the verdict duplicate; a pair that blocking misses counts as missed."""
    counts = Counter(
        (each.pair["label"] == "duplicate", each.verdict == "duplicate" and each.blocked) for each in judged
    )
    right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    return Rate(right, right + wrong), Rate(right, right + missed)


def named(judged: Iterable[Judged]) -> list[Judged]:
    """Return one pair for each pair of names."""
    return list({(each.pair["one_name"], each.pair["other_name"]): each for each in judged}.values())


def test_precision_and_recall(judged: list[Judged]) -> None:
    """Weights were tuned on one part, split by programme, and are measured on the other; -s shows the numbers."""
    measured = [each for each in judged if each.pair["part"] == "measure"]
    tuned = [each for each in judged if each.pair["part"] == "tune"]
    lines = []
    for title, part in (("measured", measured), ("measured, names", named(measured)), ("tuned on", tuned)):
        precision, recall = rates(part)
        lines.append(f"{title}: {len(part)} pairs, precision {precision}, recall {recall}")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    precision, recall = rates(measured)
    assert precision.hits / precision.of >= 0.98
    assert recall.hits / recall.of >= 0.95
    document = DOCUMENT.read_text("utf-8")
    assert [line for line in lines if line not in document] == []


def test_the_list_of_errors_stands_in_the_documentation(judged: list[Judged]) -> None:
    wrong = {
        f"| {each.pair['one_name']} | {each.pair['other_name']} | {each.pair['label']} | {each.verdict} |"
        for each in judged
        if each.verdict != each.pair["label"]
    }
    document = DOCUMENT.read_text("utf-8").splitlines()
    assert {line for line in document if line.startswith("| ") and line.count("|") == 5} - {HEAD} == wrong


HEAD = "| one | other | label | verdict |"


def test_the_pairs_are_many_and_split_by_programme() -> None:
    parts: dict[str, set[str]] = {}
    for pair in PAIRS:
        parts.setdefault(pair["programmes"], set()).add(pair["part"])
        same = pair["one_name"] == pair["other_name"]
        assert not same or pair["label"] == "look-alike", "identical strings do not count"
        assert pair["reason"]
    assert len(PAIRS) >= 300
    assert {programmes for programmes, those in parts.items() if len(those) > 1} == set()


def test_findings_of_the_release(columns: Columns) -> None:
    """With and without the province, a reclamation area in two words; what is undecided has no score."""
    found = {finding.members: finding for finding in duplicates.find(columns, date(2026, 11, 24))}
    names = dict(columns.query("SELECT designation, name_zh FROM designations", {}))
    surest = {frozenset(names[key] for key in members) for members, finding in found.items() if finding.ranked}
    assert {"山东黄河三角洲农业高新技术产业示范区", "黄河三角洲农业高新技术产业示范区"} in surest
    assert {"广东农垦湛江农垦（雷州半岛）现代农业产业园", "广东农垦湛江垦区现代农业产业园"} in surest
    assert len({name for name in names.values() if re.search("五一农场|锡(?:林|盟)国家农业科技园区", name)}) == 2, (
        "decided"
    )
    doubtful = [finding for finding in found.values() if not finding.ranked]
    assert {(finding.score, finding.certainty) for finding in doubtful} == {(0.0, "possible")}
    assert all(finding.key == f"duplicate/{'/'.join(finding.members)}" for finding in found.values())


def test_two_designations_are_one_on_every_day_on_which_both_are_in_force(columns: Columns) -> None:
    spans = {
        designation: (first, last or date.max)
        for designation, first, last in columns.query("SELECT designation, counted_from, ended_last FROM designations")
    }
    today = date(2026, 11, 24)
    known = {finding.members for finding in duplicates.find(columns, today)}
    for day in (date(2000, 12, 31), date(2012, 12, 31), date(2022, 12, 31)):
        both = {pair for pair in known if all(spans[key][0] <= day <= spans[key][1] for key in pair)}
        assert {finding.members for finding in duplicates.find(columns, day)} & known == both

"""Every sentence of every finding of the release is read, and each number in it computed again from the columns."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import prod

import pytest

from kg.analysis.findings.finding import STRENGTHS
from kg.analysis.findings.kinds import programmes
from kg.analysis.findings.organisation_designations import organisation_designations
from kg.analysis.findings.unit_coverage import create_tables
from kg.analysis.ministries import ministries
from kg.release import Release
from kg.release.columns import Columns

MAX_LISTED = 5
"""Names of a list in running text; the others are counted."""
STRENGTH_WORDS = {"强": "strong", "一般": "plain", "弱": "weak"}
NUMBER = re.compile(r"(?<![A-Za-z0-9.])\d+(?:\.\d+)?(?:e[+-]?\d+)?")
LOCAL = {"territorial", "stacking"}
ON_TOPICS = {"thematic", "carrier"}
Row = Mapping[str, str]


@dataclass(frozen=True)
class Chance:
    """What a sentence says of chance, again: observed, units, expected, and the province or kind of unit."""

    observed: int
    units: int
    expected: float
    where: tuple[str, str]


class Day:
    """Designations in force on a day and the units that they touch, read from the columns."""

    def __init__(self, columns: Columns, day: date) -> None:
        create_tables(columns)
        self.columns, self.day = columns, day
        self.holds: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        rows = columns.query(
            """SELECT designation, hold, unit FROM unit_coverage
            WHERE counted_from <= $day AND (ended_last IS NULL OR ended_last >= $day)""",
            {"day": day},
        )
        programme = dict(columns.query("SELECT designation, programme FROM designations"))
        self.units: dict[tuple[str, str], set[str]] = defaultdict(set)
        answered = ministries(columns, day)
        for designation, hold, unit in rows:
            self.holds[designation][hold].add(unit)
            if programme[designation] in answered:
                self.units[hold, programme[designation]].add(unit)
        self.programme = programme
        self.province = dict(columns.query("SELECT place, province FROM places"))
        self.names = {key: names for key, *names in columns.query("SELECT place, name_zh, name_en FROM places")}
        self.levels = {
            level: {place for (place,) in columns.query(f"SELECT place FROM places WHERE place = {level}")}  # noqa: S608
            for level in ("county", "prefecture")
        }

    def at_a_place(self, row: Row, counted: Collection[str]) -> Chance:
        """Count the units of the province again: with designations within, or covered with their whole prefecture."""
        place, province = row["place"], self.province[row["place"]]
        met = [
            (self.programme[member], hold)
            for member in row["members"].split(";")
            if self.programme[member] in counted
            for hold, units in self.holds[member].items()
            if place in units
        ]
        own = {programme for programme, hold in met if hold == "in"}
        others = {programme for programme, _ in met} - own
        if own:
            level = "county"
            sets = [self._within("in", programme, province) for programme in own]
            covered = [self._within("covered", programme, province) for programme in others]
            sets += [set.intersection(*covered)] if covered else []
        else:
            level = "prefecture"
            sets = [
                self._within("whole", programme, province) | self._within("somewhere", programme, province)
                for programme in others
            ]
        total = sum(self.province[unit] == province for unit in self.levels[level])
        names = self.names[province]
        return Chance(len(set.intersection(*sets)), total, total * prod(len(each) / total for each in sets), names)

    def _within(self, hold: str, programme: str, province: str) -> set[str]:
        return {unit for unit in self.units[hold, programme] if self.province[unit] == province}

    @cached_property
    def organisations(self) -> list[tuple[str, frozenset[str], tuple[str, ...], tuple[str, ...]]]:
        """Programme, topics, carriers and prefectures of each designation of an organisation."""
        found = organisation_designations(self.columns, self.day, ministries(self.columns, self.day))
        return [(one.programme, one.topics | one.sites, one.carriers, one.prefectures) for one in found]

    def on_a_topic(self, row: Row) -> Chance:
        """Count prefectures, or known organisations, with designations of all the programmes on the topic again."""
        _, first, second = row["key"].split("/")
        on_carrier = row["kind"] == "carrier" or not second.isdecimal()
        carriers = {carrier for _, _, those, _ in self.organisations for carrier in those}
        units = len(carriers) if on_carrier else len(self.levels["prefecture"])
        topic = re.search(r"共有“(.+?)”这一主题", row["statement_zh"])
        assert topic or first
        counted = [
            {
                unit
                for programme, topics, borne, prefectures in self.organisations
                if programme == key and (topic is None or topic[1] in topics)
                for unit in (borne if on_carrier else prefectures)
            }
            for key in row["strand"].split(";")
        ]
        words = ("个机构载体", "known organisations") if on_carrier else ("个地级单位", "prefecture-level units")
        return Chance(
            len(set.intersection(*counted)), units, units * prod(len(each) / units for each in counted), words
        )

    @cached_property
    def _pairs(self) -> Mapping[tuple[str, str], programmes.Pair]:
        return {(pair.one, pair.other): pair for pair in programmes.pairs(self.columns, self.day)}

    def of_a_pair(self, row: Row) -> Chance:
        """Count county-level units, or carriers, that can hold both again, by province."""
        one, other = row["programmes"].split(";")
        county = self._pairs[one, other].unit == "county"
        if county:
            rows = self.columns.query(
                """SELECT place, province, list(rank) FROM places LEFT JOIN place_ranks USING (place)
                WHERE place = county GROUP BY ALL"""
            )
            limits = programmes.eligible_ranks(self.columns)
            kept = [set(limits[key]) for key in (one, other) if key in limits]
            province = {place: code for place, code, ranks in rows if all(set(ranks) & ranks_of for ranks_of in kept)}
            holders = [
                {
                    unit
                    for designation, holds in self.holds.items()
                    if self.programme[designation] == key
                    for unit in holds["in"]
                    if unit in province
                }
                for key in (one, other)
            ]
        else:
            province, holders = self._carriers(one, other)
        units = Counter(province.values())
        expected = sum(
            prod(sum(province[unit] == code for unit in held) for held in holders) / number
            for code, number in units.items()
        )
        words = (
            ("全国可设牌的县级单位", "eligible county-level units") if county else ("个机构载体", "known organisations")
        )
        return Chance(len(holders[0] & holders[1]), len(province), expected, words)

    def _carriers(self, one: str, other: str) -> tuple[dict[str, str], list[set[str]]]:
        rows = self.columns.query(
            """SELECT programme, carrier, coalesce(province, '') FROM designations
            JOIN designation_carriers USING (designation) JOIN carriers USING (carrier) LEFT JOIN places USING (place)
            WHERE designations.bearer = 'organisation' AND counted_from <= $day
            AND (ended_last IS NULL OR ended_last >= $day)""",
            {"day": self.day},
        )
        holders = [{carrier for programme, carrier, _ in rows if programme == key} for key in (one, other)]
        return {carrier: province for _, carrier, province in rows}, holders


@pytest.fixture(scope="module")
def columns(release: Release) -> Columns:
    return Columns.open(release)


@pytest.fixture(scope="module")
def findings(release: Release) -> list[Row]:
    with (release.path / "report" / "findings.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def days(columns: Columns, findings: list[Row]) -> Mapping[str, Day]:
    return {day: Day(columns, date.fromisoformat(day)) for day in {row["as_of"] for row in findings}}


@pytest.fixture(scope="module")
def labels(columns: Columns) -> list[str]:
    """Names with digits, which are no numbers of a sentence, the longest first."""
    rows = columns.query(
        """SELECT name_zh FROM programmes UNION SELECT name_en FROM programmes UNION SELECT name_zh FROM authorities
        UNION SELECT name_en FROM authorities UNION SELECT name_zh FROM carriers UNION SELECT label_zh FROM purposes
        UNION SELECT label_en FROM purposes"""
    )
    names = {name for (name,) in rows if name and any(letter.isdigit() for letter in name)}
    return sorted(names, key=lambda name: (-len(name), name))


def bare(sentence: str, labels: list[str]) -> str:
    """Return a sentence without quoted words and names that have digits."""
    for name in labels:
        sentence = sentence.replace(name, "")
    return re.sub(r"“[^”]*”", "", sentence)


def rounded(number: float) -> str:
    return "0.001" if number < 0.001 else f"{number:.2g}"


def surplus(names: int, unit: int = 0) -> Iterator[str]:
    """Yield what a list in running text says of names beyond the first: their total in Chinese, the rest in English."""
    if names > MAX_LISTED:
        yield str(names if unit == 0 else names - MAX_LISTED)


def chance(row: Row, day: Day) -> Chance | None:
    if not row["expected"]:
        return None
    if row["kind"] in LOCAL:
        return day.at_a_place(row, row["strand"].split(";"))
    return day.on_a_topic(row) if row["kind"] in ON_TOPICS else day.of_a_pair(row)


def expected_numbers(row: Row, found: Chance | None, language: int) -> list[str]:
    """Return the numbers that a sentence must have, in its order, computed from columns and row (0 zh, 1 en)."""
    members, bodies, kinds = (
        list(filter(None, row[name].split(";"))) for name in ("members", "ministries", "programmes")
    )
    numbers: list[str] = []
    if row["kind"] in LOCAL | ON_TOPICS:
        ministries_listed = [*surplus(len(bodies), language)] if row["kind"] != "stacking" else []
        programmes_listed = [*surplus(len(kinds), language)]
        stack = row["kind"] == "stacking"
        if language == 0:
            opening = [*ministries_listed, str(len(members)), *programmes_listed]
            numbers += [str(len(kinds)), *programmes_listed, str(len(members))] if stack else opening
        else:
            opening = [str(len(members)), *ministries_listed, *programmes_listed]
            numbers += [str(len(members)), str(len(kinds)), *programmes_listed] if stack else opening
    if found:
        counted = row["strand"].split(";")
        strand = [*surplus(len(counted), language)] if row["kind"] in LOCAL and counted != kinds else []
        number, units, share = str(found.observed), str(found.units), rounded(found.expected)
        numbers += [units, number, *strand, share] if language == 0 else [number, units, *strand, share]
    if row["subtracted"]:
        numbers.append(str(len(row["subtracted"].split(";"))))
    if row["strength"]:
        numbers += [str(len(members)), str(len(bodies)), row["qualifying_pairs"]]
    return numbers


@pytest.mark.parametrize("language", [0, 1], ids=["zh", "en"])
def test_every_number_of_every_sentence_is_that_of_the_columns(
    findings: list[Row], days: Mapping[str, Day], labels: list[str], language: int
) -> None:
    wrong = []
    for row in findings:
        sentence = bare(row[("statement_zh", "statement_en")[language]], labels)
        found = chance(row, days[row["as_of"]])
        numbers, expected = NUMBER.findall(sentence), expected_numbers(row, found, language)
        if row["kind"] in ("duplicate", "positioning"):
            numbers = [] if not expected else numbers  # names of records may have numbers of their own
        if numbers != expected:
            wrong.append((row["key"], row["as_of"], numbers, expected))
        if found and found.where[language] not in sentence:
            wrong.append((row["key"], row["as_of"], sentence, found.where))
    assert wrong == []
    assert len(findings) > 1000


def test_the_columns_of_the_report_are_those_counted_again(findings: list[Row], days: Mapping[str, Day]) -> None:
    for row in findings:
        if found := chance(row, days[row["as_of"]]):
            assert (int(row["observed"]), float(row["expected"])) == (
                found.observed,
                pytest.approx(found.expected, rel=1e-4),
            ), row["key"]


def test_the_words_of_strength_are_those_of_the_columns(findings: list[Row]) -> None:
    """Overlaps that have a place in the ranking say their strength; nothing else does."""
    assert {row["strength"] for row in findings} == {"", *STRENGTHS}
    for row in findings:
        overlap = row["kind"] in ("territorial", "thematic", "carrier") and row["certainty"] != "possible"
        assert bool(row["strength"]) is overlap, row["key"]
        assert bool(row["lacks"]) is (row["strength"] in ("plain", "weak")), row["key"]
        chinese = re.search(r"证据强度：(.+?)（", row["statement_zh"])
        english = re.search(r"Strength of evidence: (\w+) ", row["statement_en"])
        expected = row["strength"] or None
        assert (STRENGTH_WORDS[chinese[1]] if chinese else None) == expected, row["key"]
        assert (english[1] if english else None) == expected, row["key"]


def test_a_title_of_a_prefecture_is_said_of_titles_only(findings: list[Row]) -> None:
    for row in findings:
        covers = row["kind"] in LOCAL and row["certainty"] == "covers"
        assert ("其中有的覆盖整个地级单位" in row["statement_zh"]) is covers, row["key"]
        assert ("covers the whole prefecture" in row["statement_en"]) is covers, row["key"]

"""Sentences of findings: units are counted again from the tables of the release."""

import csv
import re
from collections import Counter
from datetime import date

import pytest

from kg.analysis.ministries import ministries
from kg.release import Release
from kg.release.columns import Columns

CLAUSES = {
    "zh": re.compile(
        r"[。）]([^。）]*?)(\d+)个(同级单位|地级单位|机构载体|，其中|计数单位).*?"
        r"随机预期(?:约|不足)([\d.e+-]+)(?:个|块牌子)(?:，实有(\d+))?"
    ),
    "en": re.compile(r"chance predicts (less than )?(\d+(?:\.\d+)?(?:e[+-]\d+)?)"),
}
"""The part of a sentence on chance: province, units, what they are, expected number, observed number of a gap."""


@pytest.fixture(scope="module")
def columns(release: Release) -> Columns:
    return Columns.open(release)


@pytest.fixture(scope="module")
def findings(release: Release) -> list[dict[str, str]]:
    with (release.path / "report" / "findings.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["expected"]]


@pytest.fixture(scope="module")
def units(columns: Columns) -> Counter[tuple[str, str]]:
    """The number of county-level and prefecture-level units, by province in Chinese and in the country (全国)."""
    found = Counter[tuple[str, str]]()
    rows = columns.query(
        """SELECT p.place = p.county, p.place = p.prefecture, q.name_zh
        FROM places p JOIN places q ON q.place = p.province"""
    )
    for county, prefecture, province in rows:
        for level, counted in (("county", county), ("prefecture", prefecture)):
            found.update({(level, province): int(counted), (level, "全国"): int(counted)})
    return found


def carriers(columns: Columns, as_of: date) -> dict[str, int]:
    """The number of carriers of designations in force borne by organisations: all, with ministry and purpose known."""
    rows = columns.query(
        """SELECT DISTINCT programme, carrier, programme IN (SELECT programme FROM programme_purposes)
        FROM designations JOIN designation_carriers USING (designation)
        WHERE bearer = 'organisation' AND counted_from <= $day AND (ended_last IS NULL OR ended_last >= $day)""",
        {"day": as_of},
    )
    known = ministries(columns, as_of)
    return {
        "all": len({carrier for _, carrier, _ in rows}),
        "known": len({carrier for programme, carrier, purpose in rows if purpose and programme in known}),
    }


def test_every_number_of_units_is_that_of_its_scope(
    columns: Columns, findings: list[dict[str, str]], units: Counter[tuple[str, str]]
) -> None:
    """Within a province where chance is that of the province, in the country where it is that of the country."""
    known = {day: carriers(columns, date.fromisoformat(day)) for day in {row["as_of"] for row in findings}}
    levels = {"county": set[str](), "prefecture": set[str]()}  # 东莞 and its like are both
    for place, county, prefecture in columns.query("SELECT place, county, prefecture FROM places"):
        for level, code in (("county", county), ("prefecture", prefecture)):
            levels[level].update({place} & {code})
    wrong = []
    for row in findings:
        found = CLAUSES["zh"].search(row["statement_zh"])
        assert found, row["statement_zh"]
        scope, number, unit, _, _ = found.groups()
        right = {
            "同级单位": {units[level, scope] for level, places in levels.items() if row["place"] in places},
            "地级单位": {units["prefecture", scope]},
            "机构载体": {known[row["as_of"]]["known"]} if scope == "已收录的" else set(),
            "，其中": {units["county", "全国"] if scope == "按县级单位计共" else known[row["as_of"]]["all"]},
            "计数单位": {int(number)},
        }[unit]
        if int(number) not in right:
            wrong.append((row["key"], scope, number, right))
    assert wrong == []


def test_the_numbers_of_both_languages_are_those_of_the_columns(findings: list[dict[str, str]]) -> None:
    for row in findings:
        chinese, english = (CLAUSES[language].search(row[f"statement_{language}"]) for language in ("zh", "en"))
        assert chinese, row["statement_zh"]
        assert english, row["statement_en"]
        value = float(row["expected"])
        assert chinese[4] == english[2] == ("0.001" if value < 0.001 else f"{value:.2g}"), row["key"]
        observed = re.search(
            r"(?:(\d+) of [\d]+ .*?|, (\d+) hold both|and (\d+) are observed)(?=; chance|\.)", row["statement_en"]
        )
        assert observed, row["statement_en"]
        assert [found for found in observed.groups() if found] == [row["observed"]], row["key"]

"""Grades of sources: labelled documents of the tables, one rule each."""

from pathlib import Path

import pytest

from kg import tables
from kg.tables import grades
from kg.tables.grades import Grader

DATA = Path(__file__).parents[3] / "data"
LABELLED = {
    "pk-S30": grades.OFFICIAL,  # a reply of the State Council on the government's own site
    "pk-S72": grades.OFFICIAL,
    "S541": grades.OFFICIAL,
    "pk-S11": grades.REPRINTED,  # a reply of the State Council in a collection of laws
    "pk-S17": grades.REPRINTED,
    "S413": grades.REPRINTED,
    "S486": grades.OFFICIAL,
    "pk-S28": grades.NUMBERED,  # a reply with its number and no address
    "bs-S04": grades.NUMBERED,
    "pk-S01": grades.COLLECTED,  # a catalogue as transcribed in a repository
    "pk-S02": grades.COLLECTED,
    "bs-S06": grades.COLLECTED,  # a list whose compiler is not stated
    "S401": grades.COLLECTED,
    "S412": grades.COLLECTED,
    "pl-S05": grades.COLLECTED,
    "pk-S19": grades.REPORTED,  # a newspaper
    "S423": grades.REPORTED,
    "S523": grades.REPORTED,  # a newspaper under the domain of its city
    "rg-R01": grades.STUDIED,  # a founding paper
    "bs-N42": grades.STUDIED,
    "pk-S22": grades.ENTRY,
    "rg-R61": grades.ENTRY,
    "bs-G04": grades.MENTIONED,
    "pk-S43": grades.UNREACHED,
    "S445": grades.UNREACHED,
    "pk-S50": grades.STRANGER,
    "S431": grades.STRANGER,
    "guapai": grades.OWN,
}


@pytest.fixture(scope="module")
def package() -> tables.Package:
    return tables.open_package(DATA)


def test_labelled_documents(package: tables.Package) -> None:
    known = grades.grades(package)
    assert {key: known[key] for key in LABELLED} == LABELLED


def test_the_longest_name_of_a_host_says_who_publishes() -> None:
    grader = Grader({"gov.cn": "authority", "tb.changzhou.gov.cn": "press"})
    assert grader.publisher("https://www.most.gov.cn/a.html") == "authority"
    assert grader.publisher("https://tb.changzhou.gov.cn/html/a.html") == "press"
    assert grader.publisher("https://gov.cn.example.org/a.html") == ""
    assert grader.publisher("") == ""


def test_what_a_table_says_of_its_own_reliability_is_not_asked() -> None:
    row = {"id": "x", "title_zh": "名单", "issuer_zh": "", "document_number": "", "address": "https://example.org/x"}
    grader = Grader({})
    assert {grader.grade(row | {"reliability": said}) for said in ("stated", "compilation", "low")} == {grades.STRANGER}
    assert grader.grade(row | {"reliability": "unsourced"}) == grades.UNSOURCED


def test_the_span_of_grades() -> None:
    known = {"a": grades.OFFICIAL, "b": grades.ENTRY, "c": grades.STRANGER}
    assert grades.span("abc", known) == ("official", "low")
    assert grades.span("b", known) == ("encyclopaedia", "encyclopaedia")
    assert grades.span("", known) == ("unsourced", "unsourced")


def test_every_kind_of_publisher_is_one_that_the_rule_knows(package: tables.Package) -> None:
    kinds = {row["kind"] for row in package.rows("publishers")}
    assert kinds == {"authority", "press", "institution", "journal", "repository", "encyclopaedia"}

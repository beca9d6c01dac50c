"""A word that a curator adds to a table counts in the next reading, without a change of the code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.importing.line_kinds import Words
from kg.places import Gazetteer, Stated
from kg.tables import Package, open_package
from kg.tables.grades import Grader
from kg.text.names import NameWords
from kg.text.organisations import OrganisationNames

DATA = Path(__file__).parents[2] / "data"
SOURCE = {"id": "x", "title_zh": "昆山见闻录", "issuer_zh": "", "document_number": "", "address": "", "reliability": ""}


def places(package: Package) -> object:
    stated = Stated("山西省", "", "", "洪洞长廊示范区", None)
    return Gazetteer.of(package).resolve(stated, "within-county", "area").place_ids


def towns(package: Package) -> object:
    return Words.of(package).towns("甲镇、乙牧区")


def note(package: Package) -> object:
    return Words.of(package).note("名单仅供参考")


def kind(package: Package) -> object:
    return OrganisationNames(package.rows("organisation_words")).kind("昆山研究社")


def core(package: Package) -> object:
    return NameWords.of(package.rows("name_words")).core("昆山园区（预备）", [])


def grade(package: Package) -> object:
    return Grader.of(package).grade(SOURCE).key


@pytest.mark.parametrize(
    ("table", "line", "reading", "answers"),
    [
        ("place_words", "corridor,other-word,长廊,,", places, (("141024",), ("140000",))),
        ("place_words", "pasture,town-in-cell,牧区,,", towns, (["甲镇、乙牧区"], ["甲镇", "乙牧区"])),
        ("import_words", "reference,line,note-part,仅供参考", note, (False, True)),
        ("organisation_words", "yan-jiu-she,研究社,institute,complete,", kind, ("other", "institute")),
        ("name_words", "yu-bei,预备,stage", core, ("昆山园区预备", "昆山园区")),
        ("source_words", "journal,study,见闻录,", grade, ("low", "compilation")),
    ],
)
def test_a_word_counts_as_soon_as_it_stands_in_its_table(
    tmp_path: Path, table: str, line: str, reading: Callable[[Package], object], answers: tuple[object, object]
) -> None:
    for path in DATA.iterdir():
        (tmp_path / path.name).symlink_to(path)
    changed = tmp_path / f"{table}.csv"
    changed.unlink()
    changed.write_text((DATA / changed.name).read_text("utf-8") + line + "\n", "utf-8")
    assert (reading(open_package(DATA)), reading(open_package(tmp_path))) == answers

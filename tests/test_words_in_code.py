"""Words of the domain stand in tables: Chinese words that decide a reading, and keys, are no constants of the code."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
HAN = re.compile("[\u3400-\u9fff]")
LONG_TEXT = re.compile(r'(^[ \t]*r?)?""".*?"""', re.DOTALL | re.MULTILINE)
"""A text of several lines; one that begins a line is a docstring."""
KEY = re.compile('"([a-z0-9]+(?:-[a-z0-9]+)*)"')
READING = {
    *("endswith", "startswith", "removeprefix", "removesuffix", "replace", "split", "strip", "lstrip", "rstrip"),
    *("partition", "find", "index", "count", "sub", "match", "fullmatch", "search", "finditer", "findall", "compile"),
}
"""Methods whose arguments decide how a text is read."""
GRAMMAR = {
    "kg/importing/cell_marks.py": {"AFTER"},
    "kg/importing/line_kinds.py": {"DAY", "PAGE", "SENTENCE"},
    "kg/importing/printed_dates.py": {"DAY", "MONTH", "YEAR"},
    "kg/importing/readers/date_formats.py": {"MONTH"},
    "kg/places/name_prefix.py": {"AND"},
    "kg/tables/figures.py": {"CHINESE", "HEDGES", "UNITS"},
    "kg/text/characters.py": {"VARIANTS", "_RADICALS"},
    "kg/text/patterns.py": {"NUMERALS"},
    "kg/text/pinyin.py": {
        *("DIVISIONS", "LAST_CHARACTERS", "NAME_READINGS", "NUMBER", "PARTICLES", "PLACE_READINGS", "SHAANXI"),
        *("SUFFIXES", "TOWNS", "_divided"),
    },
    "web/html/environment.py": {"NUMBER"},
    "web/views/resource/papers.py": {"FIGURES"},
}
"""Constants and functions with the grammar of printed dates, numbers and signs, with characters and their readings."""
TEXTS: dict[str, set[str]] = {
    "kg/analysis/findings/organisation_designations.py": {"STATION"},
    "kg/analysis/findings/sentences.py": {
        "CHANCES",
        "COVERS",
        "INFERRED",
        "LOOK_ALIKE",
        "NO_PURPOSE",
        "OPENINGS",
        "POSSIBLE",
        "REMARKS",
        "UNDECIDED",
    },
    "kg/analysis/findings/strength.py": {"STRENGTH_WORDS", "WORDS"},
    "kg/analysis/findings/titles.py": {"POINTS", "TITLES"},
    "kg/analysis/labels.py": {"NAMES"},
    "kg/analysis/plot.py": {"NAMES"},
    "kg/errors.py": {"EXPECTATIONS"},
    "kg/importing/line_kinds.py": {"TITLE", "TOTAL_LINE", "WHY"},
    "kg/importing/plan.py": {"NAMELESS"},
    "kg/importing/printed_rows.py": {"SECTION"},
    "kg/importing/row_reader.py": {"NO_SUCH_PROVINCE"},
    "kg/places/__init__.py": {
        "NO_COUNTY",
        "NO_DIVISION",
        "NO_PROVINCE",
        "ONLY_PROVINCE",
        "OTHER_COUNTY",
        "OTHER_PREFECTURE",
        "SEVERAL_TOWNS",
    },
    "kg/release/catalogue.py": {"SERVICE", "THEMES"},
    "kg/store/departures.py": {"DEPARTURES"},
    "kg/tables/accounting.py": {"EXACT_REPEAT"},
    "kg/tables/grades.py": {
        "COLLECTED",
        "ENTRY",
        "MENTIONED",
        "NUMBERED",
        "OFFICIAL",
        "OWN",
        "REPORTED",
        "REPRINTED",
        "STRANGER",
        "STUDIED",
        "UNREACHED",
        "UNSOURCED",
    },
    "web/api/mcp.py": {"INSTRUCTIONS", "Place"},
    "web/api/openapi.py": {"EXAMPLES"},
    "web/views/match.py": {"EXAMPLE"},
}
"""Constants that readers of a page or report see."""


def homes(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield constant or function, and word, for every Chinese word of a constant or that is compared with a text."""
    for statement in _statements(module.body):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            yield from ((ast.unparse(target), word) for word in words(statement))
        else:
            compared = (part for node in ast.walk(statement) for part in _compared(node))
            yield from ((getattr(statement, "name", ""), word) for part in compared for word in words(part))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module and of its classes."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _statements(statement.body)
        elif not isinstance(statement, ast.Expr | ast.Import | ast.ImportFrom):
            yield statement


def _compared(node: ast.AST) -> list[ast.expr]:
    """Return the parts of an expression with which a text is compared."""
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in READING:
        return node.args
    return []


def words(node: ast.AST) -> list[str]:
    """Return the texts with Chinese characters in a part of a program."""
    found = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))
    return [text for text in found if HAN.search(text)]


def test_words_that_decide_a_reading_stand_in_tables() -> None:
    found: dict[str, set[str]] = {}
    for path in sorted([*ROOT.glob("kg/**/*.py"), *ROOT.glob("web/**/*.py")]):
        text = path.read_text("utf-8")
        if not HAN.search(LONG_TEXT.sub(lambda found: found[0] if found[1] is None else "", text)):
            continue
        if known := {home for home, _ in homes(ast.parse(text))}:
            found[path.relative_to(ROOT).as_posix()] = known
    assert found == {path: GRAMMAR.get(path, set()) | TEXTS.get(path, set()) for path in {*GRAMMAR, *TEXTS}}


def test_a_word_that_decides_is_told_from_one_that_is_said() -> None:
    code = """
KINDS = ("县", "市")
def is_county(name: str) -> bool:
    return name.endswith("县")
def message() -> str:
    return "没有县"
"""
    assert list(homes(ast.parse(code))) == [("KINDS", "县"), ("KINDS", "市"), ("is_county", "县")]


def test_no_programme_authority_or_place_is_named_in_the_code() -> None:
    named = {
        "kg/charts/outlines.py",  # files of outlines, by province
        "kg/charts/tiles.py",
        "kg/release/columns.py",  # the country
        "web/api/openapi.py",  # examples for readers
        "web/views/ask.py",
    }
    keys = {row["id"] for table in ("programmes", "authorities", "places") for row in rows(table)}
    paths = sorted([*ROOT.glob("kg/**/*.py"), *ROOT.glob("web/**/*.py")])
    found = {path: keys.intersection(KEY.findall(path.read_text("utf-8"))) for path in paths}
    assert {path.relative_to(ROOT).as_posix() for path, known in found.items() if known} == named


def rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of the project."""
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)

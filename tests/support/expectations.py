"""Codes of expectations as the code itself names them: the calls of `kg.errors.expect`, read and not run."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType


def codes_of(*modules: ModuleType, only: Collection[str] = (), without: Collection[str] = ()) -> set[str]:
    """Return the codes that modules name; of their functions, only some or all without some."""
    found = set[str]()
    for module in modules:
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for part in tree.body:
            name = part.name if isinstance(part, ast.FunctionDef) else ""
            if (not only or name in only) and name not in without:
                found |= {code for code, _ in calls(part)}
    return found


def calls(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Yield code and names of the parameters of each call of `expect`.

    Raises:
        AssertionError: a code or the name of a parameter is not written out.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "expect":
            (code,) = node.args
            assert isinstance(code, ast.Constant), ast.unparse(node)
            assert all(keyword.arg for keyword in node.keywords), ast.unparse(node)
            yield str(code.value), {str(keyword.arg) for keyword in node.keywords}


def fields(phrase: str) -> set[str]:
    """Return the names of the parameters of a phrase."""
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}

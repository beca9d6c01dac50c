"""Validation of the tables against their Frictionless descriptor; reports all faults of all files."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from kg.errors import NOTHING, Complaint, Expectation, expect
from kg.tables import Package, Resource, Row, dates, read

Check = Callable[[str], Expectation | None]
"""Takes a cell that is not empty; returns what was expected where the cell is at fault."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, so that the data could not be had as RDF/XML."""
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
NUMBER = re.compile(WHOLE.pattern + r"(?:\.[0-9]+)?")
"""Numbers as tables write them: digits of ASCII, a full stop; lexical forms of `xsd:integer` and `xsd:decimal`, too."""


def check(package: Package, progress: Callable[[str], None] = lambda _: None) -> list[Complaint]:
    """Validate every cell of every table by the descriptor.

    Args:
        package: the tables.
        progress: called with the name of each table before it is read.

    Returns:
        Every fault: encoding, header, number of cells, types, patterns, enumerations, dates, doubled and unknown keys.
        References into a table that cannot be read are left unchecked, so that one fault is not told a thousand times.
    """
    complaints: list[Complaint] = []
    keys = {
        name: found for name, resource in package.resources.items() if (found := _keys(package, resource)) is not None
    }
    for name, resource in package.resources.items():
        progress(name)
        checks = {str(column["name"]): _checks(column) for column in resource.fields}
        alone = dict.fromkeys(("id", *resource.unique))
        seen: dict[tuple[str, str], tuple[str, int]] = {}
        for path in resource.paths:
            for row in read(package.folder, resource, path, complaints):
                complaints += _check_row(row, resource, checks, keys)
                complaints += _repeated(row, path, alone, seen)
    return complaints


def check_row(package: Package, row: Row, keys: Mapping[str, set[str]]) -> list[Complaint]:
    """Validate a row that is in no file yet by the descriptor of its table.

    Args:
        package: the tables.
        row: the row, with every column of its table.
        keys: table to its existing keys; references to other tables are not checked.
    """
    resource = package.resources[row.resource]
    return list(_check_row(row, resource, {str(column["name"]): _checks(column) for column in resource.fields}, keys))


def _check_row(
    row: Row, resource: Resource, checks: Mapping[str, list[Check]], keys: Mapping[str, set[str]]
) -> Iterator[Complaint]:
    for column, cell in row.cells.items():
        if not cell:
            if checks[column] and checks[column][0] is _required:
                yield row.complaint(column, NOTHING, expect("value"))
            continue
        if CONTROL.search(cell):
            yield row.complaint(column, repr(cell), expect("no-control"))
        for entry in row.many(column) if column in resource.lists else [cell]:
            for test in checks[column]:
                if expected := test(entry):
                    yield row.complaint(column, repr(entry), expected)
            target = resource.references.get(column)
            if target is not None and target in keys and entry not in keys[target]:
                yield row.complaint(column, repr(entry), expect("key-of-table", table=target))


def _repeated(
    row: Row, path: str, alone: Collection[str], seen: dict[tuple[str, str], tuple[str, int]]
) -> Iterator[Complaint]:
    """Complain of cells that an earlier row has in a column whose values are unique."""
    for column in alone:
        file, line = seen.setdefault((column, row[column]), (path, row.line))
        if (file, line) != (path, row.line) and (row[column] or column == "id"):
            own = expect("own-key", file=file, row=line) if column == "id" else expect("own-value", file=file, row=line)
            yield row.complaint(column, repr(row[column]), own)


def _required(_cell: str) -> None:
    """Mark a column whose cells must not be empty; an empty cell never reaches it."""


def _checks(column: Mapping[str, Any]) -> list[Check]:
    """Compile the type and the constraints of a column."""
    constraints = column.get("constraints", {})
    checks: list[Check] = [_required] if constraints.get("required") else []
    if column["type"] in ("integer", "number"):
        checks.append(_number(column["type"], constraints.get("minimum"), constraints.get("maximum")))
    if column["type"] == "boolean":
        checks.append(_one_of(["true", "false"]))
    if "enum" in constraints:
        checks.append(_one_of(constraints["enum"]))
    if "pattern" in constraints:
        checks.append(_pattern(constraints["pattern"]))
    if column.get("guapai:date"):
        checks.append(dates.fault)
    return checks


def _number(kind: str, minimum: float | None, maximum: float | None) -> Check:
    low, high = (None if bound is None else Decimal(str(bound)) for bound in (minimum, maximum))
    whole, between = kind == "integer", low is not None and high is not None
    if between and whole:
        expected = expect("whole-number-between", minimum=minimum, maximum=maximum)
    elif between:
        expected = expect("number-between", minimum=minimum, maximum=maximum)
    else:
        expected = expect("whole-number") if whole else expect("number")

    form = WHOLE if whole else NUMBER

    def test(cell: str) -> Expectation | None:
        if not form.fullmatch(cell):
            return expected
        value = Decimal(cell)
        inside = (low is None or value >= low) and (high is None or value <= high)
        return None if inside else expected

    return test


def _one_of(values: list[str]) -> Check:
    allowed = frozenset(values)
    expected = expect("one-of", values=", ".join(values))
    return lambda cell: None if cell in allowed else expected


def _pattern(pattern: str) -> Check:
    # In ASCII, since `\d` would take digits of every script.
    compiled, expected = re.compile(pattern, re.ASCII), expect("pattern", pattern=pattern)
    return lambda cell: None if compiled.fullmatch(cell) else expected


def _keys(package: Package, resource: Resource) -> set[str] | None:
    """Return the keys of a table, None where a file or row of it cannot be read."""
    faults: list[Complaint] = []
    keys = {row["id"] for path in resource.paths for row in read(package.folder, resource, path, faults)}
    return None if faults else keys

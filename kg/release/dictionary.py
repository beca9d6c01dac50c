"""Data dictionary: every column of the tables and of a release's Parquet files, as Markdown.

    python -m kg.release.dictionary data > docs/data-dictionary.md

A test holds docs/data-dictionary.md against what this writes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from kg.release.schema import SCHEMA
from kg.tables import ANY_KIND, Column, Package, Resource, open_package

OPENING = """# Data dictionary

Generated from `data/datapackage.json` and `kg/release/schema.py` by `make docs/data-dictionary.md`; do not edit it.

The tables of `data/` are CSV files in UTF-8, described by a Frictionless data package (Table Schema). Properties of the
descriptor that begin with `guapai:` are the project's own: `guapai:title_zh` is the Chinese title; `guapai:property`
what a cell becomes of the resource of its row, `guapai:merged` of the designation that a record describes;
`guapai:indirect` what a rule of the build makes of it. `kg/pipeline/mapping.py` reads them.

- **key**: names a row; never reused. **→ table**: a key of that table. **list**: entries separated by semicolons.
- **date**: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the graph has its text, and its first and last possible day.
- **printed**: as the source prints it. **required**: never empty.
"""
PARQUET = """## Columns of a release

`columns/<table>.parquet` of a release, for counts and analyses. Missing texts are empty, unknown dates and numbers
NULL; semicolons separate the entries of lists in `claims` and `claim_tests`.
"""


def markdown(package: Package) -> str:
    """Return the data dictionary of a package."""
    tables = (line for resource in package.resources.values() for line in _table(resource))
    return "\n".join([OPENING, *tables, PARQUET, *_parquet()]) + "\n"


def _table(resource: Resource) -> Iterator[str]:
    descriptor, files = resource.descriptor, len(resource.paths)
    yield f"## {resource.name} · {resource.own('title_zh')} · {descriptor['title']}\n"
    folder = resource.paths[0].rpartition("/")[0]
    where = f"`{resource.paths[0]}`" if files == 1 else f"`{folder}/*.csv`"
    yield f"{str(descriptor['description']).rstrip('.')}. {where}{_made(resource)}\n"
    yield "| column | 中文 | English | type | becomes | |"
    yield "|---|---|---|---|---|---|"
    for column in resource.described.values():
        cells = (f"`{column.name}`", column.titles["zh"], column.titles["en"], _type(column), _becomes(column))
        yield f"| {' | '.join(map(_cell, (*cells, column.description)))} |"
    yield ""


def _made(resource: Resource) -> str:
    """Return what a row of a table is in the graph, empty if it is nothing."""
    classes = ", ".join(f"`{name}`" for name in resource.classes)
    if resource.scheme:
        return f"; a row is a concept, {classes}, of the scheme `{resource.scheme}`"
    if not resource.kind:
        return ""
    if resource.kind == ANY_KIND:
        return f"; a row is {classes}, its key says of which kind"
    return f"; a row is {classes} `id/{resource.kind}/…`" if classes else f"; a row adds to `id/{resource.kind}/…`"


def _type(column: Column) -> str:
    words = ["key"] if column.name == "id" else ["date"] if column.is_date else []
    if column.reference:
        words.append(f"→ {column.reference}")
    if column.values:
        words.append("one of " + ", ".join(f"`{word}`" for word in column.values))
    if not words:
        words.append("text" if column.type == "string" else column.type)
    flags = {"list": column.is_list, "printed": column.printed, "required": column.required and column.name != "id"}
    return "; ".join([*words, *(word for word, holds in flags.items() if holds)])


def _becomes(column: Column) -> str:
    """Return the properties of a column, with the scheme, kind, address or language of their values."""
    found = []
    if column.predicate:
        found.append(f"`{column.predicate}`{' (from there to the row)' if column.inverse else _value(column)}")
    if column.merged:
        found.append(f"of the designation `{column.merged}`{_value(column)}")
    if column.indirect:
        found.append("by a rule " + ", ".join(f"`{name}`" for name in column.indirect))
    if days := [f"`{name}`" for name in (column.first, column.last) if name]:
        found.append(f"days {', '.join(days)}")
    if column.measure:
        found.append(f"a figure of the measure `{column.measure}`")
    return "; ".join(found)


def _value(column: Column) -> str:
    if column.scheme:
        return f" in scheme `{column.scheme}`"
    if column.kind:
        return " of the kind that it names" if column.kind == ANY_KIND else f" of kind `{column.kind}`"
    if column.link:
        return f" `{column.link.format('…')}`" if column.link != "{}" else ""
    return f" @{column.language}" if column.language else ""


def _parquet() -> Iterator[str]:
    yield "| table | columns |"
    yield "|---|---|"
    for table, columns in SCHEMA.items():
        yield f"| `{table}` | {', '.join(f'`{name}` {kind.lower()}' for name, kind in columns.items())} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(markdown(open_package(Path(sys.argv[1] if len(sys.argv) > 1 else "data"))))

"""A release for notebooks: one DuckDB file of its columns and tables, and CSVW metadata of its tables."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from kg.release import Release
from kg.release.columns import FOLDER
from kg.release.schema import SCHEMA
from kg.tables import Column, Package, Resource, open_package

TABLES = "tables"
"""Folder of the tables in a release, and their schema in the file."""
LANGUAGES = ("en", "zh")
"""Schemas of views whose tables and columns bear the titles of the data dictionary."""
CSVW = "csv-metadata.json"
"""File name of metadata that CSVW processors look for beside a table."""
TYPES = {"number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN"}
"""Types of Table Schema to those of DuckDB; VARCHAR otherwise."""


def write_database(release: Release, path: Path) -> None:
    """Write a release as one DuckDB file.

    Its columns are tables of the schema `main`; its tables those of the schema `tables`; the schemas `en` and `zh` have
    a view of each of the latter under the titles of the data dictionary.
    """
    package = open_package(release.path / TABLES)
    with duckdb.connect(str(path)) as connection:
        for name in SCHEMA:
            file = str(release.path / FOLDER / f"{name}.parquet")
            connection.read_parquet(file).to_table(name)
        for schema in (TABLES, *LANGUAGES):
            connection.execute(f"CREATE SCHEMA {schema}")
        for resource in package.resources.values():
            _write_table(connection, package, resource)


def _write_table(connection: duckdb.DuckDBPyConnection, package: Package, resource: Resource) -> None:
    kinds = {column.name: TYPES.get(column.type, "VARCHAR") for column in resource.described.values()}
    files = [str(package.folder / path) for path in resource.paths]
    read = connection.read_csv(files, header=True, auto_detect=False, columns=kinds, quotechar='"', delimiter=",")
    read.create(f"{TABLES}.{_quoted(resource.name)}")
    for language, title in zip(LANGUAGES, (str(resource.descriptor["title"]), resource.own("title_zh")), strict=True):
        cells = ", ".join(f"{_quoted(name)} AS {_quoted(titled)}" for name, titled in _titled(resource, language))
        view = f"{language}.{_quoted(title or resource.name)}"
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT {cells} FROM {TABLES}.{_quoted(resource.name)}")  # noqa: S608


def _titled(resource: Resource, language: str) -> Iterator[tuple[str, str]]:
    """Yield the columns of a table with their titles; a title that stands twice is followed by the name."""
    seen: set[str] = set()
    for column in resource.described.values():
        title = column.titles[language] or column.name
        yield column.name, f"{title} ({column.name})" if title.casefold() in seen else title
        seen.add(title.casefold())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def csvw(package: Package) -> str:
    """Return the metadata of the tables by CSV on the Web (W3C, 2015), to stand beside them as `CSVW`."""
    tables = [_described(package, resource, path) for resource in package.resources.values() for path in resource.paths]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": package.descriptor["title"],
        "dc:license": {"@id": package.descriptor["licenses"][0]["path"]},
        "tables": tables,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _described(package: Package, resource: Resource, path: str) -> Mapping[str, Any]:
    titles = {"en": resource.descriptor["title"], "zh": resource.own("title_zh")}
    columns = [_column(column) for column in resource.described.values()]
    schema: dict[str, Any] = {"columns": columns}
    if "id" in resource.described:
        schema["primaryKey"] = "id"
    if keys := list(_foreign_keys(package, resource)):
        schema["foreignKeys"] = keys
    return {"url": path, "dc:title": titles, "tableSchema": schema}


def _column(column: Column) -> dict[str, Any]:
    datatype = column.type if column.type in TYPES else "string"
    made: dict[str, Any] = {"name": column.name, "titles": column.name, "datatype": datatype}
    made |= {"dc:title": column.titles, "dc:description": column.description}
    if column.is_list:
        made["separator"] = ";"
    elif column.required:
        made["required"] = True
    return made


def _foreign_keys(package: Package, resource: Resource) -> Iterator[Mapping[str, Any]]:
    """Yield the references of cells that are single and never empty to a table that is one file."""
    for column in resource.described.values():
        target = package.resources.get(column.reference or "")
        if target and len(target.paths) == 1 and column.required and not column.is_list:
            reference = {"resource": target.paths[0], "columnReference": "id"}
            yield {"columnReference": column.name, "reference": reference}


def write_csvw(folder: Path) -> Path:
    """Write the metadata of the tables of a folder beside its descriptor."""
    path = folder / CSVW
    path.write_text(csvw(open_package(folder)), encoding="utf-8")
    return path

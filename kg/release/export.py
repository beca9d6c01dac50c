"""Export of a release as RDF, of its tables as CSV, or of all as a DuckDB file, with description and checksums."""

import errno
import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.errors import GuapaiError, write_fault
from kg.release import Release, catalogue
from kg.release.notebook import write_csvw, write_database
from kg.store import EmbeddedStore
from kg.store.formats import serialize_lines
from kg.vocab import DATASET, Triple, link

FORMATS = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "nq": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdf": "RDF/XML",
    "csv": "the tables as CSV with their Frictionless descriptor and CSVW metadata",
    "duckdb": "columns and tables as one DuckDB file, for notebooks",
}
"""File extension to name of each format; nq and trig hold the named graphs, the others the default graph."""
CHECKSUMS = "SHA256SUMS"
DESCRIPTION = "dataset.ttl"


def export(release: Release, formats: Iterable[str], target: Path) -> list[Path]:
    """Write the release in each of the formats into a folder, with `dataset.ttl` (VoID, DCAT) and `SHA256SUMS`.

    It is made in a folder beside the target, which is moved into its place when it is whole.

    Raises:
        GuapaiError: a format is unknown, the folder is not empty, or a file cannot be written; nothing is left then.
    """
    wanted = list(dict.fromkeys(formats))
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise GuapaiError(f"no format {', '.join(unknown)}; there are {', '.join(FORMATS)}")
    if target.exists() and any(target.iterdir()):
        raise _not_empty(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
            made = Path(scratch) / "export"
            made.mkdir()
            written = [path.relative_to(made) for path in _write(release, wanted, made)]
            made.replace(target)
    except OSError as error:
        if error.errno == errno.ENOTEMPTY:  # another export was quicker
            raise _not_empty(target) from error
        raise GuapaiError(f"{write_fault(error)}; nothing was exported") from error
    return [target / path for path in written]


def _not_empty(target: Path) -> GuapaiError:
    return GuapaiError(f"{target} is not empty; name a new folder")


def _write(release: Release, wanted: Iterable[str], target: Path) -> list[Path]:
    """Write the formats, the description and the checksums into a folder."""
    store = EmbeddedStore(release.store_path)
    written = []
    for name in wanted:
        if name == "csv":
            written += _tables(release, target)
            continue
        path = target / f"guapai.{name}"
        if name == "duckdb":
            write_database(release, path)
            written.append(path)
            continue
        with path.open("wb") as stream:
            store.dump(stream, name)
        written.append(path)
    description = target / DESCRIPTION
    description.write_bytes(serialize_lines(_description(release, target, written), "ttl"))
    written.append(description)
    checksums = "".join(f"{_digest(path)}  {path.relative_to(target).as_posix()}\n" for path in written)
    (target / CHECKSUMS).write_text(checksums, encoding="utf-8")
    return [*written, target / CHECKSUMS]


def _tables(release: Release, target: Path) -> list[Path]:
    shutil.copytree(release.path / "tables", target / "tables")
    write_csvw(target / "tables")
    return sorted(path for path in (target / "tables").rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _description(release: Release, target: Path, written: Iterable[Path]) -> list[Triple]:
    """Return the release's own description and the written files as DCAT distributions."""
    lines = (release.graphs / "dataset.nt").read_text(encoding="utf-8").splitlines()
    triples = list(catalogue.released(release.id, release.data_as_of))
    for row in lines:
        subject, predicate, rest = row.split(" ", 2)
        triples.append((subject, predicate, rest.removesuffix(" .")))
    for path in written:
        name = path.relative_to(target).as_posix()
        node = link(f"{DATASET}/{release.id}/{name}")
        triples += catalogue.distribution(node, name, path.stat().st_size, _digest(path))
    return triples

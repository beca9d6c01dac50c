"""Every named graph that is made from tables and ontology, and the files that hold them, one a graph."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from rdflib import Graph
from rdflib.compare import to_canonical_graph

from kg.pipeline import designations, mapping, papers, provenance, registry
from kg.pipeline.merge import Designation
from kg.tables import Package
from kg.vocab import Triple, line

VOCABULARY = ("guapai.ttl", "alignments.ttl", "deprecated.ttl")
"""The ontology's files of terms and axioms."""
AT_ONCE = 1_000
"""Lines that are written together."""


def from_tables(package: Package, merged: Sequence[Designation]) -> Iterator[tuple[str, Iterable[Triple]]]:
    """Yield every named graph that is made from the tables, with its triples, in the order of the release."""
    printed, readings = papers.names_in_print(package), mapping.readings(package.rows("places"))
    yield (
        "designations",
        chain(
            registry.programmes(package, printed),
            registry.purpose_texts(package),
            registry.authorities(package),
            registry.mandates(package),
            registry.relations(package),
            registry.places(package, printed),
            registry.former_places(package, readings),
            registry.regions(package, printed),
            registry.carriers(package, readings),
            designations.described(package, merged, printed, readings),
            designations.relations(package),
            designations.withdrawn(package),
            papers.figures_as_triples(package),
            papers.papers_things(package),
        ),
    )
    described = papers.designations_in_print(package)
    for table in papers.TABLES:
        yield f"records/{table}", papers.records(package, table, described)
    for name, listed in provenance.records(package):
        yield f"records/{name}", listed
    yield (
        "provenance",
        chain(
            provenance.documents(package),
            provenance.tables(package),
            provenance.lists(package),
            provenance.rows(package, merged),
            designations.readings(merged),
        ),
    )
    yield "decisions", registry.decisions(package)


def write_all(
    package: Package, merged: Sequence[Designation], ontology: Path, folder: Path, told: Callable[[str], object]
) -> dict[str, int]:
    """Write the graphs of the ontology and of the tables; return name to number of triples, in their order.

    Args:
        package: the tables.
        merged: their designations, merged from their records.
        ontology: folder with the vocabulary and schemes.ttl.
        folder: where the files go.
        told: is called with the name of each graph when its turn comes.
    """
    counts = {}
    told("ontology")
    counts["ontology"] = write(folder, "ontology", _parsed(*(ontology / name for name in VOCABULARY)))
    tabled = (registry.purposes(package), registry.fields(package), papers.papers_schemes(package))
    schemes = chain(_parsed(ontology / "schemes.ttl"), *tabled)
    counts["schemes"] = write(folder, "schemes", schemes)
    for name, made in from_tables(package, merged):
        told(name)
        counts[name] = write(folder, name, made)
    return counts


def write(folder: Path, name: str, triples: Iterable[Triple]) -> int:
    """Stream triples into the file of a graph; return their number."""
    path = file(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    count, lines = 0, map(line, triples)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        while piece := list(islice(lines, AT_ONCE)):
            stream.write("".join(piece))
            count += len(piece)
    return count


def _parsed(*paths: Path) -> list[Triple]:
    """Read Turtle files and return their triples sorted, blank nodes named by their content."""
    merged = Graph()
    for path in paths:
        merged.parse(path, format="turtle")
    return sorted((s.n3(), p.n3(), o.n3()) for s, p, o in to_canonical_graph(merged))


def file(folder: Path, name: str) -> Path:
    """Return where the file of a graph stands."""
    return folder / f"{name}.nt"

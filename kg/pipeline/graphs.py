"""Named graphs made from tables and ontology, one N-Triples file each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

from rdflib import SKOS, Graph
from rdflib.compare import to_canonical_graph

from kg.pipeline import designations, mapping, papers, provenance, registry
from kg.pipeline.merge import Designation, whole
from kg.tables import Package
from kg.vocab import ONTOLOGY, TERMS, Triple, concept, line, term

VOCABULARY = ("guapai.ttl", "alignments.ttl", "deprecated.ttl")
"""Files of the ontology with terms and axioms."""
BATCH_LINES = 1_000
"""Lines per write."""
Labels = Mapping[str, Mapping[str, str]]
"""Key of a concept to its labels by language."""


def from_tables(package: Package, merged: Sequence[Designation]) -> Iterator[tuple[str, Iterable[Triple]]]:
    """Yield name and triples of every named graph that is made from the tables, in the order of the release."""
    printed, readings = papers.printed_names(package), mapping.readings(package)
    lists, programmes = whole(package, merged)
    yield (
        "designations",
        chain(
            registry.programmes(package, printed, programmes),
            registry.purpose_texts(package),
            registry.authorities(package),
            registry.mandates(package),
            registry.relations(package),
            registry.places(package, printed),
            registry.former_places(package, readings),
            registry.regions(package, printed),
            registry.carriers(package, readings),
            registry.place_statements(package),
            designations.triples(package, merged, printed, readings),
            designations.relations(package),
            designations.withdrawn(package),
            papers.figure_triples(package),
            papers.entities(package),
        ),
    )
    described_in = papers.printed_designations(package)
    for table in papers.tables(package):
        yield f"records/{table}", papers.records(package, table, described_in)
    for name, listed in provenance.records(package):
        yield f"records/{name}", listed
    yield (
        "provenance",
        chain(
            provenance.documents(package),
            provenance.tables(package),
            provenance.lists(package, lists),
            provenance.rows(package, merged),
            designations.readings(merged),
        ),
    )
    yield "decisions", registry.decisions(package)


def write_all(
    package: Package, merged: Sequence[Designation], ontology: Path, folder: Path, progress: Callable[[str], object]
) -> dict[str, int]:
    """Write the graphs of the ontology and of the tables; return number of triples by name, in order of writing.

    Args:
        package: the tables.
        merged: the merged designations.
        ontology: folder with the vocabulary and schemes.ttl.
        folder: folder of the files.
        progress: called with the name of each graph before it is written.
    """
    counts = {}
    progress("ontology")
    vocabulary = _parsed(*(ontology / name for name in VOCABULARY))
    counts["ontology"] = write(folder, "ontology", sorted({*vocabulary, *_defined(ontology / "guapai.ttl")}))
    from_package = (registry.purposes(package), registry.fields(package), papers.schemes(package))
    schemes = chain(_parsed(ontology / "schemes.ttl"), *from_package)
    counts["schemes"] = write(folder, "schemes", schemes)
    for name, made in from_tables(package, merged):
        progress(name)
        counts[name] = write(folder, name, made)
    return counts


def write(folder: Path, name: str, triples: Iterable[Triple]) -> int:
    """Write triples to the file of a graph, each `skos:prefLabel` also as `rdfs:label`; return their number."""
    path = file(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    count, lines = 0, map(line, labelled(triples))
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        while chunk := list(islice(lines, BATCH_LINES)):
            stream.write("".join(chunk))
            count += len(chunk)
    return count


def labelled(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield triples, and after each preferred label the `rdfs:label` that follows from it.

    `skos:prefLabel` is a subproperty of `rdfs:label` (SKOS, S10); many clients know only the latter and do not reason.
    """
    for triple in triples:
        yield triple
        subject, predicate, value = triple
        if predicate == mapping.PREF:
            yield subject, mapping.LABEL, value


def _defined(path: Path) -> Iterator[Triple]:
    """Yield that every term of a vocabulary of ours is defined by the ontology."""
    for subject in set(Graph().parse(path).subjects()):
        if str(subject).startswith(TERMS):
            yield subject.n3(), term("rdfs:isDefinedBy"), f"<{ONTOLOGY}>"


def _parsed(*paths: Path) -> list[Triple]:
    """Parse Turtle files and return their triples sorted, with canonical names of blank nodes."""
    merged = Graph()
    for path in paths:
        merged.parse(path, format="turtle")
    return sorted((s.n3(), p.n3(), o.n3()) for s, p, o in to_canonical_graph(merged))


def scheme_labels(folder: Path, scheme: str) -> Labels:
    """Return the preferred labels of the concepts of a scheme, from the graph of schemes that was written."""
    beginning, labels = concept(scheme, "").removesuffix(">"), Graph()
    with file(folder, "schemes").open(encoding="utf-8") as stream:
        labels.parse(data="".join(each for each in stream if each.startswith(beginning)), format="nt")
    found: dict[str, dict[str, str]] = {}
    for one, label in labels.subject_objects(SKOS.prefLabel):
        found.setdefault(str(one).rpartition("/")[2], {})[str(getattr(label, "language", ""))] = str(label)
    return found


def file(folder: Path, name: str) -> Path:
    """Return the path of a graph's file."""
    return folder / f"{name}.nt"

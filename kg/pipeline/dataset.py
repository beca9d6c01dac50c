"""What the release says of itself: VoID and DCAT."""

from collections.abc import Iterator, Mapping

from kg import __version__
from kg.pipeline import mapping
from kg.tables import Package
from kg.vocab import DATASET, ONTOLOGY, PREFIXES, THINGS, Triple, graph, term, text, thing, typed

TITLE = "挂牌：中国国家级创新牌子知识图谱"
"""What the data set is called in Chinese; its English title stands in the descriptor of the tables."""
VOCABULARIES = ("skos", "org", "prov", "dcterms", "dcat", "void", "qb", "geo")


def dataset(package: Package, counts: Mapping[str, int]) -> Iterator[Triple]:
    """Say the data set, its graphs with their numbers of triples, its vocabularies and licence.

    Args:
        package: the tables, for their title and day.
        counts: graph name to number of triples, without the graph `dataset` itself.
    """
    node = f"<{DATASET}>"
    yield from mapping.kind(node, "void:Dataset", "dcat:Dataset")
    english = str(package.descriptor["title"])
    yield from mapping.names(node, TITLE, english)
    yield node, term("dcterms:title"), text(TITLE, "zh")
    yield node, term("dcterms:title"), text(english, "en")
    yield node, term("dcterms:license"), f"<{package.descriptor['licenses'][0]['path']}>"
    yield node, term("dcterms:modified"), typed(package.data_as_of, "date")
    yield node, term("dcat:version"), text(__version__)
    yield node, term("void:uriSpace"), text(THINGS)
    yield node, term("void:exampleResource"), thing("programme", "national-high-tech-zone")
    yield node, term("dcterms:conformsTo"), f"<{ONTOLOGY}>"
    yield node, term("void:triples"), typed(sum(counts.values()), "integer")
    for prefix in VOCABULARIES:
        yield node, term("void:vocabulary"), f"<{PREFIXES[prefix]}>"
    for name, count in counts.items():
        part = f"<{graph(name)}>"
        yield node, term("void:subset"), part
        yield from mapping.kind(part, "void:Dataset")
        yield from mapping.names(part, f"图 {name}", f"Graph {name}")
        yield part, term("void:triples"), typed(count, "integer")

"""Description of the data set (VoID, DCAT) and counts of the terms in use."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kg import __version__
from kg.pipeline import mapping
from kg.store import open_store
from kg.store.questions import with_prefixes
from kg.tables import Package
from kg.vocab import DATASET, ONTOLOGY, PREFIXES, TERMS, THINGS, Triple, graph, term, text, typed

VOCABULARIES = ("skos", "org", "prov", "dcterms", "dcat", "void", "qb", "geo")


def dataset(package: Package, counts: Mapping[str, int]) -> Iterator[Triple]:
    """Yield the description of the data set: graphs with numbers of triples, vocabularies, licence.

    Args:
        package: the tables, for titles, date and example.
        counts: graph name to number of triples, without the graph `dataset` itself.
    """
    node = f"<{DATASET}>"
    yield from mapping.kind(node, "void:Dataset", "dcat:Dataset")
    chinese, english = str(package.descriptor["guapai:title_zh"]), str(package.descriptor["title"])
    yield from mapping.names(node, chinese, english)
    yield node, term("dcterms:title"), text(chinese, "zh")
    yield node, term("dcterms:title"), text(english, "en")
    yield node, term("dcterms:license"), f"<{package.descriptor['licenses'][0]['path']}>"
    yield node, term("dcterms:modified"), typed(package.data_as_of, "date")
    yield node, term("dcat:version"), text(__version__)
    yield node, term("void:uriSpace"), text(THINGS)
    yield node, term("void:exampleResource"), mapping.any_thing(package.descriptor["guapai:example"])
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


CLASSES = f"""
SELECT ?term (COUNT(DISTINCT ?thing) AS ?uses) WHERE {{
  ?class rdfs:subClassOf* ?term .
  ?thing a ?class .
  FILTER(STRSTARTS(STR(?term), "{TERMS}"))
}}
GROUP BY ?term ORDER BY ?term"""
PROPERTIES = "SELECT ?term (COUNT(*) AS ?uses) WHERE { ?thing ?term ?value } GROUP BY ?term ORDER BY ?term"


def uses(store: Path) -> Mapping[str, Mapping[str, int]]:
    """Return, for the project's `classes` and for `properties`, by IRI the number of uses in the default graph.

    Uses of a class are its instances, those of subclasses included; uses of a property are triples.
    """
    opened = open_store(store)
    return {
        name: {str(term.value): int(number.value) for term, number in opened.select(with_prefixes(query), {}).rows}  # type: ignore[union-attr]
        for name, query in (("classes", CLASSES), ("properties", PROPERTIES))
    }

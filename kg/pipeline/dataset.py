"""Description of the data set (VoID, DCAT) and counts of the terms in use."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from pathlib import Path

from kg import __version__
from kg.pipeline import graphs, mapping
from kg.pipeline.merge import Designation
from kg.release import catalogue
from kg.store import open_store
from kg.store.questions import with_prefixes
from kg.tables import Package, dates
from kg.vocab import DATASET, ONTOLOGY, PREFIXES, TERMS, THINGS, TYPE, Triple, graph, term, text, typed

VOCABULARIES = ("skos", "org", "prov", "dcterms", "dcat", "void", "qb", "geo")


NAME = "dataset"
"""Named graph of the description."""


def dataset(package: Package, merged: Iterable[Designation], counts: Mapping[str, int]) -> list[Triple]:
    """Return the description of the data set: what catalogues ask for, graphs with numbers of triples, vocabularies.

    The description counts itself too: how many triples it has does not hang on the numbers in it.

    Args:
        package: the tables, for titles, date and example.
        merged: the designations, for the first day that the data cover.
        counts: graph name to number of triples, without the graph of the description.
    """
    first = min((dates.parse(cell).first for each in merged if (cell := each.cell("approved_date"))), default=None)
    covered = (first, date.fromisoformat(package.data_as_of))

    def told(size: int) -> list[Triple]:
        about = catalogue.described(package.descriptor, *covered)
        return list(dict.fromkeys(chain(_described(package), about, _counted({**counts, NAME: size}))))

    return told(sum(1 for _ in graphs.labelled(told(0))))


def _described(package: Package) -> Iterator[Triple]:
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
    yield f"<{ONTOLOGY}>", TYPE, term("dcterms:Standard")
    for prefix in VOCABULARIES:
        yield node, term("void:vocabulary"), f"<{PREFIXES[prefix]}>"


def _counted(counts: Mapping[str, int]) -> Iterator[Triple]:
    """Yield the numbers of triples of all graphs and of each."""
    node = f"<{DATASET}>"
    yield node, term("void:triples"), typed(sum(counts.values()), "integer")
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

"""How the data use the words of the graph: counted once when the store is made, for no reader should wait for it."""

from collections.abc import Mapping
from pathlib import Path

from kg.store import open_store
from kg.store.questions import with_prefixes
from kg.vocab import TERMS

CLASSES = f"""
SELECT ?term (COUNT(DISTINCT ?thing) AS ?uses) WHERE {{
  ?class rdfs:subClassOf* ?term .
  ?thing a ?class .
  FILTER(STRSTARTS(STR(?term), "{TERMS}"))
}}
GROUP BY ?term ORDER BY ?term"""
PROPERTIES = "SELECT ?term (COUNT(*) AS ?uses) WHERE { ?thing ?term ?value } GROUP BY ?term ORDER BY ?term"


def uses(store: Path) -> Mapping[str, Mapping[str, int]]:
    """Return, for `classes` of ours and for `properties`, by IRI how often the default graph uses each.

    Things of a class are those of it or of a kind of it; of a property the triples are counted.
    """
    opened = open_store(store)
    return {
        name: {str(term.value): int(number.value) for term, number in opened.select(with_prefixes(query), {}).rows}  # type: ignore[union-attr]
        for name, query in (("classes", CLASSES), ("properties", PROPERTIES))
    }

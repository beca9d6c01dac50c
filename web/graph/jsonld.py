"""JSON-LD context and compaction: short names from the context, of which each document has what it uses."""

from collections.abc import Iterable, Mapping
from typing import Any

from kg.store import Literal, NamedNode, Term
from kg.vocab import PREFIXES
from web.graph.queries import Graph, last_part, prefixed, value

TYPE = PREFIXES["rdf"] + "type"
STRING = PREFIXES["xsd"] + "string"
Statement = tuple[Term, str, Term]
"""Subject, IRI of the property, value."""
Context = Mapping[str, object]
"""Entries of the context: name to prefixed name, or to a definition with `@id`."""
LANGUAGE_MAPS = ("prefLabel", "altLabel", "definition", "example", "note")
"""SKOS properties with texts in several languages."""
LINKS = ("inScheme", "broader", "narrower", "topConceptOf", "member", "exactMatch", "closeMatch")


def terms(found: Graph) -> dict[str, object]:
    """Return the entries of the context; terms of the ontology go by their local names."""
    return found.cached("context", lambda: _terms(found))


def _terms(found: Graph) -> dict[str, object]:
    entries: dict[str, object] = {"@version": 1.1, **PREFIXES}
    entries |= {name: {"@id": f"skos:{name}", "@container": "@language"} for name in LANGUAGE_MAPS}
    entries |= {name: {"@id": f"skos:{name}", "@type": "@id"} for name in LINKS}
    for row in found.rows("graph/context"):
        term, kind, goal = (value(row, column) for column in ("term", "kind", "range"))
        entry = {"@id": prefixed(term)}
        if last_part(kind) == "ObjectProperty":
            entry["@type"] = "@id"
        elif (
            last_part(kind) == "DatatypeProperty" and goal.startswith(PREFIXES["xsd"]) and not goal.endswith("#string")
        ):
            entry["@type"] = prefixed(goal)
        entries[last_part(term)] = entry if "@type" in entry else prefixed(term)
    return entries


def compact(statements: Iterable[Statement], context: Context) -> dict[str, object]:
    """Return statements as compacted JSON-LD 1.1, with the entries of the context in use.

    Args:
        statements: the triples; duplicates are written once.
        context: all entries, as in `/context.jsonld`.
    """
    writer = _Writer(context)
    nodes: dict[str, dict[str, Any]] = {}
    for subject, property_iri, found in dict.fromkeys(statements):
        node = nodes.setdefault(str(subject.value), {"@id": writer.identifier(subject)})
        writer.add(node, property_iri, found)
    nodes_list = list(nodes.values())
    return {"@context": writer.used(), **(nodes_list[0] if len(nodes_list) == 1 else {"@graph": nodes_list})}


class _Writer:
    """Compacts names and values and records the entries in use."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._by_id = {entry["@id"] if isinstance(entry, dict) else entry: name for name, entry in context.items()}
        self._names: set[str] = set()

    def used(self) -> dict[str, object]:
        """Return the entries in use, in the order of the context."""
        return {name: entry for name, entry in self._context.items() if name == "@version" or name in self._names}

    def add(self, node: dict[str, Any], property_iri: str, found: Term) -> None:
        """Add a value to a node."""
        if property_iri == TYPE:
            _add(node, "@type", self._term(str(found.value)))
            return
        short = prefixed(property_iri)
        name = self._by_id.get(short, "")
        entry = self._context.get(name, {})
        definition = entry if isinstance(entry, dict) else {}
        if isinstance(found, Literal) and found.language and definition.get("@container") == "@language":
            _add(node.setdefault(self._use(name), {}), found.language, found.value)
            return
        plain = not definition or "@type" not in definition
        kind = "@id" if not isinstance(found, Literal) else prefixed(found.datatype.value)
        if name and definition.get("@type") == kind:
            _add(node, self._use(name), self.identifier(found) if kind == "@id" else found.value)
        elif name and plain and "@container" not in definition:
            _add(node, self._use(name), self._value(found))
        else:
            _add(node, self._short(property_iri), self._value(found))

    def identifier(self, found: Term) -> str:
        """Return the IRI of a node, shortened if possible, or the label of a blank node."""
        return self._short(found.value) if isinstance(found, NamedNode) else str(found)

    def _value(self, found: Term) -> object:
        if not isinstance(found, Literal):
            return {"@id": self.identifier(found)}
        if found.language:
            return {"@value": found.value, "@language": found.language}
        if found.datatype.value == STRING:
            return found.value
        return {"@value": found.value, "@type": self._short(found.datatype.value)}

    def _term(self, iri: str) -> str:
        name = self._by_id.get(prefixed(iri))
        return self._use(name) if name else self._short(iri)

    def _short(self, iri: str) -> str:
        short = prefixed(iri)
        if short != iri:
            self._names.add(short.partition(":")[0])
        return short

    def _use(self, name: str) -> str:
        entry = self._context[name]
        parts = entry.values() if isinstance(entry, dict) else (entry,)
        self._names |= {name, *(str(part).partition(":")[0] for part in parts)}
        return name


def _add(node: dict[str, Any], name: str, found: object) -> None:
    """Add a value to a property; several values become a list."""
    if name not in node:
        node[name] = found
    elif isinstance(node[name], list):
        node[name].append(found)
    else:
        node[name] = [node[name], found]

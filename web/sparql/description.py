"""SPARQL 1.1 Service Description of the endpoint."""

from collections.abc import Mapping

from kg.vocab import DATASET, PREFIXES, Triple, graph, term, typed

SERVICE = "http://www.w3.org/ns/sparql-service-description#"
RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD", "N3"),
)
"""Names of the formats in http://www.w3.org/ns/formats/."""


def service_description(address: str, counts: Mapping[str, int]) -> list[Triple]:
    """Return the description of the service.

    Args:
        address: of the endpoint.
        counts: named graph to number of triples.
    """
    service = f"<{address}>"
    dataset, default = f"<{DATASET}>", f"<{DATASET}/default-graph>"
    triples: list[Triple] = [
        (service, term("rdf:type"), f"<{SERVICE}Service>"),
        (service, f"<{SERVICE}endpoint>", service),
        (service, f"<{SERVICE}supportedLanguage>", f"<{SERVICE}SPARQL11Query>"),
        (service, f"<{SERVICE}defaultDataset>", dataset),
        (dataset, term("rdf:type"), f"<{SERVICE}Dataset>"),
        (dataset, f"<{SERVICE}defaultGraph>", default),
        (default, term("rdf:type"), f"<{SERVICE}Graph>"),
    ]
    triples += [
        (service, f"<{SERVICE}resultFormat>", f"<http://www.w3.org/ns/formats/{name}>") for name in RESULT_FORMATS
    ]
    for name, count in counts.items():
        node = f"<{graph(name)}>"
        named = f"<{DATASET}/named-graph/{name}>"
        triples += [
            (dataset, f"<{SERVICE}namedGraph>", named),
            (named, term("rdf:type"), f"<{SERVICE}NamedGraph>"),
            (named, f"<{SERVICE}name>", node),
            (named, f"<{SERVICE}graph>", node),
            (node, term("rdf:type"), f"<{SERVICE}Graph>"),
            (node, f"<{PREFIXES['void']}triples>", typed(count, "integer")),
        ]
    return triples

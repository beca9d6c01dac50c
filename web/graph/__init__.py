"""Resources, labels and RDF of the graph."""

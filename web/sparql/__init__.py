"""The SPARQL endpoint and its page."""

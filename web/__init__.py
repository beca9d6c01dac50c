"""Serve a release: pages, linked data and SPARQL."""

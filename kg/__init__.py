"""Build, check, find, store and answer: the knowledge graph side of Guapai."""

__version__ = "1.0.0"
"""Version of the package, the data set and, by a test, of the ontology; pyproject.toml reads it here."""

"""Build, check, find, store and answer: the knowledge graph side of Guapai."""

__version__ = "0.1.0"

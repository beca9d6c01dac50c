"""Interfaces for programs: Model Context Protocol, reconciliation, OpenAPI, feed."""

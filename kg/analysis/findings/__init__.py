"""Findings: a pure function of a release's columns, one module a kind; the entry point is `find.find`."""

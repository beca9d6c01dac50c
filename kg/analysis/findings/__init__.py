"""Findings: a pure function of a release's columns, one room for each family; `engine.find` is the way in."""

"""Evaluation of the papers' claims against the data."""

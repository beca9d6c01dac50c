"""Concentration, matrices and timeline."""

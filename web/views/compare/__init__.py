"""Comparison of two days, places or programmes."""
